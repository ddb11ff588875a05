"""Downloads can be resumed and revalidated (RFC 9110, 13 and 14)."""

import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import time

import pytest

from pages.http import file_response
from tests.support.kits import make_files

PATH = "/files/guide.pdf"
DATA = bytes(range(256)) * 1000


@pytest.fixture
def guide(content):
    file = content / "files" / "guide.pdf"
    file.parent.mkdir()
    file.write_bytes(DATA)
    return file


def ask(client, method="get", **headers):
    response = getattr(client, method)(PATH, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return response, response.getvalue()


def test_a_download_has_validators_and_a_public_lifetime(guide, client):
    response, body = ask(client)
    assert (response.status_code, body, response["Content-Type"]) == (200, DATA, "application/pdf")
    assert (response["Content-Length"], response["Accept-Ranges"]) == (str(len(DATA)), "bytes")
    assert response["Cache-Control"].startswith("public, max-age=0, s-maxage=60")
    assert response["ETag"].strip('"').isalnum() and response["Last-Modified"].endswith(" GMT")
    head, nothing = ask(client, "head")
    assert head.headers == response.headers and nothing == b""


@pytest.mark.parametrize(
    ("requested", "first", "last"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100000-", 100_000, len(DATA) - 1),
        ("bytes=-7", len(DATA) - 7, len(DATA) - 1),
        ("bytes=255999-999999999", len(DATA) - 1, len(DATA) - 1),
        ("bytes=-999999999", 0, len(DATA) - 1),
        ("bytes=65000-66000", 65_000, 66_000),
        ("Bytes=0-0", 0, 0),  # range units are case-insensitive (RFC 9110, 14.1)
    ],
)
def test_a_request_for_a_single_range_gets_only_the_bytes_of_that_range(guide, client, requested, first, last):
    response, body = ask(client, range=requested)
    assert (response.status_code, body) == (206, DATA[first : last + 1])
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(DATA)}"
    assert response["Content-Length"] == str(len(body)) and response["ETag"]


@pytest.mark.parametrize("requested", ["bytes=256000-", "bytes=999999999-999999999", "bytes=-0"])
def test_a_range_outside_the_file_is_not_satisfiable(guide, client, requested):
    response, body = ask(client, range=requested)
    assert (response.status_code, response["Content-Range"], body) == (416, f"bytes */{len(DATA)}", b"")


@pytest.mark.parametrize(
    "requested",
    [
        *("bytes=0-1,5-6", "bytes=5-4", "bytes=-", "bytes=a-b", "bytes=+1-2", "bytes=0-1x", "lines=0-9", "0-9"),
        *(f"bytes=0-{'9' * 5000}", f"bytes={'9' * 5000}-", f"bytes=-{'9' * 5000}"),
    ],
)
def test_other_ranges_get_the_whole_file(guide, client, requested):
    response, body = ask(client, range=requested)
    assert (response.status_code, body) == (200, DATA)


def test_a_range_of_a_changed_file_gets_the_whole_file(guide, client):
    os.utime(guide, (2_000_000, 2_000_000))
    before, _ = ask(client)
    for validator in (before["ETag"], before["Last-Modified"]):
        assert ask(client, range="bytes=0-1", if_range=validator)[0].status_code == 206
    guide.write_bytes(DATA[::-1])
    os.utime(guide, (1_000_000_000, 1_000_000_000))
    for validator in (before["ETag"], before["Last-Modified"], f"W/{before['ETag']}"):
        response, body = ask(client, range="bytes=0-1", if_range=validator)
        assert (response.status_code, body) == (200, DATA[::-1])
    assert response["ETag"] != before["ETag"]


def test_an_if_range_date_in_the_current_second_gets_the_whole_file(guide, client):
    os.utime(guide, (time() + 1000, time() + 1000))  # Last-Modified is never later than now
    date = ask(client)[0]["Last-Modified"]
    assert ask(client, range="bytes=0-1", if_range=date)[0].status_code == 200


def test_an_empty_file_is_sent_whole(guide, client):
    guide.write_bytes(b"")
    for requested in ("bytes=0-", "bytes=0-0", "bytes=-1"):
        response, body = ask(client, range=requested)
        assert (response.status_code, response["Content-Length"], body) == (200, "0", b"")


def test_conditional_requests(guide, client):
    response, _ = ask(client)
    tag, date = response["ETag"], response["Last-Modified"]
    earlier = format_datetime(datetime.now(UTC) - timedelta(days=2), usegmt=True)
    for headers in (
        {"if_none_match": tag},
        {"if_none_match": f'"other", W/{tag}'},
        {"if_none_match": "*"},
        {"if_modified_since": date},
    ):
        unchanged, body = ask(client, **headers)
        assert (unchanged.status_code, unchanged["ETag"], body) == (304, tag, b""), headers
    assert ask(client, if_none_match='"other"', if_modified_since=date)[0].status_code == 200
    assert ask(client, if_modified_since=earlier)[0].status_code == 200
    assert ask(client, if_match='"other"')[0].status_code == 412
    assert ask(client, if_unmodified_since=earlier)[0].status_code == 412
    assert ask(client, if_match=tag, range="bytes=0-0")[0].status_code == 206


def test_a_new_file_of_the_same_size_and_time_has_a_new_etag(guide, client):
    before, _ = ask(client)
    status = guide.stat()
    guide.write_bytes(DATA[::-1])
    os.utime(guide, ns=(status.st_atime_ns, status.st_mtime_ns))
    after, body = ask(client)
    assert body == DATA[::-1] and after["ETag"] != before["ETag"]


def test_a_copy_of_the_file_on_another_replica_has_the_same_etag(guide, client):
    before, _ = ask(client)
    guide.unlink()
    guide.write_bytes(DATA)
    os.utime(guide, (1_000_000_000, 1_000_000_000))
    assert ask(client)[0]["ETag"] == before["ETag"]


def test_the_number_of_cached_etags_is_limited(guide, client, monkeypatch):
    monkeypatch.setattr(file_response, "MAX_ETAGS", 3)
    monkeypatch.setattr(file_response, "_etags", {})
    for number in range(10):
        os.utime(guide, (number, number))
        ask(client)
        assert len(file_response._etags) <= 3


@pytest.mark.parametrize("path", ["/resources/question-bank.csv", "/images/drawing.svg"])
def test_question_banks_and_drawings_can_be_revalidated(content, client, path):
    (content / "images").mkdir(exist_ok=True)
    (content / "images" / "drawing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
    make_files("/resources/question-bank", ".csv")
    response = client.get(path)
    assert response.status_code == 200 and response.getvalue()
    assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304
