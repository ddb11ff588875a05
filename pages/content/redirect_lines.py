"""Change the lines of `redirects.toml`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from .autofix import apply_edits
from .library import Library
from .problems import Edit, Span
from .redirects import GONE, PREFIX_END, Redirect
from .toml_positions import TomlPositions
from .url_paths import normalize_path

_HEADER = "# Old addresses, and where they lead. README.md in this folder explains them.\n"


def change_lines(
    library: Library, text: str, new_lines: Mapping[str, str], moved: Mapping[str, str], taken: Iterable[str] = ()
) -> str:
    """Return the `text` of `redirects.toml` with a new line for each old address in `new_lines`.

    `new_lines` has a new address, or GONE, for each of these old addresses. Addresses in `moved` have moved, so lines
    that lead to them get the new addresses. A key such as `/old/*` stands for all addresses under `/old`. Lines for
    old addresses in `taken` are deleted, because a page has these addresses now.
    """
    positions, redirects = TomlPositions(library.redirects.text), library.redirects
    edits: list[Edit] = []
    for line in redirects.lines:
        target = _moved_target(line, moved)
        is_one_path = not line.is_prefix and not line.query
        is_replaced = line.key in new_lines or (is_one_path and line.path in new_lines)
        if is_replaced or (line.path in taken and (is_one_path or (line.is_prefix and target))):
            edits.append(Edit(Span(positions.key((line.key,)).line, 1, 0), deletes_line=True))
        elif target:
            span = positions.value((line.key,))
            edits.append(Edit(span, target))
    text = apply_edits(text, edits)
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text if not text or text.endswith("\n") else text + newline
    added = "".join(line_for(old, new) + newline for old, new in new_lines.items())
    return (text or _HEADER + "\n") + added if added else text


def line_for(old: str, new: str) -> str:
    """Return the line that redirects the address `old` to `new`. `new` may be GONE."""
    return f'"{_escape(old)}" = "{_escape(new)}"'


def _moved_target(line: Redirect, moved: Mapping[str, str]) -> str | None:
    """Return the new address of the page to which `line` leads, with the query and the anchor that `line` has.

    If `moved` lacks this page, return "" or None. Both mean that the line stays as it is.
    """
    if line.value.endswith(PREFIX_END):
        return moved.get(normalize_path(line.value.removesuffix(PREFIX_END)) + PREFIX_END, "")
    path = line.value.partition("#")[0].partition("?")[0]
    written = unquote(path)
    new = moved.get(written) or moved.get(normalize_path(written))
    return new if not new or new == GONE else new + line.value[len(path) :]


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
