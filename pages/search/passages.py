"""A page as passages: stretches of its words, each under a heading and with the anchor that leads to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ..content.calls_to_action import CallToAction
from ..content.document import Page
from ..content.markup import Html, text_segments
from ..content.sections import Section
from ..content.sections.hero import Hero
from ..content.sections.links import Links

# A heading within prose, as `markup` makes it.
_HEADING = re.compile(r'<h[2-6] id="([^"]+)">(.*?)</h[2-6]>', re.DOTALL)

_ENDS = (".", "?", "!", ":", ";", ",")


@dataclass(frozen=True)
class Passage:
    """`anchor` is empty where the top of the page is as near as one gets."""

    anchor: str
    heading: str
    text: str


def passages(page: Page) -> tuple[Passage, ...]:
    """The passages of `page` in reading order. The first is under its name, and begins with what it says of itself.
    Calls to action and related pages are left out: they tell of where they lead."""
    reading = _Reading(page.name)
    reading.texts.append(page.meta.description)
    for section in page.sections:
        if not isinstance(section, Links):
            reading.section(section)
    return tuple(Passage(each.anchor, each.heading, _run_on(each.texts)) for each in reading.all)


def _run_on(texts: list[str]) -> str:
    """Texts as one line; what does not end as a sentence does is parted from the next by a dot."""
    ended = [text if text.endswith(_ENDS) else f"{text} ·" for text in texts if text]
    return " ".join(ended).removesuffix(" ·")


@dataclass
class _Open:
    anchor: str
    heading: str
    texts: list[str]


class _Reading:
    """Reads what a page shows from the fields of its parts, whatever their kind: what has an anchor begins a passage,
    whose heading is the first text that it has."""

    def __init__(self, name: str) -> None:
        self.top = _Open("", name, [])
        self.all = [self.top]
        self.current = self.top

    @property
    def texts(self) -> list[str]:
        return self.current.texts

    def section(self, section: Section) -> None:
        if section.heading and not isinstance(section, Hero):
            self.current = self._open(section.anchor, section.heading)
        else:
            self.current = self.top
        self._fields(section, but=section.heading)

    def _open(self, anchor: str, heading: Html) -> _Open:
        self.all.append(_Open(anchor, " ".join(text_segments(heading)), []))
        return self.all[-1]

    def _read(self, value: Any) -> None:
        if isinstance(value, Html):
            self._html(value)
        elif isinstance(value, tuple):
            for each in value:
                self._read(each)
        elif is_dataclass(value) and not isinstance(value, CallToAction):
            self._part(value)

    def _part(self, part: Any) -> None:
        around = self.current
        heading = next((text for text in _values(part) if isinstance(text, Html) and text), None)
        anchor = getattr(part, "anchor", "")
        if heading and anchor:
            self.current = self._open(anchor, heading)
            self._fields(part, but=heading)
        else:
            self._fields(part)
        self.current = around

    def _fields(self, part: Any, but: Html | None = None) -> None:
        for value in _values(part):
            if value is not but:
                self._read(value)

    def _html(self, html: Html) -> None:
        before, *headed = _HEADING.split(html)
        self.texts.extend(text_segments(before))
        around = self.current
        for anchor, heading, text in zip(headed[::3], headed[1::3], headed[2::3], strict=True):
            self.current = self._open(anchor, Html(heading))
            self.texts.extend(text_segments(text))
        self.current = around


def _values(part: Any) -> list[Any]:
    return [getattr(part, each.name) for each in fields(part)]
