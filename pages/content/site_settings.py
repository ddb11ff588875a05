"""The settings in `site.toml`, which all pages share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from . import languages, site_words
from .languages import Language
from .problems import Problem, Source
from .site_words import Words
from .url_paths import TARGET_PATTERN, is_site_path, normalize_path, phone_url


@dataclass(frozen=True)
class Organization:
    """Facts about the company, for structured data. A missing setting is empty."""

    parent: str = ""
    founded: str = ""
    locality: str = ""
    region: str = ""
    country: str = ""
    profiles: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeaderButton:
    """The button in the header, written as `label → /target`."""

    label: str
    target: str


@dataclass(frozen=True)
class SiteSettings:
    """The settings in `site.toml`.

    `phones` maps places to numbers, and `calls_to_action` maps labels to targets. `words` are words with their correct
    capitals. `offer` is printed at the end of every page. `header` and `footer` are page URLs. `language` is the code
    of the pages' language. `translations` maps the codes of other languages to the site's own words in that language.
    """

    name: str = "LayersRank"
    description: str = ""
    offer: str = ""
    email: str = ""
    phones: Mapping[str, str] = field(default_factory=dict)
    calls_to_action: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    header_button: HeaderButton | None = None
    footer: tuple[str, ...] = ()
    organization: Organization = Organization()
    language: str = languages.DEFAULT
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def words_in(self, language: Language) -> Words:
        """Return the site's own words in `language`."""
        tables = [self.translations.get(code, {}) for code in reversed(language.fallbacks)]
        return Words(language, {text: words for table in tables for text, words in table.items()})

    @property
    def headings(self) -> Mapping[str, str]:
        """The headings of section kinds in other languages, each with its English heading."""
        return site_words.translated_headings(self.translations.values())

    @property
    def own_texts(self) -> tuple[str, ...]:
        """The texts in `site.toml` that pages show."""
        button = self.header_button.label if self.header_button else ""
        return tuple(filter(None, (button, self.description, *self.phones, self.offer)))

    @property
    def phone_links(self) -> list[tuple[str, str, str]]:
        """Return the place, the number and the `tel:` URL of each phone. The number is formatted as in `site.toml`."""
        return [(place, number, phone_url(number)) for place, number in self.phones.items()]


def parse(source: Source, problems: list[Problem]) -> SiteSettings | None:
    """Return the settings in `source`, or None if `source` is not valid TOML. Never raise.

    Invalid settings are left out. All mistakes are added to `problems`.
    """
    try:
        return _Reader(source, tomllib.loads(source.text), problems).read()
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(_toml_problem(source, error))
        return None


def _toml_problem(source: Source, error: Exception) -> Problem:
    position = re.search(r"line (\d+), column (\d+)", str(error))
    line, column = (int(position[1]), int(position[2])) if position else (len(source.lines), 1)
    message = f"This file is not valid TOML: {str(error).partition(' (at')[0]}."
    help = 'Close each bracket. Put each value in quotes: name = "LayersRank". Put each [table] on its own line.'
    return source.problem("site-settings", message, help, line=line, column=column)


