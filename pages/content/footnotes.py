"""Number the footnotes of a page, and show them at the end of sections.

Footnotes are numbered in the order of their first marks. A footnote is shown at the end of the section that contains
its text. But writers often put all footnotes at the document's end, in a section of links or a closing section. Such
footnotes are shown in an earlier section: the last one that isn't a hero, a section of links or a closing section.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, ClassVar

from . import note_marks
from .blocks import Block, Callout, DefinitionList, Footnote, Heading, Item, List, Quote, child_blocks, map_inlines
from .components import Component, Context
from .inlines import Inline, Run
from .markup import Html
from .problems import Problem, Source
from .sections import Section
from .sections.closing import Closing
from .sections.hero import Hero
from .sections.links import Links

Part = tuple[Heading | None, tuple[Block, ...]]


@dataclass(frozen=True)
class NoteText:
    """The text of a footnote. `mark_ids` are the ids of its marks, to which the footnote links back."""

    number: int
    html: Html
    mark_ids: tuple[str, ...]

    @property
    def id(self) -> str:
        return note_marks.note_id(self.number)


@dataclass(frozen=True)
class NoteList(Component):
    template: ClassVar[str] = "components/note_list.html"
    notes: tuple[NoteText, ...]


@dataclass
class _Note:
    """A footnote, and the index of its section. `mark_ids` are the ids of all marks that refer to it."""

    footnote: Footnote
    section: int
    number: int = 0
    mark_ids: list[str] = field(default_factory=list)


class PageNotes:
    """The footnotes of a page. `parts` are the headings and blocks of the page's sections, with numbered marks.

    The blocks in `parts` don't include the footnotes.
    """

    def __init__(self, parts: Iterable[Part]) -> None:
        parts = list(parts)
        self._notes = [
            _Note(footnote, index) for index, (_, blocks) in enumerate(parts) for footnote in _footnotes_of(blocks)
        ]
        self._by_label: dict[str, _Note] = {}
        for note in self._notes:
            self._by_label.setdefault(note.footnote.label, note)
        self._numbered: list[_Note] = []
        self.parts = [self._number_part(part) for part in parts] if self._notes else parts
        self._texts: list[tuple[Block, ...]] = []
        self._number_texts()

    @property
    def texts(self) -> tuple[Block, ...]:
        """The blocks of all footnotes."""
        return tuple(block for blocks in self._texts for block in blocks)

    def _number_part(self, part: Part) -> Part:
        heading, blocks = part
        if heading:
            heading = replace(heading, inline=self._number(heading.inline))
        return heading, map_inlines(_without_footnotes(blocks), self._number)

    def _number_texts(self) -> None:
        """Number the marks inside footnotes. Then number the footnotes that no mark refers to."""
        unmarked = iter(self._notes)
        while True:
            while len(self._texts) < len(self._numbered):
                blocks = _without_footnotes(self._numbered[len(self._texts)].footnote.blocks)
                self._texts.append(map_inlines(blocks, self._number))
            note = next((note for note in unmarked if not note.number), None)
            if note is None:
                return
            self._add(note)

    def _add(self, note: _Note) -> None:
        self._numbered.append(note)
        note.number = len(self._numbered)

    def _number(self, inline: Inline) -> Inline:
        return Inline(tuple(map(self._number_run, inline.runs))) if any(run.note for run in inline.runs) else inline

    def _number_run(self, run: Run) -> Run:
        note = self._by_label.get(run.note.label) if run.note else None
        if note is None or run.note is None:
            return run
        if not note.number:
            self._add(note)
        id = note_marks.mark_id(note.number, len(note.mark_ids) + 1)
        note.mark_ids.append(id)
        return run._replace(note=run.note._replace(number=note.number, id=id))

    def add_to(self, sections: tuple[Section, ...], context: Context) -> tuple[Section, ...]:
        """Return `sections` with the footnotes added. Add the footnotes' problems to `context.problems`."""
        if not self._notes:
            return sections
        texts = [context.render_prose(blocks) for blocks in self._texts]
        shown = set(note_marks.linked_ids(" ".join([*html_in(sections), *texts])))
        lists: dict[int, list[NoteText]] = {}
        for note, html in zip(self._numbered, texts, strict=True):
            mark_ids = tuple(id for id in note.mark_ids if id in shown)
            lists.setdefault(_place(note.section, sections), []).append(NoteText(note.number, html, mark_ids))
        context.problems += self._check(context.source)
        return tuple(
            replace(section, body=(*section.body, NoteList(tuple(lists[index])))) if index in lists else section
            for index, section in enumerate(sections)
        )

    def _check(self, source: Source) -> Iterator[Problem]:
        for note in self._notes:
            label, line = note.footnote.label, note.footnote.line
            first = self._by_label[label]
            if first is not note:
                message = f"Line {first.footnote.line} already has a footnote [^{label}], so no mark leads to this one."
                help = "Give this footnote another label, or delete it."
            elif not note.mark_ids:
                message = f"The text has no mark for [^{label}], so readers don't know what this footnote is about."
                help = f"Write [^{label}] in the text, after the words that the footnote explains."
            else:
                continue
            yield source.problem_at("footnote", message, help, line=line, text=f"[^{label}]:")


def note_anchors(sections: Iterable[Section]) -> Iterator[str]:
    """Yield the ids of all footnotes and of their marks."""
    lists = (part for section in sections for part in section.body if isinstance(part, NoteList))
    for note in (note for part in lists for note in part.notes):
        yield from (note.id, *note.mark_ids)


def _place(index: int, sections: tuple[Section, ...]) -> int:
    """Return the index of the section that shows the footnotes written in the section at `index`.

    The two indexes differ only for footnotes in a section of links or a closing section (see the module's docstring).
    """
    if not isinstance(sections[index], (Links, Closing)):
        return index
    others = (n for n in reversed(range(index)) if not isinstance(sections[n], (Links, Closing, Hero)))
    return next(others, index)


def _footnotes_of(blocks: Iterable[Block]) -> Iterator[Footnote]:
    for block in blocks:
        if isinstance(block, Footnote):
            yield block
        yield from _footnotes_of(child_blocks(block))


def _without_footnotes(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(_without_inner_footnotes(block) for block in blocks if not isinstance(block, Footnote))


def _without_inner_footnotes(block: Block) -> Block:
    match block:
        case List():
            return replace(block, items=tuple(map(_item_without_footnotes, block.items)))
        case Quote() | Callout():
            return replace(block, blocks=_without_footnotes(block.blocks))
        case DefinitionList():
            definitions = (
                replace(definition, details=tuple(map(_item_without_footnotes, definition.details)))
                for definition in block.definitions
            )
            return replace(block, definitions=tuple(definitions))
    return block


def _item_without_footnotes(item: Item) -> Item:
    return replace(item, blocks=_without_footnotes(item.blocks))


def html_in(value: Any) -> Iterator[str]:
    """Yield all HTML in the fields of a section or a component."""
    if isinstance(value, Html):
        yield value
    elif isinstance(value, tuple):
        for entry in value:
            yield from html_in(entry)
    elif is_dataclass(value):
        for entry in fields(value):
            yield from html_in(getattr(value, entry.name))
