"""Find HTML and comments in documents. A block of HTML is one problem, however many tags it has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .masked_lines import blank_code_spans
from .problems import Problem, Source

_TAG = re.compile(r"(?<!\]\()<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*)?/?>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HEADING = re.compile(r"\s*#{1,6}\s")
_VISIBLE = re.compile(r"[^\n]")
_MORE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)
# These elements have no closing tag (https://html.spec.whatwg.org/multipage/syntax.html#void-elements).
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_MAX_SHOWN = 60  # if a tag is longer, messages show it without its attributes

# What to write in place of an element.
_MARKDOWN = {
    ("b", "strong"): "Write **bold**.",
    ("i", "em"): "Write *italic*.",
    ("s", "del", "strike"): "Write ~~crossed-out text~~.",
    ("a",): "Write [the link's text](/url).",
    ("img", "picture", "figure"): "Write ![What the image shows](images/file.png).",
    ("ul", "li"): "Write each list item on a line of its own that begins with “- ”.",
    ("ol",): "Write each list item on a line of its own that begins with “1. ”, “2. ” and so on.",
    ("h1", "h2", "h3", "h4", "h5", "h6"): "Write ## or ### and the heading's text.",
    ("table", "thead", "tbody", "tr", "td", "th"): "Write | between the cells, and |---| under the header.",
    ("blockquote",): "Write > at the start of each line of the quotation.",
    ("code", "pre"): "Put the code between backticks.",
    ("hr",): "Write --- on a line of its own.",
    ("details", "summary"): "Write a section FAQ: a bold question, and its answer on the next line.",
    ("iframe", "video", "embed", "object"): "Write a link to the video or the page: [text](https://…).",
    ("script", "style", "link"): "Delete the code. The site runs no scripts or styles from documents.",
}
_HELP = {name: help for names, help in _MARKDOWN.items() for name in names}


@dataclass(frozen=True, slots=True)
class _Tag:
    line: int
    match: re.Match[str]

    @property
    def name(self) -> str:
        return self.match["name"].lower()


class VisibleText(NamedTuple):
    """A document's lines, with spaces in place of comments and code spans. Lines in code blocks are empty.

    `comments` holds the line and the column of each comment. An unclosed comment is text.
    """

    lines: list[str]
    comments: list[tuple[int, int]]


def visible_text(source: Source, code_lines: Collection[int]) -> VisibleText:
    """Return the text of a document without its comments and code."""
    lines = enumerate(source.lines, start=1)
    text = "\n".join("" if number in code_lines else blank_code_spans(line) for number, line in lines)
    parts: list[str] = []
    comments: list[tuple[int, int]] = []
    number, position = 1, 0
    while (start := text.find("<!--", position)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        number += text.count("\n", position, start)
        comments.append((number, start - text.rfind("\n", 0, start)))
        parts += text[position:start], _VISIBLE.sub(" ", text[start : end + 3])
        number, position = number + text.count("\n", start, end), end + 3
    return VisibleText("".join([*parts, text[position:]]).split("\n"), comments)


def check_html(source: Source, text: VisibleText) -> Iterator[Problem]:
    """Yield a problem for each comment, and for each block of HTML."""
    for line, column in text.comments:
        message, help = "The page doesn't show this comment, but everyone who opens the file can read it.", ""
        if _MORE.match(source.line(line), column - 1):
            message = "The comment “more” has no effect here, because lists of pages have no excerpts."
            help = "Lists show the description from META. "
        yield source.problem("html", message, f"{help}Remove the comment.", line=line, column=column, length=4)
    for tags in _blocks(text.lines):
        yield _problem(source, tags)


def _blocks(lines: Iterable[str]) -> Iterator[list[_Tag]]:
    """Yield the tags of each block of HTML, except `<br>`.

    A block ends at an empty line, unless its first element is still open. A heading always ends the block.
    """
    tags: list[_Tag] = []
    depth = 0  # how many elements with the name of the block's first tag are open
    for number, line in enumerate(lines, start=1):
        if tags and ((depth <= 0 and not line.strip()) or _HEADING.match(line)):
            yield tags
            tags, depth = [], 0
        for match in _TAG.finditer(line) if "<" in line else ():
            tag = _Tag(number, match)
            if _BREAK.fullmatch(match[0]):
                continue
            tags.append(tag)
            if tag.name == tags[0].name and tag.name not in _VOID and not match[0].endswith("/>"):
                depth += -1 if match["close"] else 1
    if tags:
        yield tags


def _problem(source: Source, tags: list[_Tag]) -> Problem:
    first = tags[0]
    written = first.match[0]
    shown = written if len(written) <= _MAX_SHOWN else f"<{first.match['name']} …>"
    others = len(tags) - 1
    closes = others == 1 and tags[1].match["close"] and tags[1].name == first.name
    more = "" if not others or closes else f" and {others} more {'tags' if others > 1 else 'tag'}"
    message = f"The page shows the HTML {shown}{more} as text."
    help = _HELP.get(first.name, "Delete the tags, and use Markdown instead.")
    if first.match["name"][0].isupper() and not first.match["name"].isupper():
        help = "Delete the tags: components of other tools (MDX) don't work here."
    elif others and not closes:
        help = "Use Markdown instead."
    help += " To show readers the HTML itself, put the HTML between backticks."
    column = first.match.start() + 1
    return source.problem("html", message, help, line=first.line, column=column, length=len(written))
