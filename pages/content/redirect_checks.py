"""Check `redirects.toml` against the pages and files of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from .link_graph import LinkGraph
from .problems import Edit, Problem, Source, Span
from .redirects import GONE, PREFIX_END, RULE, Redirect, Redirects
from .site_checks import hidden_page, link_at
from .toml_positions import TomlPositions
from .url_paths import LINKABLE_PATHS, is_site_path, normalize_path


def check_redirects(path: str, redirects: Redirects, aliases: Mapping[str, str], graph: LinkGraph) -> Iterator[Problem]:
    """Yield the problems of `redirects` that depend on the site's pages. Messages show `path` as the file's path."""
    if redirects.is_outdated:
        return
    checker = _Checker(Source(path, redirects.text), redirects, aliases, graph)
    for line in redirects.lines:
        yield from checker.check(line)


class _Checker:
    def __init__(self, source: Source, redirects: Redirects, aliases: Mapping[str, str], graph: LinkGraph) -> None:
        self._source, self._redirects, self._aliases, self._graph = source, redirects, aliases, graph
        self._positions = TomlPositions(source.text)

    def check(self, line: Redirect) -> Iterator[Problem]:
        if not line.is_prefix:
            yield from self._check_owner(line)
        if line.is_gone:
            return
        span, path = self._positions.value((line.key,)), _path_of(line)
        if not is_site_path(line.value) or (self._is_live(path, line) and not self._following_query(line)):
            yield from self._check_live_target(line, span)
        elif self._is_loop(line):
            message = f"The redirect from “{line.key}” leads back to where it began, so visitors see no page."
            help = "Change one of these lines, so that it leads to a page."
            yield self._source.problem(RULE, message, help, **span._asdict())
        elif line.value.endswith(PREFIX_END) and self._has_old_address_under(path, line):
            return  # addresses under the new address have redirects of their own, so no single address can replace it
        elif self._alias_target(path) or self._following_query(line) or self._redirects.find(path):
            yield from self._chain(line, span, path)
        elif line.value.endswith(PREFIX_END):
            message = f"No page is under {path}, so “{line.key}” leads nowhere."
            help = f"Correct the new address, or create a page whose URL begins with {path}/."
            yield self._source.problem("broken-link", message, help, **span._asdict())
        else:
            yield from self._graph.check_links(hidden_page(self._source, [link_at(self._source, span, line.value)]))

    def _check_owner(self, line: Redirect) -> Iterator[Problem]:
        """Yield a problem if a page or a file has the redirect's old address: the redirect then has no effect.

        A draft or a scheduled page is no problem, because the redirect works until the page goes live. A redirect whose
        old address has a query takes precedence over pages. For such a redirect, only a file is a problem.
        """
        page = None if line.query else self._graph.pages.get(self._aliases.get(line.path, line.path))
        is_page = page and (page.meta.is_published(self._graph.now) or page.meta.has_expired(self._graph.now))
        if not is_page and not self._graph.has_file(line.path):
            return
        owner = f"page {page.path}" if page and is_page else "file"
        message = f"The {owner} has the URL {line.path}, and keeps this URL, so this line has no effect."
        help = "Delete this line, or give the page or the file another URL."
        problem = self._source.problem("redirect-shadow", message, help, **self._positions.key((line.key,))._asdict())
        # A page that goes live on schedule can cause this problem without an edit, so report only a notice.
        yield problem._replace(is_notice=bool(page and is_page and page.meta.publish))

    def _following_query(self, line: Redirect) -> Redirect | None:
        """Return the redirect that matches the query in the new address of `line`, or None if there is none.

        For example, if `line` leads from /old to /?p=1, return the redirect of /?p=1.
        """
        query = line.value.partition("#")[0].partition("?")[2]
        return self._redirects.find_by_query(_path_of(line), query)

    def _is_live(self, path: str, line: Redirect) -> bool:
        """Return whether the site has a page or file at `path`.

        If the new address of `line` ends in `/*`, return whether there is a page or file under `path`.
        """
        url = normalize_path(path)
        if line.value.endswith(PREFIX_END):
            start = url.rstrip("/") + "/"
            own_files = self._graph.pages[url].files if url in self._graph.pages else ()
            return any(each.startswith(start) for each in (*self._graph.pages, *(file.path for file in own_files)))
        return url == "/" or url in self._graph.pages or self._graph.has_file(path)

    def _check_live_target(self, line: Redirect, span: Span) -> Iterator[Problem]:
        """Check the target's anchor, and whether the page is published. Check the host of a target on another site."""
        if line.value.endswith(PREFIX_END):
            return
        target = self._graph.pages.get(normalize_path(_path_of(line))) if is_site_path(line.value) else None
        if target and not target.meta.is_published(self._graph.now):
            has_expired = target.meta.has_expired(self._graph.now)
            message = f"“{line.value}” isn't live{'' if has_expired else ' yet'}: "
            message += f"{target.path} {target.meta.reason_unpublished(self._graph.now)}."
            message += "" if has_expired else " Until then, visitors see the page “Page not found”."
            rule = "broken-link" if target.meta.draft else "expiring-link" if has_expired else "scheduled-link"
            yield self._source.problem(rule, message, f"Publish {target.path}, or change this line.", **span._asdict())
        yield from self._graph.check_links(hidden_page(self._source, [link_at(self._source, span, line.value)]))

    def _is_loop(self, line: Redirect) -> bool:
        seen: set[str] = set()
        current: Redirect | None = line
        while current and current.key not in seen and is_site_path(current.value):
            seen.add(current.key)
            path = _path_of(current)
            following = self._following_query(current)
            if not following and (self._is_live(path, current) or self._alias_target(path)):
                return False
            current = following or self._redirects.find(path)
        return current is not None and current.key in seen

    def _alias_target(self, path: str) -> str:
        """Return the URL of the page that has `path` as an alias, or ""."""
        return self._aliases.get(normalize_path(path), "")

    def _has_old_address_under(self, path: str, line: Redirect) -> bool:
        """Return whether an alias or another line than `line` has an old address under `path`."""
        start = normalize_path(path).rstrip("/") + "/"
        paths = (*self._aliases, *(each.path for each in self._redirects.lines if each is not line))
        return any(each.startswith(start) for each in paths)

    def _is_served(self, path: str) -> bool:
        return path == "/" or path in LINKABLE_PATHS or path in self._graph.pages or self._graph.has_file(path)

    def _chain(self, line: Redirect, span: Span, path: str) -> Iterator[Problem]:
        """Report that `line` leads to another old address. Suggest the address at the end of the chain."""
        if line.value.endswith(PREFIX_END):
            end = self._end_of_prefix(path)
        else:
            end = self._redirects.follow_line(line, self._aliases, self._is_served)
        if not end:  # no single address can replace the new one, or the chain's next line gets a problem of its own
            return
        message = f"“{line.value}” is gone." if end == GONE else f"“{line.value}” redirects to {end}."
        edits = (Edit(span, end),) if self._source.text_at(span) == line.value else ()
        help = f'Write "{line.key}" = "{end}"'
        yield self._source.problem("redirect-chain", message, help, **span._asdict(), edits=edits)

    def _end_of_prefix(self, path: str) -> str:
        """Return the address to which `path` and all addresses under it redirect, or "" if no address describes this.

        If only `path` itself redirects, return its target, because the addresses under it lead nowhere.
        """
        url = normalize_path(path)
        prefix, exact = self._redirects.find_prefix(url), self._redirects.exact.get(url)
        own = self._alias_target(url) or (exact.value if exact else "")
        if prefix is None:
            return own
        return prefix.value if prefix.path == url and not own else ""


def _path_of(line: Redirect) -> str:
    """Return the path of a line's new address, without query, anchor, `/*` and trailing slashes.

    Trailing slashes make no difference: `/new/` and `/new` are the same address.
    """
    target = line.value.removesuffix(PREFIX_END)
    return unquote(target.partition("#")[0].partition("?")[0]).rstrip("/") or "/"
