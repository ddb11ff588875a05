"""Lines of text as Pillow draws them: in the site's face, and in others for the letters that it lacks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from itertools import accumulate, pairwise
from pathlib import Path

from PIL import ImageDraw, ImageFont, features

_SITE = Path(__file__).resolve().parents[2] / "static" / "fonts" / "bricolage-grotesque.woff2"
_MORE = Path(__file__).resolve().parent / "fonts"

# The first that has a letter draws it: the site's own, the rest of its Latin letters, and one that alone knows scripts
# that run from right to left. docs/face.md says what is in each.
FACES = (_SITE, _MORE / "bricolage-grotesque-700.woff2", _MORE / "dejavu-sans-bold.woff2")
WEIGHT = 700

# Letters are measured once, at this size: the measures of all others follow from it.
_MEASURED = 1000

# Without it Pillow cannot join Arabic letters, nor turn a line around.
SHAPES = features.check("raqm")


@cache
def digest() -> bytes:
    """Of all faces: another version of one draws other pictures."""
    return sha256(b"".join(path.read_bytes() for path in FACES)).digest()


@lru_cache(64)
def _font(path: Path, size: int, engine: ImageFont.Layout | None = None) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(path, size, layout_engine=engine)
    if path == _SITE:
        font.set_variation_by_axes([WEIGHT])
    return font


@cache
def _has(path: Path, letter: str) -> bool:
    """Pillow does not show which letters a face has; what it lacks looks like what no face has."""
    font = _font(path, 32, ImageFont.Layout.BASIC)
    drawn, lacking = (bytes(font.getmask(tried)) for tried in (letter, "\uffff"))
    return drawn != lacking or font.getlength(letter) != font.getlength("\uffff")


def _runs_left(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


@cache
def _face(letter: str, faces: tuple[Path, ...] = FACES) -> Path | None:
    if _runs_left(letter) and not SHAPES:
        return None
    return next((path for path in faces if _has(path, letter)), None)


def drawable(text: str) -> str:
    """`text` without the signs that no face has, as emoji; nothing at all if a word would lose a letter."""
    letters = " ".join(unicodedata.normalize("NFC", text).split())
    faces = FACES[-1:] if any(map(_runs_left, letters)) else FACES
    kept = []
    for letter in letters:
        if unicodedata.category(letter) != "Cf" and _face(letter, faces):
            kept.append(letter)
        elif unicodedata.category(letter)[0] in "LN":
            return ""
    return " ".join("".join(kept).split())


@dataclass(frozen=True)
class Line:
    """One line; `places` are its letters, each with its face and its distance in ems from where the line's ink begins.
    A line from right to left is a single one of them, since Pillow turns it around as a whole."""

    places: tuple[tuple[str, Path, float], ...]
    width: float

    def draw(self, canvas: ImageDraw.ImageDraw, left: float, base: float, size: int, color: str) -> None:
        for letters, face, distance in self.places:
            canvas.text((left + distance * size, base), letters, color, _font(face, size), anchor="ls")


def line(text: str, tracking: float) -> Line:
    letters = [(text, FACES[-1])] if any(map(_runs_left, text)) else list(_letters(text))
    if not letters:
        return Line((), 0.0)
    steps = [_step(*pair) + tracking for pair in pairwise(letters)]
    distances = list(accumulate(steps, initial=-_bearing(*letters[0])))
    places = tuple((*letter, distance) for letter, distance in zip(letters, distances, strict=True))
    return Line(places, distances[-1] + _width(*letters[-1]))


def _letters(text: str) -> Iterator[tuple[str, Path]]:
    """Each letter with its face; accents that stand alone in the text stay with what they stand on."""
    held, held_by = "", FACES[0]
    for letter in text:
        if held and unicodedata.combining(letter):
            if _has(held_by, letter):
                held += letter
            continue
        if held:
            yield held, held_by
        held, held_by = letter, _face(letter) or FACES[-1]
    if held:
        yield held, held_by


@lru_cache(4096)
def _width(text: str, face: Path) -> float:
    return _font(face, _MEASURED).getlength(text) / _MEASURED


@lru_cache(4096)
def _bearing(text: str, face: Path) -> float:
    """What a letter leaves free before its ink."""
    mask, (left, _) = _font(face, _MEASURED).getmask2(text, anchor="ls")
    ink = mask.getbbox()
    return (left + ink[0]) / _MEASURED if ink else 0.0


@lru_cache(4096)
def _step(letter: tuple[str, Path], following: tuple[str, Path]) -> float:
    """From one letter to the next, with what the face takes away between the two."""
    (one, face), (other, other_face) = letter, following
    if face != other_face:
        return _width(one, face)
    return _width(one + other, face) - _width(other, face)


@dataclass(frozen=True)
class Setting:
    """Text broken into lines at a size."""

    lines: tuple[Line, ...]
    size: int


def fit(text: str, width: float, height: float, largest: int, leading: float, tracking: float) -> Setting:
    """`text` as large as the room allows, in lines of like length. Words stay whole down to a third of
    `largest`; one too long for that is broken, rather than made smaller still."""
    for whole, sizes in ((True, range(largest, largest // 3, -2)), (False, range(largest, 0, -2))):
        for size in sizes:
            setter = _Setter(width / size, tracking)
            words = text.split() if whole else [part for word in text.split() for part in setter.broken(word)]
            if not all(setter.holds(word) for word in words):
                continue
            lines = setter.wrap(words)
            if len(lines) * size * leading <= height:
                return Setting(tuple(line(text, tracking) for text in setter.balanced(words, len(lines))), size)
    return Setting((), largest)


@dataclass(frozen=True)
class _Setter:
    """Breaks text into lines no longer than `widest`, in ems."""

    widest: float
    tracking: float

    def holds(self, text: str) -> bool:
        return _length(text, self.tracking) <= self.widest

    def broken(self, word: str) -> Iterator[str]:
        """The word in parts that a line holds."""
        part = ""
        for letter in word:
            if part and not unicodedata.combining(letter) and not self.holds(part + letter):
                yield part
                part = ""
            part += letter
        yield part

    def wrap(self, words: list[str]) -> list[str]:
        lines: list[str] = []
        for word in words:
            if lines and self.holds(f"{lines[-1]} {word}"):
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines

    def balanced(self, words: list[str], count: int) -> list[str]:
        """In as many lines, with the longest as short as it can be: no word is left alone on the last."""
        narrower = _Setter(self.widest * 0.97, self.tracking)
        if count > 1 and all(map(narrower.holds, words)) and len(narrower.wrap(words)) == count:
            return narrower.balanced(words, count)
        return self.wrap(words)


@lru_cache(4096)
def _length(text: str, tracking: float) -> float:
    return line(text, tracking).width
