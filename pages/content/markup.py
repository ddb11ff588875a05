"""Runs and blocks → HTML that is safe to show. The only place where `Html` is made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import escape, unescape
from itertools import groupby
from urllib.parse import quote

from .blocks import Block, Code, Heading, Item, List, Paragraph, Quote, Row, Rule, Table
from .images import Variant
from .inlines import Inline, Run
from .sentence_case import WordForms

_STYLES = (("strong", "strong"), ("emphasis", "em"), ("strikethrough", "s"))
_INLINE_TAG = re.compile(r"</?(?:a|strong|em|s|code|span)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_TASK = re.compile(r"(<p>)?\[([ xX])\](?=\s)")

# Ids that templates use.
RESERVED_ANCHORS = ("content", "end", "form", "input-website", "problems", "problems-title", "q", "result", "sent")


class Html(str):
    """HTML that templates print as it is (`__html__` is what Django, Jinja and others ask for)."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


class Outline:
    """Anchors and heading levels of one page: every anchor once, and no level skipped on the way down."""

    def __init__(self, section_level: int, vocabulary: WordForms) -> None:
        self._section_level = section_level
        self._vocabulary = vocabulary
        self._anchors = dict.fromkeys(RESERVED_ANCHORS, 1)
        self._open: list[tuple[int, int]] = []
        self.start_section(headed=False)

    @property
    def anchors(self) -> frozenset[str]:
        """All ids that were given out, and those that stand on every page."""
        return frozenset(self._anchors)

    def start_section(self, headed: bool) -> None:
        """A section begins, with an `<h2>` of its own or without one."""
        self._open = [(0, 2 if headed else 1)]

    def open_heading(self, written: int) -> int:
        """The level at which a heading within a section is shown, from the level it is written at: one under the
        heading that it stands under."""
        self._close(written)
        shown = min(self._open[-1][1] + 1, 6)
        self._open.append((written, shown))
        return shown

    def record_heading(self, shown: int, written: int | None = None) -> None:
        """A kind prints a heading at the level `shown` by itself; without `written`, as one right under a section's."""
        written = self._section_level + 1 if written is None else written
        self._close(written)
        self._open.append((written, shown))

    def _close(self, written: int) -> None:
        while self._open[-1][0] >= written:
            self._open.pop()

    def unique_anchor(self, text: str) -> str:
        """An id made from `text` that this page has not used."""
        wanted = anchor = slugify(text)
        while anchor in self._anchors:
            self._anchors[wanted] += 1
            anchor = f"{wanted}-{self._anchors[wanted]}"
        self._anchors[anchor] = 1
        return anchor

    def to_sentence_case(self, inline: Inline) -> Inline:
        return self._vocabulary.to_sentence_case(inline)


def slugify(text: str) -> str:
    """`text` as it can stand in an address: lower case, words joined by hyphens; `section` where nothing is left."""
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).replace("’", "").replace("'", "").lower())
    return "-".join(words)[:80].rstrip("-") or "section"


def render_inline(content: Inline) -> Html:
    """Runs with their styles; a break between lines that begin with a bold label shows as one."""
    return Html("".join(_inline(content.runs)))


def _inline(runs: tuple[Run, ...]) -> Iterator[str]:
    open_tags: list[tuple[str, str]] = []
    for index, run in enumerate(runs):
        wanted = _tags(run)
        kept = 0
        while kept < min(len(open_tags), len(wanted)) and open_tags[kept] == wanted[kept]:
            kept += 1
        yield from (f"</{name}>" for name, _ in reversed(open_tags[kept:]))
        yield from (f"<{name}{attributes}>" for name, attributes in wanted[kept:])
        open_tags = wanted
        yield _content(run, breaks=run.hard_break or _parts_labels(runs, index))
    yield from (f"</{name}>" for name, _ in reversed(open_tags))


def _tags(run: Run) -> list[tuple[str, str]]:
    tags = []
    if run.href:
        title = f' title="{escape(run.title)}"' if run.title else ""
        call = ' class="call"' if run.is_call else ""
        tags.append(("a", f' href="{escape(run.href)}"{title}{call}'))
    return tags + [(tag, "") for style, tag in _STYLES if getattr(run, style)]


def _content(run: Run, breaks: bool) -> str:
    if run.image:
        return _image(run)
    if run.is_break:
        return "<br>\n" if breaks else "\n"
    text = escape(run.text).replace(" ± ", "\u00a0±\u00a0")  # a score and its interval stay on one line
    return f"<code>{text}</code>" if run.code else text


def _image(run: Run) -> str:
    """An image in as many sizes and formats as there are of it; without its picture, as it is written."""
    picture = run.picture
    title = f' title="{escape(run.title)}"' if run.title else ""
    loading = "" if run.eager else ' loading="lazy"'
    if picture is None:
        return f'<img src="{escape(_source(run.image))}" alt="{escape(run.text)}"{title}{loading}>'
    address = picture.url if picture.is_served_unchanged else picture.cleaned.url
    size = f' width="{picture.width}" height="{picture.height}"' if picture.width else ""
    image = f'<img src="{quote(address)}" alt="{escape(run.text)}"{title}{size} decoding="async"{loading}>'
    sources = "".join(
        f'<source type="image/{format.lower()}" srcset="{_srcset(variants)}" sizes="{picture.sizes}">'
        for format, variants in groupby(picture.variants, key=lambda variant: variant.format)
    )
    return f"<picture>{sources}{image}</picture>" if sources else image


