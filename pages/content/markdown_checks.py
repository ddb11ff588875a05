"""Checks on a document's Markdown that don't depend on its section kinds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from . import (
    block_checks,
    broken_inlines,
    broken_markdown,
    foreign_markdown,
    html_checks,
    languages,
    misspelled_names,
    unsupported_markdown,
)
from .blocks import Block, Code, Footnote, Heading, List, Table, child_blocks, inlines_of
from .document_links import Link, rejected_links_of
from .images import Pictures, RejectedImage, image_url
from .link_texts import is_generic
from .masked_lines import blank_code_spans
from .meta import Meta
from .problems import Edit, Problem, Source, Span
from .url_paths import is_allowed_url, scheme_of
from .video_files import is_video

# Search results cut off longer texts. SEO guides agree on these lengths.
MAX_TITLE_LENGTH = 70
# At a width of 1024 pixels, the header has room for four labels of this length beside its button.
MAX_NAV_TITLE_LENGTH = 24
MIN_DESCRIPTION_LENGTH, MAX_DESCRIPTION_LENGTH = 70, 160

# `manage.py new_page` writes this word in place of each missing text.
TODO = "TODO"

_IMAGE_WITHOUT_TEXT = re.compile(r"(?<!\\)!\[\]\(\s*<?(?P<source>[^\s()<>]+)")
_IMAGE_WITH_LABEL = re.compile(r"(?<!\\)!\[\]\[(?P<label>[^\[\]]+)\]")
_DEFINITION = re.compile(r"[ >]*\[(?P<label>[^\[\]]+)\]:\s*<?(?P<source>[^\s<>]+)")
_TODO = re.compile(rf"\b{TODO}\b:?[^|*`]*")

# Every broken heading, link or image has at least one of these characters: a Markdown mark, the arrow of a call to
# action, or a full-width mark. Lines without these characters need no search.
_MARK = re.compile(f"[]#[!→{broken_inlines.FULL_WIDTH_MARKS}]")

# Words that mark a text as unfinished. A plain “draft” isn't one of them: a page may be about drafts. Before a capital
# letter, TK is part of a name, such as “TK Elevator”.
_UNFINISHED = re.compile(
    r"\b(?:DRAFT|TBA|TBC|TBD|FIXME|XXX|TK(?:TK)*(?!\s+[A-Z]))\b|[\[(](?i:draft)[\])]"
    r"|\[(?i:insert) [^\[\]]{1,80}\](?![(\[])"
    r"|\b(?i:(?:draft )?(?:awaiting|pending) (?:\w+ )?review|to be (?:announced|confirmed|determined)|lorem ipsum)\b"
)
# Each text that matches _UNFINISHED contains one of these signs, in uppercase or lowercase. First search for the signs,
# because this is faster.
_UNFINISHED_SIGNS = (
    *("draft", "tba", "tbc", "tbd", "fixme", "xxx", "tk", "[insert ", "awaiting ", "pending ", "lorem ipsum"),
    *("to be announced", "to be confirmed", "to be determined"),
)


def check_document(
    source: Source,
    sections: Iterable[tuple[Heading | None, Sequence[Block]]],
    blocks: Sequence[Block],
    links: Sequence[Link],
    meta: Meta,
    meta_lines: Collection[int],
    pictures: Pictures,
) -> Iterator[Problem]:
    """Yield the problems in a document's text and images.

    `sections` holds each section's heading and blocks. `blocks` and `links` exclude META. `meta_lines` are the numbers
    of META's lines, which the page doesn't show.
    """
    all_blocks, inlines = list(_with_children(blocks)), list(inlines_of(blocks))
    yield from _check_blocks(source, all_blocks)
    yield from _check_headings(source, all_blocks)
    yield from block_checks.check_blocks(source, blocks)
    yield from _check_lines(source, all_blocks, meta, meta_lines)
    yield from unsupported_markdown.check_links(source, inlines)
    yield from broken_markdown.check_blocks(source, all_blocks)
    for sequence in _sequences(blocks):
        yield from broken_markdown.check_sequences(source, sequence)
    yield from broken_inlines.check_marks(source, inlines)
    for heading, inner in sections:
        yield from misspelled_names.check_section(source, heading, inner)
    yield from _check_link_texts(source, links, meta)
    yield from _check_schemes(source, rejected_links_of(inlines))
    yield from _check_images(source, links, meta, pictures)
    yield from _check_lengths(source, meta)


def _with_children(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        yield from _with_children(child_blocks(block))


def _sequences(blocks: Sequence[Block]) -> Iterator[Sequence[Block]]:
    """Yield `blocks`, and all sequences of blocks inside them. Each list item has a sequence of its own."""
    yield blocks
    for block in blocks:
        for inner in [item.blocks for item in block.items] if isinstance(block, List) else [child_blocks(block)]:
            if inner:
                yield from _sequences(inner)


def _check_blocks(source: Source, blocks: Iterable[Block]) -> Iterator[Problem]:
    for block in blocks:
        if isinstance(block, Table):
            yield from _check_table(source, block)
        elif isinstance(block, Code) and not block.is_closed:
            message = "This block never ends, so the page shows everything after it as code."
            help = "After the code, repeat the opening marks (``` or ~~~) on a line of their own."
            yield source.problem_at(
                "unclosed-block", message, help, line=block.line, text=source.line(block.line).strip()
            )


def _check_table(source: Source, table: Table) -> Iterator[Problem]:
    """Yield a problem for each row that has more or fewer cells than the header row.

    Only short rows have an automatic fix, which adds empty cells. A long row may mean a missing column or a `|` in the
    text.
    """
    columns = table.head.cell_count
    for row in table.rows:
        if row.cell_count == columns:
            continue
        edits: tuple[Edit, ...] = ()
        help = "Add a column to the header row. If the | is part of a text, write it as \\|"
        if row.cell_count < columns:
            edits = (_add_cells(source, row.line, columns - row.cell_count),)
            help = "Write a cell for each column, even if the cell is empty: | a | |"
        cells = f"{row.cell_count} cell" + ("s" if row.cell_count != 1 else "")
        message = f"This row has {cells}, but the header row has {columns}."
        text = source.line(row.line).strip()
        yield source.problem_at("ragged-table", message, help, line=row.line, text=text, edits=edits)


def _add_cells(source: Source, line: int, count: int) -> Edit:
    written = source.line(line).rstrip()
    is_closed = written.endswith("|") and not written.endswith("\\|")
    return Edit(Span(line, len(written) + 1, 0), ("" if is_closed else " |") + " |" * count)


def _check_headings(source: Source, blocks: Iterable[Block]) -> Iterator[Problem]:
    headings = [block for block in blocks if isinstance(block, Heading) and block.inline]
    for previous, heading in pairwise(headings):
        if heading.level > previous.level + 1:
            message = f"This heading jumps from level {previous.level} to level {heading.level}."
            help = f"Write {'#' * (previous.level + 1)} {heading.raw_text}"
            text = source.line(heading.line).strip()
            yield source.problem_at("heading-jump", message, help, line=heading.line, text=text)


def _check_lines(
    source: Source, blocks: Collection[Block], meta: Meta, meta_lines: Collection[int]
) -> Iterator[Problem]:
    """Yield a problem for each HTML tag, HTML comment, TODO or piece of unsupported Markdown outside code.

    Unfinished text is a problem unless META hides the page.
    """
    code_lines = {
        number
        for block in blocks
        if isinstance(block, Code)
        for number in range(block.line, block.text_line + block.text.count("\n") + 1)
    }
    labels = {block.label for block in blocks if isinstance(block, Footnote)}
    text = html_checks.visible_text(source, code_lines)
    yield from html_checks.check_html(source, text)
    defined = filter(None, map(_DEFINITION.match, text.lines))
    definitions = {match["label"].casefold(): match["source"] for match in defined}
    shown_text = "\n".join(text.lines)
    syntaxes = foreign_markdown.find_signs(shown_text)
    lowered = shown_text.lower()
    has_note_marks = "[^" in shown_text
    may_be_unfinished = not meta.draft and any(sign in lowered for sign in _UNFINISHED_SIGNS)
    for number, (line, shown) in enumerate(zip(source.lines, text.lines, strict=True), start=1):
        if number in code_lines or not line.strip():
            continue
        for todo in _TODO.finditer(blank_code_spans(line)) if TODO in line else ():
            help = f"Replace {TODO} with your text, or delete the line."
            yield _problem(
                source, "gap", "This TODO is still in the document.", help, number, todo.start(), todo[0].rstrip()
            )
        if may_be_unfinished:
            for unfinished in _UNFINISHED.finditer(shown):
                message = f"Visitors can read the words “{unfinished[0]}”, so the page looks unfinished."
                help = "Finish the text, or hide the page: write `Status: draft` in META."
                yield _problem(source, "unfinished-text", message, help, number, unfinished.start(), unfinished[0])
        if number not in meta_lines:
            if _MARK.search(shown):
                yield from unsupported_markdown.check_line(source, number, shown)
                yield from broken_inlines.check_line(source, number, shown)
            if has_note_marks:
                yield from block_checks.check_note_marks(source, number, shown, labels)
            if syntaxes:
                yield from foreign_markdown.check_line(source, number, shown, syntaxes)
            for column, target in _images_without_text(shown, definitions) if "![]" in shown else ():
                if not is_allowed_url(target):  # no block contains this image, so _check_schemes misses it
                    yield _rejected_scheme(
                        source, target, "the page doesn't show this image", number, column, 1, is_image=True
                    )


def _images_without_text(text: str, definitions: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield the column and the source of each image without alt text. `definitions` maps link labels to URLs."""
    for image in _IMAGE_WITHOUT_TEXT.finditer(text):
        yield image.start() + 1, image["source"]
    for image in _IMAGE_WITH_LABEL.finditer(text):
        yield image.start() + 1, definitions.get(image["label"].casefold(), "")


