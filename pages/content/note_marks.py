"""The marks of footnotes in HTML: a small number that links to the footnote."""

from __future__ import annotations

import re

from .inlines import NoteMark

_MARK = re.compile(r'<sup class="note-mark">(?:<a [^>]*>)?(\d+)(?:</a>)?</sup>')
_LINKED = re.compile(r'<sup class="note-mark"><a id="([^"]+)"')


def note_id(number: int) -> str:
    """Return the id of a footnote. No heading has such an id, because anchors have no colon."""
    return f"note:{number}"


def mark_id(number: int, count: int) -> str:
    """Return the id of a footnote's mark. `count` is 1 for the first mark with this number."""
    return f"mark:{number}" if count == 1 else f"mark:{number}:{count}"


def render(mark: NoteMark, is_linked: bool) -> str:
    """Return the HTML of a mark. A mark inside another link isn't linked."""
    if not mark.number:
        return ""
    link = f'<a id="{mark.id}" href="#{note_id(mark.number)}" role="doc-noteref">{mark.number}</a>'
    return f'<sup class="note-mark">{link if is_linked and mark.id else mark.number}</sup>'


def linked_ids(html: str) -> list[str]:
    """Return the ids of the marks in `html` that link to their footnote."""
    return _LINKED.findall(html)


def remove(html: str) -> str:
    """Return `html` without marks."""
    return _MARK.sub("", html)


def to_plain(html: str) -> str:
    """Return `html` with “[1]” in place of the mark of footnote 1."""
    return _MARK.sub(r" [\1]", html)
