"""The URL of a document's page: from its URL line, or from its file's path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .blocks import Block, Heading, Paragraph
from .problems import Problem, Source
from .url_paths import is_reserved, normalize_path

_VALID_URL = re.compile(r"/(?:[a-z0-9](?:[a-z0-9._~-]*[a-z0-9])?(?:/|$))*$")

# A path, possibly after a domain.
_LOOKS_LIKE_URL = re.compile(
    r"(?:(?:https?://)?[\w-]+(?:\.[\w-]+)+(?=/))?/?(?P<path>[a-z0-9-]+(?:/[a-z0-9-]+)*)/?", re.I
)


def resolve_url(source: Source, heading: Heading | None, default_url: str, problems: list[Problem]) -> tuple[str, int]:
    """Return the page's URL and the number of the line that sets it.

    The URL is "" if the page can't be served.
    """
    if heading is None:
        if not default_url:
            message = "This page is not on the site. The document has no URL line, and the file's name can't be a URL."
            help = "Write the URL below the page's name, such as `## /hire/data-engineer`."
            problems.append(source.problem("no-url", message, help))
        elif is_reserved(default_url):
            message = f"The site itself uses the URL {default_url}, so this page is not on the site."
            help = "Rename the file, or write another URL below the page's name, such as `## /hire/data-engineer`."
            problems.append(source.problem("bad-url", message, help))
            return "", 1
        return default_url, 1
    url, text, line = normalize_path(heading.raw_text), heading.raw_text, heading.line
    if is_reserved(url):
        message = f"The site itself uses the URL {url}, so this page is not on the site."
        problems.append(source.problem_at("bad-url", message, "Choose another URL.", line=line, text=text))
        return "", line
    if _VALID_URL.match(url):
        if url != default_url:
            message = f"The file's path is not a valid URL, so the site uses the URL in this line: {url}."
            if default_url:
                message = f"The file's path gives the URL {default_url}, but this line says {url}. The site uses {url}."
            help = f"Move the file to {url.strip('/') or 'index'}.md in the content folder."
            if default_url:
                help = f"{help} Or, to rename the page, write {default_url} here and `Aliases: {url}` in META."
            problems.append(source.problem_at("misplaced-file", message, help, line=line, text=text))
        return url, line
    if re.search(r"[\[\]{}<>]", text):
        message = f"The URL “{text}” still contains a placeholder, so this page is not on the site."
        help = "Replace the placeholder with the page's own URL, such as /hire/data-engineer."
        problems.append(source.problem_at("placeholder-url", message, help, line=line, text=text))
        return "", line
    message = f"The URL “{text}” is not valid, so this page is not on the site."
    help = "Use lowercase letters, digits and hyphens, such as /hire/data-engineer."
    problems.append(source.problem_at("bad-url", message, help, line=line, text=text))
    return "", line


def name_from_url(url: str) -> str:
    """Return a name for a page whose document gives no name."""
    return url.rpartition("/")[2].replace("-", " ").capitalize() or "Home"


def check_unmarked_url(source: Source, body: Sequence[Block], meta_line: int, default_url: str) -> Iterator[Problem]:
    """Yield a problem if the only text above META looks like the page's URL. Such a text is shown on the page."""
    if not body or body[0].line > meta_line or (len(body) > 1 and body[1].line < meta_line):
        return
    if not isinstance(body[0], Heading | Paragraph):
        return
    text = source.line(body[0].line).strip(" #")
    found = _LOOKS_LIKE_URL.fullmatch(text)
    url = f"/{found['path'].lower()}" if found else ""
    if found and ("/" in text or url == default_url):
        message = f"“{text}” looks like the page's URL, but the page shows it as text."
        yield source.problem_at("bad-url", message, f"Write ## {url}", line=body[0].line, text=text)
