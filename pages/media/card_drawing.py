"""The drawing of a social card: the logo, the headline, and weights, scores or prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from ..content.duel import Candidate, Duel
from ..content.intervals import Interval
from ..content.scores import Axis
from . import typesetting
from .card_canvas import EDGE, HEIGHT, HUES, MARGIN, RIGHT, SHADE, SOFT, WHITE, YELLOW, CardCanvas

# Scores and prices are to the right of the headline. ASIDE_LEFT is their left edge. At most MAX_ROWS rows fit.
ASIDE_LEFT = 680
MAX_ROWS = 4

# The height of the bar of weights, and the space between its segments.
BAR_HEIGHT, GAP = 40, 4

# Styles for the labels under the bar. A card uses the first style in which all its labels fit. Each style says whether
# to show names, and has a font size.
LABEL_STYLES = ((True, 26), (True, 24), (True, 22), (False, 26), (False, 20))

# Dimension names (empty if the fonts lack a letter) and their percentages.
Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class ReportScores:
    """The scores of a sample report, on one axis."""

    rows: tuple[Candidate, ...]
    axis: Axis


@dataclass(frozen=True)
class Prices:
    """The names and prices of plans. `unit` is what a price buys, and `note` is a line for all plans."""

    unit: str
    rows: tuple[tuple[str, str], ...]
    note: str


def percent_text(percent: float) -> str:
    return f"{percent:g}%"


@dataclass(frozen=True)
class _Label:
    """A dimension's name and percentage, drawn under the bar with a font size of `size` pixels."""

    name: typesetting.Line
    percent: typesetting.Line
    left: float
    size: int
    hue: str

    @property
    def name_width(self) -> float:
        return self.name.width * self.size


def _labels(weights: Weights, starts: list[float], size: int, with_names: bool) -> list[_Label]:
    """Return the labels of the bar's segments with their positions, or an empty list if they don't all fit.

    A label begins at the start of its segment, or further left to make room for the next label.
    """
    labels: list[_Label] = []
    limit = float(RIGHT)
    for number, (name, percent) in reversed([*enumerate(weights)]):
        name_line = typesetting.set_line(f"{name} " if name and with_names else "", 0)
        percent_line = typesetting.set_line(percent_text(percent), 0)
        width = (name_line.width + percent_line.width) * size
        left = min(starts[number] + (GAP if number else 0), limit - width)
        labels.append(_Label(name_line, percent_line, left, size, _hue(number)))
        limit = left - size * 0.75
    return labels if labels[-1].left >= MARGIN else []


def _on_axis(percent: float) -> float:
    """Return the x coordinate of a point on the axis of scores."""
    return ASIDE_LEFT + (RIGHT - ASIDE_LEFT) * percent / 100


def _hue(number: int) -> str:
    return HUES[min(number, len(HUES) - 1)]


