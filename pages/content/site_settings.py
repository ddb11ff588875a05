"""The settings in `site.toml`, which all pages share."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from . import banner, content_usage, languages, nav_entries, security_contact, site_words
from .banner import Banner
from .content_usage import ContentUsage, UsageReader
from .facts import Facts
from .languages import Language
from .nav_entries import InvalidEntry, NavEntry
from .organization import Organization, organization_of
from .problems import Problem, Source
from .security_contact import SecurityContact, SecurityReader
from .site_words import Words
from .toml_errors import toml_problem
from .toml_reader import MOVE_UP, TomlReader
from .url_paths import TARGET_PATTERN, is_site_path, normalize_path, phone_url


@dataclass(frozen=True)
class SiteSettings:
    """The settings in `site.toml`.

    `calls_to_action` maps labels to targets. `words` are words with their correct capitals. `offer` is printed at the
    end of every page. `footer_groups` maps titles to the links under them. `language` is the code of the pages'
    language. `translations` maps the codes of other languages to the site's own words in that language.
    `content_usage` is what crawlers may use the pages for. `security` is the content of `security.txt`. `facts` are the
    facts in `facts.toml`.
    """

    name: str = "LayersRank"
    description: str = ""
    offer: str = ""
    calls_to_action: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    header: tuple[NavEntry, ...] = ()
    header_button: NavEntry | None = None
    footer: tuple[NavEntry, ...] = ()
    footer_groups: Mapping[str, tuple[NavEntry, ...]] = field(default_factory=dict)
    banner: Banner | None = None
    language: str = languages.DEFAULT
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    content_usage: ContentUsage | None = None
    security: SecurityContact | None = None
    facts: Facts = field(default_factory=Facts)

    def words_in(self, language: Language) -> Words:
        """Return the site's own words in `language`."""
        return site_words.words_in(language, self.translations)

    @property
    def email(self) -> str:
        return self.facts.value("email")

    @property
    def phones(self) -> dict[str, str]:
        """The company's phone numbers in `facts.toml`, keyed by place, such as "India"."""
        return {place: fact.value for place, fact in self.facts.group("phone").items()}

    @property
    def organization(self) -> Organization:
        return organization_of(self.facts)

    @property
    def own_texts(self) -> tuple[str, ...]:
        """The texts in `site.toml` that pages show, and the places of the phone numbers, such as “India”."""
        button = (self.header_button,) if self.header_button else ()
        groups = (entry for entries in self.footer_groups.values() for entry in entries)
        labels = [entry.label for entry in (*button, *self.header, *self.footer, *groups)]
        texts = (*labels, *self.footer_groups, self.description, *self.phones, self.offer)
        return tuple(dict.fromkeys(filter(None, texts)))

    @property
    def phone_links(self) -> list[tuple[str, str, str]]:
        """Return the place (such as “India”), the number and the `tel:` URL of each phone in `facts.toml`.

        The number is formatted as in the file.
        """
        return [(place, number, phone_url(number)) for place, number in self.phones.items()]


def parse(source: Source, problems: list[Problem]) -> SiteSettings | None:
    """Return the settings in `source`, or None if `source` is not valid TOML. Never raise.

    Invalid settings are left out. All mistakes are added to `problems`.
    """
    try:
        return _Reader(source, tomllib.loads(source.text), problems).read()
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(toml_problem(source, error))
        return None


# Settings of earlier versions, with the lines of `facts.toml` that replace them.
MOVED = {
    "email": '[email] and value = "info@example.com"',
    "phones": '[phone.India] and value = "+91 89624 12726"',
    "organization": "[company.founded], [company.parent], [address.headquarters] and [profile.linkedin]",
}


