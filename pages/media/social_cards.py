"""The picture that stands beside a shared link: a page's headline and its weights, drawn by Pillow."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from functools import cached_property
from hashlib import sha256
from html import unescape
from io import BytesIO
from itertools import accumulate, pairwise

from PIL import Image, ImageDraw

from ..content.document import Page
from ..content.library import Library
from ..content.sections.dimensions import Weight
from . import typesetting

# What networks ask for (https://ogp.me, https://developer.x.com/en/docs/x-for-websites/cards): 1.91 to 1.
WIDTH, HEIGHT = 1200, 630

# Count it up when the drawing changes: cards are kept by their address for good.
RECIPE = 1

# What is longer is not read on a card, and the page's name stands in its place.
LONGEST = {"eyebrow": 120, "headline": 600, "name": 60}

# The colors of static/css/tokens.css.
INK, EDGE, WHITE, SOFT, YELLOW = "#2d2d3a", "#565669", "#ffffff", "#cfcfdb", "#f5b941"
HUES = (YELLOW, "#f58b44", "#4caf7d", "#e85d4c", "#8f8fa3")

# Some networks cut the edges, and round the corners.
MARGIN = 80
RIGHT = WIDTH - MARGIN

# Drawn larger by this and made smaller at the end, so that edges are smooth and letters stand where they should.
SCALE = 2


# How the labels under the bar are tried: with the dimensions' names or without, and in which size.
LABELS = ((True, 26), (True, 24), (True, 22), (False, 26), (False, 20))

# The names of dimensions (empty where one cannot be drawn) and their percents.
Weights = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class SocialCard:
    """What a card shows; all of it can be drawn."""

    path: str
    site_name: str
    eyebrow: str
    headline: str
    weights: Weights

    @cached_property
    def address(self) -> str:
        drawn = json.dumps([RECIPE, *astuple(self)]).encode()
        return f"/social/{self.path}.{sha256(typesetting.digest() + drawn).hexdigest()[:12]}.png"

    @property
    def alt(self) -> str:
        weights = ", ".join(f"{name} {_percent_text(percent)}".strip() for name, percent in self.weights)
        words = [self.eyebrow, self.headline, weights and f"A bar drawn to scale: {weights}"]
        return ". ".join([*(text.rstrip(".") for text in words if text), self.site_name])

    def make(self) -> bytes:
        """The PNG; the same bytes each time."""
        return _Drawing().card(self)


def card_of(page: Page, site_name: str) -> SocialCard:
    hero = page.hero
    headline = _plain(hero.headline) if hero else ""
    return SocialCard(
        page.url.strip("/") or "index",
        typesetting.drawable(site_name),
        _settable(_plain(hero.eyebrow), "eyebrow") if hero else "",
        next(filter(None, (_settable(text, "headline") for text in (headline, page.name, site_name))), ""),
        tuple(_weights(hero.weights)) if hero else (),
    )


def cards_of(library: Library) -> Iterator[SocialCard]:
    for page in library.pages.values():
        yield card_of(page, library.site.name)


def card_at(library: Library, address: str) -> SocialCard | None:
    """The card whose address is `address`."""
    path = address.removeprefix("/social/").rsplit(".", 2)[0]
    page = library.pages.get("/" if path == "index" else f"/{path}") if address.startswith("/social/") else None
    card = card_of(page, library.site.name) if page else None
    return card if card and card.address == address else None


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def _settable(text: str, kind: str) -> str:
    kept = typesetting.drawable(text)
    return kept if len(kept) <= LONGEST[kind] else ""


def _weights(weights: tuple[Weight, ...]) -> Iterator[tuple[str, float]]:
    """Without a last word that all names share, as in “Technical Dimension” and “Behavioral Dimension”."""
    names = [weight.name.split() for weight in weights]
    shared = len({words[-1] for words in names if words}) == 1 and all(len(words) > 1 for words in names)
    for weight, words in zip(weights, names, strict=True):
        yield _settable(" ".join(words[:-1] if shared else words), "name"), weight.percent


def _percent_text(percent: float) -> str:
    return f"{percent:g}%"


@dataclass(frozen=True)
class _Label:
    """A dimension's name and percent under the bar, in `size`."""

    name: typesetting.Line
    percent: typesetting.Line
    left: float
    size: int
    hue: str

    @property
    def name_width(self) -> float:
        return self.name.width * self.size


def _labels(weights: Weights, starts: list[float], size: int, names: bool) -> list[_Label]:
    """Each under the start of its band, or further left where the next has no room else; none if they have no room."""
    labels: list[_Label] = []
    limit = float(RIGHT)
    for number, (name, percent) in reversed([*enumerate(weights)]):
        before = typesetting.line(f"{name} " if name and names else "", 0)
        after = typesetting.line(_percent_text(percent), 0)
        width = (before.width + after.width) * size
        left = min(starts[number], limit - width)
        labels.append(_Label(before, after, left, size, _hue(number)))
        limit = left - size * 0.75
    return labels if labels[-1].left >= MARGIN else []


def _hue(number: int) -> str:
    return HUES[min(number, len(HUES) - 1)]


