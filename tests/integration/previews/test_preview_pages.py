"""Everyone who has a preview link can see a page that other visitors can't see. Previews leave no trace elsewhere."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.db.utils import OperationalError

from pages.models import PreviewLink
from pages.previews import preview_links

from .conftest import NOW

LATER = datetime(2026, 12, 1, 3, 30, tzinfo=UTC)


def prefix_of(path):
    return re.match("/preview/[^/]+", path)[0]


def hrefs(response):
    return re.findall(r'<a [^>]*href="([^"]*)"', response.text)


def test_a_link_shows_a_draft_as_if_it_were_live(create, client):
    assert client.get("/hire/sre").status_code == 404
    _, path = create()
    response = client.get(path)
    assert response.status_code == 200
    assert "<h1>Reliability Engineer</h1>" in response.text
    assert "This preview shows the site as if /hire/sre were live." in response.text
    assert "The link works until 2026-11-08 12:00 UTC." in response.text
    hub = client.get(prefix_of(path) + "/hire")
    assert "Reliability Engineer" in hub.text and "Other draft" not in hub.text
    assert client.get(prefix_of(path) + "/hire/other").status_code == 404
    assert client.get("/hire/sre").status_code == 404
    assert "Reliability Engineer" not in client.get("/hire").text


def test_a_preview_is_private(create, client):
    _, path = create()
    for each in (path, prefix_of(path) + "/", prefix_of(path) + "/start", prefix_of(path) + "/missing"):
        response = client.get(each)
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.has_header("ETag") and not response.cookies
        assert "speculationrules" not in response.text
    token = prefix_of(path).rpartition("/")[2]
    for each in ("/sitemap.xml", "/llms.txt", "/robots.txt", "/search?q=reliability", "/", "/hire"):
        assert token not in client.get(each).text and "Reliability" not in client.get(each).text


def test_a_preview_has_no_markdown_version(create, client):
    _, path = create()
    for each in (path, prefix_of(path) + "/pricing"):
        response = client.get(each, headers={"Accept": "text/markdown"})
        assert response["Content-Type"].startswith("text/html") and not response.has_header("Link")
        assert "text/markdown" not in response.text
        assert client.get(f"{each}.md").status_code == 404


def test_conditional_requests_and_cookies_dont_reach_the_page(create, client):
    _, path = create()
    client.cookies["csrftoken"] = "x" * 32
    response = client.get(path, headers={"If-None-Match": "*", "If-Match": '"a"', "Range": "bytes=0-1"})
    assert response.status_code == 200 and not response.cookies


def test_links_to_pages_stay_in_the_preview(create, client, content):
    (content / "notes.pdf").write_bytes(b"%PDF-1.7")
    _, path = create("/")
    prefix, response = prefix_of(path), client.get(path)
    inside = [href for href in hrefs(response) if href.startswith("/")]
    assert f"{prefix}/pricing" in inside and f"{prefix}/hire" in inside
    outside = [href for href in inside if not href.startswith(prefix)]
    assert outside == []
    for href in inside:
        assert client.get(href).status_code == 200


def test_a_preview_has_no_search(create, write, client):
    write("/offer", "Expires: 2026-01-01\n")
    _, path = create()
    for page, status in (("/", 200), ("/hire/sre", 200), ("/missing", 404), ("/offer", 410)):
        response = client.get(prefix_of(path) + page)
        assert response.status_code == status and 'href="/search' not in response.text
        assert 'action="/search' not in response.text and "earch the site" not in response.text
    assert 'href="/search' in client.get("/").text and 'action="/search' in client.get("/missing").text


@pytest.mark.parametrize("meta", ["Status: draft\n", "Publish: 2027-01-01\n"])
def test_the_list_of_articles_shows_the_previewed_article_at_its_place(create, write, client, meta):
    write("/blog", body="**Pages under:** /blog", name="Blog")
    for day in range(1, 22):
        write(f"/blog/a{day}", f"Author: Asha\nDate: 2026-10-{day:02}\n", name=f"Article {day}")
    write("/blog/new", f"{meta}Author: Asha\nDate: 2026-10-20\n", name="New article")
    write("/blog/other", f"{meta}Author: Asha\nDate: 2026-10-20\n", name="Other article")
    _, path = create("/blog/new")
    prefix = prefix_of(path)
    listed = re.findall(r"(Article \d+|New article|Other article)</a>", client.get(prefix + "/blog").text)
    assert listed[:4] == ["Article 21", "Article 20", "New article", "Article 19"] and "Other article" not in listed
    assert "Article 2<" in client.get(prefix + "/blog/page/2").text
    assert "New article" not in client.get("/blog").text and "New article" not in client.get("/blog/feed.xml").text


def test_a_hub_that_is_a_draft_lists_its_articles_in_pages(create, write, client):
    write("/blog", "Status: draft\n", "**Pages under:** /blog", "Blog")
    for day in range(1, 22):
        write(f"/blog/a{day}", f"Author: Asha\nDate: 2026-10-{day:02}\n", name=f"Article {day}")
    _, path = create("/blog")
    assert client.get(path).status_code == client.get(f"{path}/page/2").status_code == 200
    assert client.get("/blog/page/2").status_code == 404


def test_the_home_page_needs_no_slash(create, client):
    _, path = create("/")
    assert client.get(path.rstrip("/")).content == client.get(path).content


def test_a_link_keeps_its_query_and_anchor(create, client):
    _, path = create()
    assert f"{prefix_of(path)}/pricing?a=1&amp;b=2#c" in hrefs(client.get(path))


def test_files_and_other_sites_are_linked_as_on_the_site(create, write, client, content):
    (content / "notes.pdf").write_bytes(b"%PDF-1.7")
    write(
        "/hire/sre",
        "Status: draft\n",
        "[Notes](/notes.pdf), [them](https://example.com/x), [mail](mailto:a@b.example).",
    )
    _, path = create()
    found = hrefs(client.get(path))
    assert {"/notes.pdf", "https://example.com/x", "mailto:a@b.example"} <= set(found)


def test_a_file_of_a_page_that_isnt_live_says_when_it_will_exist(create, write, client):
    questions = "## SAMPLE QUESTIONS\n\n**1. Why?**\n\n*What this reveals:* Care."
    write("/hire/sre", "Status: draft\n", f"Words.\n\n{questions}", "Reliability Engineer")
    _, path = create()
    files = [href for href in hrefs(client.get(path)) if href.endswith(".pdf")]
    assert files and all(href.startswith(path) for href in files)
    response = client.get(files[0])
    assert response.status_code == 404 and "when the page goes live" in response.text
    assert response["Cache-Control"] == "private, no-store"
    write("/hire/sre", "", f"Words.\n\n{questions}", "Reliability Engineer")
    assert any(href.startswith("/hire/sre") for href in hrefs(client.get(path)) if href.endswith(".pdf"))


def test_code_that_looks_like_a_link_is_shown_unchanged(create, write, client):
    write("/hire/sre", "Status: draft\n", '```\n<a href="/pricing">x</a>\n```')
    _, path = create()
    assert prefix_of(path) not in re.search("<code.*?</code>", client.get(path).text, re.DOTALL)[0]


def test_redirects_stay_in_the_preview(create, write, client):
    write("/pricing", "Aliases: /prices\n", name="Pricing")
    _, path = create()
    response = client.get(prefix_of(path) + "/prices?x=1")
    assert (response.status_code, response["Location"]) == (301, f"{prefix_of(path)}/pricing?x=1")
    assert response["Cache-Control"] == "private, no-store"


def test_a_scheduled_and_an_expired_page_have_previews_too(create, write, client):
    write("/hire/sre", "Publish: 2027-01-01\n")
    _, path = create()
    assert client.get(path).status_code == 200
    write("/hire/sre", "Expires: 2026-01-01\n")
    assert client.get(path).status_code == 200 and client.get("/hire/sre").status_code == 410


def test_a_link_follows_a_renamed_draft(create, write, client, content):
    _, path = create()
    (content / "hire" / "sre.md").unlink()
    write("/hire/reliability", "Status: draft\nAliases: /hire/sre\n")
    assert client.get(path)["Location"] == prefix_of(path) + "/hire/reliability"
    assert client.get(prefix_of(path) + "/hire/reliability").status_code == 200


def test_with_a_time_a_link_shows_the_whole_site_as_it_will_be(create, write, client, content):
    write("/hire/sre", "Publish: 2026-12-01 09:00 +05:30\n", "The time has come.", "Reliability Engineer")
    write("/fair", "Expires: 2026-11-30\nExpires to: /pricing\n", name="Fair")
    settings = content / "site.toml"
    settings.write_text(settings.read_text() + '\n[banner]\ntext = "We are hiring"\nfrom = "2026-12-01 03:00"\n')
    _, path = create("/", at=LATER)
    prefix = prefix_of(path)
    home = client.get(path).text
    assert "the site as it will be on 2026-12-01 03:30 UTC" in home and "We are hiring" in home
    assert f'href="{prefix}/hire/sre"' in home
    assert client.get(prefix + "/hire/sre").status_code == 200
    assert client.get(prefix + "/hire/other").status_code == 404
    assert client.get(prefix + "/fair")["Location"] == prefix + "/pricing"
    assert "We are hiring" not in client.get("/").text and client.get("/fair").status_code == 200
    _, earlier = create("/", at=LATER - timedelta(seconds=1))
    assert client.get(prefix_of(earlier) + "/hire/sre").status_code == 404


def test_forms_are_shown_but_cant_be_sent(create, client):
    _, path = create()
    start = prefix_of(path) + "/start"
    response = client.get(start)
    form = re.search(r'<form class="lead-form".*?</form>', response.text, re.DOTALL)[0]
    assert "can’t be sent from a preview" in form and re.search(r'<button[^>]*type="submit" disabled>', form)
    assert f'action="{start}#' in form
    assert "can’t be sent" not in client.get("/start").text and "disabled" not in client.get("/start").text


def test_the_calculator_calculates_within_the_preview(create, client):
    _, path = create("/resources/roi-calculator")
    assert f'<form method="get" action="{path}#result"' in client.get(path).text
    assert client.get(path, {"hires": "10"}).status_code == 200
    assert "Error:" in client.get(path, {"hires": "many"}).text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("page", ["/start", "/hire/sre", "/missing"])
def test_a_preview_takes_only_reading_requests(create, client, method, page):
    _, path = create()
    response = getattr(client, method)(prefix_of(path) + page)
    assert response.status_code == 405 and response["Allow"] == "GET, HEAD"
    assert response["Cache-Control"] == "private, no-store" and not response.cookies


# Links that don't work


def broken(kind, create, now):
    """Return a path with a token that doesn't work."""
    link, path = create()
    match kind:
        case "guessed":
            return path.replace(link.key, preview_links.token_of(link)[:22][::-1])
        case "changed signature":
            return path.replace("/hire/sre", "").rstrip("/")[:-1] + ("A" if path[-10] != "A" else "B") + "/hire/sre"
        case "revoked":
            preview_links.revoke(PreviewLink.objects.filter(pk=link.pk))
        case "all revoked":
            preview_links.revoke(PreviewLink.objects.all())
        case "expired":
            now[0] = link.expires_at
        case "removed":
            link.delete()
    return path


