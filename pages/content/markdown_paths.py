"""The paths of Markdown versions: `/hire/data-engineer.md` for the page `/hire/data-engineer`."""

from __future__ import annotations

SUFFIX = ".md"
_HOME = "/index"


def markdown_path(url: str) -> str:
    """Return the path of the Markdown version of the page at `url`."""
    return (_HOME if url == "/" else url) + SUFFIX


def page_path(path: str) -> str:
    """Return the path of the page whose Markdown version is at `path`, or "" if `path` doesn't end in `.md`."""
    if path[-len(SUFFIX) :].lower() != SUFFIX:
        return ""
    stem = path[: -len(SUFFIX)]
    return "/" if stem.lower() == _HOME else stem
