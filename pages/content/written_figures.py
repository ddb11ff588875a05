"""Find the precision of a figure in a text, and write other values in the figure's style.

For example, in the style of “₹1,800”, the value 1900 is “₹1,900”.
"""

from __future__ import annotations

import re
from decimal import Decimal

from .figures import SMALL_NUMBERS, TENS, Figure, find_figures
from .numbers import group_digits

MAX_DECIMALS = 4  # Don't write a number with more decimals than this, such as the result of 10 ÷ 3.

_DIGITS = re.compile(r"(?P<whole>\d[\d,]*\d|\d)(?P<decimals>\.\d+)?")
_NUMBER_IN_WORDS = re.compile(
    rf"\b(?:(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(SMALL_NUMBERS[1:10])}))?"
    rf"|{'|'.join(reversed(SMALL_NUMBERS))})\b",
    re.IGNORECASE,
)
_INDIAN_GROUPS = re.compile(r"\d{1,2}(?:,\d\d)+,\d{3}")
_WESTERN_GROUPS = re.compile(r"\d{1,3}(?:,\d{3}){2,}|\d{3},\d{3}")


def precision(text: str, figure: Figure) -> Decimal:
    """Return the value of the last digit of `figure` in `text`: 1 for ₹1,800, and 10,000 for ₹1.8 lakh."""
    number = _DIGITS.search(text, figure.start, figure.end)
    if number is None:
        return Decimal(1)
    places = len(number["decimals"] or ".") - 1
    return _scale(number, figure.low) * Decimal(1).scaleb(-places)


def write_like(text: str, figure: Figure, value: Decimal) -> str | None:
    """Return `value` in the style of `figure` in `text`. For “₹1,800” and the value 1900, return “₹1,900”.

    Return None if the value can't be written in this style.
    """
    return _write(text[figure.start : figure.end], figure, value, value)


def rewrite(text: str, figure: Figure, low: Decimal, high: Decimal) -> str | None:
    """Return `low` and `high` in the style of `figure` in `text`. For “Five” and the values 6 and 6, return “Six”.

    Return None if the values can't be written in this style, or if rewriting the result with the old values wouldn't
    restore the old text.
    """
    old = text[figure.start : figure.end]
    new = _write(old, figure, low, high)
    if new is None:
        return None
    copy = figure._replace(start=0, end=len(new), low=low, high=high)
    is_reversible = find_figures(new) == [copy] and _write(new, copy, figure.low, figure.high) == old
    return new if is_reversible else None


def _write(written: str, figure: Figure, low: Decimal, high: Decimal) -> str | None:
    numbers = list(_DIGITS.finditer(written))
    is_range = figure.low != figure.high
    if (low != high) != is_range or len(numbers) > 2:
        return None
    if not numbers:
        word = _NUMBER_IN_WORDS.search(written)
        words = _in_words(word[0], low) if word and not is_range else None
        return f"{written[: word.start()]}{words}{written[word.end() :]}" if word and words else None
    scale = _scale(numbers[-1], figure.high)
    parts, end = list[str](), 0
    for number, value in zip(numbers, (low, high), strict=False):
        digits = _in_digits(number, value, scale, figure)
        if digits is None:
            return None
        parts += written[end : number.start()], digits
        end = number.end()
    return "".join([*parts, written[end:]])


def _scale(number: re.Match[str], value: Decimal) -> Decimal:
    """Return how many times greater `value` is than the written `number`: 100,000 for “2 lakh”, and 1 for “2”."""
    digits = Decimal(number[0].replace(",", ""))
    return value / digits if digits else Decimal(1)


def _in_digits(old: re.Match[str], value: Decimal, scale: Decimal, figure: Figure) -> str | None:
    """Return `value / scale` in digits. Return None if these digits would have more than MAX_DECIMALS decimals.

    For example, the scale of “2 lakh” is 100,000, so 300,000 becomes “3”.

    `old` holds the old digits of `figure`. The new digits have the same style, such as commas between groups.
    """
    value /= scale
    places = max(-int(value.normalize().as_tuple().exponent), 0)
    if places > MAX_DECIMALS:
        return None
    old_decimals = old["decimals"] or ""
    if not old_decimals.strip(".0"):
        places = max(places, len(old_decimals) - 1)
    if figure.kind == "money" and places == 1 and scale == 1:
        places = 2  # ₹1,799.50
    whole, _, decimals = f"{value:.{places}f}".partition(".")
    return _group(old["whole"], whole, figure) + (f".{decimals}" if decimals else "")


def _group(old: str, whole: str, figure: Figure) -> str:
    """Return the digits `whole` with commas in the style of `old`: for 1200000 and “9,50,000”, return “12,00,000”.

    If `old` has more than three digits and no commas, add no commas.
    """
    if "," not in old and len(old) > 3:
        return whole
    is_rupees = figure.kind == "money" and figure.unit == "₹"
    if _INDIAN_GROUPS.fullmatch(old) or (is_rupees and not _WESTERN_GROUPS.fullmatch(old)):
        return group_digits(Decimal(whole))
    return f"{int(whole):,}"


def _in_words(old: str, value: Decimal) -> str | None:
    if value != int(value) or not 0 <= value < 100:
        return None
    number = int(value)
    words = SMALL_NUMBERS[number] if number < 20 else TENS[number // 10 - 2]
    if number >= 20 and number % 10:
        words += f"-{SMALL_NUMBERS[number % 10]}"
    if old.isupper():
        return words.upper()
    return words.capitalize() if old[0].isupper() else words