KINDS = ("guessed", "changed signature", "revoked", "all revoked", "expired", "removed")


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_that_doesnt_work_is_answered_like_a_missing_page(create, client, now, kind):
    path = broken(kind, create, now)
    response, missing = client.get(path), client.get(re.sub("^/preview/", "/previes/", path))
    assert response.status_code == missing.status_code == 404
    assert response.content == missing.content and "Reliability" not in response.text
    assert response.headers == missing.headers
    response, missing = client.post(path), client.post(re.sub("^/preview/", "/previes/", path))
    assert response.status_code == missing.status_code == 404 and response.content == missing.content


@pytest.mark.parametrize("rest", ["", "/", "//", "/x", "/x/", "/x//", "/%00/hire", "/x/hire%0A", "/%FF/x"])
def test_a_path_without_a_link_is_a_missing_page(write, db, client, rest):
    assert client.get(f"/preview{rest}").status_code == 404


def test_a_guessed_token_is_refused_without_the_database(write, client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/preview/AAAAAAAAAAAAAAAAAAAAAA.BBBBB/hire/sre").status_code == 404


def test_links_that_once_worked_take_the_same_query(create, client, now, django_assert_num_queries):
    for kind in ("revoked", "expired", "removed"):
        now[0] = NOW
        path = broken(kind, create, now)
        with django_assert_num_queries(1):
            client.get(path)


def test_a_signature_for_another_purpose_is_refused(create, client):
    link, _ = create()
    other = signing.Signer(salt="other", sep=".").sign(link.key)
    assert client.get(f"/preview/{other}/hire/sre").status_code == 404


def test_without_the_database_a_preview_says_that_it_is_unavailable(create, client, monkeypatch):
    _, path = create()

    def fail(*args):
        raise OperationalError("no database")

    monkeypatch.setattr(preview_links, "working_links", fail)
    response = client.get(path)
    assert response.status_code == 503 and response["Retry-After"] and response["Cache-Control"] == "private, no-store"
    assert "Reliability" not in response.text
    assert client.get("/").status_code == 200
