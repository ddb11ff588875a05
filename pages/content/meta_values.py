"""Read the values of META that links or search engines use, such as `Aliases`, `Canonical` and `Language`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from . import languages, robots
from .problems import Edit, Problem, Source, Span
from .url_paths import alias_path, is_reserved, is_site_path, is_web_url, normalize_path

_PAGE_PATH = re.compile(r"[a-z0-9._~/-]+")
MAX_ALIASES = 1_000  # More aliases would be slow to check: each conflicting alias needs a search in META.
MAX_DIRECTIVES = 100  # More words would be slow to check: each unknown word needs a search for a similar word.


@dataclass(frozen=True)
class MetaValue:
    """The value of a key of META, without line breaks. The value starts at `line` and `column` of `source`."""

    key: str
    text: str
    source: Source
    line: int
    column: int
    problems: list[Problem]

    def report(self, message: str, help: str) -> None:
        self._add("meta-value", message, help, self.column, len(self.text))

    def report_part(self, part: str, message: str, help: str) -> None:
        """Report a problem with a part of the value. If the part isn't on the first line, mark the value's start."""
        whole_part = re.compile(rf"(?<![\w/.%-]){re.escape(part)}(?![\w/.%-])")
        match = whole_part.search(self.source.line(self.line), self.column - 1)
        self._add("meta-value", message, help, match.start() + 1 if match else self.column, len(part))

    def report_spelling(self, url: str) -> None:
        """Report that the URL in this value redirects to `url`."""
        span = Span(self.line, self.column, len(self.text))
        is_one_line = self.source.text_at(span) == self.text
        edits = (Edit(span, url),) if is_one_line else ()
        message = f"“{self.key.capitalize()}” is {self.text}, which redirects to {url}."
        self._add("link-spelling", message, f"Write {url}", self.column, len(self.text), edits)

    def _add(self, rule: str, message: str, help: str, column: int, length: int, edits: tuple[Edit, ...] = ()) -> None:
        place = {"line": self.line, "column": column, "length": max(length, 1)}
        self.problems.append(self.source.problem(rule, message, help, **place, edits=edits))


def aliases(value: MetaValue) -> Iterator[str]:
    """Yield the paths of the old URLs that redirect to the page."""
    written = list(filter(None, (part.strip() for part in value.text.split(","))))
    if len(written) > MAX_ALIASES:
        message = f"This page has {len(written):,} aliases, but only the first {MAX_ALIASES:,} have an effect."
        value.report(message, "Remove the aliases that nobody uses.")
    for alias in written[:MAX_ALIASES]:
        url = alias_path(alias)
        if is_reserved(reserved := url or normalize_path(alias)):
            message = f"The site itself uses the URL {reserved}, so this URL can't be an alias."
            value.report_part(alias, message, "Remove this URL from the line.")
        elif url:
            yield url
        elif is_site_path(alias):
            message = f"“{alias}” in “Aliases” has no effect, because no request can have this path."
            help = "Write only the path of the old URL, such as /old-url, without “?”, “#”, “..” or spaces."
            value.report_part(alias, message, help)
        else:
            message = f"“Aliases” must be URLs of this site that begin with “/”, not “{alias}”."
            value.report_part(alias, message, "Write `Aliases: /old-url, /older-url`.")


def canonical(value: MetaValue) -> str:
    """Return the canonical URL, or "" if it is not valid. A path is normalized if it is valid for a page."""
    if not value.text or is_web_url(value.text):
        return value.text
    if not is_site_path(value.text):
        message = "“Canonical” must be a URL that begins with “/” or https://."
        value.report(message, "Write `Canonical: /hire/engineer`, or a whole https:// URL.")
        return ""
    url = normalize_path(unquote(value.text))
    if not _PAGE_PATH.fullmatch(url):  # no page can have this path
        return value.text
    if url != value.text:
        value.report_spelling(url)
    return url


def image(value: MetaValue) -> str:
    """Return the URL of the image, or "" if the URL is not valid."""
    if not value.text or is_site_path(value.text) or is_web_url(value.text):
        return value.text
    message = "“Image” must be a URL that begins with “/” or https://."
    value.report(message, "Write `Image: /images/card.png`, or a whole https:// URL.")
    return ""


def language(value: MetaValue) -> str:
    """Return the code of the language, or "" if the value is not the code of a known language."""
    code = languages.normalize(value.text)
    if value.text and not code:
        near = languages.nearest(value.text)
        message = f"“Language” must be the code of a language, such as `hi` for Hindi, not “{value.text}”."
        help = f"Did you mean `Language: {near}`?" if near else "Write a code from https://r12a.github.io/app-subtags/."
        value.report(f"{message} This line has no effect.", help)
    return code


def translation_of(value: MetaValue) -> str:
    """Return the normalized path of the translated page, or "" if the value is not a path."""
    return _page_url(value, "Write `Translation of: /hire/data-engineer`, with the URL of the original page.")


def expires_to(value: MetaValue) -> str:
    """Return the normalized path of the page that replaces the expired page, or "" if the value is not a path."""
    return _page_url(value, "Write `Expires to: /pricing`, with the URL of a page of this site.")


def _page_url(value: MetaValue, help: str) -> str:
    url = normalize_path(unquote(value.text))
    if not value.text or (is_site_path(value.text) and _PAGE_PATH.fullmatch(url)):
        if value.text and url != value.text:
            value.report_spelling(url)
        return url if value.text else ""
    name = value.key.capitalize()
    value.report(f"“{name}” must be the URL of a page, and begin with “/”. This line has no effect.", help)
    return ""


def robots_directives(value: MetaValue) -> Iterator[str]:
    """Yield the valid directives in lowercase.

    A misspelled `noindex` counts as `noindex`: a typo must not put a page into search results.
    """
    words = robots.split_directives(value.text)
    if len(words) > MAX_DIRECTIVES:
        message = f"“Robots” has {len(words):,} words, but only the first {MAX_DIRECTIVES} have an effect."
        value.report(message, "Write each word once.")
    for written in words[:MAX_DIRECTIVES]:
        directive = written.lower()
        if robots.is_valid(directive):
            yield directive
            continue
        near = robots.nearest(directive)
        message = f"Search engines don't know “{written}” in “Robots”, so this word has no effect."
        if robots.keeps_out([near]):
            yield near
            message = f"Search engines don't know “{written}” in “Robots”. The site uses “{near}” instead."
        known = ", ".join(robots.DIRECTIVES)
        help = f"Did you mean `{near}`?" if near else f"Use these words, separated by commas: {known}."
        value.report_part(written, message, help)
