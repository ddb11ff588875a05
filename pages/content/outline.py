"""The outline of a page: the anchors and the levels of its headings."""

from __future__ import annotations

from .anchors import PAGE_ANCHORS, RESERVED_ANCHORS, slugify
from .inlines import Inline
from .sentence_case import WordForms
from .site_words import ENGLISH_WORDS, Words


class Outline:
    """Assigns the anchors and heading levels of one page: unique anchors, and no skipped levels.

    `words` are the site's own words in the page's language.
    """

    def __init__(self, section_level: int, word_forms: WordForms, words: Words = ENGLISH_WORDS) -> None:
        self.words = words
        self._section_level = section_level
        self._word_forms = word_forms
        self._anchors = dict.fromkeys(RESERVED_ANCHORS, 1)
        self._assigned = set(PAGE_ANCHORS)
        # A pair for the last heading and for each of its parent headings: the level in the document, and the level on
        # the page.
        self._open: list[tuple[int, int]] = []
        self.start_section(headed=False)

    @property
    def anchors(self) -> frozenset[str]:
        """The ids that exist on the page: the ids assigned so far, and PAGE_ANCHORS."""
        return frozenset(self._assigned)

    def start_section(self, headed: bool) -> None:
        """Start a section. `headed` means that the section has an `<h2>`."""
        self._open = [(0, 2 if headed else 1)]

    def open_heading(self, level: int) -> int:
        """Add a heading to the outline, and return the heading's level on the page.

        `level` is the heading's level in the document. On the page, the heading is one level below its parent heading,
        but never below level 6.
        """
        self._close(level)
        page_level = min(self._open[-1][1] + 1, 6)
        self._open.append((level, page_level))
        return page_level

    def record_heading(self, page_level: int, level: int | None = None) -> None:
        """Record a heading that a section's template prints at `page_level`.

        `level` is the heading's level in the document. By default, it is the section's level plus 1.
        """
        level = self._section_level + 1 if level is None else level
        self._close(level)
        self._open.append((level, page_level))

    def _close(self, level: int) -> None:
        while self._open[-1][0] >= level:
            self._open.pop()

    def unique_anchor(self, text: str) -> str:
        """Return an id for `text` that is not yet used on the page."""
        base = anchor = slugify(text)
        while anchor in self._anchors:
            self._anchors[base] += 1
            anchor = f"{base}-{self._anchors[base]}"
        self._anchors[anchor] = 1
        self._assigned.add(anchor)
        return anchor

    def to_sentence_case(self, inline: Inline) -> Inline:
        return self._word_forms.to_sentence_case(inline)
