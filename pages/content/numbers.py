"""Numbers as people type them, and rupees as they are read in India."""

from __future__ import annotations

import re
from decimal import Decimal

# What stands around a number and is not it: currency, percent, spaces, and commas between digits.
_AROUND = re.compile(r"^(?:₹|rs\.?|inr)?|%$", re.IGNORECASE)
_BETWEEN = re.compile(r"(?<=\d)[,\s](?=\d)")
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,6})?")


def number_of(text: str) -> Decimal | None:
    """The number in `text`, as in “1,200”, “₹2,500”, “12.5 %”: digits 0 to 9, up to twelve, and up to six behind the
    point. None for anything else, signs and exponents too."""
    bare = text.strip()
    for _ in range(2):
        bare = _AROUND.sub("", bare).strip()
    bare = _BETWEEN.sub("", bare)
    return Decimal(bare) if bare.isascii() and _NUMBER.fullmatch(bare) else None


def grouped(number: Decimal) -> str:
    """A number with its digits grouped as in India: three, and then by two (12,34,567); up to two behind the point."""
    whole, _, rest = f"{number:.2f}".partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    head, tail = digits[:-3], digits[-3:]
    groups = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)][::-1]
    rest = rest.rstrip("0")
    return sign + ",".join([*groups, tail]) + (f".{rest}" if rest else "")


def rupees(amount: Decimal) -> str:
    """An amount in whole rupees, as ₹12,34,567; below nothing, with a minus before the sign."""
    rounded = amount.quantize(Decimal(1))
    return ("−" if rounded < 0 else "") + "₹" + grouped(abs(rounded))
