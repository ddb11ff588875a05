"""Find lists, tables, headings and code that the site shows as something else, because of a mistake."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from .blocks import Block, Code, Heading, List, Paragraph
from .broken_inlines import RULE
from .inlines import Inline
from .problems import Problem, Source, Span

# Word processors write these bullets. The last two come from the font Symbol.
_BULLET = re.compile(r"[•◦▪▫‣⁃●○■·](?:\s|(?=\w))|[\uf0b7\uf0a7]")
# The bullets of Courier and Wingdings become these letters when a list is pasted as text.
_LETTER_BULLET = re.compile(r"(?P<mark>[o§Øüvqà])\s+(?=[^\W\d_])")
_LETTER_BULLET_LINE = re.compile(rf"^\s*{_LETTER_BULLET.pattern}", re.MULTILINE)
_DASH = re.compile(r"(?:[–—→✓✔✗✘►▶➤]|--|->)\s")
# Numbers and letters that writers use for the items of a list, but that Markdown doesn't know.
_PLAIN_NUMBER = re.compile(r"(?:\(\d{1,3}\)|\d{1,3}\.\)|\(?[A-Za-z]\))\s+(?=[^\W\d_])")
_DIVIDER = re.compile(r"--|[-–—]*[–—][-–—]*")  # word processors turn hyphens into dashes
_GLUED_MARK = re.compile(r"[-+](?=[^\W\d_])|\*(?=[^\W\d_][^*]*$)|\d{1,3}[.)](?=[^\W\d_])")
# A no-break space before the mark of a list, quotation or table, or after a bullet. A no-break space after a number is
# accepted, because the author may want it.
_NO_BREAK_MARK = re.compile(
    r"[ \t]*\u00a0[\s\u00a0]*(?:[-*+>|]|\d{1,9}[.)])(?=\s)|[ \t]*[-*]\u00a0(?=[^\W\d_])|\u00a0{2}"
)
_DELIMITER_ROW = re.compile(r"\|?(?:\s*:?-{2,}:?\s*\|)+(?:\s*:?-{2,}:?\s*)?|\+(?:[-=]+\+)+")
_HASHTAG = re.compile(r"#(?=[^\W\d_])[^#]*$")
# If an indented block contains Markdown or a sentence, its author didn't mean it as code.
_MARKUP_IN_CODE = re.compile(
    r"\*\*[^*\s][^*]*\*\*|\[[^\[\]]+\]\((?:/|https?:)[^()\s]*\)|^(?:[-*+•]|\d{1,3}[.)])\s+\S", re.M
)
_PROSE_IN_CODE = re.compile(r"[A-Z][^\n=(){};<>]*[a-z,] [^\n=(){};<>]*[a-z][.?!:]$")
# A line of plain words that begins with a capital letter, or with a letter that isn't ASCII, such as “भ”.
_WORDS_IN_CODE = re.compile(r"(?:[A-Z][a-z’']|(?![\x00-\x7f])[^\W\d_])[^\n=(){};<>$/\\|&#@_\[\]*+~^\"%`:]*:?")


class _Line(NamedTuple):
    """A line of a paragraph: the text on the page, and where this line starts in the document.

    `is_literal` means that the line begins with code, an image or an escaped character.
    """

    text: str
    number: int
    column: int
    is_literal: bool

    def problem(self, source: Source, message: str, help: str, length: int = 0) -> Problem:
        length = length or max(len(self.text), 1)
        return source.problem(RULE, message, help, line=self.number, column=self.column, length=length)


def check_blocks(source: Source, blocks: Collection[Block]) -> Iterator[Problem]:
    """Yield the problems in `blocks`.

    The check doesn't look inside lists and quotations. The caller must add the blocks inside them to `blocks`.
    """
    headings = [block for block in blocks if isinstance(block, Heading) and block.inline and block.level == 2]
    has_tabs = "\t" in source.text or "\u00a0" in source.text
    with_marks = sum(_begins_with_mark(source, heading) for heading in headings)
    is_rarely_underlined = with_marks > len(headings) - with_marks
    for block in blocks:
        match block:
            case Paragraph():
                if has_tabs or not _is_ordinary(block.inline.text):
                    yield from _check_paragraph(source, block)
            case List():
                yield from _check_list(source, block)
            case Heading() if not block.inline:
                message = "This heading has no text, so the page doesn't show it."
                help = "Write the heading's text after the #, or delete the line."
                yield source.problem(RULE, message, help, line=block.line, length=len(source.line(block.line)))
            case Heading():
                yield from _check_underlined(source, block, is_rare=is_rarely_underlined)
            case Code():
                yield from _check_indented_code(source, block)


def check_sequences(source: Source, blocks: Sequence[Block]) -> Iterator[Problem]:
    """Yield a problem for each list directly after another list, and for paragraphs that look like a list.

    Call this function once for each sequence of blocks, such as the blocks inside a list item.
    """
    for before, after in pairwise(blocks):
        if isinstance(before, List) and isinstance(after, List) and before.is_ordered == after.is_ordered:
            message = "This list begins directly after another one, so the page shows two lists."
            help = "Begin all items of a list with the same mark. Between two lists, write a sentence or a heading."
            yield source.problem_at(RULE, message, help, line=after.line, text=source.line(after.line).strip())
    for _, group in groupby(blocks, key=lambda block: isinstance(block, Paragraph)):
        paragraphs = [block for block in group if isinstance(block, Paragraph)]
        if not any(_LETTER_BULLET_LINE.search(each.inline.text) for each in paragraphs):
            continue
        yield from _check_letter_bullets(source, [line for each in paragraphs for line in _lines(source, each.inline)])


def _check_letter_bullets(source: Source, lines: Sequence[_Line]) -> Iterator[Problem]:
    """Yield a problem for the first of two or more consecutive lines that use the same letter as a bullet."""

    def mark_of(line: _Line) -> str:
        bullet = None if line.is_literal else _LETTER_BULLET.match(line.text)
        return bullet["mark"] if bullet else ""

    for mark, group in groupby(lines, key=mark_of):
        marked = list(group)
        if mark and len(marked) > 1:
            message = "This looks like a list from a word processor, but the page shows it as ordinary text."
            help = f"Write “- ”, a hyphen and a space, in place of “{mark}” before each item."
            yield marked[0].problem(source, message, help, 1)


def _lines(source: Source, inline: Inline) -> list[_Line]:
    lines = []
    for line in inline.lines():
        first = line.runs[0]
        before, start = source.line(first.line)[: first.column - 1], Span(first.line, first.column, 1)
        is_escaped = before.endswith("\\") or source.text_at(start) != line.text[:1]
        lines.append(_Line(line.text, first.line, first.column, first.code or bool(first.image) or is_escaped))
    return lines


def _check_paragraph(source: Source, paragraph: Paragraph) -> Iterator[Problem]:
    lines = _lines(source, paragraph.inline)
    plain = [line for line in lines if not line.is_literal]
    if not plain:
        return
    yield from _check_bullets(source, plain)
    if not any(run.is_break and run.hard_break for run in paragraph.inline.runs):
        yield from _check_numbers(source, plain)
    yield from _check_rows(source, lines)
    yield from _check_tabs(source, plain)
    only = plain[0] if len(lines) == 1 else None
    if only and _HASHTAG.match(only.text) and only.number != source.first_line:
        message = "The page shows this line as text, not as a heading."
        help = f"Write # {only.text[1:]} with a space, and as many # as the heading's level. To show the #, write \\#."
        yield only.problem(source, message, help, 1)
    if only and _DIVIDER.fullmatch(only.text):
        message = "The page shows this line as text, not as a divider."
        yield only.problem(source, message, "Write --- (three hyphens), with an empty line above and below.")
    for line in plain:
        if mark := _NO_BREAK_MARK.match(source.line(line.number)):
            message = "This line has a no-break space at its start, so Markdown reads it as ordinary text."
            help = "Replace the no-break space with a plain space, or delete the no-break space."
            yield source.problem(RULE, message, help, line=line.number, length=len(mark[0]))


def _is_ordinary(text: str) -> bool:
    """Return whether a paragraph is clearly ordinary text. The paragraph contains neither tabs nor no-break spaces.

    Each line of ordinary text begins with a letter. No line is a row of a table, or a list item such as `a)`.
    """
    if "\n" not in text:
        return text[:1].isalpha()
    return " | " not in text and all(line[:1].isalpha() and line[1:2] != ")" for line in text.split("\n"))


def _check_bullets(source: Source, lines: Sequence[_Line]) -> Iterator[Problem]:
    bullets = [line for line in lines if _BULLET.match(line.text)]
    dashes = [line for line in lines if _DASH.match(line.text)]
    glued = [line for line in lines if _GLUED_MARK.match(line.text)]
    message = "This looks like a list, but the page shows it as ordinary text."
    if bullets:
        help = "Write each item on a line of its own that begins with “- ”: a hyphen and a space."
        yield bullets[0].problem(source, message, help, 1)
    elif len(dashes) > 1:
        help = "Begin each item with “- ”, a hyphen and a space, not with a dash or a symbol."
        yield dashes[0].problem(source, message, help, 1)
    elif len(glued) > 1:
        help = "Write a space after each mark, as in “- item” and “1. item”."
        yield glued[0].problem(source, message, help, 1)


def _check_numbers(source: Source, lines: Sequence[_Line]) -> Iterator[Problem]:
    """Yield a problem for the first of several lines that begin with a number or a letter, such as (1) or a)."""
    numbered = [line for line in lines if _PLAIN_NUMBER.match(line.text)]
    if len(numbered) > 1:
        message = "This looks like a list, but the page shows its items in one line."
        help = "Begin the items with “1. ”, “2. ” and so on. Or leave an empty line between the items."
        yield numbered[0].problem(source, message, help, 1)


def _check_rows(source: Source, lines: Sequence[_Line]) -> Iterator[Problem]:
    """Yield a problem for lines that look like a table but aren't one."""
    rows = [line for line in lines if line.text.startswith("|") and line.text.count("|") > 1]
    rules = [line for line in lines if "-" in line.text and _DELIMITER_ROW.fullmatch(line.text)]
    if not rows and not rules:
        counts = {line.text.count(" | ") for line in lines}
        rows = list(lines) if len(lines) > 2 and len(counts) == 1 and 0 not in counts else []
    if not rows and not (rules and len(lines) > 1):
        return
    header = lines[0] if rules else rows[0]
    if header.is_literal:
        return
    help = "Write the row |---|---| under the header row, with one |---| for each column."
    message = "This looks like a table, but the row |---|---| under its header is missing."
    if rules and lines.index(rules[0]) > 0:
        header = lines[lines.index(rules[0]) - 1]
        message = "This looks like a table, but its header and the row |---|---| have different numbers of cells."
        help = "Write one |---| for each column of the header row, directly under the header row."
    if rules and rules[0].text.startswith("+"):
        message = "This looks like a table of another tool, but the page shows it as text."
        help = "Write | between the cells, and the row |---|---| under the header row."
    yield header.problem(source, message, help)


