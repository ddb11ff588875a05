"""Numbers as people type them, and rupees as they are read in India."""

from __future__ import annotations

import re
from decimal import Decimal

# Up to nine digits, and up to two behind the point.
_NUMBER = re.compile(
    r"""(?:\d{1,9}
        | \d{1,3} (?: ([,\s]) \d{3} (?:\1 \d{3})? )             # grouped as in the West: 1,234,567
        | \d{1,2} (?: ([,\s]) \d{2} (?:\2 \d{2}){0,2} \2 \d{3})  # and as in India: 12,34,567
        ) (?:\.\d{1,2})?""",
    re.VERBOSE,
)
_RUPEES = re.compile(r"(?:₹|rs\.?|inr)\s*", re.IGNORECASE)


def parse_number(text: str, unit: str = "") -> Decimal | None:
    """The number in `text`, as “1,200” or “12.5”, with a currency sign before it where `unit` is rupees, or a sign
    behind it where `unit` is percent. None for anything else: signs, exponents, and a comma for a point too."""
    bare = re.sub(r"[\u00a0\u202f]", " ", text).strip()
    if unit.startswith("rupees"):
        bare = _RUPEES.sub("", bare, count=1) if _RUPEES.match(bare) else bare
    elif unit == "percent":
        bare = bare.removesuffix("%").rstrip()
    return Decimal(re.sub(r"[,\s]", "", bare)) if bare.isascii() and _NUMBER.fullmatch(bare) else None


def group_digits(number: Decimal) -> str:
    """A number, whole, with its digits grouped as in India: three, and then by two (12,34,567.25)."""
    whole, _, rest = f"{number:f}".partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    head, tail = digits[:-3], digits[-3:]
    groups = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)][::-1]
    rest = rest.rstrip("0")
    return sign + ",".join([*groups, tail]) + (f".{rest}" if rest else "")


def format_rupees(amount: Decimal) -> str:
    """An amount as ₹12,34,567, with its paise where it has any (₹1,333.50), and a minus before the sign of a debt."""
    size = amount.copy_abs()
    paise = f"{size:f}".partition(".")[2].rstrip("0")
    shown = group_digits(size) + ("0" if len(paise) == 1 else "")
    return ("−" if amount < 0 else "") + "₹" + shown
