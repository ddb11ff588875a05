"""Find lost addresses: they were live, and now answer “Page not found”.

Git's history shows which addresses were live. Without a git history, the last build shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import cache

from ..content import hub_paths
from ..content.content_folder import display_path
from ..content.document import Page
from ..content.library import Library
from ..content.page_moves import alias_edits
from ..content.problems import Problem, Source
from ..content.redirects_file import REDIRECTS_FILE
from ..content.url_paths import LINKABLE_PATHS, normalize_path
from ..repository.past_addresses import PastAddress, find_past_addresses
from . import release
from .manifest import ManifestReader

RULE = "lost-address"


def answers(library: Library) -> Callable[[str], bool]:
    """Return a function that says whether visitors get a page, a file, a redirect or “gone” (410) at an address.

    An address with a query, such as /?p=123, needs a line in `redirects.toml`. Without the query, this address is the
    home page, but visitors look for another page.
    """
    now = datetime.now(UTC)

    def is_live(path: str) -> bool:
        page = library.pages.get(path)
        if page:
            return page.meta.is_published(now) or page.meta.has_expired(now)
        return path == "/" or path in LINKABLE_PATHS or library.graph.has_file(path)

    def has_answer(address: str) -> bool:
        path, _, query = address.partition("?")
        url = normalize_path(path)
        is_known = not query and any(map(is_live, (path, url, library.aliases.get(url, url))))
        return is_known or bool(library.redirects.follow(path, library.aliases, is_live, query))

    return cache(has_answer)


def check_lost_addresses(library: Library) -> list[Problem]:
    """Return a problem for each address that was live and now leads nowhere."""
    has_answer = answers(library)
    lost = find_past_addresses(library.folder, has_answer)
    if lost is not None:
        return list(_problems_of_history(library, lost))
    # For page 2 and later of an article list, check the list's hub instead. Such a page may disappear when articles
    # expire, and that is no problem.
    urls = ((hub_paths.parse(path) or hub_paths.HubPath(path, 0)).hub for path in built_addresses())
    built = dict.fromkeys(url for url in urls if not has_answer(url))
    return [_in_redirects(library, path, f"{path} was live in the last build.") for path in built]


def built_addresses() -> list[str]:
    """Return the addresses of the pages in the last build of this release."""
    with closing(ManifestReader(release.manifest_path())) as manifest:
        manifest.refresh()
        return [
            path
            for path, entry in manifest.entries.items()
            if dict(entry.headers).get("content-type", "").startswith("text/html")
        ]


def _problems_of_history(library: Library, lost: Iterable[PastAddress]) -> Iterator[Problem]:
    pages = {path.relative_to(library.folder).as_posix(): page for path, page in library.documents.items()}
    lost, now = list(lost), datetime.now(UTC)
    moved: dict[str, list[str]] = {}
    for address in lost:
        page = pages.get(address.current_path)
        if page and address.url not in (page.url, *page.meta.aliases):
            moved.setdefault(page.path, []).append(address.url)
    for address in lost:
        commit = f"commit {address.commit} of {address.day}" if address.commit else "a change that isn't committed yet"
        page = pages.get(address.current_path)
        if page is None:
            message = f"{address.url} was live until {commit} deleted {library.folder.name}/{address.path}."
            yield _in_redirects(library, address.url, message)
        elif address.url in (page.url, *page.meta.aliases) and not page.meta.is_published(now):
            yield _about_unpublished(page, address, commit)
        else:
            yield _moved(page, address, commit, moved.get(page.path, []))


def _in_redirects(library: Library, url: str, message: str) -> Problem:
    source = Source(display_path(library.folder, library.folder / REDIRECTS_FILE), library.redirects.text)
    help = f'Write "{url}" = "/new-address" or "{url}" = "gone" in {REDIRECTS_FILE}. Or bring the page back.'
    return source.problem(RULE, f"{message} Now it answers “Page not found”.", help)


def _about_unpublished(page: Page, address: PastAddress, commit: str) -> Problem:
    message = f"{address.url} was live until {commit}. Now the page {page.meta.reason_unpublished(datetime.now(UTC))}."
    help = f'Publish the page. Or write "{address.url}" = "/other" or "{address.url}" = "gone" in {REDIRECTS_FILE}.'
    return page.source.problem_at(RULE, message, help, line=page.url_line, text=page.url)


def _moved(page: Page, address: PastAddress, commit: str, urls: list[str]) -> Problem:
    message = f"{address.url} was live until {commit}. Now the page has the URL {page.url}, "
    message += f"and {address.url} answers “Page not found”."
    help = f'Add {address.url} to “Aliases” in META. Or write "{address.url}" = "gone" in {REDIRECTS_FILE}.'
    edits = tuple(alias_edits(page, urls, "")) if urls else ()
    return page.source.problem_at(RULE, message, help, line=page.url_line, text=page.url, edits=edits)
