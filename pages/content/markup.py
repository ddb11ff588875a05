"""Render inlines and blocks as safe HTML. Only this module creates `Html` from a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape, unescape

from . import note_marks
from .blocks import (
    Block,
    Callout,
    Code,
    DefinitionList,
    Footnote,
    Heading,
    Item,
    List,
    Paragraph,
    Quote,
    Row,
    Rule,
    Table,
)
from .inlines import Inline, Run
from .media_markup import render_image, render_media
from .media_paragraphs import read_media
from .outline import Outline
from .table_layout import WIDE_TABLE_COLUMNS, alignment_class, is_scale, stacked_headings
from .table_scores import ScoreCell, draw_scores

_STYLES = (("strong", "strong"), ("emphasis", "em"), ("strikethrough", "s"))
_INLINE_TAG = re.compile(r"</?(?:a|b|strong|em|s|code|span)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_ATTRIBUTED_NAME = re.compile(r"—\s*([^,\n]+)")
_TASK = re.compile(r"(<p>)?\[([ xX])\](?=\s)")

# Compounds with a short part, such as “end-to-end”, and ranges of numbers, such as “5–20” or “5-20”, are hard to read
# across two lines, so keep each of them on one line. Leave out texts longer than MAX_COMPOUND, which don't fit on one
# line of a narrow column.
_COMPOUND = re.compile(r"(?<![\w@/&.-])(?:[^\W\d_]+(?:-[^\W\d_]+)+|\d+[-–]\d+)(?![\w@/-]|\.\w)")
_SHORT_PART, MAX_COMPOUND = 4, 22
_CALLOUT_TITLES = {"note": "Note", "tip": "Tip", "important": "Important", "warning": "Warning", "caution": "Caution"}
_PIPE = ' <span class="pipe">|</span> '


class Html(str):
    """HTML that templates do not escape. Django and Jinja recognize it by its `__html__` method."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def render_inline(content: Inline) -> Html:
    """Return `content` as HTML. A soft break becomes `<br>` if the line before or after it starts in bold."""
    if len(content.runs) == 1 and not _tags(content.runs[0]):  # most texts
        return Html(_render_content(content.runs[0], show_break=content.runs[0].hard_break))
    return Html("".join(_render_runs(content.runs)))


def _render_runs(runs: tuple[Run, ...]) -> Iterator[str]:
    open_tags: list[tuple[str, str]] = []
    for index, run in enumerate(runs):
        tags = _tags(run)
        shared = 0
        while shared < min(len(open_tags), len(tags)) and open_tags[shared] == tags[shared]:
            shared += 1
        yield from (f"</{name}>" for name, _ in reversed(open_tags[shared:]))
        yield from (f"<{name}{attributes}>" for name, attributes in tags[shared:])
        open_tags = tags
        yield _render_content(run, show_break=run.hard_break or _is_label_break(runs, index))
    yield from (f"</{name}>" for name, _ in reversed(open_tags))


def _tags(run: Run) -> list[tuple[str, str]]:
    if not (run.href or run.strong or run.emphasis or run.strikethrough):
        return []
    tags = []
    if run.href:
        title = f' title="{escape(run.title)}"' if run.title else ""
        call = ' class="call"' if run.is_call else ""
        tags.append(("a", f' href="{escape(run.href)}"{title}{call}'))
    return tags + [(tag, "") for style, tag in _STYLES if getattr(run, style)]


def _render_content(run: Run, show_break: bool) -> str:
    if run.note:
        return note_marks.render(run.note, is_linked=not run.href)
    if run.image:
        return render_image(run)
    if run.is_break:
        return "<br>\n" if show_break else "\n"
    # No-break spaces keep a score and its interval, or the factors of a product, on one line.
    text = escape(run.text).replace(" ± ", "\u00a0±\u00a0").replace(" × ", "\u00a0×\u00a0")
    if run.code:
        return f"<code>{text}</code>"
    text = text.replace(" | ", _PIPE)
    return _COMPOUND.sub(_render_compound, text) if "-" in text or "–" in text else text


def _render_compound(match: re.Match[str]) -> str:
    """Wrap a short compound, such as “on-site” or “5–20”, in a `<span>` that keeps it on one line.

    The text itself doesn't change, so visitors can still copy it and search for it.
    """
    is_kept = len(match[0]) <= MAX_COMPOUND and min(map(len, re.split("[-–]", match[0]))) <= _SHORT_PART
    return f'<span class="compound">{match[0]}</span>' if is_kept else match[0]


def _is_label_break(runs: tuple[Run, ...], index: int) -> bool:
    """Return True if the run at `index` is a line break before or after a line that starts in bold."""
    if not runs[index].is_break:
        return False
    after = runs[index + 1 : index + 2]
    start = index
    while start and not runs[start - 1].is_break:
        start -= 1
    return bool(after and after[0].strong) or runs[start].strong


def without_links(content: Inline) -> Inline:
    """Return `content` without links, for use inside another link."""
    return Inline(tuple(run._replace(href="", is_call=False) for run in content.without_mark_links().runs))


def without_note_marks(html: str) -> Html:
    """Return `html` without footnote marks, so that another place or page can show the same text."""
    return Html(note_marks.remove(html))


def text_segments(html: str) -> list[str]:
    """Return one string of text for each block, cell or line of `html`, which must come from this module."""
    if "<" not in html:  # most texts
        text = " ".join(unescape(html).split())
        return [text] if text else []
    texts = (" ".join(unescape(text).split()) for text in _TAG.split(_INLINE_TAG.sub("", note_marks.remove(html))))
    return [text for text in texts if text]


def join_html(*parts: Html) -> Html:
    """Join the non-empty `parts`, one per line."""
    return Html("\n".join(filter(None, parts)))