class _Drawing:
    """All measures are the card's own; only what touches the canvas knows that it is larger."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), INK)
        self.canvas = ImageDraw.Draw(self.image)

    def card(self, card: SocialCard) -> bytes:
        self.brand(card.site_name)
        bottom = self.weights(card.weights) if card.weights else self.interval()
        self.words(card, top=150, bottom=bottom - 56)
        return self.png()

    def brand(self, name: str) -> None:
        """The mark and the name, as in the site's header."""
        self.scale(MARGIN, MARGIN + 52, 88, 11, 3.5, WHITE)
        self.disc(MARGIN + 30, 88, 9.5, YELLOW)
        setting = typesetting.fit(name, RIGHT - MARGIN - 72, 44, 36, 1.1, -0.02)
        self.lines(setting, MARGIN + 72, 88.4 - len(setting.lines) * setting.size * 0.55, 1.1, WHITE)

    def words(self, card: SocialCard, top: float, bottom: float) -> None:
        """Eyebrow and headline, in the middle of the room that they have."""
        eyebrow = typesetting.fit(card.eyebrow, RIGHT - MARGIN, 64, 26, 1.3, 0.08)
        over = len(eyebrow.lines) * eyebrow.size * 1.3 + 18 if eyebrow.lines else 0
        headline = typesetting.fit(card.headline, RIGHT - MARGIN, bottom - top - over, 96, 1.06, -0.025)
        height = over + len(headline.lines) * headline.size * 1.06
        above = top + (bottom - top - height) / 2
        self.lines(eyebrow, MARGIN, above, 1.3, YELLOW)
        self.lines(headline, MARGIN, above + over, 1.06, WHITE)

    def lines(self, setting: typesetting.Setting, left: float, top: float, leading: float, color: str) -> None:
        for number, line in enumerate(setting.lines):
            base = top + (number * leading + (leading - 1) / 2 + 0.83) * setting.size
            self.text(line, left, base, setting.size, color)

    def interval(self) -> float:
        """The site's one drawing, without a weight; where it begins."""
        y = HEIGHT - MARGIN - 16
        self.scale(MARGIN, RIGHT, y, 16, 4, EDGE)
        self.band(MARGIN + 560, MARGIN + 820, y, YELLOW)
        return y - 16

    def weights(self, weights: Weights) -> float:
        """One bar, divided to scale, and its labels under it; where it begins."""
        whole = max(100.0, sum(percent for _, percent in weights))
        steps = [(RIGHT - MARGIN) * percent / whole for _, percent in weights]
        starts = [*accumulate(steps, initial=float(MARGIN))]
        labels = next(filter(None, (_labels(weights, starts, size, names) for names, size in LABELS)), [])
        y = HEIGHT - MARGIN - (74 if labels else 16)
        for number, (start, end) in enumerate(pairwise(starts)):
            if end > start:
                self.band(start, end, y, _hue(number))
        for label in labels:
            self.text(label.name, label.left, HEIGHT - MARGIN - 6, label.size, SOFT)
            self.text(label.percent, label.left + label.name_width, HEIGHT - MARGIN - 6, label.size, label.hue)
        return y - 16

    def band(self, start: float, end: float, y: float, hue: str) -> None:
        self.canvas.rectangle(self.scaled(start, y - 9, end, y + 9), fill=hue)
        self.caps(max(start - 2, MARGIN), min(end + 2, RIGHT), y, 16, 4, WHITE)
        if end - start > 36:
            self.disc((start + end) / 2, y, 15, INK)
            self.disc((start + end) / 2, y, 11, YELLOW)

    def scale(self, start: float, end: float, y: float, cap: float, thick: float, color: str) -> None:
        """A line between two caps."""
        self.canvas.rectangle(self.scaled(start, y - thick / 2, end, y + thick / 2), fill=color)
        self.caps(start, end, y, cap, thick, color)

    def caps(self, start: float, end: float, y: float, cap: float, thick: float, color: str) -> None:
        for x in (start, end - thick):
            self.canvas.rectangle(self.scaled(x, y - cap, x + thick, y + cap), fill=color)

    def disc(self, x: float, y: float, radius: float, color: str) -> None:
        self.canvas.ellipse(self.scaled(x - radius, y - radius, x + radius, y + radius), fill=color)

    def text(self, line: typesetting.Line, left: float, base: float, size: int, color: str) -> None:
        line.draw(self.canvas, left * SCALE, base * SCALE, size * SCALE, color)

    def scaled(self, *box: float) -> tuple[float, ...]:
        """A box on the canvas, whose last row and column belong to it."""
        left, top, right, bottom = (round(value * SCALE) for value in box)
        return left, top, right - 1, bottom - 1

    def png(self) -> bytes:
        image = self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
        out = BytesIO()
        image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        return out.getvalue()


def _palette() -> Image.Image:
    """Every color of the card with its steps down to the ink, which is what smooth edges are made of; finer ones would
    make Pillow take one for another."""
    image = Image.new("P", (1, 1))
    ink = bytes.fromhex(INK[1:])
    colors = [bytes.fromhex(color[1:]) for color in dict.fromkeys((WHITE, SOFT, EDGE, *HUES))]
    steps = 20
    values = [*ink]
    for color in colors:
        for step in range(1, steps + 1):
            values += [round(dark + (light - dark) * step / steps) for dark, light in zip(ink, color, strict=True)]
    image.putpalette(values)
    return image
