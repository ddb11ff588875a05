"""Old addresses, as `redirects.toml` lists them: each redirects to a new address, or its page is gone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import quote, unquote, unquote_plus

from . import hub_paths
from .problems import Problem, Source, Suggestions
from .toml_errors import toml_problem
from .toml_positions import TomlPositions
from .url_paths import alias_path, is_reserved, is_site_path, is_web_url, normalize_path, parent_url

GONE = "gone"
RULE = "redirect-line"
# Follow at most this many redirects, because they may lead in a circle. Browsers give up after 20.
MAX_HOPS = 20

PREFIX_END = "/*"  # the old address `/blog/*` stands for `/blog` and all addresses below it

# The characters that a path may have besides letters and digits (RFC 3986, 3.3).
_SAFE = "/-._~!$&'()*+,;=:@"
_HELP = 'Write "/old" = "/new", or "/old" = "gone".'


@dataclass(frozen=True, slots=True)
class Redirect:
    """One line of `redirects.toml`.

    `key` and `value` are the texts as written, and `path` is the normalized old path. If `key` ends with `/*`,
    `is_prefix` is True, and `path` has no `/*`. If the old address has a query, `query` has its parts, such as `p=123`.
    """

    key: str
    value: str
    path: str
    is_prefix: bool
    query: frozenset[str] = frozenset()

    @property
    def is_gone(self) -> bool:
        return self.value == GONE

    def target_of(self, path: str) -> str:
        """Return where this line redirects a request for `path`, which is percent-decoded.

        For example, the line `"/old/*" = "/new/*"` redirects /old/a/b to /new/a/b.
        """
        if not self.value.endswith(PREFIX_END):
            return self.value
        parts = [part for part in path.split("/") if part]
        rest = parts[len([part for part in self.path.split("/") if part]) :]
        start = self.value.removesuffix(PREFIX_END)
        return "/".join((start, *(quote(part, safe=_SAFE) for part in rest))) or "/"


@dataclass(frozen=True)
class Redirects:
    """The lines of `redirects.toml`, keyed by their paths.

    `queries` has the lines with a query. At each path, the longest queries come first. `text` is the file's text. If
    `is_outdated` is True, `text` is an earlier version, because the file has errors.
    """

    exact: Mapping[str, Redirect] = field(default_factory=dict)
    prefixes: Mapping[str, Redirect] = field(default_factory=dict)
    queries: Mapping[str, tuple[Redirect, ...]] = field(default_factory=dict)
    text: str = ""
    is_outdated: bool = False

    @property
    def lines(self) -> tuple[Redirect, ...]:
        with_query = (line for lines in self.queries.values() for line in lines)
        return (*self.exact.values(), *self.prefixes.values(), *with_query)

    def parameters(self, path: str) -> tuple[str, ...]:
        """Return the names of the query parameters that the redirects of `path` look for, sorted."""
        names = {part.partition("=")[0] for line in self.queries.get(path, ()) for part in line.query}
        return tuple(sorted(names))

    def find(self, path: str, query: str = "") -> Redirect | None:
        """Return the line for `path`, or None.

        First look for a line that also matches `query` (see `find_by_query`), then for a line with exactly this path,
        then for the line with the longest prefix.
        """
        url = normalize_path(path)
        if found := self.find_by_query(path, query) or self.exact.get(url):
            return found
        return self.find_prefix(url)

    def find_prefix(self, path: str) -> Redirect | None:
        """Return the line with the longest prefix of `path`, or None."""
        url = normalize_path(path)
        while self.prefixes and url:
            if found := self.prefixes.get(url):
                return found
            url = parent_url(url)
        return None

    def find_by_query(self, path: str, query: str) -> Redirect | None:
        """Return the first line that has a query and matches `path` and `query`, or None.

        A line matches if it has this path, and `query` contains all parts of the line's query, in any order. `query`
        may have other parts, such as `utm_source=…`.
        """
        lines = self.queries.get(normalize_path(path), ()) if query else ()
        parts = query_parts(query) if lines else frozenset()
        return next((line for line in lines if line.query <= parts), None)

    def follow(self, path: str, aliases: Mapping[str, str], is_live: Callable[[str], bool], query: str = "") -> str:
        """Follow all redirects of `path` with `query`, and return the last address, or "" if they lead nowhere.

        The result is GONE, the URL of another site, or a path of this site. A path has the query and the anchor that
        the redirects add. `is_live` returns whether the site serves something at a path.
        """
        return self._follow(self.find(path, query), path, aliases, is_live)

    def follow_line(self, line: Redirect, aliases: Mapping[str, str], is_live: Callable[[str], bool]) -> str:
        """Return where `line` redirects visitors who open its old address (see `follow`)."""
        return self._follow(line, line.path, aliases, is_live)

    def _follow(
        self, line: Redirect | None, path: str, aliases: Mapping[str, str], is_live: Callable[[str], bool]
    ) -> str:
        added = anchor = ""
        for _ in range(MAX_HOPS):
            if line is None or line.is_gone:
                return GONE if line else ""
            target = line.target_of(path)
            if not is_site_path(target):
                return target
            target, _, own_anchor = target.partition("#")
            target, _, own_query = target.partition("?")
            anchor, added = own_anchor or anchor, "&".join(filter(None, (added, own_query)))
            path = unquote(target)
            alias = aliases.get(normalize_path(path))
            if line := self.find_by_query(path, own_query):
                added = without_parts(added, line.query)
                continue
            if live := next(filter(is_live, (path, alias or normalize_path(path))), ""):
                return quote(live, safe=_SAFE) + (f"?{added}" if added else "") + (f"#{anchor}" if anchor else "")
            path = alias or path
            line = self.find(path)
        return ""


def query_parts(query: str) -> frozenset[str]:
    """Return the decoded parts of a query. For `a=1&b=x%20y`, they are `a=1` and `b=x y`."""
    return frozenset(unquote_plus(part) for part in query.split("&") if part)


def without_parts(query: str, parts: frozenset[str]) -> str:
    """Return `query` without the pairs in `parts`, such as `role=sre`. `parts` are decoded; `query` isn't."""
    return "&".join(part for part in query.split("&") if unquote_plus(part) not in parts)


