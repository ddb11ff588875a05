"""Check quotations, callouts, definition lists and footnotes for mistakes that are easy to overlook."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from .blocks import Block, List, Paragraph, Quote, child_blocks, plain_text
from .inlines import Inline
from .problems import Problem, Source

CALLOUTS = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")

# Other tools' kinds of callouts, each with the most similar kind of this site.
_SIMILAR_CALLOUTS = {
    **dict.fromkeys(("INFO", "ABSTRACT", "SUMMARY", "EXAMPLE", "QUOTE", "TODO", "QUESTION", "FAQ"), "NOTE"),
    **dict.fromkeys(("HINT", "SUCCESS", "CHECK", "DONE"), "TIP"),
    "ATTENTION": "WARNING",
    **dict.fromkeys(("DANGER", "ERROR", "BUG", "FAILURE", "FAIL"), "CAUTION"),
}

_CALLOUT_MARK = re.compile(r"\[!(?P<kind>[A-Za-z]{2,20})\]")
# A dash that is followed by a letter. The long dash (—) doesn't match.
_SHORT_DASH = re.compile(r"(?:-{1,3}|[–―−])\s*(?=[*_]*[^\W\d_])")
_NOTE_MARK = re.compile(r"(?<!\\)\[\^(?P<label>[^\[\]]{1,100})\]")
_DEFINITION = re.compile(r":\s+\S")


def check_blocks(source: Source, blocks: Iterable[Block]) -> Iterator[Problem]:
    """Yield the problems in `blocks`, and in the blocks inside them."""
    above: Block | None = None
    for block in blocks:
        yield from check_blocks(source, child_blocks(block))
        if isinstance(above, Quote) and isinstance(block, Paragraph):
            yield from _check_separate_attribution(source, above, block)
        above = block
        if isinstance(block, Quote):
            yield from _check_attribution(source, block)
        elif isinstance(block, Paragraph):
            text = block.inline.text
            if text.startswith("[!"):
                yield from _check_callout(source, block.inline)
            if text.startswith(":") or "\n" in text:
                yield from _check_definitions(source, block)


def _check_attribution(source: Source, quote: Quote) -> Iterator[Problem]:
    """Yield a problem if a quotation ends with a line such as “- Name, Role”, without a long dash."""
    line = _last_line(quote)
    written = source.line(line)
    dash = re.match(r"[\s>]*", written)
    start = dash.end() if dash else 0
    mark = _SHORT_DASH.match(written, start)
    if line and mark:
        message = "This looks like the speaker's name, but the page shows it as part of the quotation."
        help = f"Begin the line with a long dash: > — {written[mark.end() :].strip()}"
        yield source.problem("attribution", message, help, line=line, column=start + 1, length=len(mark[0].rstrip()))


def _check_separate_attribution(source: Source, quote: Quote, block: Paragraph) -> Iterator[Problem]:
    """Yield a problem if the paragraph below a quotation is a line such as “— Name, Role”."""
    text = block.inline.text
    if text.startswith("—") and not quote.attribution and len(block.inline.lines()) == 1:
        message = "This looks like the name of the speaker quoted above, but the line isn't part of the quotation."
        help = f"Write this directly below the quotation: > {text}"
        line, column = block.inline.line, block.inline.column
        yield source.problem("attribution", message, help, line=line, column=column, length=len(text))


def _last_line(quote: Quote) -> int:
    """Return the number of the quotation's last line, or 0 if this line can't be an attribution."""
    last = quote.blocks[-1] if quote.blocks else None
    if quote.attribution:
        return 0
    if isinstance(last, List) and not last.is_ordered and len(last.items) == 1 and len(quote.blocks) > 1:
        introduced = plain_text(quote.blocks[-2:-1]).endswith(":")
        content = last.items[0].blocks
        is_one_line = len(content) == 1 and isinstance(content[0], Paragraph) and len(content[0].inline.lines()) == 1
        return last.line if is_one_line and not introduced else 0
    if isinstance(last, Paragraph):
        lines = last.inline.lines()
        return lines[-1].line if len(lines) > 1 or len(quote.blocks) > 1 else 0
    return 0


def _check_callout(source: Source, content: Inline) -> Iterator[Problem]:
    """Yield a problem if a paragraph begins with a mark such as `[!INFO]`, but isn't a callout."""
    mark = _CALLOUT_MARK.match(content.text)
    if not mark:
        return
    kind = mark["kind"].upper()
    if kind in CALLOUTS:
        message = f"The page shows {mark[0]} as text. A callout's mark must be alone on the first line of a quotation."
        help = f"Begin a quotation with the line > [!{kind}], and write > before each line of the text below it."
    else:
        near = _SIMILAR_CALLOUTS.get(kind) or next(iter(get_close_matches(kind, CALLOUTS, n=1)), "")
        message = f"The page shows {mark[0]} as text, because there is no callout with this name."
        names = ", ".join(f"[!{name}]" for name in CALLOUTS)
        help = f"Did you mean [!{near}]?" if near else f"Write one of these: {names}."
    yield source.problem("callout", message, help, line=content.line, column=content.column, length=len(mark[0]))


def _check_definitions(source: Source, block: Paragraph) -> Iterator[Problem]:
    """Yield a problem for each line that begins with `: ` but isn't part of a definition list."""
    for line in block.inline.lines() if ":" in block.inline.text else ():
        if _DEFINITION.match(line.text):
            message = "This looks like the explanation of a term, but the page shows it as text."
            help = "Write the term alone on the line above, with an empty line before the term."
            yield source.problem("definition", message, help, line=line.line, column=line.column)


def check_note_marks(source: Source, number: int, text: str, labels: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each mark such as `[^1]` without a footnote. `labels` are the labels of all footnotes.

    `text` is line `number` of the document, with spaces in place of code spans and comments.
    """
    for mark in _NOTE_MARK.finditer(text) if "[^" in text else ():
        if mark["label"] in labels:
            continue
        message = f"The page shows {mark[0]} as text, because the document has no such footnote."
        help = f"Add the footnote below this paragraph, on a line of its own: {mark[0]}: …"
        if " " in mark["label"]:
            message = f"The page shows {mark[0]} as text, because the label of a footnote can't have spaces."
            help = f"Write [^{mark['label'].strip().replace(' ', '-')}], here and in the footnote."
        yield source.problem("footnote", message, help, line=number, column=mark.start() + 1, length=len(mark[0]))
