"""Social cards: the image shown beside a shared link. A card has its page's headline and a drawing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from hashlib import sha256
from html import unescape

from ..content.document import Page
from ..content.duel import Candidate, Duel
from ..content.library import Library
from ..content.scores import Axis
from ..content.sections.dimensions import Weight
from ..content.sections.pricing import Plans
from ..content.sections.report import DimensionScore
from . import typesetting
from .card_canvas import HEIGHT, MARGIN, RIGHT
from .card_drawing import ASIDE_LEFT, MAX_ROWS, CardDrawing, Prices, ReportScores, Weights, percent_text

# Part of each URL's hash. Increase this number when the drawing changes, because caches keep a card forever.
DESIGN_VERSION = 3

# The maximum lengths of the texts, in characters. A longer text would be unreadable, so the card leaves it out. If the
# headline is too long, the card shows the page's name instead.
MAX_LENGTHS = {"eyebrow": 120, "headline": 600, "name": 60}


@dataclass(frozen=True)
class SocialCard:
    """The content of a card. The texts have only characters that the fonts contain."""

    path: str
    site_name: str
    eyebrow: str
    headline: str
    weights: Weights
    duel: Duel | None = None
    report: ReportScores | None = None
    prices: Prices | None = None

    @cached_property
    def url(self) -> str:
        content = json.dumps([DESIGN_VERSION, *astuple(self)]).encode()
        return f"/social/{self.path}.{sha256(typesetting.fonts_digest() + content).hexdigest()[:12]}.png"

    @property
    def alt(self) -> str:
        weights = ", ".join(f"{name} {percent_text(percent)}".strip() for name, percent in self.weights)
        drawing = weights and f"A bar drawn to scale: {weights}"
        if self.duel:
            drawing = f"{_list_scores(self.duel.candidates)}. {self.duel.verdict} {Duel.stamp}"
        elif self.report:
            drawing = f"{_list_scores(self.report.rows)}. {Duel.stamp}"
        elif self.prices:
            prices = ", ".join(f"{name} {price}".strip() for name, price in self.prices.rows)
            drawing = f"{self.prices.unit}: {prices}. {self.prices.note}"
        texts = [self.eyebrow, self.headline, drawing]
        return ". ".join([*(text.rstrip(".") for text in texts if text), self.site_name])

    def render(self) -> bytes:
        """Return the PNG. The same card always gives the same bytes."""
        drawing = CardDrawing()
        drawing.draw_brand(self.site_name)
        bottom = drawing.draw_weights(self.weights) - 56 if self.weights else HEIGHT - MARGIN
        if self.duel:
            drawing.draw_duel(self.duel)
        elif self.report:
            drawing.draw_report(self.report)
        elif self.prices:
            drawing.draw_prices(self.prices)
        has_aside = bool(self.duel or self.report or self.prices)
        right, largest = (ASIDE_LEFT - 60, 64) if has_aside else (RIGHT, 96)
        drawing.draw_texts(self.eyebrow, self.headline, 150, bottom, right, largest)
        return drawing.to_png()


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
        _report_scores(page.reported_scores),
        None if page.weights or (hero and hero.duel) else _prices(page),
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
    """Return `duel` with names and a verdict that the fonts can draw and that fit on the card."""
    one, other = (replace(each, name=_fitting_text(each.name, "name")) for each in duel.candidates)
    return replace(duel, candidates=(one, other), verdict=_fitting_text(duel.verdict, "headline"))


def _list_scores(rows: Iterable[Candidate]) -> str:
    return ", ".join(f"{row.name} {row.value} ± {row.margin}" for row in rows)


def _report_scores(scores: tuple[DimensionScore, ...]) -> ReportScores | None:
    """Return the scores for the card, or None if they don't all fit."""
    if not 0 < len(scores) <= MAX_ROWS:
        return None
    axis = Axis.around([each.score for each in scores])
    rows = (
        Candidate(
            _fitting_text(each.name, "name"),
            f"{each.score.value:g}",
            f"{each.score.margin:g}",
            axis.interval(each.score),
        )
        for each in scores
    )
    return ReportScores(tuple(rows), axis)


def _prices(page: Page) -> Prices | None:
    """Return the prices of the page's plans, or None if they don't all fit."""
    plans = next((part for section in page.sections for part in section.body if isinstance(part, Plans)), None)
    if plans is None or len(plans.grid.rows) > MAX_ROWS:
        return None
    headings = [_fitting_text(_strip_tags(column.html), "name") for column in plans.grid.columns]
    rows = (tuple(_fitting_text(_strip_tags(cell.html), "name") for cell in row[:2]) for row in plans.grid.rows)
    return Prices(headings[1], tuple((name, price) for name, price in rows), headings[-1] if plans.has_calls else "")