def _srcset(variants: Iterable[Variant]) -> str:
    return ", ".join(f"{quote(variant.url)} {variant.width}w" for variant in variants)


def _source(image: str) -> str:
    """Images stand in the content folder's `images/`, and are written from there or from the site's root."""
    return image if image.startswith(("/", "http://", "https://")) else "/" + image


def _parts_labels(runs: tuple[Run, ...], index: int) -> bool:
    """Whether the break at `index` parts two lines of which one is led by bold: such lines are meant as lines."""
    if not runs[index].is_break:
        return False
    after = runs[index + 1 : index + 2]
    start = index
    while start and not runs[start - 1].is_break:
        start -= 1
    return bool(after and after[0].strong) or runs[start].strong


def without_links(content: Inline) -> Inline:
    """Runs without their links, to stand in a link themselves."""
    return Inline(tuple(run._replace(href="", is_call=False) for run in content.runs))


def text_segments(html: str) -> list[str]:
    """What is read of `html` that was made here, in plain words: a stretch for each block, cell or line."""
    texts = (" ".join(unescape(text).split()) for text in _TAG.split(_INLINE_TAG.sub("", html)))
    return [text for text in texts if text]


def join_html(*parts: Html) -> Html:
    """What is not empty of `parts`, a line each."""
    return Html("\n".join(filter(None, parts)))


def render_text(content: Inline) -> Html:
    """Runs without bold: for headings, labels and questions, which have a weight of their own."""
    return render_inline(content.without_bold())


def render_blocks(content: Iterable[Block], outline: Outline) -> Html:
    """Blocks as prose."""
    return Html("\n".join(filter(None, (_block(block, outline) for block in content))))


def _block(block: Block, outline: Outline) -> str:
    match block:
        case Heading():
            return _heading(block, outline)
        case Paragraph():
            return _paragraph(block)
        case List():
            return _list(block, outline)
        case Table():
            return render_table(block)
        case Code():
            return _code(block)
        case Quote():
            return f"<blockquote>\n{render_blocks(block.blocks, outline)}\n</blockquote>"
        case Rule():
            return ""


def _heading(block: Heading, outline: Outline) -> str:
    if not block.inline:
        return ""
    level, anchor = outline.open_heading(block.level), outline.unique_anchor(block.raw_text)
    return f'<h{level} id="{anchor}">{render_text(outline.to_sentence_case(block.inline))}</h{level}>'


def _paragraph(block: Paragraph) -> str:
    content = render_inline(block.inline)
    runs = block.inline.runs
    if len(runs) == 1 and runs[0].image and not runs[0].href:
        caption = f"<figcaption>{escape(runs[0].title)}</figcaption>" if runs[0].title else ""
        return f"<figure>{content}{caption}</figure>"
    return str(content) if block.tight else f"<p>{content}</p>"


def _list(block: List, outline: Outline) -> str:
    tag = "ol" if block.ordered else "ul"
    start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
    items = "\n".join(f"<li>{_item(item, outline)}</li>" for item in block.items)
    return f"<{tag}{start}>\n{items}\n</{tag}>"


def _item(item: Item, outline: Outline) -> str:
    content = render_blocks(item.blocks, outline)
    task = _TASK.match(content)
    if not task:
        return content
    mark, word = ("☑", "Done") if task[2] in "xX" else ("☐", "To do")
    return f'{task[1] or ""}<span role="img" aria-label="{word}">{mark}</span>{content[task.end() :]}'


def render_table(block: Table) -> Html:
    """A table in a region that scrolls by itself. Where rows are longer than the header, its row is filled up; rows are
    not, since a table of one long row and many short ones would grow with the square of its size."""
    columns = max(len(row.cells) for row in (block.head, *block.rows))
    head = "".join(_header_cells(block, columns))
    body = "".join(f"<tr>{''.join(_body_cells(block, row))}</tr>\n" for row in block.rows)
    name = escape(", ".join(cell.text for cell in block.head.cells if cell) or "Table")
    return Html(
        f'<div class="table-scroll" role="group" tabindex="0" aria-label="{name}">'
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table></div>"
    )


def _header_cells(block: Table, columns: int) -> Iterator[str]:
    cells = block.head.cells
    for index, cell in enumerate(cells):
        yield f'<th scope="col"{_aligned(block, index)}>{render_text(cell)}</th>' if cell else "<td></td>"
    yield from ("<td></td>" for _ in range(columns - len(cells)))


def _body_cells(block: Table, row: Row) -> Iterator[str]:
    for index, cell in enumerate(row.cells):
        yield f"<td{_aligned(block, index)}>{render_inline(cell)}</td>"


def _aligned(block: Table, index: int) -> str:
    alignment = block.alignments[index] if index < len(block.alignments) else ""
    return f' class="align-{alignment}"' if alignment in ("center", "right") else ""


def _code(block: Code) -> str:
    label = f"<figcaption>{escape(block.info)}</figcaption>" if block.info else ""
    code = f'<pre tabindex="0"><code>{escape(block.text.rstrip())}</code></pre>'
    return f'<figure class="code">{label}{code}</figure>'
