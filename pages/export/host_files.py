"""`_headers` and `_redirects` for Netlify and Cloudflare Pages, and the limits of these hosts.

The formats: https://docs.netlify.com/manage/routing/headers/,
https://docs.netlify.com/manage/routing/redirects/overview/,
https://developers.cloudflare.com/pages/configuration/headers/,
https://developers.cloudflare.com/pages/configuration/redirects/.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from django.utils.encoding import iri_to_uri

from .published_site import ExportedFile, Rule

HEADERS_NAME, REDIRECTS_NAME = "_headers", "_redirects"

# https://developers.cloudflare.com/pages/platform/limits/ (free plan) and the pages above.
MAX_FILES, MAX_FILE_BYTES = 20_000, 25 * 1024 * 1024
MAX_HEADER_RULES, MAX_HEADER_LINE = 100, 2_000
MAX_STATIC_REDIRECTS, MAX_DYNAMIC_REDIRECTS, MAX_REDIRECT_LINE = 2_000, 100, 1_000
# From this number on, Netlify recommends fewer rules: https://docs.netlify.com/manage/routing/redirects/overview/.
MAX_NETLIFY_REDIRECTS = 10_000

# Leave out Vary: a host compresses files, so it also sets Vary.
_HOST_HEADERS = frozenset({"vary"})


def headers_text(files: Sequence[ExportedFile]) -> str:
    """Return the text of `_headers`. The headers that all files share come first.

    If all files of a folder have the same headers, they share one rule, because hosts limit the number of rules.
    """
    own = {file.path: frozenset(_host_headers(file)) for file in files if file.status == 200}
    shared = frozenset.intersection(*own.values()) if own else frozenset()
    folders: dict[str, set[frozenset[tuple[str, str]]]] = {}
    for path, headers in own.items():
        folders.setdefault(_folder(path), set()).add(headers)
    rules: dict[str, frozenset[tuple[str, str]]] = {"/*": shared}
    for path, headers in own.items():
        folder = _folder(path)
        # On Netlify, `/hire/*` also matches `/hire`.
        is_uniform = bool(folder) and folder not in own and len(folders[folder]) == 1
        rules[f"{folder}/*" if is_uniform else quote(path)] = headers - shared
    blocks = [(path, sorted(headers)) for path, headers in rules.items() if headers]
    return "".join(f"{path}\n" + "".join(f"  {name}: {value}\n" for name, value in lines) for path, lines in blocks)


def _host_headers(file: ExportedFile) -> Iterator[tuple[str, str]]:
    for name, value in file.headers:
        if name not in _HOST_HEADERS and not (name == "content-type" and _is_guessed(file.name, value)):
            yield name.title(), value


def _is_guessed(name: str, content_type: str) -> bool:
    """Return whether hosts derive this content type from the file's name."""
    return mimetypes.guess_type(name)[0] == content_type.partition(";")[0]


def _folder(path: str) -> str:
    """Return the first folder of `path`, or "" for a file at the root."""
    _, first, *rest = path.split("/")
    return f"/{first}" if rest else ""


def redirects_text(rules: Iterable[Rule]) -> str:
    """Return the text of `_redirects`. Rules for queries come first, and rules for prefixes last."""
    ordered = sorted(rules, key=lambda rule: (rule.is_prefix, not (rule.query or rule.parameter), -len(rule.path)))
    return "".join(f"{_redirect_line(rule)}\n" for rule in ordered)


def _redirect_line(rule: Rule) -> str:
    source = quote(rule.path) + ("/*" if rule.is_prefix else "")
    target = f"/{quote(rule.target)}" if rule.status == 410 else iri_to_uri(rule.target)
    if rule.parameter:
        return f"{source} {rule.parameter}=:value {target}?{rule.parameter}=:value {rule.status}!"
    if rule.query:  # without "!", the host would send the page at this path
        parts = " ".join(quote(part, safe="=") for part in sorted(rule.query))
        return f"{source} {parts} {target} {rule.status}!"
    return f"{source} {target} {rule.status}"


def exceeded_limits(
    files: Sequence[ExportedFile], rules: Sequence[Rule], headers: str, redirects: str
) -> Iterator[str]:
    """Yield a message for each limit of a host that the export exceeds, and for rules that a host ignores."""
    cloudflare, netlify = "Cloudflare Pages", "Netlify"
    file_count = sum(len(file.sizes) for file in files) + 2
    static = [rule for rule in rules if not rule.is_prefix and not rule.query and not rule.parameter]
    dynamic = [rule for rule in rules if rule.is_prefix]
    counts = (
        (cloudflare, file_count, MAX_FILES, "files, with their compressed versions"),
        (cloudflare, sum(not line.startswith(" ") for line in headers.splitlines()), MAX_HEADER_RULES, "header rules"),
        (cloudflare, len(static), MAX_STATIC_REDIRECTS, "static redirects"),
        (cloudflare, len(dynamic), MAX_DYNAMIC_REDIRECTS, "redirects with a prefix"),
        (netlify, len(rules), MAX_NETLIFY_REDIRECTS, "redirects"),
    )
    for host, count, limit, what in counts:
        if count > limit:
            yield f"{host}: {count:,} {what}. The limit is {limit:,}."
    yield from _too_long(cloudflare, f"line of {HEADERS_NAME}", headers.splitlines(), MAX_HEADER_LINE)
    yield from _too_long(cloudflare, f"line of {REDIRECTS_NAME}", redirects.splitlines(), MAX_REDIRECT_LINE)
    for file in files:
        if max(file.sizes.values()) > MAX_FILE_BYTES:
            size = max(file.sizes.values())
            yield f"{cloudflare}: {file.name} has {size:,} bytes. The limit is {MAX_FILE_BYTES:,} bytes."
    if ignored := sum(bool(rule.query or rule.parameter) for rule in rules):
        yield f"{cloudflare} ignores redirects for addresses with a query. Number of these redirects: {ignored:,}."
    if gone := sum(rule.status == 410 for rule in rules):
        yield f"{cloudflare} answers 404 instead of 410. Number of addresses with 410: {gone:,}."
    for rule in dynamic:
        if hidden := sum(file.path.startswith(f"{rule.path}/") for file in files):
            yield f"{cloudflare}: the redirect of {rule.path}/* hides {hidden:,} files below {rule.path}."


def _too_long(host: str, what: str, lines: Iterable[str], limit: int) -> Iterator[str]:
    for line in lines:
        if len(line) > limit:
            yield f"{host}: a {what} has {len(line):,} characters ({line[:60].strip()}…). The limit is {limit:,}."
