"""nginx keeps public responses, and nothing else."""

import json
from contextlib import contextmanager

import pytest

from layersrank_site.serving.nginx_cache import ADDED_CACHE_CONTROL
from tests.support.waiting import PATIENCE

from ...conftest import free_port, serving
from ..drill.processes import wait_until
from .nginx import HOST, needs_tools, run_nginx

pytestmark = needs_tools

KEPT = {
    "content-type": "text/html; charset=utf-8",
    "vary": "Accept, Accept-Encoding",
    "etag": '"a"',
    "accept-ranges": "bytes",
    "x-visitor-cache-control": "public, max-age=0, s-maxage=60",
    "content-security-policy": "default-src 'none'",
    "cache-control": "s-maxage=1,stale-while-revalidate=1,stale-if-error=3600",
    "x-accel-expires": "3600",
}


@contextmanager
def run_site(folder, headers):
    """Run nginx and a site with these response headers. Yield both, and a function that returns the site's requests."""
    log = folder / "requests"
    environment = {"REQUEST_LOG": str(log), "RESPONSE_HEADERS": json.dumps(headers), "WEB_CONCURRENCY": "1"}
    (folder / "content").mkdir(parents=True)
    with (
        serving(folder, "tests.e2e.proxy.cacheable:application", **environment) as site,
        run_nginx(folder / "nginx", [site.port]) as nginx,
    ):
        yield site, nginx, lambda: [json.loads(line) for line in log.read_text().splitlines() if "livez" not in line]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    with run_site(tmp_path_factory.mktemp("kept"), KEPT) as running:
        yield running


def ask(nginx, path, method="GET", **headers):
    sent = {"Host": HOST} | {name.replace("_", "-"): value for name, value in headers.items()}
    return nginx.ask(path, method, headers=sent)


def test_variants_of_one_request_are_sent_to_the_site_once(kept):
    _, nginx, requests = kept
    variants = [
        {"Accept_Encoding": "gzip, deflate, br, zstd", "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"},
        {"Accept_Encoding": "gzip, deflate, br"},
        {"Accept_Encoding": "br;q=1.0, gzip;q=0.8, *;q=0.1", "Accept": "image/avif"},
        {"Accept_Encoding": "GZIP,BR", "Cookie": "a=b"},
    ]
    paths = ("/variants", "/variants?utm_source=a&utm_medium=b", "/variants?gclid=x")
    bodies = {ask(nginx, path, **headers).text for path in paths for headers in variants}
    bodies.add(ask(nginx, "/variants", Host=HOST.upper() + ":80", Accept_Encoding="br, gzip").text)
    assert len(bodies) == 1
    sent = [each for each in requests() if each[1] == "/variants"]
    assert sent == [["GET", "/variants", "text/html, */*", "br, gzip"]]


def test_codings_and_markdown_are_kept_separately(kept):
    _, nginx, requests = kept
    values = {
        "gzip": ("gzip", "gzip, deflate", "gzip;q=0.5"),
        "identity": ("identity", "", "gzip;q=0", "zstd"),
        "br, gzip": ("gzip, br",),
    }
    for accepted in ("*/*", "text/markdown"):
        for group in values.values():
            assert len({ask(nginx, "/codings", Accept=accepted, Accept_Encoding=value).text for value in group}) == 1
    sent = [(accept, coding) for _, path, accept, coding in requests() if path == "/codings"]
    assert sorted(sent) == sorted((accepted, coding) for accepted in ("*/*", "text/markdown") for coding in values)


def test_files_that_are_never_compressed_are_kept_once(kept):
    _, nginx, requests = kept
    for coding in ("gzip", "br, gzip", "identity"):
        ask(nginx, "/kit.pdf", Accept_Encoding=coding)
    assert [coding for _, path, _, coding in requests() if path == "/kit.pdf"] == ["identity"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/asked?q=a", {}),
        ("/asked?utm_source=a&q=b", {}),
        ("/ask%65d", {}),
        ("/asked", {"Host": "other.example"}),
        ("/asked", {"Accept": "text/markdown;q=0.5, text/html"}),
    ],
)
def test_requests_with_endless_variants_are_not_kept(path, headers, kept):
    _, nginx, _ = kept
    assert len({ask(nginx, path, **headers).text for _ in range(3)}) == 3


def test_a_long_query_of_a_campaign_link_does_not_exceed_the_limits_of_regular_expressions(kept):
    _, nginx, requests = kept
    assert ask(nginx, "/campaign?" + "utm_a=&" * 1000).status == 200
    assert ask(nginx, "/campaign").status == 200
    assert sum(path == "/campaign" for _, path, _, _ in requests()) == 1


