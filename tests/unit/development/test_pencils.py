"""Each part of a document has one pencil (an edit button), at the place where the page shows the part."""

import pytest

from pages.content import document
from pages.content.document import Settings
from pages.content.problems import Source
from pages.development.editor.pencils import place_pencils

HERO = "## HERO\n\n**Headline:** A headline\n\n"
FORM = (
    "## ASK US\n\n| Field | Name | Required | Help |\n|---|---|---|---|\n| Your name | name | yes | |\n"
    "| Work email | email | yes | |\n\n**Button:** Send\n\n**Consent:** You may keep this.\n\n"
    "**Thanks:** **Sent** Thanks.\n\n"
)
WORDS = "## WORDS\n\nWords.\n\n"


def labels(text):
    page = document.read(Source("content/a.md", f"# A page\n## /a\n\n{text}"), "/a", Settings({}))
    pencils = place_pencils(page)
    assert len(pencils.sections) == len(page.sections)
    above, *by_section = [[pencil.label for pencil in row] for row in (pencils.above_page, *pencils.sections)]
    return above, by_section


@pytest.mark.parametrize(
    ("text", "above", "by_section"),
    [
        (HERO + WORDS, [], [["Edit section HERO"], ["Edit section WORDS"]]),
        (HERO + WORDS + FORM, [], [["Edit section HERO", "Edit section ASK US"], ["Edit section WORDS"], []]),
        (WORDS + FORM, ["Edit section ASK US"], [["Edit section WORDS"], []]),
        (WORDS + WORDS, [], [["Edit section WORDS"], ["Edit section WORDS (2)"]]),
        ("Words.\n\n## META\n\n```\nTitle: x\n```\n", ["Edit META"], [["Edit section introduction"]]),
        ("", [], []),
    ],
    ids=["hero", "form beside the hero", "form at the top", "equal sections", "introduction", "no sections"],
)
def test_pencils_are_where_the_page_shows_their_part(text, above, by_section):
    assert labels(text) == (["Edit name and URL", *above], by_section)
