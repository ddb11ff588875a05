"""Find where documents state a fact whose value is a text, such as a phone number, an email address or a city."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .fact_passages import Passage
from .fact_places import Change, FileEdits
from .fact_values import EMAIL, is_same_text
from .facts import Fact
from .problems import Source, Span

# A single word such as “Custom” can mean many things. So it is changed only in cells that contain nothing else.
_SINGLE_WORD = re.compile(r"[^\W\d_]+")
_PHONE_GAP = r"[ \u00a0\u202f().-]{0,2}"
_NATIONAL_DIGITS = 9  # The last 9 digits of a phone number are the same with and without the country's code.


def edit_texts(source: Source, change: Change, passages: Iterable[Passage], found: FileEdits) -> None:
    """Replace the old value where it can only mean this fact, and list the places where that isn't clear.

    If the value is a single word, replace it only in table rows that name the fact, and only if a cell contains nothing
    else. If the value is a figure other than a phone number, do nothing.
    """
    if change.old and change.old.kind != "phone":
        return
    if _SINGLE_WORD.fullmatch(change.fact.value):
        _edit_cells(source, change, passages, found)
        return
    same = next((fact for fact in change.finder.facts if _has_same_value(fact, change)), None)
    for pattern, new in _replacements(change):
        for span, written in _find(source, pattern):
            if same:
                found.leave(source, span.line, f"the fact “{same.name}” has the same value")
            elif not _is_inside(span, found.edits):
                found.add(source, span, written, _new_text(written, change) if new is None else new)
    for pattern in _similar(change):
        for span, written in _find(source, pattern):
            if not _is_inside(span, found.edits):
                reason = "has no country code" if change.old else "may mean this fact, or something else"
                found.leave(source, span.line, f"“{written}” {reason}")


def _has_same_value(fact: Fact, change: Change) -> bool:
    return fact.name != change.fact.name and is_same_text(fact.value, change.fact.value)


def _replacements(change: Change) -> Iterator[tuple[re.Pattern[str], str | None]]:
    """Yield a pattern for each way to write the old value, and the replacement for its matches.

    Patterns of longer texts come first. If the matches need different replacements, the replacement is None. The
    caller then calls `_new_text` for each match. A location may be written without its last parts: “Indore, Madhya
    Pradesh” for “Indore, Madhya Pradesh, India”.
    """
    old, new = change.fact.value, change.value
    if change.old:
        number = _PHONE_GAP.join(change.old.unit)
        yield re.compile(rf"(?:(?<![\w+])\+|(?<=wa\.me/)|(?<=phone=)){number}(?!\d)"), None
        return
    flags = re.IGNORECASE if EMAIL.fullmatch(old) else re.NOFLAG
    yield _whole(old, flags), None
    old_parts, new_parts = _parts(old), _parts(new)
    for count in range(len(old_parts) - 1, 1, -1):
        has_as_many = len(new_parts) == len(old_parts)
        yield _whole(", ".join(old_parts[:count])), ", ".join(new_parts[:count]) if has_as_many else None


def _similar(change: Change) -> Iterator[re.Pattern[str]]:
    """Yield patterns for texts that may mean the fact, although they differ from its value.

    Such a text is a phone number without the country's code, the city of an address, or a URL without “https://”.
    """
    old = change.fact.value
    if change.old:
        last_digits = _PHONE_GAP.join(change.old.unit[-_NATIONAL_DIGITS:])
        yield re.compile(rf"(?<![\d+])\(?(?:\d{_PHONE_GAP}){{0,6}}{last_digits}(?!\d)")
    elif "://" in old:
        yield re.compile(re.escape(old.partition("://")[2].removeprefix("www.").rstrip("/")), re.IGNORECASE)
    elif len(_parts(old)) > 1:
        yield _whole(_parts(old)[0])


def _parts(place: str) -> list[str]:
    return [] if "://" in place else place.split(", ")


def _whole(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.+@-]){re.escape(text)}(?![\w@-]|\.\w)", flags)


def _find(source: Source, pattern: re.Pattern[str]) -> Iterator[tuple[Span, str]]:
    for number, line in enumerate(source.lines, start=1):
        for match in pattern.finditer(line):
            yield Span(number, match.start() + 1, len(match[0])), match[0]


def _is_inside(span: Span, others: Iterable[Span]) -> bool:
    """Return whether the start of `span` is in one of `others`."""
    return any(each.line == span.line and each.column <= span.column < each.column + each.length for each in others)


def _new_text(written: str, change: Change) -> str | None:
    if written == change.fact.value:
        return change.value
    return _phone_like(written, change) if change.old else None


def _phone_like(written: str, change: Change) -> str | None:
    """Return the new phone number in the layout of `written`, such as +91-99999-00000 for +91-89624-12726.

    Return None if `written` has more or fewer digits than the new number, or if the fact's old and new numbers have
    different country codes.
    """
    digits = re.sub(r"\D", "", change.value)
    if re.fullmatch(r"\+?\d+", written):
        return written[: written.startswith("+")] + digits
    code, old_code = change.value.split()[0], change.fact.value.split()[0]
    if code != old_code or sum(map(str.isdigit, written)) != len(digits):
        return None
    following = iter(digits)
    return re.sub(r"\d", lambda _: next(following), written)


def _edit_cells(source: Source, change: Change, passages: Iterable[Passage], found: FileEdits) -> None:
    """If a table row names the fact, replace the old word in cells that contain nothing else.

    Add the lines of all other occurrences of the old word to `found.left`, so that a person checks them.
    """
    word = re.compile(rf"\b{re.escape(change.fact.value)}\b", re.IGNORECASE)
    for passage in passages:
        cells = list(passage.cells()) if passage.columns and _names(passage, change.fact) else []
        for start, end, _ in cells:
            if passage.text[start:end].strip() == change.fact.value:
                found.add(source, passage.located.span(start, end), passage.text[start:end], change.value)
        for match in word.finditer(passage.text):
            span = passage.located.span(*match.span())
            if not _is_inside(span, found.edits):
                found.leave(source, span.line, f"“{match[0]}” may mean something else")


def _names(passage: Passage, fact: Fact) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", passage.text, re.IGNORECASE) for name in fact.names)
