"""Read robots.txt of any site (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, unquote_to_bytes, urlsplit

MAX_BYTES = 500 * 1024  # crawlers must read at least this much (RFC 9309, 2.5)


@dataclass(frozen=True)
class RobotsTxt:
    """The content of robots.txt.

    `groups` maps the product token of each crawler, in lowercase, to the crawler's rules. A rule is a path pattern with
    True for “allow” or False for “disallow”. `sitemaps` are the URLs of the sitemaps.
    """

    groups: dict[str, list[tuple[bool, str]]]
    sitemaps: tuple[str, ...] = ()

    def allows(self, agent: str, url: str) -> bool:
        """Return whether the crawler with the product token `agent` may request `url`.

        The longest matching rule wins, and “allow” wins against a “disallow” of the same length (RFC 9309, 2.2.2).
        """
        rules = self.groups.get(agent.lower(), self.groups.get("*", []))
        parts = urlsplit(url)
        path = _normalize(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        matching = [(len(pattern), is_allowed) for is_allowed, pattern in rules if _matches(pattern, path)]
        return max(matching, default=(0, True))[1]


def parse_robots(text: str) -> RobotsTxt:
    """Return the rules in `text`. Ignore lines that are no rules, as crawlers do."""
    groups: dict[str, list[tuple[bool, str]]] = {}
    sitemaps: list[str] = []
    agents: list[str] = []
    is_start = True  # several user agents in a row share their rules
    for key, value in _lines(text):
        if key == "sitemap":
            sitemaps.append(value)
        elif key == "user-agent":
            agents = [*agents, value.lower()] if is_start else [value.lower()]
            groups.setdefault(value.lower(), [])
            is_start = True
        elif key in ("allow", "disallow"):
            is_start = False
            if value:  # an empty “Disallow” forbids nothing
                for agent in agents:
                    groups[agent].append((key == "allow", _normalize(value)))
    return RobotsTxt(groups, tuple(sitemaps))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text[:MAX_BYTES].splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield key.strip().lower().removeprefix("\ufeff"), value.strip()


def _normalize(path: str) -> str:
    """Return `path` with one spelling of percent-encoding, so that paths can be compared (RFC 9309, 2.2.2)."""
    return quote(unquote_to_bytes(path), safe="/*$?=&;,:@!'()+~-._")


def _matches(pattern: str, path: str) -> bool:
    """Return whether `pattern` matches the start of `path`. `*` stands for any text, and `$` for the end of `path`.

    Don't use a regular expression: with many `*`, its time would grow exponentially.
    """
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    last = others.pop() if pattern.endswith("$") and others else None
    for part in others:
        found = path.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    if not pattern.endswith("$"):
        return True
    if last is None:
        return position == len(path)
    return path.endswith(last) and len(path) - len(last) >= position
