"""Text that Django renders is compressed, and its length doesn't reveal secrets (BREACH)."""

import gzip

import pytest

from ...conftest import SEED_URL
from ...support.sample_images import animation

SAMPLES = 12

FORMS = ("/start", "/contact")


def ask(client, path, accepted="gzip", method="get", **options):
    return getattr(client, method)(path, headers={"Accept-Encoding": accepted}, **options)


def padding(data):
    """Return the length of the file name in a gzip header (RFC 1952, 2.3.1). Django chooses a random length."""
    has_only_a_name = data[3] == 8
    assert data[:3] == b"\x1f\x8b\x08" and has_only_a_name
    return data.index(0, 10) - 10


@pytest.mark.parametrize("path", [*FORMS, "/search?q=python", "/no-such-page", "/resources/roi-calculator?hires=3"])
def test_the_length_of_a_compressed_response_varies_at_random(content, client, path):
    responses = [ask(client, path) for _ in range(SAMPLES)]
    for response in responses:
        assert response["Content-Encoding"] == "gzip" and "Accept-Encoding" in response["Vary"]
        assert response["Content-Length"] == str(len(response.content))
    assert len({padding(response.content) for response in responses}) > 1
    assert len({len(response.content) for response in responses}) > 1
    plain = {gzip.decompress(response.content) for response in responses}
    assert all(b"</html>" in body for body in plain)
    # Each response with a form has a new token. All other pages are always the same when decompressed.
    assert len(plain) == (SAMPLES if path in FORMS else 1)


@pytest.mark.parametrize("path", FORMS)
def test_the_length_of_a_form_with_errors_varies_at_random(content, client, path):
    responses = [ask(client, path, method="post", data={"name": "<secret>"}) for _ in range(SAMPLES)]
    assert len({padding(response.content) for response in responses}) > 1
    assert b"&lt;secret&gt;" in gzip.decompress(responses[0].content)


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip;q=0, *", "gzip;q=0.1, identity;q=0.5"])
def test_a_client_that_does_not_prefer_gzip_gets_an_uncompressed_page(content, client, accepted):
    for path in ("/start", "/search", "/no-such-page"):
        response = ask(client, path, accepted)
        assert "Content-Encoding" not in response and "Accept-Encoding" in response["Vary"]
        assert b"</html>" in response.content


def test_a_compressed_public_page_has_its_own_weak_etag(content, client):
    plain, compressed = ask(client, SEED_URL, ""), ask(client, SEED_URL)
    assert compressed["ETag"] == f'W/{plain["ETag"][:-1]}-gzip"'
    assert gzip.decompress(compressed.content) == plain.content
    for headers in ("Vary", "Cache-Control", "Content-Type", "Content-Security-Policy"):
        assert compressed[headers] == plain[headers]


def test_images_and_downloads_and_probes_are_not_compressed(content, client):
    files = {"guide.pdf": b"a" * 9_000, "table.csv": b"a,b\n" * 3_000, "dance.gif": animation()}
    (content / "files").mkdir()
    for name, data in files.items():
        (content / "files" / name).write_bytes(data)
        response = ask(client, f"/files/{name}")
        assert response.getvalue() == data and not {"Content-Encoding", "Vary"} & response.headers.keys()
    part = client.get("/files/table.csv", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-3"})
    assert (part.status_code, part.getvalue(), part["Content-Length"]) == (206, b"a,b\n", "4")
    for path in ("/favicon.ico", "/livez", "/version"):
        assert "Content-Encoding" not in ask(client, path)
