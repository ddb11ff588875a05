"""Section kinds, such as FAQ and pricing: one module for each kind.

Most kinds use the same template, `templates/sections/split.html`. See `Section.template`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import cast

from ..blocks import Block
from ..site_words import english_heading
from . import (
    calculator,
    challenge,
    closing,
    criteria,
    dimensions,
    faq,
    form,
    hero,
    hub,
    links,
    pricing,
    prose,
    questions,
    report,
    steps,
)
from .base import Kind, Section

# The first kind that matches a heading wins. `prose` matches every heading, so it comes last.
KINDS = cast(
    tuple[Kind, ...],
    (
        *(hero, calculator, challenge, dimensions, faq, questions, criteria, steps, pricing),
        *(hub, report, form, links, closing, prose),
    ),
)

__all__ = ["KINDS", "Kind", "Section", "is_kind_heading", "kind_of"]


def kind_of(heading: str, blocks: Iterable[Block] = (), headings: Mapping[str, str] = MappingProxyType({})) -> Kind:
    """Return the kind of a section. The heading's case doesn't matter.

    `headings` are headings in other languages (see `translated_headings`).
    `blocks` is the section's content. A hub (a list of pages), a sample report or a form is recognized by a line in its
    content.
    """
    heading = english_heading(heading, headings)
    name = " ".join(heading.upper().replace("’", "'").split())
    kind = _kind_named(name)
    if kind is not cast(Kind, prose):
        return kind
    blocks = tuple(blocks)
    if any(map(report.has_role, blocks)):
        return cast(Kind, report)
    return cast(Kind, hub if hub.has_listing(blocks) else form if form.has_form(blocks) else prose)


@lru_cache(maxsize=1_000)  # Many pages have the same headings.
def _kind_named(name: str) -> Kind:
    """Return the first of KINDS that matches a section's heading. `name` is the heading in upper case."""
    return next(kind for kind in KINDS if kind.matches(name))


@lru_cache(maxsize=1_000)  # Checks ask for the same headings several times, and many pages share them.
def is_kind_heading(heading: str) -> bool:
    """Return whether a heading sets the kind of its section.

    With any other heading, the section's content decides. The default kind is prose.
    """
    return kind_of(heading).__name__ != prose.__name__
