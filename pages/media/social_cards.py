"""Social cards: the image shown beside a shared link, with a page's headline and weights. Pillow draws them."""

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

# The aspect ratio of 1.91:1 that social networks expect (https://ogp.me,
# https://developer.x.com/en/docs/x-for-websites/cards).
WIDTH, HEIGHT = 1200, 630

# Part of each URL's hash. Increase this number when the drawing changes, because caches keep a card forever.
DESIGN_VERSION = 1

# In characters. Longer text would be unreadable, so it is left out. The page's name replaces an overlong headline.
MAX_LENGTHS = {"eyebrow": 120, "headline": 600, "name": 60}

# The colors of static/css/tokens.css.
INK, EDGE, WHITE, SOFT, YELLOW = "#2d2d3a", "#565669", "#ffffff", "#cfcfdb", "#f5b941"
HUES = (YELLOW, "#f58b44", "#4caf7d", "#e85d4c", "#8f8fa3")

# Some networks crop the edges and round the corners.
MARGIN = 80
RIGHT = WIDTH - MARGIN

# The card is drawn at this scale and reduced at the end, for smooth edges and exact letter positions.
SCALE = 2

# Styles for the labels under the bar, in the order they are tried. Each style has a font size, and says whether to show
# names.
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

    @cached_property
    def url(self) -> str:
        content = json.dumps([DESIGN_VERSION, *astuple(self)]).encode()
        return f"/social/{self.path}.{sha256(typesetting.fonts_digest() + content).hexdigest()[:12]}.png"

    @property
    def alt(self) -> str:
        weights = ", ".join(f"{name} {_percent_text(percent)}".strip() for name, percent in self.weights)
        texts = [self.eyebrow, self.headline, weights and f"A bar drawn to scale: {weights}"]
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
        tuple(_weights(hero.weights)) if hero else (),
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
    """Yield each name and percentage. If all names end with the same word, such as "Dimension", omit that word."""
    names = [weight.name.split() for weight in weights]
    share_last_word = len({words[-1] for words in names if words}) == 1 and all(len(words) > 1 for words in names)
    for weight, words in zip(weights, names, strict=True):
        yield _fitting_text(" ".join(words[:-1] if share_last_word else words), "name"), weight.percent


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


def _hue(number: int) -> str:
    return HUES[min(number, len(HUES) - 1)]