def test_the_site_can_count_visits_of_browsers_to_missing_pages(kept):
    _, nginx, requests = kept
    accepted = {"/page": "text/html,*/*;q=0.8", "/text/html": "*/*", "/image": "image/avif", "/text": "text/markdown"}
    for path, value in accepted.items():
        ask(nginx, path, Accept=value)
    sent = {path: accept for _, path, accept, _ in requests() if path in accepted}
    assert sent == {"/page": "text/html, */*", "/text/html": "*/*", "/image": "*/*", "/text": "text/markdown"}


def test_forms_are_never_answered_from_the_cache(kept):
    _, nginx, requests = kept
    ask(nginx, "/form")
    assert len({ask(nginx, "/form", "POST").text for _ in range(3)}) == 3
    assert [method for method, path, _, _ in requests() if path == "/form"] == ["GET", "POST", "POST", "POST"]


def test_kept_responses_answer_head_conditions_and_ranges(kept):
    _, nginx, requests = kept
    whole = ask(nginx, "/ranges")
    head = ask(nginx, "/ranges", "HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(whole.body)))
    unchanged = ask(nginx, "/ranges", If_None_Match='W/"a"')
    assert (unchanged.status, unchanged.headers["ETag"], unchanged.body) == (304, '"a"', b"")
    assert unchanged.headers["Cache-Control"] == KEPT["x-visitor-cache-control"]
    assert ask(nginx, "/ranges", If_None_Match='"b"').status == 200
    failed = ask(nginx, "/ranges", If_Match='"b"')
    assert failed.status == 412 and "Cache-Control" not in failed.headers
    assert failed.headers["Content-Security-Policy"].startswith("default-src 'none'")
    part = ask(nginx, "/ranges", Range="bytes=2-4")
    assert (part.status, part.body) == (206, whole.body[2:5])
    assert ask(nginx, "/ranges", Range="bytes=1000-").status == 416
    assert sum(path == "/ranges" for _, path, _, _ in requests()) == 1


def test_visitors_get_the_headers_of_the_page(kept):
    _, nginx, _ = kept
    for _ in range(2):
        headers = ask(nginx, "/headers").headers
        assert headers.get_all("Cache-Control") == [KEPT["x-visitor-cache-control"]]
        assert headers.get_all("Vary") == [KEPT["vary"]] and headers["ETag"] == '"a"'
        assert headers.get_all("Content-Security-Policy") == [KEPT["content-security-policy"]]
        assert not {"x-accel-expires", "x-visitor-cache-control"} & {name.lower() for name in headers}


def test_nginx_adds_the_cache_control_of_most_pages_if_the_site_leaves_it_out(tmp_path):
    headers = {name: value for name, value in KEPT.items() if name != "x-visitor-cache-control"}
    with run_site(tmp_path, headers) as (_, nginx, _):
        for _ in range(2):
            assert ask(nginx, "/page").headers.get_all("Cache-Control") == [ADDED_CACHE_CONTROL.decode()]


@pytest.mark.parametrize(
    "headers",
    [
        {"cache-control": "public, max-age=0, s-maxage=60", "x-accel-expires": ""},
        {"cache-control": "private, max-age=60"},
        {"cache-control": "no-store"},
        {"set-cookie": "session=secret; path=/"},
    ],
    ids=["without the site's permission", "private", "no-store", "with a cookie"],
)
def test_private_responses_are_never_kept(headers, tmp_path):
    sent = {name: value for name, value in (KEPT | headers).items() if value}
    if "cache-control" in headers:
        sent.pop("x-accel-expires", None)
    with run_site(tmp_path, sent) as (_, nginx, _):
        first, second = (nginx.ask("/own", headers={"Host": HOST}, source=f"127.0.0.{n}") for n in (2, 3))
        assert (first.status, second.status) == (200, 200) and first.text != second.text
        assert not [path for path in (tmp_path / "nginx" / "cache").rglob("*") if path.is_file()]


def test_a_copy_is_sent_without_the_site_until_its_limit_and_never_after_a_restart_of_nginx(tmp_path):
    limited = KEPT | {"cache-control": "s-maxage=1,stale-while-revalidate=1,stale-if-error=3"}
    with run_site(tmp_path, limited | {"x-accel-expires": "1"}) as (site, nginx, _):
        assert ask(nginx, "/page").status == 200
        site.process.terminate()
        site.process.wait(PATIENCE)
        wait_until(lambda: ask(nginx, "/page").headers["Cache-Control"] == "no-cache", "nginx sends its copy")
        wait_until(lambda: ask(nginx, "/page").status == 503, "the copy's time is over")
        assert ask(nginx, "/unknown").status == 503
        assert [path for path in (tmp_path / "nginx" / "cache").rglob("*") if path.is_file()]
    with run_nginx(tmp_path / "nginx", [free_port()]) as nginx:
        assert not [path for path in (tmp_path / "nginx" / "cache").rglob("*") if path.is_file()]
