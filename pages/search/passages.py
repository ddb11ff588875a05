"""Passages: the parts of a page's text. Each passage has a heading, and an anchor that links can point to."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from ..content.calls_to_action import CallToAction
from ..content.document import Page
from ..content.markup import Html, text_segments
from ..content.sections import Section
from ..content.sections.hero import Hero
from ..content.sections.links import Links

# A heading within prose, as `content.markup` renders it.
_HEADING = re.compile(r'<h[2-6] id="([^"]+)">(.*?)</h[2-6]>', re.DOTALL)

_END_PUNCTUATION = (".", "?", "!", ":", ";", ",")


@dataclass(frozen=True)
class Passage:
    """The text under one heading of a page. `anchor` is empty for the text at the top of the page."""

    anchor: str
    heading: str
    text: str


def passages(page: Page) -> tuple[Passage, ...]:
    """Return the passages of `page` in reading order.

    The first passage has the page's name and description. Calls to action and related pages are left out, because they
    describe other pages.
    """
    collector = _Collector(page.name)
    for section in page.sections:
        if not isinstance(section, Links):
            collector.add_section(section)
    start = (Passage("", page.name, page.meta.description),) if page.meta.description else ()
    return start + tuple(Passage(draft.anchor, draft.heading, _join(draft.texts)) for draft in collector.drafts)


def _join(texts: list[str]) -> str:
    """Join texts with line breaks. If a text doesn't end with punctuation, add a middle dot before its line break."""
    punctuated = [text if text.endswith(_END_PUNCTUATION) else f"{text} ·" for text in texts if text]
    return "\n".join(punctuated).removesuffix(" ·")


@dataclass
class _Draft:
    anchor: str
    heading: str
    texts: list[str]


class _Collector:
    """Collects the text of a page's components, from all their fields.

    A component with an anchor starts a new passage. The component's first text becomes the passage's heading.
    """

    def __init__(self, name: str) -> None:
        self.top = _Draft("", name, [])
        self.drafts = [self.top]
        self.current = self.top

    @property
    def texts(self) -> list[str]:
        return self.current.texts

    def add_section(self, section: Section) -> None:
        if section.heading and not isinstance(section, Hero):
            self.current = self._start(section.anchor, section.heading)
        else:
            self.current = self.top
        self._add_fields(section, except_for=section.heading)

    def _start(self, anchor: str, heading: Html) -> _Draft:
        self.drafts.append(_Draft(anchor, " ".join(text_segments(heading)), []))
        return self.drafts[-1]

    def _add(self, value: Any) -> None:
        if isinstance(value, Html):
            self._add_html(value)
        elif isinstance(value, tuple):
            for item in value:
                self._add(item)
        elif _field_names(value.__class__) and not isinstance(value, CallToAction):
            self._add_component(value)

    def _add_component(self, component: Any) -> None:
        anchor = getattr(component, "anchor", "")
        heading = (
            next((text for text in _values(component) if isinstance(text, Html) and text), None) if anchor else None
        )
        enclosing = self.current
        if heading:
            self.current = self._start(anchor, heading)
        self._add_fields(component, except_for=heading)
        self.current = enclosing

    def _add_fields(self, component: Any, except_for: Html | None = None) -> None:
        for value in _values(component):
            if value is not except_for:
                self._add(value)

    def _add_html(self, html: Html) -> None:
        if "<h" not in html:  # most texts
            self.texts.extend(text_segments(html))
            return
        first, *parts = _HEADING.split(html)
        self.texts.extend(text_segments(first))
        enclosing = self.current
        for anchor, heading, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            self.current = self._start(anchor, Html(heading))
            self.texts.extend(text_segments(text))
        self.current = enclosing


def _values(component: Any) -> list[Any]:
    return [getattr(component, name) for name in _field_names(component.__class__)]


@cache
def _field_names(component_type: type) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass. For any other type, return ()."""
    return tuple(field.name for field in fields(component_type)) if is_dataclass(component_type) else ()
