"""The pencil buttons on a page. Each opens one part of the page's document in the editor."""

from __future__ import annotations

from dataclasses import dataclass

from ...content.document import Page
from .document_parts import Part, parts_of


@dataclass(frozen=True)
class Pencil:
    """A button that opens `part` in the editor. `label` is the button's accessible name."""

    part: Part
    label: str


@dataclass(frozen=True)
class Pencils:
    """The pencil buttons of a page. `sections` has the buttons of each section, and `above_page` has all others."""

    above_page: tuple[Pencil, ...]
    sections: tuple[tuple[Pencil, ...], ...]


def place_pencils(page: Page) -> Pencils:
    """Place the pencil of each part of the page's document.

    The page shows its form beside the main hero, so the pencil of the form's section is placed with the hero. Without
    a hero, this pencil is above the page.
    """
    above_page: list[Pencil] = []
    by_section: list[list[Pencil]] = [[] for _ in page.sections]
    hero = next((index for index, section in enumerate(page.sections) if section is page.hero), None)
    for part in parts_of(page.source):
        if part.section is None:
            above_page.append(Pencil(part, f"Edit {part.label}{_count(part)}"))
            continue
        is_beside_hero = page.sections[part.section] is page.form_section
        index = hero if is_beside_hero else part.section
        place = above_page if index is None else by_section[index]
        place.append(Pencil(part, f"Edit section {part.label}{_count(part)}"))
    return Pencils(tuple(above_page), tuple(map(tuple, by_section)))


def _count(part: Part) -> str:
    return f" ({part.number + 1})" if part.number else ""