def _check_tabs(source: Source, lines: Sequence[_Line]) -> Iterator[Problem]:
    if len(lines) < 2:
        return
    tabbed = [line for line in lines if "\t" in source.line(line.number).strip()]
    if len(tabbed) > 1 and len({source.line(line.number).strip().count("\t") for line in tabbed}) == 1:
        message = "This looks like a table from a spreadsheet, but the page shows it as ordinary text."
        help = "Write | between the cells, and the row |---|---| under the header row."
        yield tabbed[0].problem(source, message, help)


def _check_list(source: Source, block: List) -> Iterator[Problem]:
    for number, item in enumerate(block.items):
        if not item.blocks:
            message = "This list item is empty, so the page shows a mark without text."
            text = source.line(item.line).strip()
            help = "Write the item's text after the mark, or delete the mark. To show the mark, write \\ before it."
            yield source.problem_at(RULE, message, help, line=item.line, text=text)
            continue
        first = item.blocks[0]
        if block.is_ordered and isinstance(first, Paragraph):
            yield from _check_run_on(source, first, block.start + number)


def _check_run_on(source: Source, paragraph: Paragraph, number: int) -> Iterator[Problem]:
    """Yield a problem if a line has several items of a numbered list: `1. Call us 2. Send a CV 3. Start`."""
    for line in _lines(source, paragraph.inline)[:1]:
        second = re.search(rf"\s{number + 1}(?P<mark>[.)])\s", line.text)
        third = second and f" {number + 2}{second['mark']} " in line.text
        mark = source.line(line.number)[: line.column - 1].rstrip()[-1:]
        if second and mark == second["mark"] and (third or mark == ")"):
            message = "This looks like several list items, but the page shows them as one."
            yield line.problem(source, message, "Write each item on a line of its own.")


