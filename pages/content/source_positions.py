"""Source positions of inline content: the line and column of each `Run` in the document."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from markdown_it.common.utils import MD_TRIM_CHARS
from markdown_it.token import Token

from .problems import Span

# These limits keep the time of a search linear. `Cursor.find` searches only for the first MAX_SEARCH_TEXT characters of
# a text. It searches only the next MAX_SEARCH_DISTANCE characters.
MAX_SEARCH_DISTANCE = 2_000
MAX_SEARCH_TEXT = 40


class Position(NamedTuple):
    """A place in the source. `line` and `column` count from 1. If `is_exact` is False, the place is an estimate."""

    line: int
    column: int
    is_exact: bool


class Cursor:
    """Finds the source position of each run of an inline token. A run is text of one style, or an image.

    `lines` are the document's lines, and `line` is the number of the token's first line. Positions from the parser are
    exact (see `token_positions`). Without such a position, the cursor searches for the text. The search only moves
    forward, so it takes linear time.
    """

    def __init__(self, token: Token, lines: list[str], line: int) -> None:
        self.text = token.content
        self.offset = 0
        self._is_exact = True  # True if `offset` comes from the parser
        self._lines, self._line = lines, line
        self._cell_column: int | None = token.meta.get("column")
        self._starts = [0]
        while end := self.text.find("\n", self._starts[-1]) + 1:
            self._starts.append(end)
        self._is_aligned = token.map is not None and token.map[1] - token.map[0] == len(self._starts)
        if not self._is_aligned:
            # markdown-it strips leading lines that have only unusual whitespace, such as form feeds.
            while self.text and self._line < len(lines) and not lines[self._line - 1].strip(MD_TRIM_CHARS):
                self._line += 1
        self._columns: dict[int, tuple[int, bool]] = {}

    def move_to(self, offset: int) -> None:
        """Continue at `offset`, which the parser has recorded, so that the next position is exact."""
        self.offset, self._is_exact = offset, True

    def skip(self, count: int) -> None:
        """Move past an opening mark of `count` characters."""
        self.offset, self._is_exact = self.offset + count, False

    def find(self, text: str) -> Position:
        """Return the position of the next occurrence of `text`, and continue after it.

        If `text` doesn't occur again, return the current position and stay there.
        """
        if self._is_exact and self.text.startswith(text, self.offset):
            start = self.offset
            self.skip(len(text))
            return self._position(start)
        self._is_exact = False
        snippet = text.strip()[:MAX_SEARCH_TEXT]
        start = self.text.find(snippet, self.offset, self.offset + MAX_SEARCH_DISTANCE) if snippet else -1
        if start < 0:
            return self._position(self.offset)._replace(is_exact=False)
        self.offset = start + len(snippet)
        line, column, _ = self._position(start)
        return Position(line, max(column - (len(text) - len(text.lstrip())), 1), False)

    def span(self, target: tuple[int, int] | None) -> Span | None:
        """Return the source span of `target`, or None if the span is not known exactly.

        `target` is a pair of offsets in the text, from the parser: the start and the end.
        """
        if target is None:
            return None
        line, column, is_exact = self._position(target[0])
        return Span(line, column, target[1] - target[0]) if is_exact else None

    def _position(self, offset: int) -> Position:
        index = bisect_right(self._starts, offset) - 1
        if index not in self._columns:
            self._columns[index] = self._column_of_line(index)
        column, is_exact = self._columns[index]
        return Position(self._line + index, column + offset - self._starts[index] + 1, is_exact)

    def _column_of_line(self, index: int) -> tuple[int, bool]:
        """Return the source column (from 0) at which line `index` of the text starts, and whether it is exact.

        From the start of a line, markdown-it removes only indentation and the marks of lists and quotes. So the text is
        the rest of the source line, except in tables and in headings that end in `#`.
        """
        number = self._line + index
        source = self._lines[number - 1] if 0 < number <= len(self._lines) else ""
        is_last = index + 1 == len(self._starts)
        text = self.text[self._starts[index] : None if is_last else self._starts[index + 1] - 1]
        if self._cell_column is not None:
            return self._cell_column, source.startswith(text, self._cell_column)
        end = len(source.rstrip(MD_TRIM_CHARS) if is_last else source)
        # markdown-it may turn tabs in the indentation into spaces.
        if self._is_aligned and source.endswith(text.lstrip(" \t"), 0, end):
            return end - len(text), True
        return max(source.find(text, 0, len(text) + MAX_SEARCH_DISTANCE), 0), False
