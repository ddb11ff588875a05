"""Markdown versions: which pages have one, what it says, and who gets it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from pages.content.markdown_paths import markdown_path
from pages.repository import current

from ...conftest import SEED, SEED_URL

SITE = "http://127.0.0.1:8000"
MARKDOWN = {"Accept": "text/markdown"}
START = "/start"
CALCULATOR = "/resources/roi-calculator"

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
# The User-Agent and Accept headers of real clients (checked in November 2026), and the format that each client gets.
CLIENTS = (
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36", BROWSER, "html"),
    (
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "text/html,application/xhtml+xml,application/signed-exchange;v=b3,application/xml;q=0.9,*/*;q=0.8",
        "html",
    ),
    ("Mozilla/5.0 AppleWebKit/537.36 (compatible; GPTBot/1.2; +https://openai.com/gptbot)", "*/*", "html"),
    ("Mozilla/5.0 AppleWebKit/537.36 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)", "*/*", "html"),
    ("curl/8.14.1", "*/*", "html"),
    ("curl/8.14.1", None, "html"),
    ("Claude-User (claude-code/2.0; +https://support.anthropic.com/)", "text/markdown, text/html, */*", "markdown"),
    ("curl/8.14.1", "text/markdown", "markdown"),
    ("an assistant", "text/markdown;q=0.9, text/html;q=0.8", "markdown"),
    ("an assistant", "text/html, text/markdown;q=0.9", "html"),
)


def format_of(response):
    return re.match(r"text/(\w+); charset=utf-8", response["Content-Type"])[1]


def body_of(text):
    """Return the text of a Markdown version without the front matter."""
    return re.sub(r"\A---\n.*?\n---\n\n", "", text, count=1, flags=re.S)


def test_every_page_has_a_markdown_version_under_two_addresses(client, content):
    for page in current.visible_pages().pages():
        path = markdown_path(page.url)
        at_md, negotiated = client.get(path), client.get(page.url, headers=MARKDOWN)
        assert at_md.status_code == negotiated.status_code == 200
        assert at_md.content == negotiated.content and at_md.headers == negotiated.headers
        assert at_md["Content-Type"] == "text/markdown; charset=utf-8"
        assert at_md["Content-Location"] == path
        assert at_md["X-Robots-Tag"] == "noindex"
        assert at_md["Link"] == f'<{SITE}{page.url}>; rel="canonical"'
        assert at_md["Vary"] == "Accept, Accept-Encoding"
        html = client.get(page.url)
        assert format_of(html) == "html" and html.get("ETag") != at_md["ETag"]
        assert html["Link"] == f'<{path}>; rel=alternate; type="text/markdown"'
        assert html["Vary"].startswith("Accept, ")
        link = BeautifulSoup(html.content, "html.parser").find("link", rel="alternate", type="text/markdown")
        assert link["href"] == SITE + path


@pytest.mark.parametrize(("agent", "accept", "expected"), CLIENTS)
def test_what_real_clients_get(client, content, agent, accept, expected):
    headers = {"User-Agent": agent} | ({"Accept": accept} if accept else {})
    for path in ("/", SEED_URL, START, CALCULATOR):
        assert format_of(client.get(path, headers=headers)) == expected
    assert format_of(client.get(f"{SEED_URL}.md", headers=headers)) == "markdown"
    assert format_of(client.head(SEED_URL, headers=headers)) == expected


def test_nobody_gets_406(client, content):
    for accept in ("image/png", "text/markdown;q=0, text/html;q=0", "application/json"):
        assert format_of(client.get(SEED_URL, headers={"Accept": accept})) == "html"
        assert format_of(client.get(f"{SEED_URL}.md", headers={"Accept": accept})) == "markdown"


def test_other_responses_ignore_the_accept_header(client, content):
    for path in ("/robots.txt", "/sitemap.xml", "/search?q=python", "/no-such-page"):
        response = client.get(path, headers=MARKDOWN)
        assert not response["Content-Type"].startswith("text/markdown")
        assert "Accept," not in response.get("Vary", "") and "alternate" not in response.get("Link", "")


def test_each_format_has_its_own_etag(client, content):
    html, markdown = client.get(SEED_URL)["ETag"], client.get(f"{SEED_URL}.md")["ETag"]
    for etag, headers, status in (
        (html, {}, 304),
        (html, MARKDOWN, 200),
        (markdown, MARKDOWN, 304),
        (markdown, {}, 200),
    ):
        response = client.get(SEED_URL, headers={**headers, "If-None-Match": etag})
        assert response.status_code == status
    unchanged = client.get(SEED_URL, headers={**MARKDOWN, "If-None-Match": markdown})
    assert unchanged["Vary"] == "Accept, Accept-Encoding" and unchanged["Content-Location"] == f"{SEED_URL}.md"


def test_the_text_is_the_document_with_a_short_head(client, content):
    text = client.get(f"{SEED_URL}.md").content.decode()
    written = SEED.read_text()
    title = re.search(r"^Title: (.*)$", written, re.M)[1]
    head = text[: text.index("\n---\n")].split("\n")
    assert head[:3] == ["---", f'title: "{title}"', f'url: "{SITE}{SEED_URL}"']
    assert head[-1] == "language: en" and all(re.fullmatch(r"date: \d{4}-\d\d-\d\d", line) for line in head[3:-1])
    assert "Keywords:" not in text and "**Headline:**" not in text and "## META" not in text
    for line in written.splitlines()[40:]:
        assert "](/" in line or "[" in line or line in text
    assert f"- [Data Scientist]({SITE}/hire/data-scientist)" in text


def test_the_switch_leaves_only_the_addresses_that_end_in_md(client, content, settings):
    settings.NEGOTIATE_MARKDOWN = False
    html = client.get(SEED_URL, headers=MARKDOWN)
    assert (format_of(html), html["Vary"]) == ("html", "Accept-Encoding")
    assert html["Link"] == f'<{SEED_URL}.md>; rel=alternate; type="text/markdown"'
    markdown = client.get(f"{SEED_URL}.md")
    assert (format_of(markdown), markdown["Vary"]) == ("markdown", "Accept-Encoding")
    assert format_of(client.get(START, headers=MARKDOWN)) == "html"


def test_methods_other_than_get_and_head(client, content):
    assert client.head(f"{SEED_URL}.md")["Content-Type"] == "text/markdown; charset=utf-8"
    assert client.post(f"{SEED_URL}.md").status_code == 405
    assert client.post(SEED_URL, headers=MARKDOWN).status_code == 405


@pytest.mark.parametrize("path", ["/no-such-page.md", "/.md/", "/site.md", "/kit.md", f"{SEED_URL}.md/", "/search.md"])
def test_a_path_without_a_page_has_no_markdown_version(client, content, path):
    assert client.get(path).status_code == 404
    assert client.get(path, headers=MARKDOWN).status_code == 404


def test_states_of_a_page_have_no_markdown_version(client, content):
    for path in (f"{CALCULATOR}?hires=3", f"{START}?role=data-engineer", f"{START}?unsent=x"):
        html = client.get(path, headers=MARKDOWN)
        assert format_of(html) == "html" and "Link" not in html
        assert "text/markdown" not in html.content.decode()
    assert format_of(client.get(f"{SEED_URL}?utm_source=x", headers=MARKDOWN)) == "markdown"


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("line", ["Status: draft", "Publish: 2999-01-01 09:00", "Expires: 2020-01-01 09:00"])
def test_pages_that_are_not_live_have_no_markdown_version(client, content, settings, line, debug):
    settings.DEBUG = debug
    (content / "new.md").write_text(f"# New\n## /new\n\n## META\n\n```\nTitle: New\n{line}\n```\n\nSecret words.\n")
    assert client.get("/new.md").status_code == (410 if line.startswith("Expires") and not debug else 404)
    page = client.get("/new", headers=MARKDOWN)
    assert page.status_code == (200 if debug else 410 if line.startswith("Expires") else 404)
    assert format_of(page) == "html" and "text/markdown" not in page.content.decode()


def test_an_expired_page_leads_to_the_markdown_version_of_its_successor(client, content):
    meta = "Title: Old\nExpires: 2020-01-01 09:00\nExpires to: /pricing\n"
    (content / "old.md").write_text(f"# Old\n## /old\n\n## META\n\n```\n{meta}```\n\nWords.\n")
    response = client.get("/old.md")
    assert (response.status_code, response["Location"]) == (301, "/pricing.md")


def test_a_page_keeps_its_markdown_version_until_it_expires(client, content):
    soon = datetime.now(UTC) + timedelta(seconds=40)
    meta = f"Title: T\nExpires: {soon + timedelta(minutes=1):%Y-%m-%d %H:%M} +00:00\n"
    (content / "brief.md").write_text(f"# T\n## /brief\n\n## META\n\n```\n{meta}```\n\nWords.\n")
    response = client.get("/brief.md")
    assert int(re.search(r"s-maxage=(\d+)", response["Cache-Control"])[1]) <= 100
    assert int(re.search(r"stale-if-error=(\d+)", response["Cache-Control"])[1]) <= 100


def test_old_addresses_lead_to_the_current_markdown_version(client, content):
    path = content / "about.md"
    path.write_text(path.read_text().replace("Title:", "Aliases: /who\nTitle:", 1))
    (content / "redirects.toml").write_text('"/firm" = "/about#team"\n"/old/*" = "/hire/*"\n"/gone" = "gone"\n')
    for old, new in {
        "/who.md": "/about.md",
        "/About.md": "/about.md",
        "/about//.md": "/about.md",
        "/firm.md": "/about.md",
        "/old/data-engineer.md": "/hire/data-engineer.md",
    }.items():
        response = client.get(old)
        assert (response.status_code, response["Location"]) == (301, new), old
    assert client.get("/gone.md").status_code == 410
    assert client.get("/who", headers=MARKDOWN)["Location"] == "/about"


def test_a_hub_lists_its_pages(client, content):
    text = client.get("/hire.md").content.decode()
    assert "Pages under" not in text
    row = f"- [Machine Learning Engineer]({SITE}{SEED_URL}): Technical 45%, Behavioral 35%, Contextual 20%"
    assert row in text.splitlines()
    listed = set(re.findall(rf"^- \[[^\]]*\]\({SITE}(/hire/[\w-]+)\):", text, re.M))
    assert listed == {page.url for page in current.visible_pages().under("/hire")}


def test_a_form_lists_its_fields_and_none_of_its_replies(client, content):
    (content / "ask.md").write_text(
        "# Ask\n## /ask\n\n## THE FORM\n\nSee below.\n\n| Field | Name | Required | Help |\n|---|---|---|---|\n"
        "| Work email | email | yes | For our *reply*. |\n| Phone | phone | no | |\n\n**Button:** Send it\n\n"
        "**Consent:** You may store\nwhat I send.\n\n**Thanks:** **Done.** Hidden thanks.\n\n"
        "**Reply subject:** Hidden subject\n\n**Reply:** Hidden reply,\nhidden end.\n\nShown below.\n"
    )
    text = body_of(client.get("/ask.md").content.decode())
    assert text == (
        "# Ask\n\n## THE FORM\n\nSee below.\n\n- Work email: For our reply.\n- Phone (optional)\n\n"
        f"**[Send it]({SITE}/ask#form)**\n\nYou may store what I send.\n\nShown below.\n"
    )


def test_a_calculator_says_its_result(client, content):
    text = client.get(f"{CALCULATOR}.md").content.decode()
    html = BeautifulSoup(client.get(CALCULATOR).content, "html.parser")
    outcome = html.select_one(".outcome a").get_text(" ", strip=True)
    assert f"**{outcome}" in text


def test_a_sample_report_says_what_the_role_s_page_adds(client, content):
    (content / "report.md").write_text(
        f"# Report\n## /report\n\n## A REPORT\n\n**Role:** {SEED_URL}\n\n| Dimension | Score |\n|---|---|\n"
        "| Technical | 72 ± 4 |\n| Behavioral | 64 ± 8 |\n| Contextual | 76 ± 2 |\n"
    )
    text = body_of(client.get("/report.md").content.decode())
    assert f"**Role:** [Machine Learning Engineer]({SITE}{SEED_URL})" in text
    assert "Weights: Technical 45%, Behavioral 35%, Contextual 20%." in text and "All figures made up." in text
    sheet = BeautifulSoup(client.get("/report").content, "html.parser")
    asked = [item.get_text(" ", strip=True) for item in sheet.select(".ask li")]
    assert asked and all(f"- {question}" in text for question in asked)
    assert f"Combined: {sheet.select_one('.combined dd').text}" in text


def test_an_article_list_has_a_markdown_version_of_each_page(client, content):
    (content / "blog").mkdir()
    (content / "blog" / "index.md").write_text("# Blog\n## /blog\n\n## ARTICLES\n\n**Pages under:** /blog\n")
    for number in range(1, 23):
        meta = f"Author: Asha\nDate: 2025-01-{number:02}\nDescription: About {number}."
        text = f"# Post {number}\n## /blog/p{number}\n\n## META\n\n```\n{meta}\n```\n\nWords.\n"
        (content / "blog" / f"p{number}.md").write_text(text)
    first, second = (client.get(path).content.decode() for path in ("/blog.md", "/blog/page/2.md"))
    assert f"- [Post 22]({SITE}/blog/p22) (2025-01-22): About 22." in first.splitlines()
    assert f"- [Next]({SITE}/blog/page/2)" in first and f"- [Previous]({SITE}/blog)" in second
    assert len(re.findall(r"/blog/p\d+\)", first)) == 20 and len(re.findall(r"/blog/p\d+\)", second)) == 2
    negotiated = client.get("/blog/page/2", headers=MARKDOWN)
    assert negotiated.content.decode() == second and negotiated["Content-Location"] == "/blog/page/2.md"
    assert client.get("/blog/page/2")["Link"].startswith("</blog/page/2.md>")
    assert client.get("/blog/page/3.md").status_code == client.get("/blog/feed.xml.md").status_code == 404
    assert client.get("/blog/page/1.md")["Location"] == "/blog.md"
    article = client.get("/blog/p1.md").content.decode()
    assert 'author: "Asha"\npublished: 2025-01-01\n' in article


def test_a_translation_names_its_language_and_the_other_versions(client, content):
    meta = "Language: hi\nTranslation of: /pricing\nTitle: क़ीमत"
    (content / "hi.md").write_text(f"# क़ीमत\n## /hi/pricing\n\n## META\n\n```\n{meta}\n```\n\nशब्द।\n")
    text, original = (client.get(path).content.decode() for path in ("/hi/pricing.md", "/pricing.md"))
    assert f'language: hi\nen: "{SITE}/pricing"\n---\n' in text and "शब्द।" in text
    assert f'language: en\nhi: "{SITE}/hi/pricing"\n---\n' in original


def test_links_to_pages_that_are_not_live_are_text(client, content):
    (content / "new.md").write_text("# New\n## /new\n\n## META\n\n```\nTitle: N\nStatus: draft\n```\n\nWords.\n")
    (content / "a.md").write_text("# A\n## /a\n\nSee [the new page](/new) and [prices](/pricing).\n")
    text = body_of(client.get("/a.md").content.decode())
    assert text == f"# A\n\nSee the new page and [prices]({SITE}/pricing).\n"


def test_a_page_whose_url_ends_in_md_comes_first(client, content):
    (content / "a.md").write_text("# A\n## /about.md\n\nOwn words.\n")
    assert "Own words." in client.get("/about.md").content.decode()
    assert format_of(client.get("/about.md")) == "html"


def test_downloads_are_listed(client, content):
    text = client.get(f"{SEED_URL}.md").content.decode()
    files = [file.path for file in current.get_library().pages[SEED_URL].files if not file.is_picture]
    assert files and all(f"]({SITE}{path})" in text for path in files)


def test_a_sample_report_is_in_the_language_of_its_page(client, content):
    (content / "report.md").write_text(
        "# Report\n## /report\n\n## META\n\n```\nTitle: R\nLanguage: hi\n```\n\n## A REPORT\n\n"
        f"**Role:** {SEED_URL}\n\n| Dimension | Score |\n|---|---|\n"
        "| Technical | 72 ± 4 |\n| Behavioral | 64 ± 8 |\n| Contextual | 76 ± 2 |\n"
    )
    with (content / "site.toml").open("a") as settings_file:
        settings_file.write(
            '\n[translations.hi]\n"Weights" = "भार"\n"Combined" = "कुल"\n"All figures made up." = "सब काल्पनिक।"\n'
            '"{lowest} to {highest}" = "{lowest} से {highest}"\n"Ask this in your interview" = "यह पूछें"\n'
        )
    text = body_of(client.get("/report.md").content.decode())
    assert "सब काल्पनिक। भार: Technical 45%" in text and "यह पूछें (Behavioral" in text
    assert re.search(r"कुल: \d+.±.\d+ \(\d+ से \d+\)", text)
    assert not re.search("Weights|Combined|made up|Ask this| to ", text.partition("##")[2].partition("यह पूछें")[0])
