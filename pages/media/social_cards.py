"""Social cards: the image shown beside a shared link. A card has the headline and the weights or duel of its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from hashlib import sha256
from html import unescape
from itertools import accumulate, pairwise

from ..content.document import Page
from ..content.duel import Duel
from ..content.intervals import Interval
from ..content.library import Library
from ..content.sections.dimensions import Weight
from . import typesetting
from .card_canvas import EDGE, HEIGHT, HUES, MARGIN, RIGHT, SHADE, SOFT, WHITE, YELLOW, CardCanvas

# Part of each URL's hash. Increase this number when the drawing changes, because caches keep a card forever.
DESIGN_VERSION = 2

# In characters. Longer text would be unreadable, so it is left out. The page's name replaces an overlong headline.
MAX_LENGTHS = {"eyebrow": 120, "headline": 600, "name": 60}

# The left edge of a duel. The duel is to the right of the headline.
DUEL_LEFT = 680

# The height of the bar of weights, and the space between its segments.
BAR_HEIGHT, GAP = 40, 4

# Styles for the labels under the bar. A card uses the first style in which all its labels fit. Each style says whether
# to show names, and has a font size.
LABEL_STYLES = ((True, 26), (True, 24), (True, 22), (False, 26), (False, 20))

# Dimension names (empty if the fonts lack a letter) and their percentages.
Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class SocialCard:
    """The content of a card. The texts have only characters that the fonts contain."""

    path: str
    site_name: str
    eyebrow: str
    headline: str
    weights: Weights
    duel: Duel | None = None

    @cached_property
    def url(self) -> str:
        content = json.dumps([DESIGN_VERSION, *astuple(self)]).encode()
        return f"/social/{self.path}.{sha256(typesetting.fonts_digest() + content).hexdigest()[:12]}.png"

    @property
    def alt(self) -> str:
        weights = ", ".join(f"{name} {_percent_text(percent)}".strip() for name, percent in self.weights)
        drawing = weights and f"A bar drawn to scale: {weights}"
        if self.duel:
            scores = ", ".join(f"{one.name} {one.value} ± {one.margin}" for one in self.duel.candidates)
            drawing = f"{scores}. {self.duel.verdict} {self.duel.stamp}"
        texts = [self.eyebrow, self.headline, drawing]
        return ". ".join([*(text.rstrip(".") for text in texts if text), self.site_name])

    def render(self) -> bytes:
        """Return the PNG. The same card always gives the same bytes."""
        return _Drawing().render(self)


def card_of(page: Page, site_name: str) -> SocialCard:
    hero = page.hero
    headline = _strip_tags(hero.headline) if hero else ""
    return SocialCard(
        page.url.strip("/") or "index",
        typesetting.drawable(site_name),
        _fitting_text(_strip_tags(hero.eyebrow), "eyebrow") if hero else "",
        next(filter(None, (_fitting_text(text, "headline") for text in (headline, page.name, site_name))), ""),
        tuple(_weights(hero.weights)) if hero and not hero.duel else (),
        _drawable(hero.duel) if hero and hero.duel else None,
    )


def cards_of(library: Library) -> Iterator[SocialCard]:
    for page in library.pages.values():
        yield card_of(page, library.site.name)


def card_at(library: Library, url: str) -> SocialCard | None:
    path = url.removeprefix("/social/").rsplit(".", 2)[0]
    page = library.pages.get("/" if path == "index" else f"/{path}") if url.startswith("/social/") else None
    card = card_of(page, library.site.name) if page else None
    return card if card and card.url == url else None


def _strip_tags(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def _fitting_text(text: str, kind: str) -> str:
    """Return the part of `text` that the fonts can draw, or "" if that part is too long."""
    drawable = typesetting.drawable(text)
    return drawable if len(drawable) <= MAX_LENGTHS[kind] else ""


def _weights(weights: tuple[Weight, ...]) -> Iterator[tuple[str, float]]:
    for weight in weights:
        yield _fitting_text(weight.short_name, "name"), weight.percent


def _drawable(duel: Duel) -> Duel:
    """Return the duel with names and a verdict that the fonts can draw."""
    one, other = (replace(each, name=_fitting_text(each.name, "name")) for each in duel.candidates)
    return replace(duel, candidates=(one, other), verdict=_fitting_text(duel.verdict, "headline"))


def _percent_text(percent: float) -> str:
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
    """Place each label under the start of its band, or further left to make room for the next label.

    Return an empty list if the labels don't all fit.
    """
    labels: list[_Label] = []
    limit = float(RIGHT)
    for number, (name, percent) in reversed([*enumerate(weights)]):
        name_line = typesetting.set_line(f"{name} " if name and with_names else "", 0)
        percent_line = typesetting.set_line(_percent_text(percent), 0)
        width = (name_line.width + percent_line.width) * size
        left = min(starts[number], limit - width)
        labels.append(_Label(name_line, percent_line, left, size, _hue(number)))
        limit = left - size * 0.75
    return labels if labels[-1].left >= MARGIN else []


def _on_axis(percent: float) -> float:
    """Return the x coordinate of a point on the axis of a duel."""
    return DUEL_LEFT + (RIGHT - DUEL_LEFT) * percent / 100


def _hue(number: int) -> str:
    return HUES[min(number, len(HUES) - 1)]


class _Drawing(CardCanvas):
    def render(self, card: SocialCard) -> bytes:
        self.draw_brand(card.site_name)
        bottom = self.draw_weights(card.weights) - 56 if card.weights else HEIGHT - MARGIN
        if card.duel:
            self.draw_duel(card.duel)
        self.draw_texts(card, top=150, bottom=bottom, right=DUEL_LEFT - 60 if card.duel else RIGHT)
        return self.to_png()

    def draw_brand(self, name: str) -> None:
        """Draw the logo and the site's name, as in the site's header."""
        self.draw_capped_line(MARGIN, MARGIN + 52, 88, 11, 3.5, WHITE)
        self.draw_disc(MARGIN + 30, 88, 9.5, YELLOW)
        text = typesetting.fit(name, RIGHT - MARGIN - 72, 44, 36, 1.1, -0.02)
        self.draw_lines(text, MARGIN + 72, 88.4 - len(text.lines) * text.size * 0.55, 1.1, WHITE)

    def draw_texts(self, card: SocialCard, top: float, bottom: float, right: float) -> None:
        """Draw the eyebrow and the headline, vertically centered between `top` and `bottom`."""
        eyebrow = typesetting.fit(card.eyebrow, right - MARGIN, 64, 26, 1.3, 0.08)
        eyebrow_height = len(eyebrow.lines) * eyebrow.size * 1.3 + 18 if eyebrow.lines else 0
        headline = typesetting.fit(
            card.headline, right - MARGIN, bottom - top - eyebrow_height, 76 if card.duel else 96, 1.06, -0.025
        )
        height = eyebrow_height + len(headline.lines) * headline.size * 1.06
        text_top = top + (bottom - top - height) / 2
        self.draw_lines(eyebrow, MARGIN, text_top, 1.3, YELLOW)
        self.draw_lines(headline, MARGIN, text_top + eyebrow_height, 1.06, WHITE)

    def draw_duel(self, duel: Duel) -> None:
        """Draw two candidates on one axis, as in templates/partials/duel.html."""
        if duel.overlap:
            left, right = (_on_axis(end) for end in (duel.overlap.start, duel.overlap.end))
            self.draw_box(left, 170, right, 372, SHADE)
        for candidate, y, hue in zip(duel.candidates, (250, 350), (YELLOW, HUES[2]), strict=True):
            score = typesetting.set_line(f"{candidate.value} ± {candidate.margin}", 0)
            self.draw_text(score, RIGHT - score.width * 40, y - 30, 40, WHITE)
            name = typesetting.fit(candidate.name, RIGHT - DUEL_LEFT - score.width * 40 - 24, 36, 26, 1.2, 0)
            self.draw_lines(name, DUEL_LEFT, y - 56, 1.2, WHITE)
            self.draw_box(DUEL_LEFT, y - 1, RIGHT, y + 1, EDGE)
            self.draw_interval(candidate.interval, y, hue)
        low, high = (typesetting.set_line(end, 0) for end in duel.axis.ends.split())
        self.draw_text(low, DUEL_LEFT, 398, 20, SOFT)
        self.draw_text(high, RIGHT - high.width * 20, 398, 20, SOFT)
        self.draw_lines(
            typesetting.fit(duel.verdict, RIGHT - DUEL_LEFT, 90, 30, 1.25, -0.01), DUEL_LEFT, 420, 1.25, WHITE
        )
        self.draw_text(typesetting.set_line(duel.stamp, 0), DUEL_LEFT, HEIGHT - MARGIN - 6, 20, SOFT)

    def draw_interval(self, interval: Interval, y: float, hue: str) -> None:
        start, end = _on_axis(interval.start), _on_axis(interval.end)
        self.draw_box(start, y - 6, end, y + 6, hue)
        self.draw_caps(max(start - 2, DUEL_LEFT), min(end + 2, RIGHT), y, 13, 4, WHITE)
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
