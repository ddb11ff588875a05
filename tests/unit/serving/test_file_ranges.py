"""Tests for range requests (RFC 9110, 14): the ASGI front sends a part of a published file."""

from contextlib import closing

import pytest

from layersrank_site.serving.front import Front
from pages.publish.manifest import ManifestReader, ManifestWriter

from ...support.asgi_client import ask

FILE, PAGE, TABLE = "/kit.pdf", "/page", "/kit.csv"
BODY, TEXT = bytes(range(100)), b"Question\r\n" * 100
HEADERS = (("content-type", "application/pdf"), ("accept-ranges", "bytes"))


@pytest.fixture
def get(tmp_path, settings):
    """Return a function that sends a request to a `Front`. The manifest has a PDF, a CSV file and a page."""
    settings.BUILD_DIR = tmp_path
    with closing(ManifestWriter(tmp_path / "manifest")) as writer:
        writer.store(FILE, BODY, HEADERS)
        writer.store(PAGE, BODY, HEADERS[:1])
        writer.store(TABLE, TEXT, (("content-type", "text/csv; charset=utf-8"), HEADERS[1]))
    with closing(ManifestReader(tmp_path / "manifest")) as reader:
        front = Front(None, reader, ["testserver"])
        yield lambda path=FILE, method="GET", **headers: ask(front, path, method, **headers)


@pytest.mark.parametrize(
    ("value", "part"),
    [("bytes=0-9", (0, 10)), ("bytes=90-", (90, 100)), ("bytes=-1", (99, 100)), ("bytes=5-999", (5, 100))],
)
def test_a_part_of_a_file_is_sent(get, value, part):
    response = get(range=value)
    start, end = part
    assert response.status == 206 and response.body == BODY[start:end]
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/100"
    assert response.headers["content-length"] == str(end - start)
    assert response.headers["etag"] == get().headers["etag"]


def test_a_range_after_the_end_of_the_file_is_refused(get):
    response = get(range="bytes=100-")
    assert (response.status, response.body) == (416, b"")
    assert response.headers["content-range"] == "bytes */100"


@pytest.mark.parametrize("value", ["bytes=9-0", "bytes=0-1,5-6", "lines=0-1", "bytes=x"])
def test_other_ranges_are_ignored(get, value):
    response = get(range=value)
    assert (response.status, response.body) == (200, BODY)


def test_a_part_is_sent_only_if_the_etag_in_if_range_is_current(get):
    etag = get().headers["etag"]
    assert get(range="bytes=0-9", if_range=etag).status == 206
    assert get(range="bytes=0-9", if_range='"other"').status == 200


def test_pages_and_head_requests_ignore_ranges(get):
    assert get(PAGE, range="bytes=0-9").status == 200
    assert get(method="HEAD", range="bytes=0-9").status == 200


def test_ranges_of_a_csv_file_are_ignored_if_the_client_accepts_gzip(get):
    compressed = get(TABLE, accept_encoding="gzip", range="bytes=0-9")
    assert compressed.status == 200 and compressed.headers["content-encoding"] == "gzip"
    assert len(compressed.body) < len(TEXT) / 5
    assert (get(TABLE, range="bytes=0-9").status, get(TABLE, range="bytes=0-9").body) == (206, TEXT[:10])
    assert "content-encoding" not in get(FILE, accept_encoding="gzip").headers
