"""Blocks → typed sections. A kind is a module here and a template of its name in `templates/sections/`."""

from __future__ import annotations

from typing import cast

from . import challenge, closing, criteria, dimensions, faq, hero, links, pricing, prose, questions, steps
from .section import Kind, Section

# The first that knows a heading has it; prose knows every one.
KINDS = cast(
    tuple[Kind, ...],
    (hero, challenge, dimensions, faq, questions, criteria, steps, pricing, links, closing, prose),
)

__all__ = ["KINDS", "Kind", "Section", "is_known", "kind_of"]


def kind_of(heading: str) -> Kind:
    """The kind of the section under `heading`, whose case does not matter."""
    name = " ".join(heading.upper().replace("’", "'").split())
    return next(kind for kind in KINDS if kind.matches(name))


def is_known(heading: str) -> bool:
    """Whether `heading` is one that a kind of its own knows."""
    return kind_of(heading).__name__ != prose.__name__
