"""The ids on a page to which links can lead."""

from __future__ import annotations

from .footnotes import note_anchors
from .sections import Section
from .sections.calculator import Calculator
from .sections.form import forms_of
from .sections.hero import Hero


def visible_anchors(anchors: frozenset[str], sections: tuple[Section, ...]) -> frozenset[str]:
    """Return the ids on the page, given the `anchors` of its headings.

    Leave out the ids of hero sections, because pages don't show the headings of these sections. Add the ids that
    templates use for a form and for a calculator's result, and the ids of footnotes.
    """
    hidden = {section.anchor for section in sections if isinstance(section, Hero) or not section.heading}
    has_calculator = any(isinstance(section, Calculator) and section.inputs for section in sections)
    used = {"form": forms_of(sections), "result": has_calculator}
    added = {name for name, is_used in used.items() if is_used}
    return anchors - hidden | added | frozenset(note_anchors(sections))
