"""The published site as files and rules: what a static host sends for each address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from django.conf import settings
from django.core.handlers.base import BaseHandler

from ..content.markdown_paths import markdown_path
from ..content.redirects import PREFIX_END, Redirect
from ..http.caching import PUBLIC, REVALIDATED, S_MAXAGE, public
from ..http.first_visit import first_visit
from ..http.negotiation import IDENTITY
from ..media.image_encoding import image_artifacts
from ..media.social_cards import card_of
from ..publish.compression import compress
from ..publish.file_publisher import file_paths
from ..publish.manifest_entry import Entry, Headers
from ..publish.prerender import public_paths
from ..repository.visible_pages import VisiblePages

NOT_FOUND_NAME, GONE_FOLDER = "404.html", "_gone"
SEARCH = "/search"
# No document and no redirect can be at this path, and the 404 page suggests no pages for this path.
_MISSING_PATH = "/.well-known/404"
REST = ":splat"  # in a rule's target, the part of the path after the prefix (the syntax of `_redirects`)

# The host sends its own values of these headers.
_HOST_HEADERS = frozenset({"accept-ranges", "content-length", "date", "etag", "last-modified"})
_REDIRECTS = (301, 302)


class NotPublished(Exception):
    """The site isn't published completely."""


@dataclass(frozen=True)
class ExportedFile:
    """A file of the export. `path` is its address, and `name` is its path in the folder.

    `sizes` gives the body's length for each content coding. `has_ranges` says whether clients may request a part of the
    body. `status` is 404 or 410 for the page of an error, and otherwise 200.
    """

    path: str
    name: str
    headers: Headers
    sizes: Mapping[str, int]
    has_ranges: bool = False
    status: int = 200

    @property
    def content_type(self) -> str:
        return dict(self.headers)["content-type"]


@dataclass(frozen=True)
class Rule:
    """A redirect, or an address whose page is gone for good (410).

    `target` is the URL that a redirect leads to, or the file that the host sends with a 410. With `is_prefix`, the rule
    applies to all addresses below `path`. With `query`, it applies only to queries with all of these parts. With
    `parameter`, it applies only to queries with a parameter of this name.
    """

    path: str
    status: int
    target: str
    headers: Headers = (("cache-control", REVALIDATED),)
    is_prefix: bool = False
    query: frozenset[str] = frozenset()
    parameter: str = ""


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Headers
    body: bytes


