"""Links to pages that aren't live are shown as text: in prose, in cards, and in calls to action."""

from pages.content import document, live_links
from pages.content.document import Settings
from pages.content.problems import Source

TEXT = """# Page
## /hire/page

## HERO

**Headline:** A headline

**Primary CTA:** Start → /launch

## WORDS

Read [the **launch**](/launch#plan "A title"), [another](/Launch/), [this](../launch) and [that](/that).

| Name | Link |
|---|---|
| one | [in a table](/launch) |

> [quoted](/launch) and [a mail](mailto:a@example.com)

## RELATED PAGES

- [Launch](/launch) — soon
- [That](/that)
"""


def test_hidden_links_become_text_everywhere_and_no_word_is_lost():
    page = document.read(Source("content/hire/page.md", TEXT), "/hire/page", Settings({}))
    assert set(live_links.target_urls(page)) == {"/launch", "/that"}
    shown = live_links.without_links(page, "/launch".__eq__)
    hero, words, related = shown.sections
    html = repr(words)
    assert "launch" not in html.lower().replace("<strong>launch</strong>", "")
    for part in ("the <strong>launch</strong>, another, this and ", '<a href="/that">that</a>', "in a table", "quoted"):
        assert part in html
    assert 'href="mailto:a@example.com"' in html
    assert "href=''" in repr(hero) and "href='/launch'" not in repr(hero)
    cards = related.body[0].cards
    assert [(card.label, card.href) for card in cards] == [("Launch", ""), ("That", "/that")]
    assert (shown.links, shown.plain_text) == (page.links, page.plain_text)


def test_a_page_without_hidden_links_is_unchanged():
    page = document.read(Source("content/hire/page.md", TEXT), "/hire/page", Settings({}))
    shown = live_links.without_links(page, "/other".__eq__)
    assert all(new is old for new, old in zip(shown.sections, page.sections, strict=True))
