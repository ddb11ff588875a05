"""The positions of keys and values in TOML, because `tomllib` returns only the values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from .problems import Span

# The path of a key or value: ("phones", "India"), or ("header", 2) for the third entry of a list.
KeyPath = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ATOM = re.compile(r"[^,\]}#\n]+")  # A number, a boolean or a date.
# The closing quotes of a multi-line string may follow one or two quotes that belong to the text.
_STRINGS = {
    '"""': re.compile(r'"""((?:[^\\]|\\.)*?"{0,2})"""(?!")', re.DOTALL),
    "'''": re.compile(r"'''(.*?'{0,2})'''(?!')", re.DOTALL),
    '"': re.compile(r'"((?:[^"\\\n]|\\.)*)"'),
    "'": re.compile(r"'([^'\n]*)'"),
}
_LINE_END = re.compile(r"\\[ \t]*\n[ \t\n]*")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}
_DIGITS = {"x": 2, "u": 4, "U": 8}


class _String(NamedTuple):
    """A string: its text, and the offset in the file of each of its characters.

    `stop` is the offset of the closing quotes. `end` is the offset after these quotes.
    """

    text: str
    offsets: list[int]
    stop: int
    end: int


class TomlPositions:
    """Finds keys and values in `text`, which must be valid TOML with plain newlines.

    A key or value without a known position gets the position of the table or list that contains it. For example, each
    table of a list of tables (`[[list]]`) gets the list's position.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._keys: dict[KeyPath, tuple[int, int]] = {}  # the offset and the length of each key
        self._values: dict[KeyPath, int] = {}
        self._decoded: dict[KeyPath, tuple[_String | None, list[int]]] = {}
        self._scan()

    def key(self, path: KeyPath) -> Span:
        """Return the position of a key or of a table's name. For a list's entry, return the position of its value."""
        return self._span(*self._keys[path]) if path in self._keys else self.value(path)

    def value(self, path: KeyPath) -> Span:
        """Return the position of a value's first line. The position of a string excludes its quotes."""
        if path not in self._values:
            return self.key(path if path in self._keys else path[:-1]) if path else Span(1, 1, 1)
        start = self._values[path]
        string = self._string(start)
        if string is None:
            atom = _ATOM.match(self._text, start)
            return self._span(start, len(atom[0].rstrip()) if atom else 1)
        if not string.text:
            return self._span(start, string.end - start)
        first_line = self._text[string.offsets[0] : string.stop].partition("\n")[0]
        return self._span(string.offsets[0], len(first_line))

    def character(self, path: KeyPath, line: int, column: int) -> Span:
        """Find one character in the string at `path`, and return the character's position in the file.

        `line` and `column` say where the character is in the string.
        """
        if path not in self._decoded:
            string = self._string(self._values[path]) if path in self._values else None
            lengths = (len(text) + 1 for text in string.text.split("\n")) if string else ()
            self._decoded[path] = string, [0, *accumulate(lengths)]
        string, line_starts = self._decoded[path]
        if string is None or not string.offsets:
            return self.value(path)
        index = line_starts[min(line, len(line_starts)) - 1] + column - 1
        return self._span(string.offsets[index] if index < len(string.offsets) else string.stop, 1)

    def _span(self, offset: int, length: int) -> Span:
        line_start = self._text.rfind("\n", 0, offset) + 1
        return Span(self._text.count("\n", 0, offset) + 1, offset - line_start + 1, length)

    def _scan(self) -> None:
        table: KeyPath = ()
        counts: dict[KeyPath, int] = {}
        while self._skip_space():
            if self._text.startswith("[", self._at):
                brackets = 2 if self._text.startswith("[[", self._at) else 1
                self._at += brackets
                table = self._read_key(())
                self._at += brackets
                if brackets == 2:
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
            else:
                path = self._read_key(table)
                self._at += 1  # the equals sign
                self._read_value(path)

    def _skip_space(self) -> bool:
        """Skip spaces and comments. Return False at the end of the text."""
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at
        return self._at < len(self._text)

    def _read_key(self, path: KeyPath) -> KeyPath:
        """Read a key such as `a."b c".d`, and the space after it. Return `path` with the parts of the key added."""
        while self._skip_space():
            start = self._at
            string = self._string(start)
            bare = _BARE_KEY.match(self._text, start)
            if string is None and bare is None:
                raise ValueError("not TOML")
            path = (*path, string.text if string else bare[0] if bare else "")
            self._at = string.end if string else bare.end() if bare else start
            is_quoted = string is not None
            self._keys.setdefault(path, (start + is_quoted, self._at - start - 2 * is_quoted))
            if not self._skip_space() or self._text[self._at] != ".":
                break
            self._at += 1
        return path

    def _read_value(self, path: KeyPath) -> None:
        self._skip_space()
        self._values[path] = self._at
        opening = self._text[self._at : self._at + 1]
        if opening in ("[", "{"):
            self._at += 1
            for index in self._entries("]" if opening == "[" else "}"):
                if opening == "{":
                    key = self._read_key(path)
                    self._at += 1  # the equals sign
                    self._read_value(key)
                else:
                    self._read_value((*path, index))
            return
        string = self._string(self._at)
        atom = _ATOM.match(self._text, self._at)
        if string is None and atom is None:
            raise ValueError("not TOML")
        self._at = string.end if string else atom.end() if atom else self._at

    def _entries(self, closing: str) -> Iterator[int]:
        """Yield 0, 1, 2 and so on, at the start of each entry of a list or inline table.

        The caller must read the whole entry before it asks for the next index.
        """
        index = 0
        while self._skip_space() and self._text[self._at] != closing:
            yield index
            index += 1
            if self._skip_space() and self._text[self._at] == ",":
                self._at += 1
        self._at += 1

    def _string(self, start: int) -> _String | None:
        quotes = next((quotes for quotes in _STRINGS if self._text.startswith(quotes, start)), "")
        match = _STRINGS[quotes].match(self._text, start) if quotes else None
        if match is None:
            return None
        at, stop = match.span(1)
        if len(quotes) == 3 and self._text.startswith("\n", at):
            at += 1
        characters, offsets = list[str](), list[int]()
        while at < stop:
            written, length = self._text[at], 1
            if written == "\\" and '"' in quotes:
                if line_end := _LINE_END.match(self._text, at):
                    at = line_end.end()
                    continue
                name = self._text[at + 1]
                digits = _DIGITS.get(name, 0)
                length = 2 + digits
                code = self._text[at + 2 : at + length]
                written = chr(int(code, 16)) if digits else _ESCAPES.get(name, name)
            characters.append(written)
            offsets.append(at)
            at += length
        return _String("".join(characters), offsets, stop, match.end())
