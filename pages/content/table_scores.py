"""Draw the scores in a table."""

from __future__ import annotations

from dataclasses import dataclass

from .blocks import Table
from .intervals import Interval
from .scores import Axis, parse_score


@dataclass(frozen=True)
class ScoreCell:
    """Additions to a table cell with a score: the `attributes` of the cell's tag, and a `drawing` of the score."""

    attributes: str = ""
    drawing: str = ""


def draw_scores(table: Table) -> dict[tuple[int, int], ScoreCell]:
    """Draw all scores of a table on one axis, and return the cells, keyed by the row's line and the column's index.

    The last score in each column shows the ends of the axis.
    """
    scores = {
        (row.line, column): score
        for row in table.rows
        for column, cell in enumerate(row.cells)
        if (score := parse_score(cell.text))
    }
    if not scores:
        return {}
    axis = Axis.around(scores.values())
    last_lines = {column: line for line, column in scores}
    return {
        (line, column): ScoreCell(
            f' data-scale="{axis.ends}"' if last_lines[column] == line else "", _draw(axis.interval(score))
        )
        for (line, column), score in scores.items()
    }


def _draw(interval: Interval) -> str:
    """Return the SVG of templates/partials/interval.html, inside an outer SVG that screen readers skip.

    Screen readers read the score instead.
    """
    return (
        f'<svg class="score-line" width="100%" height="24" aria-hidden="true"><svg class="interval order-1" '
        f'x="{interval.start:.12g}%" width="{interval.width:.12g}%"><rect class="band" width="100%" y="8" height="8"/>'
        '<line y1="4" y2="20"/><line x1="100%" x2="100%" y1="4" y2="20"/><circle class="point" cx="50%" cy="12" r="6"/>'
        "</svg></svg>"
    )