def _problem(source: Source, rule: str, message: str, help: str, line: int, start: int, text: str) -> Problem:
    return source.problem(rule, message, help, line=line, column=start + 1, length=len(text))


def _check_link_texts(source: Source, links: Iterable[Link], meta: Meta) -> Iterator[Problem]:
    for link in links:
        if link.is_image and not link.text.strip():
            message = "This image has no alternative text for people who can't see it."
            help = f"Describe the image: ![A panel of four]({link.href})"
            yield source.problem("image-alt", message, help, line=link.line, column=link.column)
        elif not link.is_image and is_generic(link.text, meta.language or languages.DEFAULT):
            message = f"The link text “{link.text}” doesn't say where the link leads."
            help = "Name the target, as in [the hiring scorecard](/resources/hiring-scorecard)"
            length = len(link.text)
            yield source.problem("bare-link-text", message, help, line=link.line, column=link.column, length=length)


def check_name(source: Source, name: str, line: int, meta: Meta) -> Iterator[Problem]:
    """Yield a problem if the page's name is too generic for a link's text. `line` is the name's line."""
    for text, number in ((name, line), (meta.nav_title, meta.lines.get("nav title", 0))):
        if is_generic(text, meta.language or languages.DEFAULT):
            message = f"Links to this page show the text “{text}”, which doesn't say where they lead."
            help = "Name the topic of the page, such as “Start free”."
            yield source.problem_at("bare-link-text", message, help, line=number, text=text)


