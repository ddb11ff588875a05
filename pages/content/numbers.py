"""Parse numbers typed by people, and format numbers and rupees in the Indian style."""

from __future__ import annotations

import re
from decimal import Decimal

# A number with at most two decimals. Without separators, the number has at most nine digits before the decimal point.
_NUMBER = re.compile(
    r"""(?:\d{1,9}
        | \d{1,3} (?: ([,\s]) \d{3} (?:\1 \d{3})? )             # Western grouping: 1,234,567
        | \d{1,2} (?: ([,\s]) \d{2} (?:\2 \d{2}){0,2} \2 \d{3})  # Indian grouping: 12,34,567
        ) (?:\.\d{1,2})?""",
    re.VERBOSE,
)
_RUPEES = re.compile(r"(?:₹|rs\.?|inr)\s*", re.IGNORECASE)


def parse_number(text: str, unit: str = "") -> Decimal | None:
    """Parse a number such as “1,200” or “12.5”.

    If `unit` is rupees, a currency sign may precede the number. If `unit` is percent, a `%` may follow. Return None for
    any other text, such as a number with a plus or minus sign, an exponent or a decimal comma.
    """
    number = re.sub(r"[\u00a0\u202f]", " ", text).strip()
    if unit.startswith("rupees"):
        number = _RUPEES.sub("", number, count=1) if _RUPEES.match(number) else number
    elif unit == "percent":
        number = number.removesuffix("%").rstrip()
    return Decimal(re.sub(r"[,\s]", "", number)) if number.isascii() and _NUMBER.fullmatch(number) else None


def group_digits(number: Decimal) -> str:
    """Format a number with Indian digit grouping, such as 12,34,567.25: pairs of digits before the last three."""
    whole, _, decimals = f"{number:f}".partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    head, tail = digits[:-3], digits[-3:]
    groups = [head[max(end - 2, 0) : end] for end in range(len(head), 0, -2)][::-1]
    decimals = decimals.rstrip("0")
    return sign + ",".join([*groups, tail]) + (f".{decimals}" if decimals else "")


def format_rupees(amount: Decimal) -> str:
    """Format an amount as ₹12,34,567, or with two decimals if it has paise: ₹1,333.50.

    A negative amount starts with a minus sign: −₹100.
    """
    size = amount.copy_abs()
    paise = f"{size:f}".partition(".")[2].rstrip("0")
    digits = group_digits(size) + ("0" if len(paise) == 1 else "")
    return ("−" if amount < 0 else "") + "₹" + digits
