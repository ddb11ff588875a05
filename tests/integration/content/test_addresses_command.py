"""Test the command `addresses`, which compares this site's addresses with any sitemap."""

import gzip
import http.server
import io
import threading

import pytest
from django.core.management import CommandError, call_command

from pages.seo import sitemap_reader

from ...support.content_samples import keep_documents

HEAD = '<?xml version="1.0"?>\n'
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap(*addresses):
    return f"{HEAD}<urlset {NAMESPACE}>{''.join(f'<url><loc>{each}</loc></url>' for each in addresses)}</urlset>"


def index(*addresses):
    body = "".join(f"<sitemap><loc>{each}</loc></sitemap>" for each in addresses)
    return f"{HEAD}<sitemapindex {NAMESPACE}>{body}</sitemapindex>"


def compare(location):
    """Run `manage.py addresses --against`. Return the lost addresses that it prints, and its message."""
    out = io.StringIO()
    try:
        call_command("addresses", "--against", str(location), stdout=out)
    except CommandError as error:
        return out.getvalue().split(), str(error)
    return [], out.getvalue().strip()


@pytest.fixture
def file(content, tmp_path):
    keep_documents(content, "index.md", "about.md", "kit.md", "hire/data-engineer.md", "resources/question-bank.md")
    lines = (
        '"/blog/*" = "/resources/*"',
        '"/webinar" = "gone"',
        '"/caf%C3%A9" = "/about"',
        '"/?p=1" = "/about"',
        '"/about?id=3" = "gone"',
    )
    (content / "redirects.toml").write_text("\n".join(lines))
    return tmp_path / "old.xml"


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        (sitemap("https://old.example/about", "https://old.example/"), []),
        (sitemap("https://old.example/About/", "https://old.example"), []),
        (sitemap("https://old.example/blog/question-bank", "https://old.example/webinar"), []),
        (sitemap("https://old.example/caf%C3%A9", "https://old.example/resources/question-bank.pdf"), []),
        (sitemap("https://old.example/blog/x?a=1&amp;b=2", "https://old.example/team"), ["/blog/x?a=1&b=2", "/team"]),
        ("/?p=1\n/?p=2\n/about?id=3\n/about?id=4\n/webinar?a=1\n", ["/?p=2", "/about?id=4"]),
        (sitemap(" \n https://old.example/team \n"), ["/team"]),
        (sitemap("<![CDATA[https://old.example/team]]>"), ["/team"]),
        (sitemap("https://old.example/team[1]"), ["/team[1]"]),
        (
            sitemap("https://a.example/about").replace("<loc>", "<image:loc>https://a.example/x.png</image:loc><loc>"),
            [],
        ),
        (sitemap("https://a.example/t").replace("<", "<s:").replace("<s:/", "</s:").replace("<s:?", "<?"), ["/t"]),
        ("# my list\n/about\n\n/team\nhttps://old.example/jobs\nmailto:a@a.example\n", ["/jobs", "/team"]),
        ("\ufeff/about\r\n/team\r\n", ["/team"]),
    ],
)
def test_the_addresses_that_would_be_lost_are_listed(file, text, lost):
    file.write_text(text)
    found, message = compare(file)
    assert found == lost
    assert ("would be lost" in message) is bool(lost) and ("have a page" in message) is not lost


def test_a_gzipped_sitemap_is_read(file):
    file.write_bytes(gzip.compress(sitemap("https://old.example/team").encode()))
    assert compare(file) == (["/team"], "1 of 1 addresses would be lost. Add a line for each to redirects.toml.")


def test_without_an_option_the_live_pages_are_listed_and_can_be_compared_later(file, content):
    out = io.StringIO()
    call_command("addresses", stdout=out)
    assert "/about\n" in out.getvalue() and "/hire/data-engineer\n" in out.getvalue()
    file.write_text(out.getvalue())
    (content / "about.md").unlink()
    assert compare(file)[0] == ["/about"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "There are no addresses in"),
        (b"<!DOCTYPE html><title>Hi</title>", "is a web page, not a sitemap"),
        (b"\x1f\x8bnot gzip", "can't be read"),
        (gzip.compress(b"/a\n" * 100, mtime=0)[:-12], "can't be read"),
        (sitemap("https://old.example/team")[:-9].encode(), "is cut off: it has no </urlset> at its end."),
        (index("https://old.example/a.xml")[:-15].encode(), "is cut off: it has no </sitemapindex> at its end."),
        (gzip.compress(b"/a\n" * 1000, mtime=0), "is larger than"),
    ],
)
def test_an_unusable_file_is_refused(file, monkeypatch, raw, message):
    monkeypatch.setattr(sitemap_reader, "MAX_BYTES", 1000)
    file.write_bytes(raw)
    assert message in compare(file)[1]


def test_all_parts_of_a_gzipped_file_are_read(file):
    file.write_bytes(gzip.compress(b"/team\n") + gzip.compress(b"/jobs\n"))
    assert compare(file)[0] == ["/jobs", "/team"]


@pytest.mark.parametrize("location", ["http://127.0.0.1:port/", "http://old example/", "HTTP://127.0.0.1:1/"])
def test_a_url_that_is_not_valid_is_refused(content, location):
    assert compare(location)[1].startswith(f"{location} can't be read: ")


def test_an_index_with_too_many_sitemaps_is_refused(file, monkeypatch):
    monkeypatch.setattr(sitemap_reader, "MAX_SITEMAPS", 2)
    file.write_text(index(*(f"http://127.0.0.1:1/{number}.xml" for number in range(3))))
    assert "leads to more than 2 sitemaps" in compare(file)[1]


def test_a_missing_file_is_refused(file):
    assert "can't be read: No such file or directory." in compare(file)[1]


@pytest.fixture
def site():
    """A web server with the responses in `files`, on a free port."""
    files = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = files.get(self.path, (404, b""))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", files
    server.shutdown()
    server.server_close()


def test_a_sitemap_index_is_followed_once(file, site):
    url, files = site
    files["/sitemap.xml"] = 200, index(f"{url}/a.xml", f"{url}/b.xml.gz", f"{url}/sitemap.xml", f"{url}/a.xml").encode()
    files["/a.xml"] = 200, sitemap(f"{url}/about", f"{url}/team").encode()
    files["/b.xml.gz"] = 200, gzip.compress(sitemap(f"{url}/jobs").encode())
    assert compare(f"{url}/sitemap.xml") == (
        ["/jobs", "/team"], "2 of 3 addresses would be lost. Add a line for each to redirects.toml."
    )  # fmt: skip


def test_a_url_that_does_not_answer_is_refused(file, site):
    url, files = site
    assert compare(f"{url}/sitemap.xml")[1] == f"{url}/sitemap.xml can't be read: Not Found."
    files["/sitemap.xml"] = 200, index(f"{url}/gone.xml").encode()
    assert compare(f"{url}/sitemap.xml")[1] == f"{url}/gone.xml can't be read: Not Found."


@pytest.mark.parametrize("scheme", ["file://", ""])
def test_a_sitemap_index_cannot_name_local_files(file, site, tmp_path, scheme):
    (tmp_path / "secret").write_text("/secret\n")
    url, files = site
    files["/sitemap.xml"] = 200, index(f"{scheme}{tmp_path}/secret").encode()
    assert compare(f"{url}/sitemap.xml")[1].startswith("There are no addresses in")
