"""Read YAML or TOML front matter as entries of META. Documents of other tools begin with front matter.

This reader knows the forms that such documents use: plain and quoted values, lists, folded texts and comments. It is
not a full YAML parser, which would take quadratic time for hostile texts.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from . import meta_keys
from .meta import Entry
from .problems import Problem, Source

_FENCES = {"---": ("---", "..."), "+++": ("+++",)}  # each opening fence, and the fences that can close it
_KEY = re.compile(r"""(?:(?P<quote>["'])(?P<quoted>[^"']+)(?P=quote)\s*|(?P<plain>\w[\w\s.-]*))[:=](?P<value>.*)""")
_TABLE = re.compile(r"\[{1,2}([^\[\]]+)\]{1,2}\s*$")
_FIRST_LINE = re.compile(r"""["']?\w+(?:[ .-]\w+)*["']?[ \t]?(?:=|:(?:\s|$))|\{""")
_HEADING = re.compile(r"#{2,6}\s")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_BLOCK_TEXT = re.compile(r"[|>][-+0-9]*\s*(?:#.*)?$")
_QUOTED = re.compile(r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')\s*(?:#.*)?$""")
_EMPTY_VALUES = ("null", "~")


@dataclass(frozen=True)
class FrontMatter:
    """A document's front matter.

    `lines` holds the number and the text of each line, without the fences. `end` is the line number of the closing
    fence, or of the last line in `lines` if there is no closing fence. If `is_readable` is False, an entry may be
    missing, so the document must stay a draft.
    """

    lines: tuple[tuple[int, str], ...]
    end: int
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    @property
    def is_readable(self) -> bool:
        return not self.problems


def read(source: Source) -> FrontMatter | None:
    """Return the front matter of a document, or None if the document has no front matter.

    A document may also begin with `---` as a divider. Only front matter continues with a `key: value` line.
    """
    start = next((index for index, line in enumerate(source.lines) if line.strip()), 0)
    fence = source.lines[start].rstrip()
    if fence not in _FENCES:
        return None
    end, is_closed = _find_end(source.lines, start + 1, _FENCES[fence])
    texts = textwrap.dedent("\n".join(source.lines[start + 1 : end])).split("\n")
    if not _is_front_matter(texts, is_closed):
        return None
    lines = list(enumerate(texts, start=start + 2))
    if not is_closed:  # an empty line separates the front matter from the document's text
        lines = list(takewhile(lambda line: line[1].strip(), dropwhile(lambda line: not line[1].strip(), lines)))
    entries, unread_lines = _read_entries(lines)
    problems = []
    if not is_closed:
        message = "This front matter never ends. The page stays a draft."
        help = f"Write {fence} on a line of its own below the last line of the front matter."
        problems.append(source.problem_at("front-matter", message, help, line=start + 1, text=fence))
    elif unread_lines:
        message = "The site can't read this line of the front matter. The page stays a draft."
        help = "Write `key: value`. Or move the settings to a META section, and delete the front matter."
        text = source.line(unread_lines[0]).strip()
        problems.append(source.problem_at("front-matter", message, help, line=unread_lines[0], text=text))
    return FrontMatter(tuple(lines), lines[-1][0] + is_closed, entries, tuple(problems))


def _find_end(lines: Sequence[str], start: int, fences: Iterable[str]) -> tuple[int, bool]:
    """Return the index of the closing fence, and True.

    If there is no closing fence, return the index of the first heading or of the document's end, and False. After a
    heading, `---` is a divider.
    """
    for index in range(start, len(lines)):
        if lines[index].rstrip() in fences:
            return index, True
        if _HEADING.match(lines[index]):
            return index, False
    return len(lines), False


def _is_front_matter(lines: Sequence[str], is_closed: bool) -> bool:
    """Return True if `lines` are front matter, and False if they are the document's text.

    `lines` are the lines after the opening fence. `is_closed` is True if there is a closing fence. The first line that
    is not empty and doesn't begin with `#` must look like front matter: a key, the name of a TOML table, or `{`.

    If there is no closing fence, or if an empty line or a line with `#` comes first, the lines may be text. For
    example, the line with `#` may be a heading. In these cases, at least one line must also have a key of META.
    """
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if not _FIRST_LINE.match(first) and not _TABLE.match(first):
        return False
    is_clear = is_closed and lines[0] == first
    return is_clear or any(meta_keys.is_known_key(_key(match)) for line in lines if (match := _KEY.match(line)))


def _key(match: re.Match[str]) -> str:
    return (match["quoted"] or match["plain"]).strip()


def _read_entries(lines: Sequence[tuple[int, str]]) -> tuple[tuple[Entry, ...], list[int]]:
    """Return the entries in `lines`, and the numbers of the lines that can't be read."""
    found: list[tuple[int, str, list[str]]] = []  # each entry's line number, key and value parts
    unread_lines = []
    is_block_text = is_empty = is_list = False  # how the latest entry's value begins
    for number, line in lines:
        is_indented = line[:1].isspace()
        if not line.strip() or (line.lstrip().startswith("#") and not (is_block_text and is_indented)):
            continue
        match = _KEY.match(line.strip())
        is_publishing_key = match is not None and _key(match).lower() in meta_keys.PUBLISHING_KEYS
        continues = is_indented or (line.startswith("-") and is_empty) or (line.startswith("]") and is_list)
        if found and ((is_block_text and is_indented) or (continues and not is_publishing_key)):
            found[-1][2].append(line.strip())
            continue
        if table := _TABLE.match(line):
            found.append((number, table[1].strip(), [""]))
        elif match and not is_indented:
            found.append((number, _key(match), [match["value"].strip()]))
        else:
            unread_lines.append(number)
            continue
        # A value's first line decides how to read its other lines. The first line may be long, so check it only once.
        first = found[-1][2][0]
        is_block_text, is_empty = bool(_BLOCK_TEXT.match(first)), not _COMMENT.sub("", first)
        is_list = first.startswith("[")
    entries = (Entry(number, key, [_read_value(parts)], lines[0][0], len(parts)) for number, key, parts in found)
    return tuple(entries), unread_lines


def _read_value(parts: Sequence[str]) -> str:
    """Return a value without quotes and comments. Join the items of a list with commas, as in META."""
    first, *more = parts
    if _BLOCK_TEXT.match(first):
        return " ".join(more)
    if first.startswith("["):
        text = " ".join(_COMMENT.sub("", part) for part in parts).strip()
        return ", ".join(filter(None, (item.strip("\"' ") for item in text.strip("[]").split(","))))
    if more and not _COMMENT.sub("", first) and all(part.startswith("-") for part in more):
        return ", ".join(_unquote(part[1:].strip()) for part in more)
    return _unquote(" ".join(parts).strip())


def _unquote(text: str) -> str:
    if match := _QUOTED.match(text):
        double, single = match.groups()
        return re.sub(r"\\(.)", r"\1", double) if double is not None else single.replace("''", "'")
    plain = _COMMENT.sub("", text).strip()
    return "" if plain.lower() in _EMPTY_VALUES else plain
