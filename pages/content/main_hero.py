"""The page's main hero: its headline is the page's `<h1>`."""

from __future__ import annotations

from dataclasses import replace

from .duel import Duel
from .inlines import Inline, Run
from .markup import render_text
from .sections import Section
from .sections.dimensions import Dimensions, Weight
from .sections.hero import Hero


def weights_of(sections: tuple[Section, ...]) -> tuple[Weight, ...]:
    return next((section.weights for section in sections if isinstance(section, Dimensions)), ())


def with_main_hero(sections: tuple[Section, ...], name: str, duel: Duel | None) -> tuple[Section, ...]:
    """Make the page's first hero section its main hero.

    This hero's headline becomes the `<h1>`. A hero without a headline gets the page's `name`. The hero's illustration
    shows the page's `duel` (a comparison of two candidates) or its weights.
    """
    first = next((section for section in sections if isinstance(section, Hero)), None)
    if first is None:
        return sections
    main = replace(
        first,
        is_main=True,
        headline=first.headline or render_text(Inline((Run(name),))),
        duel=duel,
        weights=weights_of(sections),
    )
    return tuple(main if section is first else section for section in sections)
