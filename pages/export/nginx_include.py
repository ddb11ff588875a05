"""The export's configuration for nginx, which an operator includes in a `server` block.

Each address has its own location. So nginx answers only the addresses of the site, and sends the headers that the site
sends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from ..publish.manifest_entry import Headers
from .published_site import REST, ExportedFile, Rule

NAME = "_nginx.conf"

# A content coding is acceptable if Accept-Encoding lists it with a weight above 0 (RFC 9110, 12.5.3).
_ACCEPTED = r"(?:^|[\s,]){coding}\s*(?:;\s*q=(?:1(?:\.0*)?|0\.\d*[1-9]\d*)\s*)?(?:,|$)"

_HEAD = """\
# Written by `manage.py export`. Include this file in a `server` block that sets `root` to this folder.
types { }
gzip off;
absolute_redirect off;
error_page 404 /404.html;

"""

# The variables for files that have a brotli version ($export_br…), a gzip version ($export_gzip…), or both
# ($export_best…).
_CODINGS = f"""\
set $export_br ""; set $export_br_suffix "";
set $export_gzip ""; set $export_gzip_suffix "";
set $export_best ""; set $export_best_suffix "";
if ($http_accept_encoding ~ "{_ACCEPTED.format(coding="gzip")}") {{
    set $export_gzip gzip; set $export_gzip_suffix .gz;
    set $export_best gzip; set $export_best_suffix .gz;
}}
if ($http_accept_encoding ~ "{_ACCEPTED.format(coding="br")}") {{
    set $export_br br; set $export_br_suffix .br;
    set $export_best br; set $export_best_suffix .br;
}}

location / {{ return 404; }}
location ~ "^(?<export_page>/.+?)/+$" {{
    if (-f "$document_root$export_page.html") {{ return 301 $export_page$is_args$args; }}
    return 404;
}}

"""


def nginx_include(files: Iterable[ExportedFile], rules: Iterable[Rule]) -> str:
    """Return the text of the configuration."""
    rules_at: dict[tuple[str, bool], list[Rule]] = {}
    for rule in rules:
        rules_at.setdefault((rule.path, rule.is_prefix), []).append(rule)
    blocks = []
    for file in files:
        own_rules = rules_at.pop((file.path, False), [])
        blocks.append(_location("=", file.path, [*_rules(own_rules), *_file(file)]))
    for (path, is_prefix), group in rules_at.items():
        # Rules for queries come first, because other rules match all queries.
        group.sort(key=lambda rule: not (rule.query or rule.parameter))
        place = ("^~", f"{path.rstrip('/')}/") if is_prefix else ("=", path)
        blocks.append(_location(*place, [*_rules(group), "return 404;"]))
    return _HEAD + _CODINGS + "".join(blocks)


def left_out_headers(files: Iterable[ExportedFile]) -> list[tuple[str, str]]:
    """Return the address and the name of each header that isn't in the configuration.

    A header is left out if its value contains `$`, because nginx would read the `$` as the start of a variable.
    """
    return [(file.path, name) for file in files for name, value in file.headers if "$" in value]


def _location(modifier: str, path: str, lines: Iterable[str]) -> str:
    body = "".join(f"    {line}\n" for line in lines)
    return f"location {modifier} {_quoted(path)} {{\n{body}}}\n"


def _file(file: ExportedFile) -> Iterator[str]:
    if file.status != 200:
        yield "internal;"
    yield f"default_type {_quoted(file.content_type)};"
    if not file.has_ranges:
        yield "max_ranges 0;"
    coding = _coding(file)
    yield from _headers(file.headers)
    if coding:
        yield f"add_header Content-Encoding $export_{coding} always;"
    suffix = f"$export_{coding}_suffix" if coding else ""
    # nginx can't quote a `$` in a file's name. In this location, `$uri` is always `file.path`. If the path contains a
    # `$`, write `$uri` instead of the path.
    name = f"/{file.name}"
    start = "$uri" if "$" in file.path else ""
    yield f"try_files {_quoted(f'{start}{name.removeprefix(file.path) if start else name}{suffix}')} =404;"


def _coding(file: ExportedFile) -> str:
    has_brotli, has_gzip = "br" in file.sizes, "gzip" in file.sizes
    if has_brotli and has_gzip:
        return "best"
    return "br" if has_brotli else "gzip" if has_gzip else ""


def _rules(rules: Iterable[Rule]) -> Iterator[str]:
    for rule in rules:
        lines = [f"return {rule.status};"] if rule.status == 410 else list(_redirect(rule))
        if rule.status == 410:
            yield f"error_page 410 {_quoted(f'/{rule.target}')};"
        if condition := _condition(rule):
            yield f"if ({condition}) {{ {' '.join((*_headers(rule.headers), *lines))} }}"
        else:
            yield from _headers(rule.headers)
            yield from lines


def _condition(rule: Rule) -> str:
    if rule.parameter:
        return f'$args ~ "(?:^|&){re.escape(quote(rule.parameter))}="'
    if rule.query:
        parts = (re.escape(quote(part, safe="=")) for part in sorted(rule.query))
        return f'$args ~ "^{"".join(f"(?=(?:.*&)?{part}(?:&|$))" for part in parts)}"'
    if REST in rule.target:
        # `$request_uri` is still percent-encoded, so the redirect can't contain a line break.
        start = re.escape(quote(rule.path.rstrip("/")))
        return f'$request_uri ~ "^{start}/(?<export_rest>[^?]+)"'
    return ""


def _redirect(rule: Rule) -> Iterator[str]:
    """Yield the lines of a redirect.

    If the rule is only for requests with a certain query, the redirect drops the query. Otherwise, it keeps the query.
    """
    encoded = rule.target.replace("$", "%24")  # nginx would replace $name by the value of a variable
    target, hash_sign, anchor = encoded.replace(REST, "$export_rest").partition("#")
    if rule.query:
        yield f"return {rule.status} {_quoted(target + hash_sign + anchor)};"
    elif "?" in target:
        yield f"set $export_more {_quoted('')};"
        yield f"if ($args) {{ set $export_more {_quoted('&$args')}; }}"
        yield f"return {rule.status} {_quoted(f'{target}$export_more{hash_sign}{anchor}')};"
    else:
        yield f"return {rule.status} {_quoted(f'{target}$is_args$args{hash_sign}{anchor}')};"


def _headers(headers: Headers) -> Iterator[str]:
    for name, value in headers:
        if name != "content-type" and "$" not in value:
            yield f"add_header {name} {_quoted(value)} always;"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
