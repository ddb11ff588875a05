"""Find slips inside a line of text: marks without a partner, broken links, and full-width marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from .blocks import Block, inlines_of
from .inlines import Run
from .masked_lines import blank_code_spans, blank_literals
from .problems import Edit, Problem, Source, Span

RULE = "broken-markdown"

# Two marks that could be a pair.
_PAIRS = {mark: re.compile(rf"{re.escape(mark)}(?P<inner>[^{mark[0]}\n]+){re.escape(mark)}") for mark in ("**", "~~")}
# A single mark before or after a word. A mark between two letters or digits, as in 2**3, is ordinary text.
_SINGLES = {
    mark: re.compile(
        rf"(?<![\w{mark[0]}]){re.escape(mark)}(?=[^\s{mark[0]}])|(?<=[^\s{mark[0]}]){re.escape(mark)}(?![\w{mark[0]}])"
    )
    for mark in ("**", "~~")
}
_NAMES = {"**": "bold", "~~": "crossed-out"}
# Full-width marks, which Chinese and Japanese keyboards write. In most places, they are ordinary punctuation, so
# match them only where Markdown expects a mark.
_FULL_WIDTH = re.compile(
    r"(?<=\])（|］(?=\s*[(（])|^\s*＃+|＊＊|^\s*｜|^\s*＞|！(?=\[)|(?<=[A-Za-z]\*\*)：|(?<=[A-Za-z])：(?=\*\*)"
)
_ASCII = str.maketrans({"］": "]", "（": "(", "＃": "#", "＊": "*", "｜": "|", "＞": ">", "！": "!", "：": ":"})
CURLY_LINK = re.compile(r"\]\(\s*(?:[^\s()]+\s+)?[“”„‘’][^()]*\)?")
_REVERSED_LINK = re.compile(r"(?<![\w\]])\([^()\[\]]{1,200}\)\[(?=/|#|https?:)[^\s\[\]]{1,500}\]")
_REVERSED_IMAGE = re.compile(r"!\([^()\[\]]{1,200}\)\[[^\s\[\]]{1,500}\.\w{3,4}\]")
_SPACED_IMAGE = re.compile(r"(?<![\w!])![ \t\u00a0]\[[^\[\]]{0,200}\]\([^()\s]{1,500}\.(?:png|jpe?g|webp|avif|gif|svg)")
_OPEN_LINK = re.compile(r"(?<![\\\]])\[[^\[\]()]{1,200}\((?:/|https?:)[^()\s]{0,500}\)(?![^\[\]]{0,200}\])")


def check_marks(source: Source, blocks: Iterable[Block]) -> Iterator[Problem]:
    """Yield a problem for each mark of bold, crossed-out or code text without a partner."""
    for inline in inlines_of(blocks):
        lines: dict[int, int] = {}
        for run in inline.runs:
            lines[run.line] = lines.get(run.line, 0) + 1
        for run in inline.runs:
            if not run.code and not run.image and any(mark in run.text for mark in ("**", "~~", "`")):
                yield from _check_run(source, run, is_alone=lines[run.line] == 1)
        for before, after in pairwise(inline.runs):
            if before.line == after.line and (place := _uneven_mark(before, after)):
                message = (
                    "These words have more asterisks on one side than on the other, so the page shows one as text."
                )
                help = "Write **bold** or *italic*. To show the asterisk, write \\*"
                yield _at(source, before.line, place - 1, 1, message, help)


def _uneven_mark(before: Run, after: Run) -> int:
    """Return the column of an extra asterisk beside italic or bold words, as in `**Label:*`. Without one, return 0.

    Ignore an asterisk after bold words, because it can be a footnote mark.
    """
    if before.is_exact and before.text.endswith("*") and not before.emphasis and (after.emphasis or after.strong):
        return before.column + len(before.text) - 1
    is_closing = after.is_exact and after.text.startswith("*") and not after.emphasis
    return after.column if is_closing and before.emphasis and not before.strong else 0


def check_line(source: Source, number: int, text: str) -> Iterator[Problem]:
    """Yield the broken links, broken images and full-width marks in `text`.

    `text` is the document's line `number`, with spaces in place of code spans and comments.
    """
    for link in CURLY_LINK.finditer(text) if "](" in text else ():
        message = "This link has curly quotes around its URL or its title."
        help = 'Write [text](/url), or [text](/url "Title") with straight quotes.'
        yield _at(source, number, link.start(), len(link[0]), message, help)
    for link in _REVERSED_LINK.finditer(text) if ")[" in text else ():
        message = "This looks like a link with [] and () swapped, so the page shows it as text."
        yield _at(source, number, link.start(), len(link[0]), message, "Write [text](/url).")
    for image in (*_REVERSED_IMAGE.finditer(text), *_SPACED_IMAGE.finditer(text)) if "!" in text else ():
        message = "This looks like an image, but the page shows it as text or as a link."
        help = "Write ![What the image shows](images/file.png), without a space after the exclamation mark."
        yield _at(source, number, image.start(), len(image[0]), message, help)
    for link in _OPEN_LINK.finditer(text) if "[" in text else ():
        message = "This looks like a link, but the bracket after its text is missing."
        yield _at(source, number, link.start(), len(link[0]), message, "Write [text](/url).")
    for mark in _FULL_WIDTH.finditer(blank_literals(text)) if not text.isascii() else ():
        written = mark[0].strip()
        message = f"Markdown doesn't know the full-width form of this mark: {written}."
        yield _at(
            source, number, mark.end() - len(written), len(written), message, f"Write {written.translate(_ASCII)}"
        )


def _check_run(source: Source, run: Run, *, is_alone: bool) -> Iterator[Problem]:
    """Yield a problem for each mark without a partner in `run`. With `is_alone`, `run` is a whole line."""
    text, offset = run.text, run.column - 1
    if not run.is_exact:  # the text has escaped characters or entities
        if not is_alone:
            return
        text, offset = blank_literals(blank_code_spans(source.line(run.line))), 0
    used: list[tuple[int, int]] = []
    for mark in _PAIRS:
        if mark not in text:
            continue
        for pair in _PAIRS[mark].finditer(text):
            inner = pair["inner"]
            if inner.strip() == inner or len(inner.strip()) < 2 or inner.strip().isdigit():
                continue
            used.append(pair.span())
            yield _spaces_inside(source, run.line, offset + pair.start(), mark, pair)
        for single in _SINGLES[mark].finditer(text):
            if any(start <= single.start() < end for start, end in used):
                continue
            message = f"This {mark} has no partner, so the page shows it as text."
            help = f"Write {mark} before and after the {_NAMES[mark]} words. To show the mark, write {_escaped(mark)}"
            yield _at(source, run.line, offset + single.start(), len(mark), message, help)
    if "`" in text:
        message = "This backtick has no partner, so the page shows it as text."
        help = "Write a backtick before and after the code. For an apostrophe, write ’ or '."
        yield _at(source, run.line, offset + text.index("`"), 1, message, help)


def _spaces_inside(source: Source, number: int, start: int, mark: str, pair: re.Match[str]) -> Problem:
    """Return the problem of two marks with a space between a mark and the words. The fix moves the space outside.

    The fix edits each mark separately, because the words between them may have fixes of their own.
    """
    inner, words = pair["inner"], pair["inner"].strip()
    line, end = source.line(number), start + len(pair[0])
    before = len(inner) - len(inner.lstrip())
    after = len(inner) - len(inner.rstrip())
    lead = " " if before and line[:start][-1:].strip() else ""
    trail = " " if after and line[end : end + 1].strip() else ""
    edits: tuple[Edit, ...] = ()
    if before:
        edits += (Edit(Span(number, start + 1, len(mark) + before), f"{lead}{mark}"),)
    if after:
        edits += (Edit(Span(number, end - len(mark) - after + 1, len(mark) + after), f"{mark}{trail}"),)
    is_exact = line[start:end] == pair[0]
    message = f"The page shows {mark} as text, because of the space between {mark} and the words."
    place = Span(number, start + 1, len(pair[0]))
    help = f"Write {mark}{words}{mark}"
    return source.problem(RULE, message, help, **place._asdict(), edits=edits if is_exact else ())


def _escaped(mark: str) -> str:
    return "".join(f"\\{character}" for character in mark)


def _at(source: Source, number: int, start: int, length: int, message: str, help: str) -> Problem:
    return source.problem(RULE, message, help, line=number, column=start + 1, length=length)
