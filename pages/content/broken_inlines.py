"""Find problems inside a line of text: marks without a partner, broken links, and full-width marks."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from .inlines import Inline, Run
from .masked_lines import blank_code_spans, blank_literals
from .problems import Edit, Problem, Source, Span

RULE = "broken-markdown"

# Two equal marks with text between them, such as “** bold **”. They may be meant as a pair.
_PAIRS = {mark: re.compile(rf"{re.escape(mark)}(?P<inner>[^{mark[0]}\n]+){re.escape(mark)}") for mark in ("**", "~~")}
# A single mark before or after a word. A mark between two letters or digits, as in 2**3, is ordinary text, and so is a
# line of underscores to write on.
_SINGLES = {
    mark: re.compile(
        rf"(?<![\w{mark[0]}]){re.escape(mark)}(?=[^\s{mark[0]}])|(?<=[^\s{mark[0]}]){re.escape(mark)}(?![\w{mark[0]}])"
    )
    for mark in ("**", "~~", "__")
}
# A quick check: text without a match contains no backtick, and none of the marks in _SINGLES.
_SINGLE = re.compile(r"\*\*|~~|__|`")
_NAMES = {"**": "bold", "~~": "crossed-out", "__": "bold"}
_ITALIC_START = re.compile(r"(?<![\w*])\*(?=[^\W\d_])")
# An asterisk after a word or a figure can refer to a note, whose text then begins with an asterisk.
_NOTE_MARK = re.compile(r"(?<=[\w%)])\*(?![\w*])")
# Full-width marks, which Chinese and Japanese keyboards write. In most places, these marks are ordinary punctuation, so
# match them only where Markdown expects a mark.
_FULL_WIDTH = re.compile(
    r"(?<=\])（|］(?=\s*[(（])|^\s*＃+|＊＊|^\s*｜|^\s*＞|！(?=\[)|(?<=[A-Za-z]\*\*)：|(?<=[A-Za-z])：(?=\*\*)"
)
FULL_WIDTH_MARKS = "］（＃＊｜＞！："
_FULL_WIDTH_MARK = re.compile(f"[{FULL_WIDTH_MARKS}]")
_ASCII = str.maketrans({"］": "]", "（": "(", "＃": "#", "＊": "*", "｜": "|", "＞": ">", "！": "!", "：": ":"})
CURLY_LINK = re.compile(r"\]\(\s*(?:[^\s()]+\s+)?[“”„‘’][^()]*\)?")
_REVERSED_LINK = re.compile(r"(?<![\w\]])\([^()\[\]]{1,200}\)\[(?=/|#|https?:)[^\s\[\]]{1,500}\]")
_REVERSED_IMAGE = re.compile(r"!\([^()\[\]]{1,200}\)\[[^\s\[\]]{1,500}\.\w{3,4}\]")
_SPACED_IMAGE = re.compile(r"(?<![\w!])![ \t\u00a0]\[[^\[\]]{0,200}\]\([^()\s]{1,500}\.(?:png|jpe?g|webp|avif|gif|svg)")
# A link without the bracket or the parenthesis between its text and its URL.
_HALF_LINK = re.compile(
    r"(?<![\\!\]])\[(?:[^\[\]()→]{0,200}[\w.!?”\"'*])?(?:\s+(?=[/h])|\](?=/|https?:))(?:/[\w/#-]*|https?://[^\s()\[\]]+)\)"
)
# A call to action with a bracket on only one side.
_HALF_CALL = re.compile(
    r"(?<![\\!\]])\[(?P<name>[^\[\]()→]{1,200})→\s*(?P<url>(?:/|https?:|#|mailto:|tel:)[^\s()\[\]*]*)(?![^\[\]]{0,200}\])"
    r"|(?P<lead>^[\s>*]*|\*\*)(?P<text>[^\[\]()→*]{1,200})→\s*(?P<target>(?:/|https?:|#|mailto:|tel:)[^\s()\[\]]*)\s?\]"
)
# A call to action whose target is outside its brackets.
_OUTER_TARGET = re.compile(
    r"(?<![\\!\]])\[(?P<name>[^\W\d_][^\[\]()→]{1,200})\]\s*→\s*(?P<url>(?:/|https?:|#|mailto:|tel:)[^\s()\[\]*]*)"
)
_OPEN_LINK = re.compile(r"(?<![\\\]])\[[^\[\]()]{1,200}\((?:/|https?:)[^()\s]{0,500}\)(?![^\[\]]{0,200}\])")


def check_marks(source: Source, inlines: Collection[Inline]) -> Iterator[Problem]:
    """Yield a problem for each mark of bold, italic, crossed-out or code text that has no partner."""
    has_notes = any(_NOTE_MARK.search(run.text) for inline in inlines for run in inline.runs if "*" in run.text)
    for inline in inlines:
        for run in inline.runs:
            if _SINGLE.search(run.text) and not run.code and not run.image:
                is_alone = [other.line for other in inline.runs].count(run.line) == 1
                yield from _check_run(source, run, is_alone=is_alone)
            if run.is_exact and not run.code and not run.emphasis and "*" in run.text:
                yield from _check_italic(source, run, has_notes=has_notes)
        for before, after in pairwise(inline.runs):
            if before.line == after.line and (place := _uneven_mark(before, after)):
                message = (
                    "These words have more asterisks on one side than on the other, so the page shows an asterisk."
                )
                help = "Write **bold** or *italic*. To show the asterisk, write \\*"
                yield _at(source, before.line, place - 1, 1, message, help)


def _check_italic(source: Source, run: Run, *, has_notes: bool) -> Iterator[Problem]:
    """Yield a problem for each asterisk in `run` that opens italic words but has no closing asterisk.

    `run` is neither code nor italic. If the document `has_notes`, leave out an asterisk at the start of a line: it
    marks the text of a note.
    """
    for start in _ITALIC_START.finditer(run.text):
        column = run.column + start.start()
        if source.line(run.line)[: column - 1].strip(" >") or not has_notes:
            message = "This asterisk has no partner, so the page shows it as text."
            help = "Write * before and after the italic words. To show the asterisk, write \\*"
            yield _at(source, run.line, column - 1, 1, message, help)


def _uneven_mark(before: Run, after: Run) -> int:
    """Return the column of an extra asterisk beside italic or bold words, as in `**Label:*`. Without one, return 0.

    Ignore an asterisk after bold words, because it can be a footnote mark.
    """
    if before.is_exact and before.text.endswith("*") and not before.emphasis and (after.emphasis or after.strong):
        return before.column + len(before.text) - 1
    is_closing = after.is_exact and after.text.startswith("*") and not after.emphasis
    return after.column if is_closing and before.emphasis and not before.strong else 0


def check_line(source: Source, number: int, text: str) -> Iterator[Problem]:
    """Yield a problem for each broken link, broken image and full-width mark in `text`.

    `text` is line `number` of the document, with spaces in place of code spans and comments.
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
    for link in _HALF_LINK.finditer(text) if "[" in text and ")" in text else ():
        message = "This looks like a link, but a bracket or a parenthesis is missing."
        yield _at(source, number, link.start(), len(link[0]), message, "Write [text](/url).")
    for call in _HALF_CALL.finditer(text) if "→" in text and ("[" in text or "]" in text) else ():
        message = "This looks like a call to action, but one of its brackets is missing."
        name, url = (call[f"{group}"] or "" for group in (("name", "url") if call["name"] else ("text", "target")))
        start = call.start() + len(call["lead"] or "")
        help = f"Write **[{name.strip()} → {url}]**"
        yield _at(source, number, start, call.end() - start, message, help)
    for call in _OUTER_TARGET.finditer(text) if "→" in text else ():
        message = "This looks like a call to action, but its target is outside the brackets."
        help = f"Write **[{call['name'].strip()} → {call['url']}]**"
        yield _at(source, number, call.start(), len(call[0]), message, help)
    for mark in _FULL_WIDTH.finditer(blank_literals(text)) if _FULL_WIDTH_MARK.search(text) else ():
        written = mark[0].strip()
        message = f"Markdown doesn't know the full-width form of this mark: {written}."
        yield _at(
            source, number, mark.end() - len(written), len(written), message, f"Write {written.translate(_ASCII)}"
        )


def _check_run(source: Source, run: Run, *, is_alone: bool) -> Iterator[Problem]:
    """Yield a problem for each mark in `run`, such as `**`, that has no partner.

    `run` is text in one style, such as bold. `is_alone` means that no other run is on the same line.
    """
    text, offset = run.text, run.column - 1
    if not run.is_exact:  # the text has escaped characters or entities
        if not is_alone:
            return
        text, offset = blank_literals(blank_code_spans(source.line(run.line))), 0
    used: list[tuple[int, int]] = []
    for mark in _SINGLES:
        if mark not in text:
            continue
        for pair in _PAIRS[mark].finditer(text) if mark in _PAIRS else ():
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
    """Return a problem for words with a space inside their marks, as in `** bold**`. The fix moves the space outside.

    The fix edits each mark separately, because the words between the marks may have fixes of their own.
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
