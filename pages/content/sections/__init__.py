"""Blocks → typed sections. A kind is a module here and a template of its name in `templates/sections/`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from ..blocks import Block
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
    steps,
)
from .base import Kind, Section

# The first that knows a heading has it; prose knows every one.
KINDS = cast(
    tuple[Kind, ...],
    (
        *(hero, calculator, challenge, dimensions, faq, questions, criteria, steps, pricing),
        *(hub, form, links, closing, prose),
    ),
)

__all__ = ["KINDS", "Kind", "Section", "is_known", "kind_of"]


def kind_of(heading: str, blocks: Iterable[Block] = ()) -> Kind:
    """The kind of the section that holds `blocks` under `heading`, whose case does not matter."""
    name = " ".join(heading.upper().replace("’", "'").split())
    kind = next(kind for kind in KINDS if kind.matches(name))
    if kind is not cast(Kind, prose):
        return kind
    blocks = tuple(blocks)
    return cast(Kind, hub if hub.has_listing(blocks) else form if form.has_form(blocks) else prose)


def is_known(heading: str) -> bool:
    """Whether `heading` is one that a kind of its own knows."""
    return kind_of(heading).__name__ != prose.__name__
