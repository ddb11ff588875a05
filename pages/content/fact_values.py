"""Check a fact's new value, which must be of the same kind as the old value."""

from __future__ import annotations

import re

from .facts import form_of
from .figures import Figure, to_figure
from .url_paths import PHONE

# Matches an email address. Group 1 is the domain. The address has at most 64 characters before the “@” (RFC 5321).
EMAIL = re.compile(r"[\w.+-]{1,64}@((?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,24})\b")
_URL = re.compile(r"https://[^\s/]+\S*")
_EXAMPLES = {
    "money": "an amount of money with its currency, such as ₹1,900",
    "percentage": "a percentage, such as 45%",
    "multiple": "a multiple, such as 3×",
    "count": "a number, such as six or 6",
    "phone": "a phone number with + and the country code, such as +91 89624 12726",
}


class InvalidValue(Exception):
    """The fact can't have this value. The message says what to write instead."""


def check_value(name: str, old: str, new: str) -> None:
    """Raise InvalidValue if the value of the fact `name` can't change from `old` to `new`."""
    if not new.strip():
        raise InvalidValue("The new value is empty. Write the value in quotes, such as '₹1,900'.")
    if new != new.strip() or not new.isprintable() or '"' in new or "\\" in new or "'" in new:
        raise InvalidValue("The new value can't have line breaks, quotes or backslashes, or begin or end with a space.")
    if needed := _needed(old, new):
        raise InvalidValue(f"“{new}” can't replace “{old}”. Write {needed}.")
    form = form_of(name)
    if form and not form.pattern.fullmatch(new):
        raise InvalidValue(f"“{new}” is not {form.what}, such as {form.example}.")


def is_same_text(one: str, two: str) -> bool:
    """Return whether two values are the same phone number, or the same text if case is ignored.

    Equal single words don't count as the same text. Equal figures other than phone numbers don't count either. On a
    page, such a word or figure may mean something else than the fact.
    """
    figures = to_figure(one), to_figure(two)
    if figures[0] and figures[1]:
        return figures[0].kind == "phone" and figures[0].value == figures[1].value
    return one.lower() == two.lower() and not one.isalpha()


def _needed(old: str, new: str) -> str:
    """Return a description of what to write instead of `new`, or "" if `new` is of the same kind as `old`."""
    if EMAIL.fullmatch(old):
        return "" if EMAIL.fullmatch(new) else "an email address, such as sales@example.com"
    if _URL.fullmatch(old):
        return "" if _URL.fullmatch(new) else "a whole URL, with https://"
    figure = to_figure(old)
    written = to_figure(new)
    if figure is None:
        is_text = written is None and not EMAIL.fullmatch(new) and not _URL.fullmatch(new)
        return "" if is_text else "words that are not a figure, an email address or a URL"
    if figure.kind == "phone":
        return "" if PHONE.fullmatch(new) else _EXAMPLES["phone"]
    if written is None or (written.kind, written.unit) != (figure.kind, figure.unit):
        return _example(figure)
    return _example(figure) if written.low > written.high or not written.high else ""


def _example(figure: Figure) -> str:
    if figure.kind == "duration":
        return f"a time in {figure.unit}s, such as 15 {figure.unit}s"
    if figure.kind == "money" and figure.unit != "₹":
        return f"an amount of money with its currency, such as {figure.unit}1,900"
    return _EXAMPLES[figure.kind]