class CardDrawing(CardCanvas):
    def draw_brand(self, name: str) -> None:
        """Draw the logo and the site's name, as in the site's header."""
        self.draw_capped_line(MARGIN, MARGIN + 52, 88, 11, 3.5, WHITE)
        self.draw_disc(MARGIN + 30, 88, 9.5, YELLOW)
        text = typesetting.fit(name, RIGHT - MARGIN - 72, 44, 36, 1.1, -0.02)
        self.draw_lines(text, MARGIN + 72, 88.4 - len(text.lines) * text.size * 0.55, 1.1, WHITE)

    def draw_texts(
        self, eyebrow_text: str, headline_text: str, top: float, bottom: float, right: float, largest: int
    ) -> None:
        """Draw the eyebrow and the headline, vertically centered between `top` and `bottom`.

        `largest` is the headline's largest font size.
        """
        eyebrow = typesetting.fit(eyebrow_text, right - MARGIN, 64, 26, 1.3, 0.08)
        eyebrow_height = len(eyebrow.lines) * eyebrow.size * 1.3 + 18 if eyebrow.lines else 0
        leading = 1.25 if typesetting.has_devanagari(headline_text) else 1.06
        headline = typesetting.fit(
            headline_text, right - MARGIN, bottom - top - eyebrow_height, largest, leading, -0.025
        )
        height = eyebrow_height + len(headline.lines) * headline.size * leading
        text_top = top + (bottom - top - height) / 2
        self.draw_lines(eyebrow, MARGIN, text_top, 1.3, YELLOW)
        self.draw_lines(headline, MARGIN, text_top + eyebrow_height, leading, WHITE)

    def draw_duel(self, duel: Duel) -> None:
        """Draw two candidates on one axis, as in templates/partials/duel.html."""
        if duel.overlap:
            left, right = (_on_axis(end) for end in (duel.overlap.start, duel.overlap.end))
            self.draw_box(left, 234, right, 372, SHADE)
        self.draw_scores(duel.candidates, duel.axis, 250, 100, (YELLOW, HUES[2]))
        self.draw_lines(
            typesetting.fit(duel.verdict, RIGHT - ASIDE_LEFT, 90, 30, 1.25, -0.01), ASIDE_LEFT, 420, 1.25, WHITE
        )
        self.draw_stamp()

    def draw_report(self, report: ReportScores) -> None:
        gaps = len(report.rows) - 1
        pitch = min(100, 230 // max(gaps, 1))
        self.draw_scores(report.rows, report.axis, 340 - gaps * pitch / 2, pitch, HUES)
        self.draw_stamp()

    def draw_scores(
        self, rows: Sequence[Candidate], axis: Axis, first: float, pitch: float, hues: Sequence[str]
    ) -> None:
        """Draw scores on one axis. `first` is the y coordinate of the first score."""
        for number, (row, hue) in enumerate(zip(rows, hues, strict=False)):
            y = first + number * pitch
            score = typesetting.set_line(f"{row.value} ± {row.margin}", 0)
            self.draw_text(score, RIGHT - score.width * 40, y - 30, 40, WHITE)
            name = typesetting.fit(row.name, RIGHT - ASIDE_LEFT - score.width * 40 - 24, 36, 26, 1.2, 0)
            self.draw_lines(name, ASIDE_LEFT, y - 56, 1.2, WHITE)
            self.draw_box(ASIDE_LEFT, y - 1, RIGHT, y + 1, EDGE)
            self.draw_interval(row.interval, y, hue)
        low, high = (typesetting.set_line(end, 0) for end in axis.ends.split())
        baseline = first + (len(rows) - 1) * pitch + 48
        self.draw_text(low, ASIDE_LEFT, baseline, 20, SOFT)
        self.draw_text(high, RIGHT - high.width * 20, baseline, 20, SOFT)

    def draw_stamp(self) -> None:
        self.draw_text(typesetting.set_line(Duel.stamp, 0), ASIDE_LEFT, HEIGHT - MARGIN - 6, 20, SOFT)

    def draw_prices(self, prices: Prices) -> None:
        """Draw a ruled table of plans."""
        pitch = min(88, 280 // len(prices.rows))
        top = 325 - len(prices.rows) * pitch // 2
        bottom = top + len(prices.rows) * pitch
        width = RIGHT - ASIDE_LEFT
        self.draw_lines(typesetting.fit(prices.unit, width, 30, 24, 1.2, 0), ASIDE_LEFT, top - 42, 1.2, SOFT)
        self.draw_lines(typesetting.fit(prices.note, width, 60, 22, 1.3, 0), ASIDE_LEFT, bottom + 20, 1.3, SOFT)
        for number, (name, price) in enumerate(prices.rows):
            y = top + number * pitch
            self.draw_box(ASIDE_LEFT, y, RIGHT, y + 2, EDGE)
            figure = typesetting.fit(price, width * 0.6, 64, 52, 1.2, -0.02)
            figure_width = max((line.width * figure.size for line in figure.lines), default=0.0)
            self.draw_lines(figure, RIGHT - figure_width, y + (pitch + 2) / 2 - figure.size * 0.6, 1.2, YELLOW)
            label = typesetting.fit(name, width - figure_width - 24, 40, 30, 1.2, -0.01)
            self.draw_lines(label, ASIDE_LEFT, y + (pitch + 2) / 2 - label.size * 0.6, 1.2, WHITE)
        self.draw_box(ASIDE_LEFT, bottom, RIGHT, bottom + 2, EDGE)

    def draw_interval(self, interval: Interval, y: float, hue: str) -> None:
        start, end = _on_axis(interval.start), _on_axis(interval.end)
        self.draw_box(start, y - 6, end, y + 6, hue)
        self.draw_caps(max(start - 2, ASIDE_LEFT), min(end + 2, RIGHT), y, 13, 4, WHITE)
        self.draw_disc(_on_axis(interval.point), y, 13, WHITE)
        self.draw_disc(_on_axis(interval.point), y, 10, YELLOW)

    def draw_weights(self, weights: Weights) -> float:
        """Draw a labeled bar with one part for each weight, to scale. Return the y coordinate of the bar's top."""
        total = max(100.0, sum(percent for _, percent in weights))
        widths = [(RIGHT - MARGIN) * percent / total for _, percent in weights]
        starts = [*accumulate(widths, initial=float(MARGIN))]
        candidates = (_labels(weights, starts, size, with_names) for with_names, size in LABEL_STYLES)
        labels = next(filter(None, candidates), [])
        bottom = HEIGHT - MARGIN - (58 if labels else 0)
        top = bottom - BAR_HEIGHT
        for number, (start, end) in enumerate(pairwise(starts)):
            if end > start + GAP:
                self.draw_box(start + (GAP if number else 0), top, end, bottom, _hue(number))
        for label in labels:
            self.draw_text(label.name, label.left, HEIGHT - MARGIN - 6, label.size, SOFT)
            self.draw_text(label.percent, label.left + label.name_width, HEIGHT - MARGIN - 6, label.size, label.hue)
        return top
