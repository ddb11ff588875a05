"""The facts in `facts.toml`: prices, phone numbers and other statements about the company, each in one place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import NamedTuple

from . import dates
from .problems import Problem, Source
from .toml_errors import toml_problem
from .toml_positions import KeyPath
from .toml_reader import TomlReader
from .url_paths import PHONE, is_site_path, normalize_path

# In a phrase, this character stands for the fact's value.
VALUE_MARK = "…"

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_CONFIRMED = re.compile(r"\s*confirmed\s*=(.*)")
_PERIOD = re.compile(r"(\d{1,4}) (day|week|month|year)s?")


class Form(NamedTuple):
    """The format that a fact's value must have, because the site uses the value in links or in structured data."""

    pattern: re.Pattern[str]
    what: str
    example: str


# The formats that some facts must have. A key is the name of a fact or of a group of facts.
_FORMS = {
    "email": Form(re.compile(r"[^@\s]+@[^@\s]+"), "an email address", "info@example.com"),
    "phone": Form(PHONE, "an international phone number with + and the country code", "+91 89624 12726"),
    "profile": Form(re.compile(r"https://[^\s/]+\S*"), "a full URL", "https://www.linkedin.com/…"),
    "company.founded": Form(re.compile(r"\d{4}(-\d\d){0,2}"), "a year", "2024"),
}


def form_of(name: str) -> Form | None:
    """Return the format that the value of the fact `name` must have, or None if the fact may have any value."""
    return _FORMS.get(name) or _FORMS.get(name.partition(".")[0])


@dataclass(frozen=True)
class Fact:
    """One fact.

    `name` is the name of the fact's table, such as "price.growth". `value` is text, such as "₹1,800". `what` explains
    the fact, and `source` says where it comes from. If the fact was `confirmed` more than `confirm_every` days ago, it
    is stale.

    `names` and `phrases` find the fact in documents. For example, an amount of money near “Growth” states the
    price that has “Growth” in `names`. In `phrases`, VALUE_MARK stands for the value. If `pages` isn't empty, only the
    pages at these URLs state the fact.
    """

    name: str
    value: str
    what: str = ""
    source: str = ""
    confirmed: date | None = None
    confirm_every: int | None = None
    names: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def path(self) -> KeyPath:
        """The fact's name as a tuple, such as ("price", "growth") for the table `[price.growth]` in `facts.toml`."""
        return tuple(self.name.split("."))


