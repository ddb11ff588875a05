"""The META block: a page's title, description and publishing settings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from . import dates, foreign_keys, meta_values, robots
from .meta_keys import KEYS, LINE, PUBLISHING_KEYS, is_known_key
from .meta_values import MetaValue
from .problems import Edit, Problem, Source, Span, Suggestions

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Meta:
    """A page's META. `meta_keys.KEYS` describes the fields. A missing key has an empty value.

    `canonical` is a path or a whole URL. A path is normalized if it is valid for a page. `translation_of` and
    `expires_to` are normalized paths. `robots` has only valid directives, separated by commas. `line` is the number of
    META's first line, or 0 if the document has no META. `lines` maps each key of META to the number of its line.
    `is_unclear` is True if the page is a draft only because one of PUBLISHING_KEYS can't be understood.
    """

    title: str = ""
    nav_title: str = ""
    description: str = ""
    keywords: str = ""
    draft: bool = False
    publish: datetime | None = None
    expires: datetime | None = None
    expires_to: str = ""
    aliases: tuple[str, ...] = ()
    canonical: str = ""
    robots: str = ""
    image: str = ""
    updated: dt.date | None = None
    author: str = ""
    date: dt.date | None = None
    language: str = ""
    translation_of: str = ""
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)
    is_unclear: bool = False

    def is_published(self, now: datetime) -> bool:
        return not self.draft and (self.publish is None or self.publish <= now) and not self.has_expired(now)

    def has_expired(self, now: datetime) -> bool:
        return not self.draft and self.expires is not None and self.expires <= now

    def is_unfinished(self, now: datetime) -> bool:
        """Return whether the author keeps the page off the site: the page is a draft, isn't live yet, or has expired.

        Return False for a page with unclear META, because the author may have meant to publish the page.
        """
        return not self.is_unclear and not self.is_published(now)

    def reason_unpublished(self, now: datetime) -> str:
        """Return why a page isn't live, as the end of a sentence, such as “is a draft” or “expired on …”."""
        if self.draft:
            return "is a draft"
        if self.expires and self.has_expired(now):
            return f"expired on {dates.format_time(self.expires)}"
        return f"is not live until {dates.format_time(self.publish)}" if self.publish else "is a draft"

    @property
    def publication_times(self) -> tuple[datetime, ...]:
        """The times at which the page goes live or expires. A draft does neither."""
        if self.publish is None and self.expires is None:  # true for most pages, and faster than the next line
            return ()
        return tuple(time for time in (self.publish, self.expires) if time and not self.draft)

    @property
    def keeps_out_search_engines(self) -> bool:
        return robots.keeps_out(self.robots.split(", "))

    @property
    def is_article(self) -> bool:
        return bool(self.author and self.date)


@dataclass(slots=True)
class Entry:
    """A key of META as written, and its value.

    The value starts at `line`, and has `line_count` lines. `block` is the number of the META block's first line.
    """

    line: int
    key: str
    parts: list[str]
    block: int
    line_count: int = 1

    @property
    def value(self) -> str:
        return " ".join(self.parts)


def parse(
    source: Source, lines: Sequence[tuple[int, str]], front_matter: Sequence[Entry] = ()
) -> tuple[Meta, list[Problem]]:
    """Return the META and the problems found in `lines` and in the entries of `front_matter`.

    Each item of `lines` is a line's number and its text.
    """
    parser = _Parser(source)
    entries = [*front_matter, *parser.split(lines)]
    for entry in entries:
        parser.add(entry)
    first_lines = [entry.line for entry in front_matter[:1]] + [number for number, _ in lines[:1]]
    return parser.meta(min(first_lines, default=1)), parser.problems


