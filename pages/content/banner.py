"""The banner at the top of the site's pages: the table `[banner]` in `site.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from . import blocks, dates, markup, url_paths
from .blocks import Paragraph
from .calls_to_action import CallResolver
from .inlines import Inline, Run
from .markup import Html
from .problems import Source


@dataclass(frozen=True)
class Banner:
    """A text that pages show at their top from the time `starts` until the time `ends`.

    `text` is the Markdown, and `html` is the text as pages show it. `pages` are the URLs of the
    pages that show the banner. If `pages` is empty, all pages show it.
    """

    text: str
    html: Html
    starts: datetime | None = None
    ends: datetime | None = None
    pages: tuple[str, ...] = ()

    @property
    def times(self) -> tuple[datetime, ...]:
        """The times at which the banner appears and disappears."""
        return tuple(time for time in (self.starts, self.ends) if time)

    def is_on(self, path: str) -> bool:
        """Return whether the page at `path` is one of the banner's pages."""
        return not self.pages or path in self.pages

    def has_started(self, now: datetime) -> bool:
        return self.starts is None or self.starts <= now

    def has_ended(self, now: datetime) -> bool:
        return self.ends is not None and self.ends <= now


def render(text: str, calls_to_action: Mapping[str, str]) -> Html | None:
    """Return the HTML of a banner's text, or None if the text is not a single paragraph without images.

    Links are relative to the home page, because the banner is on pages with different URLs.
    """
    parsed = blocks.parse(text)
    if len(parsed) != 1 or not isinstance(parsed[0], Paragraph) or any(run.image for run in parsed[0].inline.runs):
        return None
    resolver = CallResolver(Source("", text), calls_to_action, [])
    return markup.render_inline(Inline(tuple(map(_resolve, resolver.mark(parsed[0].inline).runs))))


def _resolve(run: Run) -> Run:
    href = f"/{run.href}" if run.href.startswith("#") else url_paths.resolve("/", run.href)
    return run._replace(href=href)


def parse_start(value: object) -> datetime:
    """Return the time when the banner appears, in UTC. Raises ValueError or OverflowError.

    `value` is the value of `from`: a text like META's `Publish`, a TOML date or a TOML date-time.
    """
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    if isinstance(value, str | date):
        return dates.parse_time(str(value))
    raise ValueError(value)


def parse_end(value: object) -> datetime:
    """Return the time when the banner disappears, in UTC. Raises ValueError or OverflowError.

    `value` is the value of `until`. If it has no time of day, the banner disappears at the end of the day.
    """
    return parse_start(value) if isinstance(value, datetime) else dates.parse_end(str(value))
