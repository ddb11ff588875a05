"""The list of the pages under a hub, except articles.

Pages with weighted dimensions or with a sample report are rows of a chart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ..content.document import Page
from ..content.intervals import Interval
from ..content.role_reports import RoleScores, role_scores
from ..content.role_reports import Row as ReportRow
from ..content.scores import Axis
from ..repository.visible_pages import VisiblePages


@dataclass(frozen=True)
class Row:
    """A page in a list. `scores` come from a sample report.

    `name` is the page's name without the hub's name at its start (see `Page.short_name`).
    """

    name: str
    page: Page
    scores: RoleScores | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        return tuple(weight.short_name for weight in self.page.weights)


@dataclass(frozen=True)
class HubList:
    """The pages under a hub.

    `dimensions` is the most common set of dimensions. `comparable` are the pages with exactly this set, sorted by the
    weights of the dimensions, highest first. `others` are the pages with other dimensions. `reports` are the pages with
    a sample report. `unweighted` are all other pages. `others`, `reports` and `unweighted` are sorted by name.
    """

    dimensions: tuple[str, ...]
    comparable: tuple[Row, ...]
    others: tuple[Row, ...]
    reports: tuple[Row, ...]
    unweighted: tuple[Row, ...]

    @property
    def axis(self) -> Axis:
        """The axis on which the list draws the combined score of each report."""
        return Axis.around(row.scores.combined.score for row in self.reports if row.scores)

    @property
    def bands(self) -> tuple[tuple[Row, ReportRow, Interval], ...]:
        """Each row of `reports`, with its combined score and the score's drawing."""
        axis = self.axis
        combined = [(row, row.scores.combined) for row in self.reports if row.scores]
        return tuple((row, total, axis.interval(total.score)) for row, total in combined)


def listed_under(visible: VisiblePages, url: str) -> HubList:
    """Return the list of the direct children of the page at `url` that aren't articles."""
    hub = visible.page(url)
    pages = visible.others_under(url)
    rows = [Row(page.short_name(hub) if hub else page.name, page, _scores(page, visible)) for page in pages]
    weighted = [row for row in rows if row.dimensions]
    dimensions = _most_common(row.dimensions for row in weighted)
    return HubList(
        dimensions,
        tuple(sorted((row for row in weighted if row.dimensions == dimensions), key=_descending_weights)),
        tuple(row for row in weighted if row.dimensions != dimensions),
        tuple(row for row in rows if row.scores and not row.dimensions),
        tuple(row for row in rows if not row.scores and not row.dimensions),
    )


def _scores(page: Page, visible: VisiblePages) -> RoleScores | None:
    return role_scores(page.reported_scores, visible.weights_of(page.reported_role)) if page.reported_scores else None


def _most_common(dimensions: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return next((names for names, _ in Counter(dimensions).most_common(1)), ())


def _descending_weights(row: Row) -> list[float]:
    return [-weight.percent for weight in row.page.weights]