class _Parser:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.values: dict[str, str] = {}
        self.positions: dict[str, tuple[int, int]] = {}  # The line and column of each value, by key.
        self.is_unclear = False  # True if one of PUBLISHING_KEYS seems misspelled or has two values.
        self._similar_keys = Suggestions()
        # With this cutoff, “staus” and “published” are similar to a key, but “tags” isn't.
        self._publishing_keys = Suggestions(cutoff=0.7)

    def split(self, lines: Iterable[tuple[int, str]]) -> list[Entry]:
        """Return the entries in the lines of a META block."""
        entries: list[Entry] = []
        can_continue = False  # True if the line above belongs to a known key
        last_line = block = 0
        for number, text in lines:
            match = LINE.match(text)
            if not text.strip():
                continue
            block = block if number == last_line + 1 else number
            last_line = number
            if match and (is_known_key(match[1]) or not text[0].isspace()):
                can_continue = is_known_key(match[1])
                entries.append(Entry(number, match[1].strip(), [match[2].strip()], block))
            elif can_continue and text[0].isspace():
                entries[-1].parts.append(text.strip())
                entries[-1].line_count += 1
            else:
                message = "This line is not in the form `Key: value`, so it has no effect."
                help = "Write `Key: value`. To continue the value above, indent this line."
                self._report("meta-line", number, text.strip(), message, help)
        return entries

    def add(self, entry: Entry) -> None:
        key = entry.key.lower()
        if not is_known_key(key):
            self._report_unknown_key(entry)
        elif key in self.values:
            self._report_doubled_key(entry)
        else:
            self.values[key] = entry.value
            line, value = self.source.line(entry.line), entry.parts[0]
            separator = re.search("[:=]", line)  # a TOML line has `=`, and may have a colon later
            start = separator.end() if separator else 0
            self.positions[key] = entry.line, max(line.find(value, start) if value else len(line), 0) + 1

    def _report_doubled_key(self, entry: Entry) -> None:
        key = entry.key.lower()
        is_same = self.values[key] == entry.value
        message = f"META contains “{entry.key}” twice, with the same value."
        if not is_same:
            message = f"META contains “{entry.key}” twice. The site uses line {self.positions[key][0]}."
            if key in PUBLISHING_KEYS:
                self.is_unclear = True
                message = f"META contains “{entry.key}” twice, with different values. The page stays a draft."
        # META may have several blocks, and a block without a known key is not META. The second line may hold the only
        # known key of its block. So delete the second line only if the first line is in the same block.
        can_fix = is_same and entry.line_count == 1 and self.positions[key][0] >= entry.block
        span = Span(entry.line, 1, len(self.source.line(entry.line)))
        edits = (Edit(span, deletes_line=True),) if can_fix else ()
        help = "Delete one of the two lines."
        self.problems.append(
            self.source.problem_at("doubled-meta-key", message, help, line=entry.line, text=entry.key, edits=edits)
        )

    def _report_unknown_key(self, entry: Entry) -> None:
        same = foreign_keys.same_key(entry.key)
        publishing = same or self._publishing_keys.nearest(entry.key.lower(), PUBLISHING_KEYS)
        publishing = publishing if publishing.lower() in PUBLISHING_KEYS else ""
        near = publishing or self._similar_keys.nearest(entry.key.lower(), KEYS)
        keys = ", ".join(key.capitalize() for key in KEYS)
        help = (
            f"Did you mean “{near.capitalize()}”?" if near else f"Delete this line, or use one of these keys: {keys}."
        )
        if same or not publishing:
            help = foreign_keys.help_for_key(entry.key, entry.value) or help
        message = f"META has no key “{entry.key}”, so this line has no effect."
        if publishing:
            self.is_unclear = True
            message = f"META has no key “{entry.key}”. The page stays a draft until you correct this line."
        self._report("unknown-meta-key", entry.line, entry.key, message, help)

    def _report(self, rule: str, number: int, text: str, message: str, help: str) -> None:
        self.problems.append(self.source.problem_at(rule, message, help, line=number, text=text))

    def _value(self, key: str) -> MetaValue:
        line, column = self.positions.get(key, (0, 0))
        return MetaValue(key, self.values.get(key, ""), self.source, line, column, self.problems)

    def _report_value(self, key: str, message: str, help: str) -> None:
        self._value(key).report(message, help)

    def meta(self, line: int) -> Meta:
        get = self.values.get
        publish = self._parse("publish", dates.parse_time, "2026-12-01 09:00 +05:30")
        expires = self._parse("expires", dates.parse_end, "2026-12-31 18:00 +05:30")
        has_invalid_date = bool((get("publish") and publish is None) or (get("expires") and expires is None))
        if publish and expires and expires <= publish:
            has_invalid_date = True
            message = "“Expires” must be later than “Publish”. The page stays a draft."
            self._report_value("expires", message, "Correct one of the two times.")
        if get("expires to") and not get("expires"):
            message = "“Expires to” has no effect without “Expires”."
            self._report_value("expires to", message, "Add a line such as `Expires: 2026-12-31 18:00 +05:30`.")
        if publish and self._is_marked_as_draft():
            message = "This line has no effect, because the page is a draft."
            help = "To publish the page at this time, delete the line “Status: draft”."
            self._report("meta-line", self.positions["publish"][0], "Publish", message, help)
        is_draft = self._draft()
        is_unclear = not self._is_marked_as_draft() and (is_draft or has_invalid_date or self.is_unclear)
        return Meta(
            title=get("title", ""),
            nav_title=get("nav title", ""),
            description=get("description", ""),
            keywords=get("keywords", ""),
            draft=is_draft or has_invalid_date or self.is_unclear,
            publish=publish,
            expires=expires,
            expires_to=meta_values.expires_to(self._value("expires to")),
            aliases=tuple(meta_values.aliases(self._value("aliases"))),
            canonical=meta_values.canonical(self._value("canonical")),
            robots=", ".join(meta_values.robots_directives(self._value("robots"))),
            image=meta_values.image(self._value("image")),
            updated=self._date("updated"),
            author=get("author", ""),
            date=self._date("date"),
            language=meta_values.language(self._value("language")),
            translation_of=meta_values.translation_of(self._value("translation of")),
            line=line,
            lines={key: line for key, (line, _) in self.positions.items()},
            is_unclear=is_unclear,
        )

    def _is_marked_as_draft(self) -> bool:
        return self.values.get("status", "").lower() == "draft" or self.values.get("draft", "").lower() in (
            "true",
            "yes",
        )

    def _draft(self) -> bool:
        """Return whether the page is a draft. An invalid status means draft, so that a typo doesn't publish a page."""
        status = self.values.get("status", "").lower() or "published"
        if status not in ("draft", "published"):
            message = f"“Status” must be “draft” or “published”, not “{self.values['status']}”. The page stays a draft."
            self._report_value("status", message, "Write `Status: draft`, or delete the line to publish the page.")
        draft = self.values.get("draft", "false").lower()
        if draft not in ("true", "yes", "false", "no"):
            message = f"“Draft” must be “true” or “false”, not “{self.values['draft']}”. The page stays a draft."
            self._report_value("draft", message, "Write `Status: draft`, or delete the line to publish the page.")
        return status != "published" or draft not in ("false", "no")

    def _date(self, key: str) -> dt.date | None:
        return self._parse(key, dt.date.fromisoformat, "2026-11-30")

    def _parse(self, key: str, parse: Callable[[str], T], example: str) -> T | None:
        if not self.values.get(key):
            return None
        try:
            return parse(self.values[key])
        except (ValueError, OverflowError):
            message = f"“{key.capitalize()}” must be a date, not “{self.values[key]}”."
            found = dates.suggest(self.values[key], with_time=" " in example)
            lines = [f"`{key.capitalize()}: {day}`" for day in found or (example,)]
            self._report_value(key, message, f"Did you mean {' or '.join(lines)}?" if found else f"Write {lines[0]}.")
            return None
