"""Find the figures in a text: amounts of money, percentages, multiples, durations, phone numbers and counts.

All patterns have bounded repetitions, so that a search takes linear time even in hostile texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal, NamedTuple

FigureKind = Literal["money", "percentage", "multiple", "duration", "phone", "count"]


class Figure(NamedTuple):
    """A figure in a text, from `start` to `end`.

    `low` and `high` differ only in a range, such as “40-50 minutes”. For money, `unit` is the currency sign. For a
    duration, `unit` is the singular of its unit, such as “minute”. For a phone number, `unit` has its digits, and there
    is no value.
    """

    kind: FigureKind
    start: int
    end: int
    low: Decimal
    high: Decimal
    unit: str = ""

    @property
    def value(self) -> tuple[FigureKind, Decimal, Decimal, str]:
        """The value, for comparisons: ₹1,800 and INR 1800 are equal, and so are two years and 24 months."""
        if self.kind == "duration":
            unit, count = _SMALLER_UNITS[self.unit]
            return self.kind, self.low * count, self.high * count, unit
        return self.kind, self.low, self.high, self.unit


SMALL_NUMBERS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_HUNDREDS = {"hundred": 100, "thousand": 1_000}
_WORDS = {word: number for number, word in enumerate(SMALL_NUMBERS)} | {
    word: 10 * number for number, word in enumerate(TENS, start=2)
}
_SCALES = {
    "k": 1_000,
    "thousand": 1_000,
    "lakh": 100_000,
    "lac": 100_000,
    "l": 100_000,
    "lpa": 100_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "million": 1_000_000,
    "cr": 10_000_000,
    "crore": 10_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
}
_CURRENCIES = {
    "₹": "₹",
    "rs": "₹",
    "inr": "₹",
    "rupee": "₹",
    "$": "$",
    "us$": "$",
    "usd": "$",
    "dollar": "$",
    "€": "€",
    "eur": "€",
    "euro": "€",
    "£": "£",
    "gbp": "£",
    "pound": "£",
}
_DURATIONS = {
    "second": "second",
    "sec": "second",
    "minute": "minute",
    "min": "minute",
    "hour": "hour",
    "hr": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
}

# Durations are compared in seconds or in months: an hour is 3,600 seconds, and a year is 12 months. Months can't be
# compared in seconds, because their lengths vary.
_SMALLER_UNITS = {
    "second": ("second", 1),
    "minute": ("second", 60),
    "hour": ("second", 3_600),
    "day": ("second", 86_400),
    "week": ("second", 604_800),
    "month": ("month", 1),
    "year": ("month", 12),
}

_SPACE = r"[ \t\n\u00a0\u202f]"
_DIGITS = r"\d{1,15}(?:,\d{2,3}){0,8}(?:\.\d{1,6})?"
_UP_TO_NINETEEN = "|".join(reversed(SMALL_NUMBERS))  # The longest word first: “seventeen” before “seven”
_WORD = (
    rf"(?:(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(SMALL_NUMBERS[1:10])}))?"
    rf"|(?:{_UP_TO_NINETEEN})(?:{_SPACE}(?:hundred|thousand))?)"
)
# The sign of a currency directly before a number.
_SIGN_BEFORE = re.compile(rf"(?:(?<![A-Za-z])(?P<sign>(?i:us\$|rs|inr|usd|eur|gbp))\.?|(?P<mark>[₹$€£])){_SPACE}?$")
_SCALE = (
    rf"(?:{_SPACE}?(?P<scale>(?i:lakhs?|lacs?|crores?|thousand|million|billion|lpa|cr|bn|mn)|[kKmML])(?![A-Za-z]))?"
)
_DURATION = rf"(?:(?:business|working){_SPACE})?(?P<duration>{'|'.join(sorted(_DURATIONS, key=len, reverse=True))})s?"
_UNIT = (
    rf"(?:(?P<percentage>{_SPACE}?(?:%|per{_SPACE}?cent\b))"
    rf"|(?P<multiple>{_SPACE}?[x×](?={_SPACE}?[A-Za-z])(?![A-Za-z])|{_SPACE}times(?={_SPACE}(?:as|more|fewer|less|the|[a-z]+er)\b))"
    rf"|(?:{_SPACE}|-){{0,1}}(?i:{_DURATION})\b"
    rf"|{_SPACE}?(?i:(?P<currency>rupee|dollar|euro|pound)s?|(?P<code>inr|usd|eur|gbp))\b)?"
)
_RANGE = rf"{_SPACE}?(?:[-–]|to){_SPACE}?"
_NUMBER = re.compile(
    rf"(?P<low>{_DIGITS})(?:{_RANGE}(?P<high>{_DIGITS}))?(?P<plus>\+)?{_SCALE}{_UNIT}",
)
# The first letters of numbers that are written as words. Unlike a search for _NUMBER_IN_WORDS, a search for these
# letters is fast.
_WORD_START = re.compile(
    r"[EFNOSTZefnostz](?<![A-Za-z]{2})(?i:ero|ne|wo|hree|hir|our|ort|ive|if|ix|even|ight|ine|en|lev|wel|wen)"
)
_NUMBER_IN_WORDS = re.compile(rf"\b(?i:(?P<low>{_WORD})(?:{_RANGE}(?P<high>{_WORD}))?)\b(?P<scale>\b){_UNIT}")
_PHONE = re.compile(r"\+\d{1,3}(?:(?:[ \u00a0\u202f.-]| ?\(|\) ?)\d{1,12}){1,7}|\+\d{9,15}")
MIN_PHONE_DIGITS = 8

# If one of these characters is beside a number, the number is part of something else, such as a version, a time, a
# date, a URL or a name.
_JOINED_BEFORE = re.compile(r"(?:[\w/:#@^_\\]|\d,|\w[-.–])$")
_JOINED_AFTER = re.compile(r"[A-Za-z_/@\\]|[.,:-]\d|:\w|-[A-Za-z]+\d")
_JOINED_AFTER_MONEY = re.compile(r"\w|[.,:]\d")  # ₹1,800/assessment and ₹1,800/- are amounts.
# Matches the text after a number if this text makes the number a time of day (9 am) or an ordinal number (1st).
_TIME = re.compile(rf"{_SPACE}?(?:[ap]\.?m\b|o’clock|o'clock)|(?:st|nd|rd|th)\b", re.IGNORECASE)


def find_figures(text: str) -> list[Figure]:
    """Return the figures in `text`, in order. Leave out numbers in versions, times, dates, fractions and names."""
    found, words = list(_find_digits(text)), list(_find_words(text))
    return sorted([*found, *words], key=lambda figure: figure.start) if words else found


def to_figure(text: str) -> Figure | None:
    """Return the figure if `text` is nothing but a figure, such as the value of a fact. Otherwise, return None."""
    stripped = text.strip()
    figure = next(iter(find_figures(stripped)), None)
    return figure if figure and (figure.start, figure.end) == (0, len(stripped)) else None


def _find_digits(text: str) -> Iterator[Figure]:
    position = 0
    phones = {phone.start() + 1: phone for phone in _PHONE.finditer(text)} if "+" in text else {}
    while match := _NUMBER.search(text, position):
        position = match.end()
        if phone := phones.get(match.start()):
            position = max(position, phone.end())
            digits = re.sub(r"\D", "", phone[0])
            if len(digits) >= MIN_PHONE_DIGITS:
                yield Figure("phone", phone.start(), phone.end(), Decimal(0), Decimal(0), digits)
                continue
        is_fall = match["high"] and " to " in match[0] and _decimal(match["high"]) <= _decimal(match["low"])
        if is_fall:  # “from 40 to 12”
            position = match.start("high")
            match = _NUMBER.match(text, match.start(), match.end("low")) or match
        if figure := _figure(text, match):
            yield figure


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    start, end = match.span()
    before, after = text[max(start - 6, 0) : start], text[end : end + 12]
    sign = _SIGN_BEFORE.search(before)
    if not sign and _JOINED_BEFORE.search(before):
        return None
    if (_JOINED_AFTER_MONEY if sign else _JOINED_AFTER).match(after) or _TIME.match(after):
        return None
    scale = Decimal(_SCALES[_singular(match["scale"])] if match["scale"] else 1)
    low = _decimal(match["low"]) * scale
    high = _decimal(match["high"]) * scale if match["high"] else low
    if sign:
        written = (sign["sign"] or sign["mark"]).lower()
        return Figure("money", start - len(sign[0]), end, low, high, _CURRENCIES[written])
    return _with_unit(match, low, high)


def _with_unit(match: re.Match[str], low: Decimal, high: Decimal) -> Figure:
    kind: FigureKind = "count"
    unit = ""
    if currency := match["currency"] or match["code"]:
        kind, unit = "money", _CURRENCIES[currency.lower()]
    elif match["duration"]:
        kind, unit = "duration", _DURATIONS[match["duration"].lower()]
    elif match["percentage"]:
        kind = "percentage"
    elif match["multiple"]:
        kind = "multiple"
    return Figure(kind, match.start(), match.end(), low, high, unit)


def _find_words(text: str) -> Iterator[Figure]:
    position = 0
    while start := _WORD_START.search(text, position):
        match = _NUMBER_IN_WORDS.match(text, start.start())
        position = match.end() if match else start.end()
        if not match:
            continue
        low = _number_in_words(match["low"])
        yield _with_unit(match, low, _number_in_words(match["high"]) if match["high"] else low)


def _number_in_words(text: str) -> Decimal:
    number = 0
    for word in re.split(r"[\W_]+", text.lower()):
        number = number * _HUNDREDS[word] if word in _HUNDREDS else number + _WORDS[word]
    return Decimal(number)


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))


def _singular(scale: str) -> str:
    return scale.lower() if scale.lower() in _SCALES else scale.lower().removesuffix("s")
