"""Typesetting for Pillow: text in the site's font. Letters that this font lacks are drawn in fallback fonts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from itertools import accumulate, pairwise
from pathlib import Path

from PIL import ImageDraw, ImageFont, features

_SITE_FONT = Path(__file__).resolve().parents[2] / "static" / "fonts" / "bricolage-grotesque.woff2"
_FALLBACKS = Path(__file__).resolve().parent / "fonts"

# Each letter is drawn in the first font that has it. The second font has the Latin letters that the site's
# font lacks. DejaVu is the only font with right-to-left scripts. docs/face.md lists the characters in each file.
DEVANAGARI = _FALLBACKS / "noto-sans-devanagari-bold.woff2"
FONTS = (
    *(_SITE_FONT, _FALLBACKS / "bricolage-grotesque-700.woff2"),
    *(DEVANAGARI, _FALLBACKS / "dejavu-sans-bold.woff2"),
)
WEIGHT = 700

# A no-break space, which keeps two words such as “68 to” on one line.
NO_BREAK = "\u00a0"

# Zero width non-joiner and joiner.
JOINERS = "\u200c\u200d"

# A virama (U+094D) joins the letters before and after it, so a line must not break there. A joiner may follow the
# virama.
VIRAMAS = ("\u094d", "\u094d\u200c", "\u094d\u200d")

# Letters are measured once, at this size in pixels. Measurements for other sizes are proportional.
_MEASURING_SIZE = 1000

# Without Raqm, Pillow can't join Arabic or Devanagari letters, or lay out a line from right to left.
HAS_RAQM = features.check("raqm")


@cache
def fonts_digest() -> bytes:
    """Return a hash of all fonts, for the drawings' URLs: a new version of a font changes the drawings."""
    return sha256(b"".join(path.read_bytes() for path in FONTS)).digest()


@lru_cache(64)
def _font(path: Path, size: int, engine: ImageFont.Layout | None = None) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(path, size, layout_engine=engine)
    if path == _SITE_FONT:
        font.set_variation_by_axes([WEIGHT])
    return font


@cache
def _has_letter(path: Path, letter: str) -> bool:
    """Return whether the font has `letter`.

    Pillow can't tell. So draw the letter, and compare this drawing with a drawing of U+FFFF, which no font has.
    """
    font = _font(path, 32, ImageFont.Layout.BASIC)
    drawn, missing = (bytes(font.getmask(text)) for text in (letter, "\uffff"))
    return drawn != missing or font.getlength(letter) != font.getlength("\uffff")