def parse(source: Source, problems: list[Problem]) -> Redirects | None:
    """Return the redirects in `source`, or None if `source` is not valid TOML. Never raise.

    Invalid lines are left out. All mistakes are added to `problems`.
    """
    try:
        data = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(toml_problem(source, error, RULE, _HELP))
        return None
    return _Reader(source, data, problems).read()


def parse_valid_lines(source: Source) -> Redirects:
    """Parse each line of `source` separately. Return the redirects of the lines that are valid TOML."""
    valid: dict[str, str] = {}
    for line in source.lines:
        with suppress(tomllib.TOMLDecodeError, RecursionError):
            for key in tomllib.loads(line):
                valid.setdefault(key, line)
    return parse(replace(source, text="\n".join(valid.values())), []) or Redirects()


class _Reader:
    def __init__(self, source: Source, data: Mapping[str, object], problems: list[Problem]) -> None:
        self._source, self._data, self._problems = source, data, problems
        self._positions: TomlPositions | None = None

    def read(self) -> Redirects:
        exact: dict[str, Redirect] = {}
        prefixes: dict[str, Redirect] = {}
        queries: dict[tuple[str, frozenset[str]], Redirect] = {}
        for key, value in self._data.items():
            redirect = self._redirect(key, value)
            if redirect is None:
                continue
            if redirect.query:
                first = queries.setdefault((redirect.path, redirect.query), redirect)
            else:
                first = (prefixes if redirect.is_prefix else exact).setdefault(redirect.path, redirect)
            if first is not redirect:
                message = f"“{key}” and “{first.key}” are the same address, so this line has no effect."
                self._report(key, message, "Delete one of the two lines.")
        by_path: dict[str, list[Redirect]] = {}
        for line in sorted(queries.values(), key=lambda line: -len(line.query)):
            by_path.setdefault(line.path, []).append(line)
        return Redirects(exact, prefixes, {path: tuple(lines) for path, lines in by_path.items()}, self._source.text)

    def _redirect(self, key: str, value: object) -> Redirect | None:
        """Parse one line of the file. If the line is not valid, report a problem and return None."""
        is_prefix = key.endswith(PREFIX_END)
        written, question_mark, query = key.removesuffix(PREFIX_END if is_prefix else "").partition("?")
        path, parts = alias_path(written), query_parts(query)
        is_invalid_query = bool(question_mark) and (is_prefix or not parts or bool(re.search(r"[\s#]", query)))
        if not isinstance(value, str):
            self._report(key, f"The new address of “{key}” must be text in quotes.", _HELP)
        elif not path or (path == "/" and not parts) or "*" in path or is_invalid_query:
            self._report(key, f"“{key}” can't be an old address. {self._reason(key)}", _HELP)
        elif is_reserved(path) and not hub_paths.parse(path):
            self._report(key, f"The site itself uses the URL {path}, so this line has no effect.", "Delete this line.")
        elif value == GONE or self._is_valid_target(key, value, is_prefix):
            return Redirect(key, value, path, is_prefix, parts)
        return None

    @staticmethod
    def _reason(key: str) -> str:
        if not is_site_path(key):
            return "An old address is a path of this site, which begins with “/”."
        if key == "/":
            return "This is the home page."
        if key == PREFIX_END:
            return "Write “/*” after a path, such as “/blog/*”."
        if "*" in key:
            return "Write “/*” only at the end."
        if "?" in key:
            return "After “?”, write at least one part such as “p=123”, without “#” or spaces."
        return "Write only the path, without “#”, “..” or spaces."

    def _is_valid_target(self, key: str, value: str, is_prefix: bool) -> bool:
        start = value.removesuffix(PREFIX_END)
        path = re.split(r"[?#]", start, maxsplit=1)[0] or "/"
        help = _HELP
        if value.lower() == GONE:
            reason, help = "“gone” must be in lowercase.", f'Write "{key}" = "gone"'
        elif "*" in start:
            reason = "Write “/*” only at the end."
        elif value.endswith(PREFIX_END) and not is_prefix:
            reason, help = "The old address has no “/*”.", f'Write "{key}/*" = "{value}"'
        elif value.endswith(PREFIX_END) and re.search("[?#]", start):
            reason = "“/*” can't follow “?” or “#”."
        elif (is_web_url(start) or alias_path(path)) and not re.search(r"[\s\\\x00-\x1f\x7f]", start):
            return True
        else:
            reason, help = "A new address begins with “/” or https://.", _help_for(key, value)
        self._report(key, f"“{value}” can't be a new address. {reason}", help, is_value=True)
        return False

    def _report(self, key: str, message: str, help: str, *, is_value: bool = False) -> None:
        self._positions = self._positions or TomlPositions(self._source.text)
        span = self._positions.value((key,)) if is_value else self._positions.key((key,))
        self._problems.append(self._source.problem(RULE, message, help, **span._asdict()))


def _help_for(key: str, value: str) -> str:
    """Return what to write instead of `value`, which is neither a path nor a URL nor “gone”."""
    if Suggestions().nearest(value.lower(), (GONE,)):
        meant = GONE
    elif re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", value):
        meant = f"https://{value}"
    elif re.fullmatch(r"[\w-]+(/[\w-]+)*", value):
        meant = f"/{value}"
    else:
        return _HELP
    return f'Did you mean "{key}" = "{meant}"?'