def _begins_with_mark(source: Source, heading: Heading) -> bool:
    """Return whether `heading` begins with `#`. Otherwise, a line of hyphens or equal signs is below the heading."""
    return source.line(heading.line).lstrip(" >").startswith("#")


def _check_underlined(source: Source, heading: Heading, *, is_rare: bool) -> Iterator[Problem]:
    """Yield a problem if a line of hyphens or equal signs turns the text above it into a heading by mistake.

    `is_rare` means that most headings of the document have no such line. A short text above hyphens is then a mistake,
    too: the author probably wanted a divider.
    """
    lines = heading.inline.lines()
    underline = heading.line + len(lines)
    if _begins_with_mark(source, heading) or not lines:
        return
    text = heading.raw_text.rstrip()
    is_sentence = text.endswith((".", ":", ";", ",")) or heading.inline.split_label() is not None
    marks = source.line(underline).strip(" >")
    is_divider = is_rare and heading.level == 2
    if (len(lines) > 1 or is_sentence or is_divider) and marks and not marks.strip("-="):
        message = f"The line {marks[:5]} turns the text above it into a heading."
        help = "Leave an empty line above this line. Or, for a heading, write ## and the heading's text."
        yield source.problem_at(RULE, message, help, line=underline, text=marks)


def _check_indented_code(source: Source, code: Code) -> Iterator[Problem]:
    """Yield a problem for a text that is shown as code only because it is indented."""
    if code.info or code.text_line != code.line:
        return
    text = code.text.strip()
    are_words = all(_WORDS_IN_CODE.fullmatch(line.strip()) for line in text.splitlines())
    if are_words or _MARKUP_IN_CODE.search(text) or _PROSE_IN_CODE.match(text):
        message = "The page shows this text as code, because its line begins with a tab or four spaces."
        help = "Delete the space at the start of the line. To show code, put it between two lines of three backticks."
        written = source.line(code.line)
        yield source.problem_at(RULE, message, help, line=code.line, text=written.strip())
