"""The budgets for pages in docs/benchmarks.md: page, style and headers fit into TCP's first ten packets (RFC 6928)."""

from dataclasses import dataclass

from pages.content.document import Page
from pages.content.sections.questions import Questions

MANY_QUESTIONS = 15


@dataclass(frozen=True)
class Budget:
    """The maximum size of a page's HTML in bytes, with brotli 11 and with gzip 9. None means no limit.

    If `with_headers` is set, the size with brotli includes the headers.
    """

    brotli: int = 12_000
    gzip: int | None = 13_000
    with_headers: bool = False

    def excess(self, brotli: int, gzip: int, headers: int) -> int:
        """Return how many bytes a page is over the budget, or 0."""
        over_brotli = brotli + (headers if self.with_headers else 0) - self.brotli
        return max(over_brotli, gzip - self.gzip if self.gzip else 0, 0)


USUAL, QUESTION_LIST = Budget(), Budget(14_600, None, with_headers=True)


def budget_of(page: Page) -> Budget:
    questions = sum(section.count for section in page.full.sections if isinstance(section, Questions))
    return QUESTION_LIST if questions >= MANY_QUESTIONS else USUAL