def _is_right_to_left(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def _is_devanagari(letter: str) -> bool:
    """Return whether `letter` is in the Unicode block Devanagari, or is a joiner."""
    return "\u0900" <= letter <= "\u097f" or letter in JOINERS


def has_devanagari(text: str) -> bool:
    """Return whether `text` has Devanagari letters. Their marks above and below need taller lines."""
    return any(map(_is_devanagari, text))


def _is_mark(letter: str) -> bool:
    """Return whether `letter` belongs to the letter before it, such as an accent or a vowel sign."""
    return unicodedata.category(letter)[0] == "M" or letter in JOINERS


@cache
def _font_for(letter: str, fonts: tuple[Path, ...] = FONTS) -> Path | None:
    if (_is_right_to_left(letter) or _is_devanagari(letter)) and not HAS_RAQM:
        return None
    return next((path for path in fonts if _has_letter(path, letter)), None)


@lru_cache(1_000)  # when a page is published, the texts of its social card are needed several times
def drawable(text: str) -> str:
    """Return `text` without symbols that no font has, such as emoji.

    If `text` has a letter or a digit that no font has, return "".
    """
    letters = NO_BREAK.join(" ".join(part.split()) for part in unicodedata.normalize("NFC", text).split(NO_BREAK))
    fonts = FONTS[-1:] if any(map(_is_right_to_left, letters)) else FONTS
    kept: list[str] = []
    for letter in letters:
        is_joiner = letter in JOINERS and bool(kept) and _is_devanagari(kept[-1])
        if letter == NO_BREAK or is_joiner or (unicodedata.category(letter) != "Cf" and _font_for(letter, fonts)):
            kept.append(letter)
        elif unicodedata.category(letter)[0] in "LN":
            return ""
    return re.sub(" +", " ", "".join(kept)).strip()


@dataclass(frozen=True)
class Line:
    """A line of text.

    `glyphs` are its letters, each with its font and its distance in ems from the left edge of the line's ink. Pillow
    must lay out a right-to-left line, and a word in Devanagari, as a whole. Each of them is therefore a single glyph.
    `width` is in ems.
    """

    glyphs: tuple[tuple[str, Path, float], ...]
    width: float

    def draw(self, canvas: ImageDraw.ImageDraw, left: float, baseline: float, size: int, color: str) -> None:
        for letters, font, distance in self.glyphs:
            canvas.text((left + distance * size, baseline), letters, color, _font(font, size), anchor="ls")


def set_line(text: str, tracking: float) -> Line:
    """Typeset `text` on one line, with `tracking` ems of extra space between letters."""
    text = text.replace(NO_BREAK, " ")
    letters = [(text, FONTS[-1])] if any(map(_is_right_to_left, text)) else list(_letters(text))
    if not letters:
        return Line((), 0.0)
    advances = [_advance(*pair) + tracking for pair in pairwise(letters)]
    distances = list(accumulate(advances, initial=-_left_bearing(*letters[0])))
    glyphs = tuple((*letter, distance) for letter, distance in zip(letters, distances, strict=True))
    return Line(glyphs, distances[-1] + _width(*letters[-1]))


def _letters(text: str) -> Iterator[tuple[str, Path]]:
    """Yield each letter with its font. Accents stay with their base letter, and words in Devanagari stay whole."""
    cluster, font = "", FONTS[0]
    for letter in text:
        if cluster and _is_devanagari(letter) and _is_devanagari(cluster[-1]):
            cluster += letter
        elif cluster and _is_mark(letter):
            if _has_letter(font, letter):
                cluster += letter
        else:
            if cluster:
                yield cluster, font
            cluster, font = letter, _font_for(letter) or FONTS[-1]
    if cluster:
        yield cluster, font


@lru_cache(4096)
def _width(text: str, font: Path) -> float:
    return _font(font, _MEASURING_SIZE).getlength(text) / _MEASURING_SIZE


@lru_cache(4096)
def _left_bearing(text: str, font: Path) -> float:
    """Return the space before a letter's ink, in ems."""
    mask, (left, _) = _font(font, _MEASURING_SIZE).getmask2(text, anchor="ls")
    ink = mask.getbbox()
    return (left + ink[0]) / _MEASURING_SIZE if ink else 0.0


@lru_cache(4096)
def _advance(letter: tuple[str, Path], following: tuple[str, Path]) -> float:
    """Return the distance from one letter to the next in ems, with kerning if both have the same font."""
    (one, font), (other, other_font) = letter, following
    if font != other_font:
        return _width(one, font)
    return _width(one + other, font) - _width(other, font)


@dataclass(frozen=True)
class FittedText:
    """Text broken into lines, with its font size in pixels."""

    lines: tuple[Line, ...]
    size: int


def fit(text: str, width: float, height: float, largest: int, leading: float, tracking: float) -> FittedText:
    """Typeset `text` as large as `width` and `height` allow, in lines of similar length.

    `largest` is the largest font size in pixels, `leading` is a multiple of the font size, and `tracking` is in ems.
    First keep words whole, and try sizes down to a third of `largest`. If none of these sizes fits, break words.
    """
    for keep_words, sizes in ((True, range(largest, largest // 3, -2)), (False, range(largest, 0, -2))):
        for size in sizes:
            breaker = _LineBreaker(width / size, tracking)
            words = re.split(" +", text) if text else []
            if not keep_words:
                words = [part for word in words for part in breaker.split_word(word)]
            if not all(breaker.fits(word) for word in words):
                continue
            lines = breaker.wrap(words)
            if len(lines) * size * leading <= height:
                balanced = breaker.balance(words, len(lines))
                return FittedText(tuple(set_line(line, tracking) for line in balanced), size)
    return FittedText((), largest)


@dataclass(frozen=True)
class _LineBreaker:
    """Breaks text into lines of at most `max_width` ems."""

    max_width: float
    tracking: float

    def fits(self, text: str) -> bool:
        return _line_width(text, self.tracking) <= self.max_width

    def split_word(self, word: str) -> Iterator[str]:
        """Yield parts of `word` that each fit on a line."""
        part = ""
        for letter in word:
            is_joined = _is_mark(letter) or part.endswith(VIRAMAS)
            if part and not is_joined and not self.fits(part + letter):
                yield part
                part = ""
            part += letter
        yield part

    def wrap(self, words: list[str]) -> list[str]:
        lines: list[str] = []
        for word in words:
            if lines and self.fits(f"{lines[-1]} {word}"):
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    def balance(self, words: list[str], count: int) -> list[str]:
        """Wrap `words` into `count` lines, and make the longest line as short as possible.

        This prevents a last line of only a single word.
        """
        narrower = _LineBreaker(self.max_width * 0.97, self.tracking)
        if count > 1 and all(map(narrower.fits, words)) and len(narrower.wrap(words)) == count:
            return narrower.balance(words, count)
        return self.wrap(words)


@lru_cache(4096)
def _line_width(text: str, tracking: float) -> float:
    return set_line(text, tracking).width