def render_text(content: Inline) -> Html:
    """Render `content` without bold, for headings, labels and questions, which have a font weight of their own."""
    return render_inline(content.without_bold())


def render_blocks(content: Iterable[Block], outline: Outline) -> Html:
    """Render blocks as prose."""
    return Html("\n".join(filter(None, (_render_block(block, outline) for block in content))))


def _render_block(block: Block, outline: Outline) -> str:
    match block:
        case Heading():
            return _render_heading(block, outline)
        case Paragraph():
            return _render_paragraph(block, outline)
        case List():
            return _render_list(block, outline)
        case Table():
            return render_table(block)
        case Code():
            return _render_code(block)
        case Quote():
            return _render_quote(block, outline)
        case Callout():
            title = f'<p class="callout-title">{escape(outline.words(_CALLOUT_TITLES[block.kind]))}</p>'
            content = render_blocks(block.blocks, outline)
            return f'<div class="callout callout-{block.kind}" role="note">{title}\n{content}</div>'
        case DefinitionList():
            return "\n".join(['<dl class="definitions">', *_definitions(block, outline), "</dl>"])
        case Footnote():
            return render_blocks(block.blocks, outline)
        case Rule():
            return ""


def _render_quote(block: Quote, outline: Outline) -> str:
    quote = f"<blockquote>\n{render_blocks(block.blocks, outline)}\n</blockquote>"
    if not block.attribution:
        return quote
    name = _ATTRIBUTED_NAME.match(block.attribution.text)
    dash, person, rest = block.attribution.split_at(name.span(1) if name else (0, 0))
    caption = f"{render_inline(dash)}<b>{render_text(person)}</b>{render_inline(rest)}"
    return f'<figure class="quotation">{quote}\n<figcaption>{caption}</figcaption></figure>'


def _definitions(block: DefinitionList, outline: Outline) -> Iterator[str]:
    for definition in block.definitions:
        yield f"<dt>{render_text(definition.term)}</dt>"
        yield from (f"<dd>{render_blocks(item.blocks, outline)}</dd>" for item in definition.details)


def _render_heading(block: Heading, outline: Outline) -> str:
    if not block.inline:
        return ""
    level, anchor = outline.open_heading(block.level), outline.unique_anchor(block.raw_text)
    return f'<h{level} id="{anchor}">{render_text(outline.to_sentence_case(block.inline))}</h{level}>'


def _render_paragraph(block: Paragraph, outline: Outline) -> str:
    if media := read_media(block.inline):
        return render_media(media, outline.words)
    content = render_inline(block.inline)
    runs = block.inline.runs
    if len(runs) == 1 and runs[0].image and not runs[0].href:
        caption = f"<figcaption>{escape(runs[0].title)}</figcaption>" if runs[0].title else ""
        return f"<figure>{content}{caption}</figure>"
    return str(content) if block.is_tight else f"<p>{content}</p>"


def _render_list(block: List, outline: Outline) -> str:
    tag = "ol" if block.is_ordered else "ul"
    start = f' start="{block.start}"' if block.is_ordered and block.start != 1 else ""
    items = "\n".join(f"<li>{_render_item(item, outline)}</li>" for item in block.items)
    return f"<{tag}{start}>\n{items}\n</{tag}>"


def _render_item(item: Item, outline: Outline) -> str:
    content = render_blocks(item.blocks, outline)
    task = _TASK.match(content)
    if not task:
        return content
    mark, label = ("☑", "Done") if task[2] in "xX" else ("☐", "To do")
    return f'{task[1] or ""}<span class="task" role="img" aria-label="{label}">{mark}</span>{content[task.end() :]}'


def render_table(block: Table) -> Html:
    """Render a table in a scrollable region.

    The header is padded to the length of the longest row. Rows are not padded: otherwise, one long row and many short
    rows would make the output grow quadratically.
    """
    columns = max(len(row.cells) for row in (block.head, *block.rows))
    classes = 'class="table-scroll wide-table"' if columns >= WIDE_TABLE_COLUMNS else 'class="table-scroll"'
    headings = stacked_headings(block)
    narrow = '<table class="scale-table">' if is_scale(block) else "<table>"
    table = '<table class="stacked-table">' if headings else narrow
    head = "".join(_header_cells(block, columns))
    score_cells = draw_scores(block)
    body = "".join(f"<tr>{''.join(_body_cells(block, row, score_cells, headings))}</tr>\n" for row in block.rows)
    name = escape(", ".join(cell.text for cell in block.head.cells if cell) or "Table")
    return Html(
        f'<div {classes} role="group" tabindex="0" aria-label="{name}">'
        f"{table}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>"
    )


def _header_cells(block: Table, columns: int) -> Iterator[str]:
    cells = block.head.cells
    for index, cell in enumerate(cells):
        yield f'<th scope="col"{alignment_class(block, index)}>{render_text(cell)}</th>' if cell else "<td></td>"
    yield from ("<td></td>" for _ in range(columns - len(cells)))


def _body_cells(
    block: Table, row: Row, score_cells: Mapping[tuple[int, int], ScoreCell], headings: tuple[str, ...]
) -> Iterator[str]:
    for index, cell in enumerate(row.cells):
        heading = f' data-heading="{escape(headings[index])}"' if 0 < index < len(headings) else ""
        score = score_cells.get((row.line, index), ScoreCell())
        attributes = f"{alignment_class(block, index)}{heading}{score.attributes}"
        yield f"<td{attributes}>{render_inline(cell)}{score.drawing}</td>"


def _render_code(block: Code) -> str:
    label = f"<figcaption>{escape(block.info)}</figcaption>" if block.info else ""
    code = f'<pre tabindex="0"><code>{escape(block.text.rstrip())}</code></pre>'
    return f'<figure class="code">{label}{code}</figure>'
