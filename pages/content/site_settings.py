"""content/site.toml: what belongs to the site and not to one page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from .problems import Problem, Source
from .url_paths import TARGET_PATTERN, normalize_path, phone_url


@dataclass(frozen=True)
class Organization:
    """Who is behind the site, as machines are told it. Empty where the site file says nothing."""

    parent: str = ""
    founded: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True)
class SiteSettings:
    """content/site.toml: what belongs to the site and not to one page. `header` and `footer` are URLs of pages."""

    name: str = "LayersRank"
    description: str = ""
    email: str = ""
    phones: Mapping[str, str] = field(default_factory=dict)
    calls_to_action: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    organization: Organization = Organization()

    @property
    def phone_links(self) -> list[tuple[str, str, str]]:
        """Place, number as written, and its `tel:` address."""
        return [(place, number, phone_url(number)) for place, number in self.phones.items()]


def parse(source: Source, problems: list[Problem]) -> SiteSettings:
    """The settings of site.toml's text. Never raises; what cannot be read is left out, and stands in `problems`."""
    try:
        return _Reader(source, tomllib.loads(source.text), problems).read()
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(_toml_problem(source, error))
        return SiteSettings()


def _toml_problem(source: Source, error: Exception) -> Problem:
    place = re.search(r"line (\d+), column (\d+)", str(error))
    line, column = (int(place[1]), int(place[2])) if place else (len(source.lines), 1)
    message = f"this is no TOML: {str(error).partition(' (at')[0]}"
    help = 'lines are written as `"Start Free Trial" = "/start"`; until then the site does without its settings'
    return source.problem("site-settings", message, help, line=line, column=column)


class _Reader:
    """site.toml's tables, each value checked for its type; what is of another is left out and named."""

    KEYS = tuple(each.name for each in fields(SiteSettings))
    ORGANIZATION = tuple(each.name for each in fields(Organization))

    def __init__(self, source: Source, data: dict[str, Any], problems: list[Problem]) -> None:
        self.source, self.data, self.problems = source, data, problems

    def read(self) -> SiteSettings:
        self._know(self.data, self.KEYS)
        return SiteSettings(
            name=self._text("name", "LayersRank"),
            description=self._text("description", ""),
            email=self._text("email", ""),
            phones=self._table("phones"),
            calls_to_action=self._calls(),
            words=self._list("words", "of words", '["LayersRank", "FAQ"]'),
            header=self._urls("header"),
            footer=self._urls("footer"),
            organization=self._organization(),
        )

    def _know(self, keys: Iterable[str], known: tuple[str, ...]) -> None:
        for key in keys:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                self._problem(key, f"“{key}” does nothing here", f"did you mean {near[0]}?" if near else "delete it")

    def _organization(self) -> Organization:
        table = self.data.get("organization", {})
        if not isinstance(table, dict):
            self._problem("organization", "organization is a table", "write [organization] on a line of its own")
            return Organization()
        self._know(table, self.ORGANIZATION)
        reader = _Reader(self.source, table, self.problems)
        texts = {key: reader._text(key, "") for key in self.ORGANIZATION if key != "profiles"}
        if texts["founded"] and not re.fullmatch(r"\d{4}(-\d\d){0,2}", texts["founded"]):
            self._problem("founded", f"“{texts['founded']}” is no year", 'write founded = "2024"')
            texts["founded"] = ""
        profiles = reader._list("profiles", "of addresses elsewhere", '["https://www.linkedin.com/…"]')
        wrong = [profile for profile in profiles if not re.fullmatch(r"https://[^\s/]+\S*", profile)]
        for profile in wrong:
            self._problem(profile, f"“{profile}” is no address elsewhere", "write a whole one, with https://")
        return Organization(**texts, profiles=tuple(profile for profile in profiles if profile not in wrong))

    def _text(self, key: str, default: str) -> str:
        value = self.data.get(key, default)
        if isinstance(value, str):
            return value
        self._problem(key, f"{key} is a text", f'write {key} = "…"')
        return default

    def _list(self, key: str, of: str, example: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(value)
        self._problem(key, f"{key} is a list {of}", f"write {key} = {example}")
        return ()

    def _urls(self, key: str) -> tuple[str, ...]:
        return tuple(normalize_path(url) for url in self._list(key, "of pages' addresses", '["/hire", "/pricing"]'))

    def _table(self, key: str) -> dict[str, str]:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            self._problem(key, f"{key} is a table", f"write [{key}] on a line of its own, and its lines under it")
            return {}
        for name in [name for name, entry in value.items() if not isinstance(entry, str)]:
            self._problem(name, f"“{name}” needs a text in quotes", f'write "{name}" = "…"')
        return {name: entry for name, entry in value.items() if isinstance(entry, str)}

    def _calls(self) -> dict[str, str]:
        calls = self._table("calls_to_action")
        for label in [label for label, target in calls.items() if not re.fullmatch(TARGET_PATTERN, target)]:
            target = calls.pop(label)
            mend = f'write "{label}" = "/start", or a whole address with https://, mailto: or tel:'
            self._problem(label, f"“{target}” is nowhere that a link can lead", mend)
        return {label: _target(target) for label, target in calls.items()}

    def _problem(self, key: str, message: str, help: str) -> None:
        line = next((number for number, text in enumerate(self.source.lines, 1) if key in text), 1)
        self.problems.append(self.source.problem_at("site-settings", message, help, line=line, text=key))


def _target(target: str) -> str:
    return (
        normalize_path(target)
        if target.startswith("/") and not target.startswith("//") and "?" not in target
        else target
    )
