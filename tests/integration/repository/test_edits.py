"""Edits take effect without a restart, and a broken document affects no other page."""

import pytest

from ...conftest import SEED_URL, serving

PAGE = (
    "# New\n## /hire/new\n\n## META\n\n```\nTitle: New\nDescription: A new page.\n```\n\n## SOMETHING\n\nFresh words.\n"
)


def test_gunicorn_picks_up_changed_new_and_deleted_documents(few_documents):
    with serving(few_documents) as server:
        seed, new = server.content / "hire" / "machine-learning-engineer.md", server.content / "hire" / "new.md"
        seed.write_text(seed.read_text().replace("**Headline:**", "**Headline:** Lately,"))
        server.until(SEED_URL, lambda response: "<span>Lately, " in response.text)
        new.write_text(PAGE)
        server.until("/hire/new", lambda response: "Fresh words." in response.text)
        new.unlink()
        server.until("/hire/new", lambda response: response.status == 404)


def test_documents_are_read_once_if_content_reload_is_off(few_documents):
    with serving(few_documents, CONTENT_RELOAD="0", WEB_CONCURRENCY="1") as server:
        server.published(SEED_URL)
        (server.content / "hire" / "new.md").write_text(PAGE)
        (server.content / "hire" / "machine-learning-engineer.md").unlink()
        assert server.get("/hire/new").status == 404
        assert server.get(SEED_URL).status == 200


@pytest.mark.parametrize(
    ("name", "raw", "place", "words"),
    [
        ("latin.md", b"# Caf\xe9\n## /hire/latin\n", "content/hire/latin.md:1:6: error: unreadable-file", "UTF-8"),
        ("empty.md", b"  \n\n", "content/hire/empty.md:1:1: error: empty-document", "empty"),
        ("No Url (1).md", b"# Nameless\n", "content/hire/No Url (1).md:1:1: error: no-url", "no URL"),
        ("binary.md", bytes(range(256)), "content/hire/binary.md:3:115: error: unreadable-file", "0x80"),
    ],
)
def test_a_broken_document_is_left_out_and_logged(client, content, caplog, name, raw, place, words):
    (content / "hire" / name).write_bytes(raw)
    assert client.get(SEED_URL).status_code == 200
    assert client.get("/hire/" + name.removesuffix(".md")).status_code == 404
    message = next(record.getMessage() for record in caplog.records if place in record.getMessage())
    assert words in message


def test_a_problem_is_logged_once(client, content, caplog):
    (content / "hire" / "empty.md").write_text("")
    client.get(SEED_URL)
    (content / "hire" / "new.md").write_text(PAGE)
    client.get(SEED_URL)
    assert sum("empty-document" in record.getMessage() for record in caplog.records) == 1


def test_drafts_and_future_pages_are_not_served(client, content, settings):
    for name, line in (("draft", "Status: draft"), ("later", "Publish: 2999-01-01 09:00 +05:30")):
        text = PAGE.replace("/hire/new", f"/hire/{name}").replace(
            "Title: New", f"Title: New\n{line}\nAliases: /old-{name}"
        )
        (content / "hire" / f"{name}.md").write_text(text)
        assert client.get(f"/hire/{name}").status_code == 404
        assert client.get(f"/old-{name}").status_code == 404
        assert f"/hire/{name}".encode() not in client.get("/").content
        assert f"/hire/{name}".encode() not in client.get("/hire/nothing").content
    settings.DEBUG = True
    assert client.get("/hire/draft").status_code == 200


def test_a_draft_cannot_replace_a_page_with_the_same_url(client, content):
    seed = (content / "hire" / "machine-learning-engineer.md").read_text()
    copy = seed.replace("Title: ", "Status: draft\nTitle: Draft of ")
    (content / "hire" / "data-engineer.md").write_text(copy)
    assert b"<title>Hire Machine" in client.get(SEED_URL).content


def test_documents_cannot_use_reserved_urls(client, content):
    for url in ("/livez", "/static/page", "/__reload__/x"):
        (content / "new.md").write_text(PAGE.replace("/hire/new", url))
        assert b"Fresh words" not in client.get(url).content
        assert b"Fresh words" not in client.get("/").content


def test_broken_site_settings_do_not_affect_pages(client, content, caplog):
    (content / "site.toml").write_text('[calls_to_action\n"Start" = /start\n')
    assert client.get(SEED_URL).status_code == 200
    assert any("content/site.toml:1:" in record.getMessage() for record in caplog.records)
