"""The pages that only have text. They have smaller headings."""

import pytest

from pages.templatetags.page_filters import is_text_page

from ...support.content_samples import read

HERO = "# Terms\n## /terms\n\n## HERO\n\n**Headline:** How you may use this website\n\n"
PROSE = "## Our content\n\nWe write these pages with care.\n\n"
LINKS = "## RELATED PAGES\n\n- [Contact](/contact)\n\n"


def test_prose_and_links_are_only_text():
    assert is_text_page(read(HERO + PROSE + LINKS))


@pytest.mark.parametrize(
    "document",
    [
        HERO + "**Primary CTA:** Start free → /start\n\n" + PROSE,
        HERO + "| Candidate | Score |\n|---|---|\n| A | 72 ± 4 |\n| B | 75 ± 8 |\n\n" + PROSE,
        HERO + PROSE + "## HOW IT WORKS\n\n1. **Ask** — Send a link.\n2. **Read** — Open the report.\n\n",
        HERO.partition("## HERO")[0] + PROSE,
    ],
    ids=["call to action", "scores in the hero", "steps", "no hero"],
)
def test_other_pages_have_more_than_text(document):
    assert not is_text_page(read(document))