class PublishedSite:
    """Finds the files and rules of the published site. `entries` are the manifest's, without upcoming ones."""

    def __init__(self, visible: VisiblePages, entries: Mapping[str, Entry], forms_url: str) -> None:
        self._visible = visible
        self._library = visible.library
        # Sorted, because the manifest's order depends on which pages were published first.
        self._entries = dict(sorted(entries.items()))
        self._forms_url = forms_url
        self._handler = BaseHandler()
        self._handler.load_middleware()
        self.rules: list[Rule] = []
        # These pages differ for each request, so the server at `forms_url` shows them.
        self.dynamic_paths = [page.url for page in visible.pages() if page.form or page.calculator] + [SEARCH]

    def files(self) -> Iterator[tuple[ExportedFile, Mapping[str, bytes]]]:
        """Yield each file with its body in each content coding. Afterwards, `rules` has all rules.

        Raises NotPublished if a page is missing.
        """
        dynamic = frozenset(self.dynamic_paths)
        for path in public_paths(self._visible):
            if path not in self._entries and path not in dynamic and self._ask(path).status == 200:
                raise NotPublished(f"{path} isn't published yet.")
        paths = set(self.dynamic_paths)
        for path, entry in self._entries.items():
            if path not in dynamic:
                yield self._published(path, entry)
                paths.add(path)
        for path in sorted({*self._other_paths(), *self._media_paths()} - paths):
            answer = self._ask(path)
            if answer.status == 503:
                raise NotPublished(f"The file {path} isn't made yet.")
            if answer.status == 200:
                yield _exported(path, answer, {IDENTITY: answer.body})
                paths.add(path)
        yield self._error_page(NOT_FOUND_NAME, self._ask(_MISSING_PATH))
        self.rules = [Rule(path, 302, self._forms_url + quote(path)) for path in self.dynamic_paths]
        self.rules += self._parameter_rules(dynamic)
        yield from self._old_addresses(paths)

    def _published(self, path: str, entry: Entry) -> tuple[ExportedFile, Mapping[str, bytes]]:
        bodies = {}
        for coding in entry.sizes:
            body = entry.body(coding)
            if body is None:
                raise NotPublished(f"The stored body of {path} is damaged. The publisher makes it again.")
            bodies[coding] = body
        headers = entry.headers
        if entry.changes_at is not None:
            # Shortly before a page changes, the site lets caches keep the page for less time. A static host can't do
            # that, so caches may never keep its copy of the page longer than S_MAXAGE.
            short = public(S_MAXAGE)
            headers = tuple((name, short if value == PUBLIC else value) for name, value in headers)
        return _exported(path, _Answer(200, headers, b""), bodies)

    def _parameter_rules(self, dynamic: frozenset[str]) -> Iterator[Rule]:
        """Yield redirects for pages whose content depends on a query parameter, such as a question bank with `role`.

        A request with this parameter is redirected to the server at `forms_url`.
        """
        for path, entry in self._entries.items():
            redirected = self._library.redirects.parameters(path)
            for name in entry.parameters:
                if name not in redirected and path not in dynamic:
                    yield Rule(path, 302, self._forms_url + quote(path), parameter=name)

    def _other_paths(self) -> Iterator[str]:
        """Yield the addresses of resized images, and of the social cards and downloads of live pages."""
        yield from (artifact.url for artifact in image_artifacts(self._library))
        yield from (card_of(page, self._library.site.name).url for page in self._visible.pages())
        yield from file_paths(self._visible)  # if a download isn't made yet, the manifest doesn't have it
        if settings.INDEXNOW_KEY:
            yield f"/{settings.INDEXNOW_KEY}.txt"

    def _media_paths(self) -> Iterator[str]:
        """Yield the addresses of the files in the content folder, such as images."""
        for file in self._library.stamps:
            path = f"/{file.relative_to(self._library.folder).as_posix()}"
            if self._visible.has_file(path):
                yield path

    def _old_addresses(self, taken: set[str]) -> Iterator[tuple[ExportedFile, Mapping[str, bytes]]]:
        """Add a rule for each alias, each expired page and each line of `redirects.toml`.

        Yield the pages that the host sends with the status 410, as files. `taken` are the addresses that already have a
        file or a rule.
        """
        library = self._library
        expired = [page for page in library.pages.values() if self._visible.expired_page(page.url)]
        paths = [*library.aliases, *(page.url for page in expired), *library.redirects.exact]
        paths += [line.path for line in library.redirects.prefixes.values()]
        paths += [markdown_path(path) for path in paths]
        paths += [file.path for page in expired for file in library.files_of(page)]
        for path in dict.fromkeys(paths):
            if path not in taken:
                yield from self._add_rule(path, self._ask(path))
        for lines in library.redirects.queries.values():
            for line in lines:
                query = "&".join(quote(part, safe="=") for part in line.query)
                yield from self._add_rule(line.path, self._ask(line.path, query), query=line.query)
        for line in library.redirects.prefixes.values():
            yield from self._add_prefix(line)

    def _add_prefix(self, line: Redirect) -> Iterator[tuple[ExportedFile, Mapping[str, bytes]]]:
        if line.value.endswith(PREFIX_END):
            start = line.value.removesuffix(PREFIX_END) or settings.SITE_URL  # `//host` would leave the site
            self.rules.append(Rule(line.path, 301, f"{start}/{REST}", is_prefix=True))
        else:
            answer = self._ask(f"{line.path}/-")  # stands for any address below the prefix
            yield from self._add_rule(line.path, answer, is_prefix=True)

    def _add_rule(
        self, path: str, answer: _Answer, *, is_prefix: bool = False, query: frozenset[str] = frozenset()
    ) -> Iterator[tuple[ExportedFile, Mapping[str, bytes]]]:
        headers = dict(answer.headers)
        if answer.status in _REDIRECTS:
            kept = tuple(_constant_headers(answer.headers))
            self.rules.append(Rule(path, answer.status, headers["location"], kept, is_prefix, query))
        elif answer.status == 410:
            place = path.strip("/").replace("$", "%24") or "index"  # nginx can't name a file with `$` in `error_page`
            name = f"{GONE_FOLDER}/{place}{'/-' if is_prefix else ''}.html"
            self.rules.append(Rule(path, 410, name, is_prefix=is_prefix, query=query))
            yield self._error_page(name, answer)

    def _error_page(self, name: str, answer: _Answer) -> tuple[ExportedFile, Mapping[str, bytes]]:
        """Return an error page. Add `forms_url` to the `form-action` of its Content-Security-Policy.

        The static host redirects the page's search form to the server at `forms_url`. Chrome follows this redirect only
        if `form-action` allows its target.
        """
        old, new = "form-action 'self'", f"form-action 'self' {self._forms_url}"
        headers = tuple((header, value.replace(old, new)) for header, value in answer.headers)
        bodies = compress(answer.body)
        return _exported(f"/{name}", _Answer(answer.status, headers, b""), bodies)

    def _ask(self, path: str, query: str = "") -> _Answer:
        response = self._handler.get_response(first_visit(path, query))
        try:
            headers = tuple((name.lower(), value) for name, value in response.items())
            return _Answer(response.status_code, headers, b"".join(response))
        finally:
            response.close()


def _exported(path: str, answer: _Answer, bodies: Mapping[str, bytes]) -> tuple[ExportedFile, Mapping[str, bytes]]:
    headers = tuple((header, value) for header, value in answer.headers if header not in _HOST_HEADERS)
    has_ranges = ("accept-ranges", "bytes") in answer.headers
    sizes = {coding: len(body) for coding, body in bodies.items()}
    name = file_name(path, dict(headers)["content-type"])
    return ExportedFile(path, name, headers, sizes, has_ranges, answer.status), bodies


def _constant_headers(headers: Headers) -> Iterator[tuple[str, str]]:
    """Yield a redirect's headers. Leave out the headers that describe its body or its target."""
    for name, value in headers:
        if name not in _HOST_HEADERS and name not in ("content-type", "location"):
            yield name, value


def file_name(path: str, content_type: str) -> str:
    """Return the name of the file for the address `path`. Hosts find the page `/about` in `about.html`."""
    name = path.strip("/") or "index"
    is_page = content_type.startswith("text/html") and not name.endswith(".html")
    return f"{name}.html" if is_page else name