class _Drawing:
    """Draws a card. All coordinates are in the card's pixels; only calls to the canvas multiply them by SCALE."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), INK)
        self.canvas = ImageDraw.Draw(self.image)

    def render(self, card: SocialCard) -> bytes:
        self.draw_brand(card.site_name)
        bottom = self.draw_weights(card.weights) if card.weights else self.draw_interval()
        self.draw_texts(card, top=150, bottom=bottom - 56)
        return self.to_png()

    def draw_brand(self, name: str) -> None:
        """Draw the logo and the site's name, as in the site's header."""
        self.draw_capped_line(MARGIN, MARGIN + 52, 88, 11, 3.5, WHITE)
        self.draw_disc(MARGIN + 30, 88, 9.5, YELLOW)
        text = typesetting.fit(name, RIGHT - MARGIN - 72, 44, 36, 1.1, -0.02)
        self.draw_lines(text, MARGIN + 72, 88.4 - len(text.lines) * text.size * 0.55, 1.1, WHITE)

    def draw_texts(self, card: SocialCard, top: float, bottom: float) -> None:
        """Draw the eyebrow and the headline, vertically centered between `top` and `bottom`."""
        eyebrow = typesetting.fit(card.eyebrow, RIGHT - MARGIN, 64, 26, 1.3, 0.08)
        eyebrow_height = len(eyebrow.lines) * eyebrow.size * 1.3 + 18 if eyebrow.lines else 0
        headline = typesetting.fit(card.headline, RIGHT - MARGIN, bottom - top - eyebrow_height, 96, 1.06, -0.025)
        height = eyebrow_height + len(headline.lines) * headline.size * 1.06
        text_top = top + (bottom - top - height) / 2
        self.draw_lines(eyebrow, MARGIN, text_top, 1.3, YELLOW)
        self.draw_lines(headline, MARGIN, text_top + eyebrow_height, 1.06, WHITE)

    def draw_lines(self, text: typesetting.FittedText, left: float, top: float, leading: float, color: str) -> None:
        for number, line in enumerate(text.lines):
            baseline = top + (number * leading + (leading - 1) / 2 + 0.83) * text.size
            self.draw_text(line, left, baseline, text.size, color)

    def draw_interval(self) -> float:
        """Draw the interval motif, for a card without weights. Return the motif's top y coordinate."""
        y = HEIGHT - MARGIN - 16
        self.draw_capped_line(MARGIN, RIGHT, y, 16, 4, EDGE)
        self.draw_band(MARGIN + 560, MARGIN + 820, y, YELLOW)
        return y - 16

    def draw_weights(self, weights: Weights) -> float:
        """Draw a bar with one part for each weight, to scale, and with labels. Return the bar's top y coordinate."""
        total = max(100.0, sum(percent for _, percent in weights))
        widths = [(RIGHT - MARGIN) * percent / total for _, percent in weights]
        starts = [*accumulate(widths, initial=float(MARGIN))]
        candidates = (_labels(weights, starts, size, with_names) for with_names, size in LABEL_STYLES)
        labels = next(filter(None, candidates), [])
        y = HEIGHT - MARGIN - (74 if labels else 16)
        for number, (start, end) in enumerate(pairwise(starts)):
            if end > start:
                self.draw_band(start, end, y, _hue(number))
        for label in labels:
            self.draw_text(label.name, label.left, HEIGHT - MARGIN - 6, label.size, SOFT)
            self.draw_text(label.percent, label.left + label.name_width, HEIGHT - MARGIN - 6, label.size, label.hue)
        return y - 16

    def draw_band(self, start: float, end: float, y: float, hue: str) -> None:
        self.canvas.rectangle(self.scaled(start, y - 9, end, y + 9), fill=hue)
        self.draw_caps(max(start - 2, MARGIN), min(end + 2, RIGHT), y, 16, 4, WHITE)
        if end - start > 36:
            self.draw_disc((start + end) / 2, y, 15, INK)
            self.draw_disc((start + end) / 2, y, 11, YELLOW)

    def draw_capped_line(self, start: float, end: float, y: float, cap: float, thick: float, color: str) -> None:
        """Draw a horizontal line with vertical caps at its ends. Caps extend `cap` pixels above and below the line."""
        self.canvas.rectangle(self.scaled(start, y - thick / 2, end, y + thick / 2), fill=color)
        self.draw_caps(start, end, y, cap, thick, color)

    def draw_caps(self, start: float, end: float, y: float, cap: float, thick: float, color: str) -> None:
        for x in (start, end - thick):
            self.canvas.rectangle(self.scaled(x, y - cap, x + thick, y + cap), fill=color)

    def draw_disc(self, x: float, y: float, radius: float, color: str) -> None:
        self.canvas.ellipse(self.scaled(x - radius, y - radius, x + radius, y + radius), fill=color)

    def draw_text(self, line: typesetting.Line, left: float, baseline: float, size: int, color: str) -> None:
        line.draw(self.canvas, left * SCALE, baseline * SCALE, size * SCALE, color)

    def scaled(self, *box: float) -> tuple[float, ...]:
        """Convert a box from card pixels to canvas pixels.

        Subtract 1 from the right and bottom edges, because Pillow's boxes include their last row and column.
        """
        left, top, right, bottom = (round(value * SCALE) for value in box)
        return left, top, right - 1, bottom - 1

    def to_png(self) -> bytes:
        image = self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
        out = BytesIO()
        image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        return out.getvalue()


def _palette() -> Image.Image:
    """Return a palette that fades each color into the background in 20 steps, for smooth edges.

    With finer steps, Pillow would confuse similar colors.
    """
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
