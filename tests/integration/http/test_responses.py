"""Responses of every kind: their status, redirects, and the headers that every response has."""

import logging
import re

import pytest

from ...conftest import SEED_URL, serving

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# Method, path and expected status.
RESPONSES = [
    ("GET", SEED_URL, 200),
    ("HEAD", SEED_URL, 200),
    ("GET", "/", 200),
    ("GET", "/livez", 200),
    ("GET", "/static/img/icon.svg", 200),
    ("GET", SEED_URL + "/", 301),
    ("GET", "/Hire/Machine-Learning-Engineer", 301),
    ("GET", "//hire//machine-learning-engineer", 301),
    ("GET", "/no-such-page", 404),
    ("GET", "/%ff%fe", 404),
    ("GET", "/hire/%00", 404),
    ("GET", "/hire/../hire", 404),
    ("GET", "/static/no-such-file.css", 404),
    ("POST", SEED_URL, 405),
    ("DELETE", "/", 405),
    ("POST", "/no-such-page", 404),
]


@pytest.mark.parametrize(("method", "path", "status"), RESPONSES)
def test_every_response_has_the_security_headers(server, method, path, status):
    response = server.get(path, method)
    assert response.status == status
    assert {name: response.headers[name] for name in EXPECTED} == EXPECTED
    assert "camera=()" in response.headers["Permissions-Policy"]
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert policy.endswith("; sandbox") == path.endswith(".svg")
    assert response.headers["Set-Cookie"] is None


def test_the_csp_allows_only_files_of_the_site_and_one_inline_style_and_prefetch_rules(server):
    policy = server.get(SEED_URL).headers["Content-Security-Policy"]
    directives = dict(part.split(" ", 1) for part in policy.split("; "))
    assert directives["default-src"] == directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert re.fullmatch(r"'self' 'sha256-[A-Za-z0-9+/]{43}='", directives.pop("style-src"))
    assert directives.pop("script-src") == "'self' 'inline-speculation-rules'"
    assert set(directives.values()) == {"'none'", "'self'"}
    assert "unsafe-" not in policy
    assert "nonce" not in policy


def test_pages_comply_with_the_csp(server):
    page = server.get(SEED_URL).text
    assert page.count("<style") == 1
    assert not re.search(r"\sstyle=|\son\w+=|<script(?! type=\"(application/ld\+json|speculationrules)\")", page)


def test_a_500_response_has_the_security_headers(client, content, monkeypatch, caplog):
    monkeypatch.setattr("pages.http.views.current.visible_pages", lambda: 1 / 0)
    client.raise_request_exception = False
    with caplog.at_level(logging.CRITICAL, "django.request"):
        response = client.get(SEED_URL)
    assert response.status_code == 500
    assert b"Something went wrong" in response.content
    assert b"ZeroDivisionError" not in response.content
    assert {name: response[name] for name in EXPECTED} == EXPECTED
    assert "style-src" in response["Content-Security-Policy"]


def test_only_livez_accepts_a_foreign_host(server):
    assert server.get(SEED_URL, Host="evil.example").status == 400
    assert server.get("/livez", Host="evil.example").status == 200
    assert server.get("/livez", Host="evil.example").body == b"ok\n"
    assert server.get(SEED_URL, Host="evil.example").headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        (SEED_URL + "/", SEED_URL),
        (SEED_URL + "/?utm_source=a%20b&x=1", SEED_URL + "?utm_source=a%20b&x=1"),
        ("/HIRE/machine-learning-ENGINEER?Q=Kept", SEED_URL + "?Q=Kept"),
        ("//hire///machine-learning-engineer", SEED_URL),
    ],
)
def test_path_variants_redirect_to_the_canonical_path(server, path, target):
    response = server.get(path)
    assert (response.status, response.headers["Location"]) == (301, target)


def test_campaign_parameters_are_ignored(server):
    assert server.get(SEED_URL + "?utm_source=letter").body == server.get(SEED_URL).body


def test_a_redirect_never_leaves_the_site(server):
    for path in ("//evil.example/", "//evil.example/hire/machine-learning-engineer/", "/\\evil.example/"):
        assert server.get(path).status == 404


def test_a_404_page_suggests_similar_pages(server):
    response = server.get("/hire/machine-learning")
    assert response.status == 404
    assert "Page not found" in response.text
    assert f'href="{SEED_URL}"' in response.text


def test_a_404_page_does_not_show_the_requested_path(server):
    assert "alert" not in server.get("/%3Cscript%3Ealert(1)%3C/script%3E").text


def test_the_home_page_lists_all_pages_if_it_has_no_document(server, client, content):
    assert f'href="{SEED_URL}"' in server.get("/").text
    (content / "index.md").write_text(
        "# Home\n\n## META\n\n```\nTitle: Ours\n```\n\n## HERO\n\n**Headline:** Welcome\n"
    )
    assert b"<span>Welcome</span></h1>" in client.get("/").content


def test_a_head_response_has_the_headers_of_get_but_no_body(server):
    head, get = server.get(SEED_URL, "HEAD"), server.get(SEED_URL)
    assert head.body == b""
    assert head.headers["Content-Length"] == get.headers["Content-Length"] == str(len(get.body))


def test_an_alias_redirects_permanently(client, content):
    path = content / "hire" / "machine-learning-engineer.md"
    path.write_text(path.read_text().replace("Keywords:", "Aliases: /hire/ml-engineer, /hire/mle\nKeywords:"))
    response = client.get("/hire/mle?a=1")
    assert (response.status_code, response["Location"]) == (301, SEED_URL + "?a=1")


def test_files_in_the_content_folder_are_served_only_if_their_type_is_known(client, content):
    (content / "images").mkdir()
    (content / "images" / "scorecard.pdf").write_bytes(b"%PDF")
    for secret in (content / "images" / ".hidden.png", content.parent / "outside.png", content.parent / "outside.pdf"):
        secret.write_bytes(b"secret")
    response = client.get("/images/scorecard.pdf")
    assert (response.status_code, response["Content-Type"], response.getvalue()) == (200, "application/pdf", b"%PDF")
    assert response["Content-Security-Policy"]
    assert client.post("/images/scorecard.pdf").status_code == 405
    for name in ("draft.md~", "draft.md.bak", "draft.MD", "site.toml.bak", "notes.txt"):
        (content / name).write_text("secret")
        assert client.get(f"/{name}").status_code == 404
    (content / "loop.png").symlink_to(content / "loop.png")
    (content / "out.png").symlink_to(content.parent / "outside.png")
    (content / "out.pdf").symlink_to(content.parent / "outside.pdf")
    refused = (
        "/site.toml",
        "/kit.md",
        "/images/.hidden.png",
        "/../outside.png",
        "/images",
        "/images/scorecard.pdf/",
    )
    for path in (*refused, "/loop.png", "/out.png", "/out.pdf"):
        assert client.get(path).status_code == 404


def test_hsts_header_is_sent_only_with_https(server, few_documents):
    assert server.get(SEED_URL).headers["Strict-Transport-Security"] is None
    with serving(few_documents, SITE_URL="https://www.layersrank.com", WEB_CONCURRENCY="1") as secure:
        response = secure.get(SEED_URL)
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"
        assert (
            '<link rel="canonical" href="https://www.layersrank.com/hire/machine-learning-engineer">' in response.text
        )
