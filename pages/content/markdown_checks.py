"""What is wrong with a document's Markdown, whatever its sections are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from .blocks import Block, Code, Heading, List, Quote, Table
from .document_links import Link
from .images import Pictures, RejectedImage, image_url
from .meta import Meta
from .problems import Edit, Problem, Source

# What search results show before they cut it off; the figures that searchers' guides agree on.
TITLE_LONGEST = 70
DESCRIPTION_SHORTEST, DESCRIPTION_LONGEST = 70, 160

# Link texts that say nothing of where they lead (WCAG 2.2, 2.4.4).
BARE_TEXTS = frozenset(
    {
        "click",
        "click here",
        "here",
        "read more",
        "more",
        "learn more",
        "see more",
        "this page",
        "this link",
        "link",
        "this",
    }
)

# What a skeleton leaves to be written.
GAP = "TODO"

_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_GAP = re.compile(rf"\b{GAP}\b:?[^|*`]*")


def check_document(
    source: Source, blocks: Sequence[Block], links: Sequence[Link], meta: Meta, pictures: Pictures
) -> Iterator[Problem]:
    """All problems of the text itself, and of the images that it names. `blocks` are the whole document's but META;
    `links` those of the same."""
    everything = list(_every(blocks))
    yield from _blocks(source, everything)
    yield from _headings(source, everything)
    yield from _lines(source, everything)
    yield from _link_texts(source, links)
    yield from _images(source, links, meta, pictures)
    yield from _lengths(source, meta)


def _every(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, List):
            for item in block.items:
                yield from _every(item.blocks)
        elif isinstance(block, Quote):
            yield from _every(block.blocks)


def _blocks(source: Source, blocks: Iterable[Block]) -> Iterator[Problem]:
    for block in blocks:
        if isinstance(block, Table):
            yield from _table(source, block)
        elif isinstance(block, Code) and not block.closed:
            message = "this block is opened and never closed, so all that follows is shown as code"
            help = "write the same mark on a line of its own where the code ends"
            yield source.problem_at(
                "unclosed-block", message, help, line=block.line, text=source.line(block.line).strip()
            )


def _table(source: Source, table: Table) -> Iterator[Problem]:
    """Rows with other than the header's count of cells. A short one is mended with empty cells; a long one is not: a
    column may be missing in the header, or a `|` be meant as text."""
    columns = table.head.cell_count
    for row in table.rows:
        if row.cell_count == columns:
            continue
        edits: tuple[Edit, ...] = ()
        help = "give the head a cell for each column, or write a | that is text as \\|"
        if row.cell_count < columns:
            edits = (_filled(source, row.line, columns - row.cell_count),)
            help = "give the row a cell for each column, empty ones too: | a | |"
        cells = f"{row.cell_count} cell" + ("s" if row.cell_count != 1 else "")
        message = f"this row has {cells}, and the table's head has {columns}"
        text = source.line(row.line).strip()
        yield source.problem_at("ragged-table", message, help, line=row.line, text=text, edits=edits)


def _filled(source: Source, line: int, count: int) -> Edit:
    written = source.line(line).rstrip()
    closed = written.endswith("|") and not written.endswith("\\|")
    return Edit(line, len(written) + 1, 0, ("" if closed else " |") + " |" * count)


def _headings(source: Source, blocks: Iterable[Block]) -> Iterator[Problem]:
    headings = [block for block in blocks if isinstance(block, Heading) and block.inline]
    for before, heading in pairwise(headings):
        if heading.level > before.level + 1:
            message = f"this heading jumps from level {before.level} to level {heading.level}"
            help = f"write {'#' * (before.level + 1)} {heading.raw_text}"
            text = source.line(heading.line).strip()
            yield source.problem_at("heading-jump", message, help, line=heading.line, text=text)


def _lines(source: Source, blocks: Iterable[Block]) -> Iterator[Problem]:
    """HTML, comments and gaps, by line; code is passed over."""
    code = {
        number
        for block in blocks
        if isinstance(block, Code)
        for number in range(block.line, block.text_line + block.text.count("\n") + 1)
    }
    comments = _comment_lines(source, code)
    for number, line in enumerate(source.lines, start=1):
        if number in code:
            continue
        text = _CODE_SPAN.sub(lambda span: " " * len(span[0]), line)
        for gap in _GAP.finditer(text):
            message = "something is still to be written here"
            yield _at(source, "gap", message, "write it, or take the line out", number, gap.start(), gap[0].rstrip())
        if "<" in text and number not in comments:
            yield from _html(source, number, text)
        if number in comments and "<!--" in text:
            message = "a comment is not shown on the page, but all who open the document read it"
            yield _at(source, "html", message, "take it out", number, text.find("<!--"), "<!--")


def _comment_lines(source: Source, code: set[int]) -> set[int]:
    """The lines that comments stand on; one that never closes is none."""
    found: set[int] = set()
    opened = 0
    for number, line in enumerate(source.lines, start=1):
        if number in code:
            continue
        if not opened and "<!--" in _CODE_SPAN.sub("", line):
            opened = number
        if opened and "-->" in line:
            found.update(range(opened, number + 1))
            opened = 0
    return found


def _html(source: Source, number: int, text: str) -> Iterator[Problem]:
    for tag in _TAG.finditer(text):
        if not _BREAK.fullmatch(tag[0]):
            message = f"{tag[0]} is HTML, which is shown as text"
            help = "write it in Markdown, or between backticks if readers are to see it"
            yield _at(source, "html", message, help, number, tag.start(), tag[0])


def _at(source: Source, rule: str, message: str, help: str, line: int, start: int, text: str) -> Problem:
    return source.problem(rule, message, help, line=line, column=start + 1, length=len(text))


def _link_texts(source: Source, links: Iterable[Link]) -> Iterator[Problem]:
    for link in links:
        if link.is_image and not link.text.strip():
            message = "this image has no alternative text, which is what is read to those who do not see it"
            help = f"say what it shows: ![A panel of four]({link.href})"
            yield source.problem("image-alt", message, help, line=link.line, column=link.column)
        elif not link.is_image and link.text.strip(" .!…→").lower() in BARE_TEXTS:
            message = f"“{link.text}” does not say where the link leads"
            help = "write the link so that it says so by itself, as [the hiring scorecard](/resources/hiring-scorecard)"
            length = len(link.text)
            yield source.problem("bare-link-text", message, help, line=link.line, column=link.column, length=length)


def _images(source: Source, links: Iterable[Link], meta: Meta, pictures: Pictures) -> Iterator[Problem]:
    for link in links:
        found = pictures.get(image_url(link.href)) if link.is_image else None
        if isinstance(found, RejectedImage):
            message, length = f"the image {link.href} {found.message}", max(len(link.text), 1)
            yield source.problem(found.rule, message, found.help, line=link.line, column=link.column, length=length)
    found = pictures.get(meta.image)
    if isinstance(found, RejectedImage):
        message = f"the image {meta.image} {found.message}"
        yield source.problem_from(found.rule, message, found.help, first_line=meta.line, text=meta.image)


def _lengths(source: Source, meta: Meta) -> Iterator[Problem]:
    title, description = meta.title, meta.description
    shown = "and search results show about"
    if len(title) > TITLE_LONGEST and GAP not in title:
        message = f"the title has {len(title)} characters, {shown} {TITLE_LONGEST}"
        help = "shorten it; what the page is about comes first"
        yield source.problem_from("title-length", message, help, first_line=meta.line, text=title)
    count = len(description)
    if not count or GAP in description or DESCRIPTION_SHORTEST <= count <= DESCRIPTION_LONGEST:
        return
    message = f"the description has {count} characters, {shown} {DESCRIPTION_LONGEST}"
    help = "shorten it" if count > DESCRIPTION_LONGEST else "say more of what the page gives"
    yield source.problem_from("description-length", message, help, first_line=meta.line, text=description)
