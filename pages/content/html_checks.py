"""Find HTML and comments in documents. A block of HTML is one problem, however many tags it has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .masked_lines import blank_code_spans
from .problems import Problem, Source

_TAG = re.compile(r"(?<!\]\()<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:\s[^<>]*)?/?>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_HEADING = re.compile(r"\s*#{1,6}\s")
_MORE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)
# These elements have no closing tag (https://html.spec.whatwg.org/multipage/syntax.html#void-elements).
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_MAX_SHOWN = 60  # messages show longer tags without their attributes

# What to write in place of an element.
_MARKDOWN = {
    ("b", "strong"): "Write **bold**.",
    ("i", "em"): "Write *italic*.",
    ("s", "del", "strike"): "Write ~~struck~~.",
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


def check_html(source: Source, code_lines: Collection[int], comment_lines: Collection[int]) -> Iterator[Problem]:
    """Yield a problem for each block of HTML, and for each comment."""
    yield from _check_comments(source, comment_lines)
    for tags in _blocks(source, {*code_lines, *comment_lines}):
        yield _problem(source, tags)


def comment_lines_of(source: Source, code_lines: Collection[int]) -> set[int]:
    """Return the numbers of the lines in HTML comments. An unclosed comment is plain text."""
    lines: set[int] = set()
    start = 0
    for number, line in enumerate(source.lines, start=1):
        if number in code_lines:
            continue
        if not start and "<!--" in blank_code_spans(line):
            start = number
        if start and "-->" in line:
            lines.update(range(start, number + 1))
            start = 0
    return lines


def _check_comments(source: Source, comment_lines: Collection[int]) -> Iterator[Problem]:
    for number in sorted(comment_lines):
        text = blank_code_spans(source.line(number))
        if "<!--" in text:
            message, help = "The page doesn't show this comment, but everyone who opens the file can read it.", ""
            if _MORE.search(text):
                message = "This mark of another tool has no effect, because lists of pages have no excerpts."
                help = "Lists show the description from META. "
            help = f"{help}Remove the comment."
            yield source.problem("html", message, help, line=number, column=text.find("<!--") + 1, length=4)


def _blocks(source: Source, hidden_lines: Collection[int]) -> Iterator[list[_Tag]]:
    """Yield the tags of each block of HTML, except `<br>`.

    A block ends at an empty line, unless its first element is still open. Every block ends at a heading.
    """
    tags: list[_Tag] = []
    depth = 0  # the number of open elements with the name of the block's first tag
    for number, line in enumerate(source.lines, start=1):
        ends = (depth <= 0 and not line.strip()) or _HEADING.match(line)
        if tags and ends:
            yield tags
            tags, depth = [], 0
        if "<" not in line or number in hidden_lines:
            continue
        for match in _TAG.finditer(blank_code_spans(line)):
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