class _Reader(TomlReader):
    """Reads `site.toml`."""

    KEYS = tuple(each.name for each in fields(SiteSettings) if each.name != "facts")
    BANNER = ("text", "from", "until", "pages")

    def read(self) -> SiteSettings:
        self._check_keys((*self.KEYS, *MOVED))
        for key in MOVED.keys() & self.data.keys():
            message = f"The setting “{key}” has no effect here, because it belongs in facts.toml."
            self._report_key(key, message, f"Delete it. In facts.toml, write {MOVED[key]}.")
        calls = self._calls()
        return SiteSettings(
            name=self._text("name", "LayersRank"),
            description=self._text("description", ""),
            offer=self._text("offer", ""),
            calls_to_action=calls,
            words=self._list("words", "words", '["LayersRank", "FAQ"]'),
            header=self._entries("header"),
            header_button=self._header_button(),
            footer=self._entries("footer"),
            footer_groups=self._footer_groups(),
            banner=self._banner(calls),
            language=self._language(),
            translations=site_words.read_translations(self.source, self.data.get("translations", {}), self.problems),
            content_usage=self._content_usage(),
            security=self._security(),
        )

    def _content_usage(self) -> ContentUsage | None:
        table = self._subtable(content_usage.TABLE)
        if table is None:
            return None
        return UsageReader(self.source, table.data, self.problems, table.path, self.positions).read()

    def _security(self) -> SecurityContact | None:
        table = self._subtable(security_contact.TABLE)
        if table is None:
            return None
        return SecurityReader(self.source, table.data, self.problems, table.path, self.positions).read()

    def _entries(self, key: str) -> tuple[NavEntry, ...]:
        """Return the links of the list `key`. Report and leave out each invalid entry."""
        entries: list[NavEntry] = []
        for index, text in enumerate(self._list(key, "links", '["/hire", "Log in → https://app.example.com/login"]')):
            try:
                entries.append(nav_entries.parse_entry(text, self.positions.value((*self.path, key, index))))
            except InvalidEntry as error:
                self._report((key, index), error.message, error.help)
        return tuple(entries)

    def _language(self) -> str:
        written = self._text("language", languages.DEFAULT)
        if not (code := languages.normalize(written)):
            near = languages.nearest(written)
            help = f'Did you mean language = "{near}"?' if near else 'Write the code of a language: language = "en"'
            self._report(("language",), f"The setting “language” is “{written}”, which is not a language.", help)
        return code or languages.DEFAULT

    def _footer_groups(self) -> dict[str, tuple[NavEntry, ...]]:
        reader = self._subtable("footer_groups")
        if reader is None:
            return {}
        for title in filter(reader._is_misplaced, reader.data):
            reader._report_key(
                title, f"The setting “{title}” is below [footer_groups], so it is a footer group.", MOVE_UP
            )
        return {title: reader._entries(title) for title in reader.data if not reader._is_misplaced(title)}

    def _header_button(self) -> NavEntry | None:
        text = self._text("header_button", "")
        if not text:
            return None
        example = 'Write the button\'s text, an arrow and the URL of a page: header_button = "Start free → /start"'
        try:
            entry = nav_entries.parse_entry(text, self.positions.value(("header_button",)))
        except InvalidEntry as error:
            is_about_button = "→" in error.help and nav_entries.EXAMPLE not in error.help
            help = error.help if is_about_button else example
            self._report(("header_button",), error.message, help)
            return None
        if entry.label and (entry.is_external or not re.search("[?#]", entry.target)):
            return entry
        message = f"The setting “header_button” must have a text and the URL of a page, not “{text}”."
        self._report(("header_button",), message, example)
        return None

    def _banner(self, calls: Mapping[str, str]) -> Banner | None:
        reader = self._subtable("banner", self.BANNER)
        if reader is None:
            return None
        text = reader._text("text", "")
        html = banner.render(text, calls)
        if html is None:
            message = "The banner's text must be one paragraph of words and links, without images."
            example = 'text = "We moved. [See the new office](/about)"'
            reader._report(("text",) if "text" in reader.data else (), message, f"Write {example}")
        starts = reader._time("from", banner.parse_start)
        ends = reader._time("until", banner.parse_end)
        if starts and ends and ends <= starts:
            message = "The banner ends before it starts, so no page would show it."
            reader._report(("until",), message, "Write a time after “from”.")
        pages = reader._list("pages", "page URLs", '["/hire", "/pricing"]')
        for index, url in enumerate(pages):
            if not is_site_path(url):
                message = f"“{url}” is not the URL of a page."
                reader._report(("pages", index), message, f'Write "/{url.lstrip("./")}"')
        return Banner(text, html, starts, ends, tuple(map(normalize_path, pages))) if html else None

    def _calls(self) -> dict[str, str]:
        calls = self._table("calls_to_action")
        for label in [label for label, target in calls.items() if not re.fullmatch(TARGET_PATTERN, target)]:
            target = calls.pop(label)
            help = "Use a URL of this site, such as /start, or one that begins with https://, mailto: or tel:."
            self._report(("calls_to_action", label), f"A link can't lead to “{target}”.", help)
        return {label: nav_entries.normalize_target(target) for label, target in calls.items()}