class _Reader:
    """Reads a TOML table, and reports each value of the wrong type."""

    KEYS = tuple(each.name for each in fields(SiteSettings))
    ORGANIZATION = tuple(each.name for each in fields(Organization))

    def __init__(self, source: Source, data: dict[str, Any], problems: list[Problem]) -> None:
        self.source, self.data, self.problems = source, data, problems

    def read(self) -> SiteSettings:
        self._check_keys(self.data, self.KEYS)
        return SiteSettings(
            name=self._text("name", "LayersRank"),
            description=self._text("description", ""),
            offer=self._text("offer", ""),
            email=self._text("email", ""),
            phones=self._table("phones"),
            calls_to_action=self._calls(),
            words=self._list("words", "words", '["LayersRank", "FAQ"]'),
            header=self._urls("header"),
            header_button=self._header_button(),
            footer=self._urls("footer"),
            organization=self._organization(),
            language=self._language(),
            translations=site_words.read_translations(self.source, self.data.get("translations", {}), self.problems),
        )

    def _check_keys(self, keys: Iterable[str], allowed: tuple[str, ...]) -> None:
        for key in keys:
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1)
                help = f"Did you mean “{near[0]}”?" if near else "Delete the setting."
                self._add_problem(key, f"No setting is named “{key}”, so this entry has no effect.", help)

    def _organization(self) -> Organization:
        table = self.data.get("organization", {})
        if not isinstance(table, dict):
            help = "Write [organization] on a line of its own, and its settings below."
            self._add_problem("organization", "The setting “organization” must be a table.", help)
            return Organization()
        self._check_keys(table, self.ORGANIZATION)
        reader = _Reader(self.source, table, self.problems)
        texts = {key: reader._text(key, "") for key in self.ORGANIZATION if key != "profiles"}
        if texts["founded"] and not re.fullmatch(r"\d{4}(-\d\d){0,2}", texts["founded"]):
            self._add_problem(
                "founded",
                f"The setting “founded” is “{texts['founded']}”, which is not a year.",
                'Write founded = "2024"',
            )
            texts["founded"] = ""
        profiles = reader._list("profiles", "URLs", '["https://www.linkedin.com/…"]')
        invalid = [profile for profile in profiles if not re.fullmatch(r"https://[^\s/]+\S*", profile)]
        for profile in invalid:
            self._add_problem(
                profile, f"The profile “{profile}” is not a full URL.", "Write the whole URL, with https://."
            )
        return Organization(**texts, profiles=tuple(profile for profile in profiles if profile not in invalid))

    def _text(self, key: str, default: str) -> str:
        value = self.data.get(key, default)
        if isinstance(value, str):
            return value
        self._add_problem(key, f"The setting “{key}” must be text in quotes.", f'Write {key} = "…"')
        return default

    def _list(self, key: str, content: str, example: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(value)
        self._add_problem(key, f"The setting “{key}” must be a list of {content}.", f"Write {key} = {example}")
        return ()

    def _urls(self, key: str) -> tuple[str, ...]:
        return tuple(normalize_path(url) for url in self._list(key, "page URLs", '["/hire", "/pricing"]'))

    def _language(self) -> str:
        written = self._text("language", languages.DEFAULT)
        if not (code := languages.normalize(written)):
            near = languages.nearest(written)
            help = f'Did you mean language = "{near}"?' if near else 'Write the code of a language: language = "en"'
            self._add_problem("language", f"The setting “language” is “{written}”, which is not a language.", help)
        return code or languages.DEFAULT

    def _header_button(self) -> HeaderButton | None:
        text = self._text("header_button", "")
        label, _, target = (part.strip() for part in text.partition("→"))
        if label and is_site_path(target) and "?" not in target and "#" not in target:
            return HeaderButton(label, normalize_path(target))
        if text:
            message = f"The setting “header_button” is “{text}”, which doesn't name a button and its page."
            help = 'Write the button\'s text, an arrow and the URL of a page: header_button = "Start free → /start"'
            self._add_problem("header_button", message, help)
        return None

    def _table(self, key: str) -> dict[str, str]:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            help = f"Write [{key}] on a line of its own, and its entries below."
            self._add_problem(key, f"The setting “{key}” must be a table.", help)
            return {}
        for name in [name for name, entry in value.items() if not isinstance(entry, str)]:
            self._add_problem(name, f"The value of “{name}” must be text in quotes.", f'Write "{name}" = "…"')
        return {name: entry for name, entry in value.items() if isinstance(entry, str)}

    def _calls(self) -> dict[str, str]:
        calls = self._table("calls_to_action")
        for label in [label for label, target in calls.items() if not re.fullmatch(TARGET_PATTERN, target)]:
            target = calls.pop(label)
            help = "Use a URL of this site, such as /start, or one that begins with https://, mailto: or tel:."
            self._add_problem(label, f"A link can't lead to “{target}”.", help)
        return {label: _normalize_target(target) for label, target in calls.items()}

    def _add_problem(self, key: str, message: str, help: str) -> None:
        line = next((number for number, text in enumerate(self.source.lines, 1) if key in text), 1)
        self.problems.append(self.source.problem_at("site-settings", message, help, line=line, text=key))


def _normalize_target(target: str) -> str:
    """Return `target` in its normal form. If it may be a file, return it unchanged: file names may have capitals."""
    may_be_file = "." in target.rpartition("/")[2]
    return normalize_path(target) if is_site_path(target) and "?" not in target and not may_be_file else target
