"""Pages that a check reads from its cache. The parts that few checks need are loaded on demand."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any

from ..content.document import Page
from ..content.problems import Source
from ..content.sections import Section
from ..content.sections.dimensions import Dimensions
from ..content.sections.hub import Hub
from ..content.sections.questions import Questions
from ..content.sections.report import Report

# Checks that compare several documents need only these sections.
_CHECKED_SECTIONS = (Dimensions, Hub, Questions, Report)
# The fields and cached properties that stay in memory.
_SUMMARY = (
    *("url", "url_line", "name", "meta", "files", "videos", "problems"),
    *("path", "link_targets", "listings", "reports"),
)
# These fields stay in memory as one pickle for each page. The pickle is loaded when one of the page's fields is first
# read, because loading the pickles of all pages would take long.
_PACKED = ("links", "anchors")

Summary = Mapping[str, Any]
# The sections in _CHECKED_SECTIONS, and the plain text.
Details = tuple[tuple[Section, ...], str]


def summarize(page: Page) -> tuple[Summary, Details]:
    """Split a page into the fields that stay in memory, and the details that are loaded when they are needed."""
    summary = {name: getattr(page, name) for name in _SUMMARY}
    summary["_packed"] = pickle.dumps({name: getattr(page, name) for name in _PACKED}, pickle.HIGHEST_PROTOCOL)
    return summary, (
        tuple(section for section in page.sections if isinstance(section, _CHECKED_SECTIONS)),
        page.plain_text,
    )


class CachedPage(Page):
    """A page that has only the fields of `summary` in memory.

    The other fields are loaded when they are needed: `load_text` returns the document's text, and `load_details`
    returns the sections and the plain text.

    Two cached pages are never equal, because a comparison would load all of their parts.
    """

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __init__(self, summary: Summary, load_text: Callable[[], str], load_details: Callable[[], Details]) -> None:
        self.__dict__.update(summary, _load_text=load_text, _load_details=load_details)

    @cached_property
    def source(self) -> Source:
        return Source(self.path, self.__dict__["_load_text"]())

    def __getattr__(self, name: str) -> Any:
        """Load the packed fields when one of them is needed for the first time."""
        if name not in _PACKED:
            raise AttributeError(name)
        # Unpickling the cache is safe: an attacker who can write to its folder can change the site anyway.
        self.__dict__.update(pickle.loads(self.__dict__["_packed"]))  # noqa: S301
        return self.__dict__[name]

    @cached_property
    def _details(self) -> Details:
        details: Details = self.__dict__["_load_details"]()
        return details

    @property
    def sections(self) -> tuple[Section, ...]:
        return self._details[0]

    @property
    def plain_text(self) -> str:
        return self._details[1]

    @property
    def full(self) -> Page:
        return Page(**{field.name: getattr(self, field.name) for field in fields(Page)})