@dataclass(frozen=True)
class Facts:
    """All facts by name, in the order of the file. Without `facts.toml`, there are none."""

    facts: Mapping[str, Fact] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return the value of the fact `name`, or "" if there is no such fact."""
        fact = self.facts.get(name)
        return fact.value if fact else ""

    def group(self, name: str) -> dict[str, Fact]:
        """Return the facts whose names start with `name` and a dot, keyed by the rest of their names."""
        start = f"{name}."
        return {each.removeprefix(start): fact for each, fact in self.facts.items() if each.startswith(start)}


def parse(source: Source, problems: list[Problem]) -> Facts | None:
    """Return the facts in `source`, or None if `source` is not valid TOML. Never raise.

    A fact without a valid value is left out. All mistakes are added to `problems`.
    """
    try:
        reader = _Reader(source, tomllib.loads(source.text), problems)
        return Facts({fact.name: fact for fact in reader.read()})
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problem = toml_problem(source, error, _Reader.RULE)
        if confirmed := _CONFIRMED.match(source.line(problem.line)):
            problem = problem._replace(help=_date_help(confirmed[1]))
        problems.append(problem)
        return None


def _date_help(written: str) -> str:
    found = dates.suggest(written, with_time=False)
    meant = " or ".join(f"confirmed = {day}" for day in found)
    return f"Did you mean {meant}?" if meant else "Write the year, the month and the day: confirmed = 2026-12-01"


class _Reader(TomlReader):
    """Reads `facts.toml`. A table that contains only tables is a group of facts. Any other table is a fact."""

    RULE = "facts"
    FACT = tuple(each.name for each in fields(Fact) if each.name != "name")

    def read(self) -> Iterator[Fact]:
        groups = {key: entry for key, entry in self.data.items() if isinstance(entry, dict)}
        if not self.path:
            for key in [key for key in self.data if key not in groups]:
                help = f'Write [{key}] on a line of its own, and value = "…" below.'
                self._report_key(key, f"The entry “{key}” must be a table.", help)
        elif not groups or len(groups) < len(self.data):
            yield from self._fact()
        for key, table in groups.items():
            if "." in key:
                help = "Write a name without dots, such as [phone.India]."
                self._report_key(key, f"The name “{key}” contains a dot.", help)
                continue
            yield from _Reader(self.source, table, self.problems, (*self.path, key), self.positions).read()

    def _fact(self) -> Iterator[Fact]:
        own = {key: entry for key, entry in self.data.items() if not isinstance(entry, dict)}
        reader = _Reader(self.source, own, self.problems, self.path, self.positions)
        reader._check_keys(self.FACT)
        value, what, source = (reader._required(key, example) for key, example in _EXAMPLES.items())
        fact = Fact(
            ".".join(map(str, self.path)),
            value,
            what,
            source,
            reader._confirmed(),
            reader._period(),
            reader._names(),
            reader._phrases(),
            reader._pages(),
        )
        if value and reader._is_valid(fact):
            yield fact

    def _is_valid(self, fact: Fact) -> bool:
        """Return True if the site can use the fact's value. Otherwise, report the value.

        For example, the site can't use a phone number without a country code.
        """
        form = form_of(fact.name)
        if form is None or form.pattern.fullmatch(fact.value):
            return True
        self._report(("value",), f"“{fact.value}” is not {form.what}.", f'Write value = "{form.example}"')
        return False

    def _required(self, key: str, example: str) -> str:
        text = self._text(key, "").strip()
        if not text and isinstance(self.data.get(key, ""), str):
            self._report_missing(key, f"Write {key} = {example}")
        return text

    def _report_missing(self, key: str, help: str) -> None:
        name = ".".join(map(str, self.path))
        self._report((key,) if key in self.data else (), f"The fact “{name}” has no “{key}”.", help)

    def _confirmed(self) -> date | None:
        written = self.data.get("confirmed")
        if written is None:
            self._report_missing("confirmed", "Write the day when someone checked this fact: confirmed = 2026-12-01")
            return None
        if isinstance(written, datetime):
            return written.date()
        if isinstance(written, date):
            return written
        message = f"“confirmed” must be a date without quotes, not “{written}”."
        self._report(("confirmed",), message, _date_help(str(written)))
        return None

    def _period(self) -> int | None:
        text = self._text("confirm_every", "")
        match = _PERIOD.fullmatch(text.strip())
        if match and int(match[1]):
            return int(match[1]) * _DAYS[match[2]]
        if text:
            self._report(("confirm_every",), f"“{text}” is not a period of time.", 'Write confirm_every = "90 days"')
        return None

    def _names(self) -> tuple[str, ...]:
        names = self._list("names", "texts", '["Growth"]')
        for index, name in enumerate(names):
            if not name.strip():
                self._report(("names", index), "A name is empty.", "Write a word, or delete the empty text.")
        return tuple(name.strip() for name in names if name.strip())

    def _phrases(self) -> tuple[str, ...]:
        valid = list[str]()
        for index, phrase in enumerate(self._list("phrases", "texts", f'["{VALUE_MARK} free assessments"]')):
            if phrase.count(VALUE_MARK) == 1 and phrase.replace(VALUE_MARK, "").strip():
                valid.append(phrase)
            else:
                message = f"The phrase “{phrase}” must have words and one “{VALUE_MARK}”, which stands for the value."
                help = f'Write phrases = ["{VALUE_MARK} free assessments"]'
                self._report(("phrases", index), message, help)
        return tuple(valid)

    def _pages(self) -> tuple[str, ...]:
        pages = self._list("pages", "page URLs", '["/hire/data-engineer"]')
        for index, url in enumerate(pages):
            if not is_site_path(url):
                help = f'Write "/{url.lstrip("./")}"'
                self._report(("pages", index), f"“{url}” is not the URL of a page.", help)
        return tuple(map(normalize_path, pages))


_EXAMPLES = {
    "value": '"₹1,800"',
    "what": '"One assessment on the Growth plan"',
    "source": '"The price list"',
}
