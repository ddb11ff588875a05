"""A duel: the scores of two candidates, with confidence intervals. A page's hero shows the duel as a drawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from .blocks import Block, Table
from .intervals import Interval
from .scores import Axis, Score, parse_score
from .site_words import Statement

# A name with at most this many letters, such as "A", is shown after the heading of its column: "Candidate A".
MAX_BARE_NAME = 2


@dataclass(frozen=True)
class Candidate:
    name: str
    value: str
    margin: str
    interval: Interval


@dataclass(frozen=True)
class Duel:
    """Two candidates on one axis. `score_verdict` compares only their scores. `verdict` also considers the margins.

    Both verdicts are `Statement` objects, so templates can translate them.
    """

    stamp: ClassVar[str] = "Example. All figures made up."
    candidates: tuple[Candidate, Candidate]
    axis: Axis
    overlap: Interval | None
    score_verdict: str
    verdict: str


def find_duel(blocks: Iterable[Block]) -> Duel | None:
    """Return the first duel in `blocks`, or None. A duel is a table of two rows with scores in the same column."""
    return next((duel for block in blocks if isinstance(block, Table) and (duel := _read(block))), None)


def _read(table: Table) -> Duel | None:
    if len(table.rows) != 2:
        return None
    names = [_name(table.head.cells[0].text, row.cells[0].text) for row in table.rows]
    for cells in zip(*(row.cells[1:] for row in table.rows), strict=False):
        first, second = (parse_score(cell.text) for cell in cells)
        if first and second and all(names):
            return _duel(names, first, second)
    return None


def _name(heading: str, name: str) -> str:
    return f"{heading} {name}".strip() if 0 < len(name) <= MAX_BARE_NAME else name


def _duel(names: list[str], first: Score, second: Score) -> Duel:
    axis = Axis.around((first, second))
    one, other = (
        Candidate(name, _text(score.value), _text(score.margin), axis.interval(score))
        for name, score in zip(names, (first, second), strict=True)
    )
    low, high = (_rounded(end) for end in (max(first.low, second.low), min(first.high, second.high)))
    leader = (one if first.value >= second.value else other).name
    return Duel(
        (one, other),
        axis,
        axis.interval(Score((low + high) / 2, (high - low) / 2)) if low <= high else None,
        _score_verdict(leader, first, second),
        _verdict(leader, low, high),
    )


def _score_verdict(leader: str, first: Score, second: Score) -> Statement:
    lead = _rounded(abs(first.value - second.value))
    if lead:
        return Statement("By score alone, {leader} leads by {points}.", leader=leader, points=_text(lead))
    return Statement("Both score {score}.", score=_text(first.value))


def _verdict(leader: str, low: float, high: float) -> Statement:
    """Say whether the candidates' intervals overlap. Don't say which candidate is better.

    The overlap goes from `low` to `high`. If the intervals don't overlap, `low` is greater than `high`.
    Overlapping intervals show neither that the candidates differ nor that they are equal. Separate intervals don't
    prove a difference either, because their confidence level is unknown.
    """
    if low > high:
        return Statement("The intervals don’t overlap. The whole interval of {leader} is higher.", leader=leader)
    if low < high:
        overlap = "The intervals overlap from {low}\u00a0to\u00a0{high}, so either candidate may be better."
        return Statement(overlap, low=_text(low), high=_text(high))
    return Statement("The intervals meet at {score}, so either candidate may be better.", score=_text(low))


def _rounded(number: float) -> float:
    """Remove the rounding error of a binary fraction, such as in 72.3 + 4.1."""
    return round(number, 6) + 0.0


def _text(number: float) -> str:
    return f"{number:.12g}".replace("-", "−")
