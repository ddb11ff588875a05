"""Source positions of inline content: the line and column of each run in the document."""

from __future__ import annotations

from dataclasses import dataclass

# These limits keep the search for source positions linear. The search looks for the first MAX_SEARCH_TEXT characters of
# a text, and stops MAX_SEARCH_DISTANCE characters after the previous text.
MAX_SEARCH_DISTANCE = 2_000
MAX_SEARCH_TEXT = 40


@dataclass(slots=True)
class SourcePosition:
    """Where unread content starts. `line` counts from 1, `column` from 0.

    After a table cell is read, the position is at the end of that cell.
    """

    lines: list[str]
    line: int
    column: int = 0

    def column_of(self, number: int, text: str) -> int:
        """Return the column (from 0) where `text` starts in the source line `number`. `text` is one line of content."""
        source = self.lines[number - 1] if 0 < number <= len(self.lines) else ""
        start = self.column if number == self.line else 0
        return max(source.find(text, start, start + len(text) + MAX_SEARCH_DISTANCE), 0)


class Cursor:
    """Finds the source position of each run. The search only moves forward, so it takes linear time."""

    def __init__(self, text: str, position: SourcePosition) -> None:
        self.offset = self._line_start = self._counted = 0  # newlines before the offset `_counted` are already counted
        self.text, self.position = text, position
        # markdown-it strips leading lines that have only unusual whitespace, such as no-break spaces. Skip these lines
        # here too.
        while text and position.line < len(position.lines) and not position.lines[position.line - 1].strip():
            position.line += 1
        self._line = position.line
        self._line_column = position.column_of(position.line, text.partition("\n")[0])
        position.column = self._line_column + len(text) if "\n" not in text else 0

    def find(self, text: str) -> tuple[int, int]:
        """Return the line and column (from 1) of the next occurrence of `text`, or else of the current position."""
        snippet = text.strip()[:MAX_SEARCH_TEXT]
        start = self.text.find(snippet, self.offset, self.offset + MAX_SEARCH_DISTANCE) if snippet else -1
        if start < 0:
            return self._line_and_column(self.offset)
        self.offset = start + len(snippet)
        line, column = self._line_and_column(start)
        return line, max(column - (len(text) - len(text.lstrip())), 1)

    def skip(self, *marks: str) -> None:
        """Move past all `marks` and the text between them.

        Don't move if the first mark isn't next, or if any mark is missing.
        """
        if self.text.startswith(marks[0], self.offset):
            offset = self.offset
            for mark in marks:
                start = self.text.find(mark, offset, offset + MAX_SEARCH_DISTANCE)
                if start < 0:
                    return
                offset = start + len(mark)
            self.offset = offset

    def next_line(self) -> None:
        end = self.text.find("\n", self.offset)
        self.offset = end + 1 if end >= 0 else self.offset

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        newlines = self.text.count("\n", self._counted, offset)
        self._counted = max(self._counted, offset)
        if newlines:
            self._line += newlines
            self._line_start = self.text.rfind("\n", self._line_start, offset) + 1
            end = self.text.find("\n", self._line_start)
            line_text = self.text[self._line_start : end if end >= 0 else None]
            self._line_column = self.position.column_of(self._line, line_text)
        return self._line, self._line_column + offset - self._line_start + 1