def _check_schemes(source: Source, links: Iterable[Link]) -> Iterator[Problem]:
    for link in links:
        effect = "the page shows only the text"
        length, is_image = max(len(link.text), 1), source.line(link.line)[: link.column - 1].endswith("![")
        yield _rejected_scheme(source, link.href, effect, link.line, link.column, length, is_image=is_image)


def _rejected_scheme(
    source: Source, href: str, effect: str, line: int, column: int, length: int, *, is_image: bool
) -> Problem:
    scheme = scheme_of(href)
    message = f"The site doesn't allow URLs that begin with “{scheme}:”, so {effect}."
    help = "Use a URL that begins with https://, mailto: or tel:."
    if scheme == "file" or len(scheme) == 1:  # a file on the writer's computer, such as C:\prices.pdf
        help = "Put the file in files/ in the content folder, and link to it, such as /files/price-list.pdf."
    if scheme == "data" or is_image:
        help = "Save the image as a file in images/ in the content folder."
    return source.problem("link-scheme", message, help, line=line, column=column, length=length)


def _check_images(source: Source, links: Iterable[Link], meta: Meta, pictures: Pictures) -> Iterator[Problem]:
    for link in links:
        image = pictures.get(image_url(link.href)) if link.is_image else None
        if isinstance(image, RejectedImage):
            kind, length = "video" if is_video(link.href) else "image", max(len(link.text), 1)
            message = f"The page doesn't show the {kind} {link.href}. {image.message}"
            yield source.problem(image.rule, message, image.help, line=link.line, column=link.column, length=length)
    image = pictures.get(image_url(meta.image)) if meta.image else None
    if isinstance(image, RejectedImage):
        message = f"Shared links don't show the image {meta.image}. {image.message}"
        yield source.problem_from(image.rule, message, image.help, first_line=meta.line, text=meta.image)


def _check_lengths(source: Source, meta: Meta) -> Iterator[Problem]:
    title, description = meta.title, meta.description
    if len(title) > MAX_TITLE_LENGTH and TODO not in title:
        message = f"The title has {len(title)} characters, but search results show only about {MAX_TITLE_LENGTH}."
        help = "Shorten the title, and put the topic of the page first."
        yield source.problem_from("title-length", message, help, first_line=meta.line, text=title)
    if len(meta.nav_title) > MAX_NAV_TITLE_LENGTH:
        count = len(meta.nav_title)
        message = f"“Nav title” has {count} characters, but the header has room for about {MAX_NAV_TITLE_LENGTH}."
        yield source.problem_at(
            "title-length", message, "Shorten it.", line=meta.lines["nav title"], text=meta.nav_title
        )
    count = len(description)
    if not count or TODO in description or MIN_DESCRIPTION_LENGTH <= count <= MAX_DESCRIPTION_LENGTH:
        return
    message = f"The description has {count} characters, but search results have room for {MAX_DESCRIPTION_LENGTH}."
    too_long = count > MAX_DESCRIPTION_LENGTH
    help = "Shorten it." if too_long else f"Say more about the page. Use at least {MIN_DESCRIPTION_LENGTH} characters."
    yield source.problem_from("description-length", message, help, first_line=meta.line, text=description)
