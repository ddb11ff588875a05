"""Check the dates and pages in `facts.toml`. The result depends on the current date and on the site's pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from .document import Page
from .facts import Fact, Facts
from .problems import Problem, Source
from .toml_positions import KeyPath, TomlPositions


def check_facts_file(
    source: Source, facts: Facts, pages: Mapping[str, Page], aliases: Mapping[str, str], now: datetime
) -> Iterator[Problem]:
    """Yield a problem for each stale fact, each future date, and each URL without a page."""
    positions = TomlPositions(source.text)

    def problem(rule: str, fact: Fact, path: KeyPath, message: str, help: str) -> Problem:
        place = positions.value((*fact.path, *path))
        return source.problem(rule, message, help, **place._asdict())

    for fact in facts.facts.values():
        if fact.confirmed and fact.confirmed > now.date():
            message = f"The fact “{fact.name}” is confirmed on {fact.confirmed}, which is in the future."
            help = f"Write the day when someone last checked the fact: confirmed = {now.date()}"
            yield problem("facts", fact, ("confirmed",), message, help)
        if days := _days_since(fact, now.date()):
            message = f"The fact “{fact.name}” is {fact.value}, and was last confirmed {days} days ago."
            help = f"Check it (source: {fact.source}). Then write the new date: confirmed = {now.date()}"
            yield problem("stale-fact", fact, ("confirmed",), message, help)
        for index, url in enumerate(fact.pages):
            if url not in pages:
                new = aliases.get(url, "")
                message = f"The fact “{fact.name}” is about the page {url}, but there is no such page."
                help = f'Write "{new}"' if new else "Write the URL of a page, or delete this URL."
                yield problem("facts", fact, ("pages", index), message, help)


def _days_since(fact: Fact, today: date) -> int:
    """Return the number of days since a stale fact was confirmed, or 0 if the fact isn't stale."""
    if not fact.confirmed or not fact.confirm_every:
        return 0
    days = (today - fact.confirmed).days
    return days if days > fact.confirm_every else 0
