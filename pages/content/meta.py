"""The META block: what goes into a page's head, and how the page is published."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import TypeVar

from .problems import Edit, Problem, Source
from .url_paths import normalize_path

T = TypeVar("T")

# Each key with its consequence, in the order in which a marketer meets them.
KEYS = {
    "title": "the `<title>`, which browser tabs and search results show",
    "description": "the line under the title in search results and shared links",
    "keywords": "the keywords in the head; few search engines read them",
    "status": "`draft` keeps the page off the site but in development",
    "publish": "the time from which the page is on the site, as 2026-12-01 09:00 +05:30",
    "aliases": "old addresses, parted by commas, that lead here for good",
    "canonical": "the address that search engines are to keep in place of this one",
    "robots": "what search engines may do, as `noindex`",
    "image": "the picture that shared links show",
    "updated": "the date of the last change that a reader would care for, as 2026-11-30",
}

_LINE = re.compile(r"\s*([A-Za-z][A-Za-z ]{0,30}):(.*)")
_PUBLISH = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T]+(\d\d:\d\d))?(?:\s*(Z|UTC|[+-]\d\d:?\d\d))?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Meta:
    """The META of one page; see KEYS for what each field does. Empty where the document says nothing."""

    title: str = ""
    description: str = ""
    keywords: str = ""
    draft: bool = False
    publish: datetime | None = None
    aliases: tuple[str, ...] = ()
    canonical: str = ""
    robots: str = ""
    image: str = ""
    updated: date | None = None
    line: int = 0

    def is_published(self, now: datetime) -> bool:
        return not self.draft and (self.publish is None or self.publish <= now)


def looks_like_meta(line: str) -> bool:
    """Whether `line` has the shape `Key: value`."""
    return _LINE.match(line) is not None


def has_known_key(line: str) -> bool:
    match = _LINE.match(line)
    return match is not None and match[1].strip().lower() in KEYS


def parse(source: Source, lines: Sequence[tuple[int, str]]) -> tuple[Meta, list[Problem]]:
    """The META that `lines` hold, each with its number in `source`; what is wrong with it too."""
    reading = _Reading(source)
    for number, text in lines:
        reading.line(number, text)
    return reading.meta(lines[0][0] if lines else 1), reading.problems


class _Reading:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.values: dict[str, str] = {}
        self.places: dict[str, tuple[int, int]] = {}
        self.last = ""

    def line(self, number: int, text: str) -> None:
        if not text.strip():
            return
        match = _LINE.match(text)
        if match and match[1].strip().lower() in KEYS:
            self._value(match[1].strip(), match[2].strip(), number)
        elif match and not text[0].isspace():
            self._unknown(match[1].strip(), number)
        elif self.last and text[0].isspace():
            self.values[self.last] += " " + text.strip()
        else:
            self._problem("meta-line", number, text.strip(), "META is made of lines such as `Title: …`; this is none",
                          "write `Key: value`, or indent the line to go on with the one above")  # fmt: skip

    def _value(self, written: str, value: str, number: int) -> None:
        key = written.lower()
        if key in self.values:
            agree = self.values[key] == value
            again = "the same again" if agree else f"line {self.places[key][0]} is used"
            message, help = f"META has “{written}” twice: {again}", "delete one of the two"
            edits = (Edit(number, 1, 0, "", deletes=True),) if agree else ()
            self.problems.append(
                self.source.problem_at("doubled-meta-key", message, help, line=number, text=written, edits=edits)
            )
            return
        self.values[key], self.last = value, key
        line = self.source.line(number)
        self.places[key] = number, max(line.find(value, line.find(":") + 1) if value else len(line), 0) + 1

    def _unknown(self, written: str, number: int) -> None:
        self.last = ""
        near = get_close_matches(written.lower(), KEYS, n=1)
        mend = (
            f"did you mean {near[0].capitalize()}?" if near else "META knows " + ", ".join(k.capitalize() for k in KEYS)
        )
        self._problem("unknown-meta-key", number, written, f"META knows no “{written}”, so the line does nothing", mend)

    def _problem(self, rule: str, number: int, text: str, message: str, help: str) -> None:
        self.problems.append(self.source.problem_at(rule, message, help, line=number, text=text))

    def _refuse(self, key: str, message: str, help: str) -> None:
        line, column = self.places[key]
        length = max(len(self.values[key]), 1)
        self.problems.append(self.source.problem("meta-value", message, help, line=line, column=column, length=length))

    def meta(self, line: int) -> Meta:
        get = self.values.get
        publish = self._read("publish", _moment, "2026-12-01 09:00 +05:30")
        unsure = bool(get("publish")) and publish is None
        return Meta(
            title=get("title", ""),
            description=get("description", ""),
            keywords=get("keywords", ""),
            draft=self._draft() or unsure,
            publish=publish,
            aliases=tuple(self._aliases()),
            canonical=self._canonical(),
            robots=get("robots", ""),
            image=self._image(),
            updated=self._read("updated", date.fromisoformat, "2026-11-30"),
            line=line,
        )

    def _draft(self) -> bool:
        """Anything but `draft` and `published` counts as draft: better late than shown by mistake."""
        status = self.values.get("status", "").lower() or "published"
        if status not in ("draft", "published"):
            self._refuse("status", f"Status is “draft” or “published”, not “{self.values['status']}”; kept as a draft",
                         "write `Status: draft`, or delete the line to publish the page")  # fmt: skip
        return status != "published"

    def _read(self, key: str, read: Callable[[str], T], example: str) -> T | None:
        if not self.values.get(key):
            return None
        try:
            return read(self.values[key])
        except (ValueError, OverflowError):
            self._refuse(
                key, f"{key.capitalize()} is a date, and “{self.values[key]}” is none", f"write it as {example}"
            )
            return None

    def _aliases(self) -> Iterator[str]:
        for alias in filter(None, (part.strip() for part in self.values.get("aliases", "").split(","))):
            if alias.startswith("/") and not alias.startswith("//") and not re.search(r"[\s?#]", alias):
                yield normalize_path(alias)
            else:
                self._refuse("aliases", f"an alias is an address on this site that begins with “/”; “{alias}” is none",
                             "write `Aliases: /old-address, /older-address`")  # fmt: skip

    def _image(self) -> str:
        image = self.values.get("image", "")
        if image and not _is_address(image):
            help = "write `Image: /images/the-picture.png`, or a whole https:// address"
            self._refuse("image", "Image is the address of a picture, and begins with “/” or https://", help)
            return ""
        return image

    def _canonical(self) -> str:
        canonical = self.values.get("canonical", "")
        if canonical and not _is_address(canonical):
            self._refuse(
                "canonical", "Canonical is a web address", "write `Canonical: /the-address` or a whole https:// one"
            )
            return ""
        return canonical


def _is_address(text: str) -> bool:
    """Whether it is a path of this site, or a whole web address."""
    return text.startswith(("/", "https://", "http://")) and not text.startswith("//")


def _moment(text: str) -> datetime:
    """A time with its offset; without one, UTC; without an hour, midnight. ValueError if it is no time."""
    match = _PUBLISH.match(text.strip())
    if not match:
        raise ValueError(text)
    day, clock, offset = match.groups()
    zone = "+00:00" if offset is None or offset.upper() in ("Z", "UTC") else offset
    return datetime.fromisoformat(f"{day}T{clock or '00:00'}{zone}").astimezone(UTC)
