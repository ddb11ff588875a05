"""A form: what a visitor may send stands in the document's table, what is said around it in labelled lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, Paragraph, Row, Table
from ..components import Component, Context
from ..inlines import Inline, join
from ..markup import Html
from .base import Section, opening

COLUMNS = ("Field", "Name", "Required", "Help")

# What a form can ask for. Browsers fill them in, and phones show the right keyboard, by these names.
NAMES = ("name", "email", "company", "phone", "role", "message")

BUTTON, CONSENT, THANKS, SUBJECT, REPLY = "button", "consent", "thanks", "reply subject", "reply"
LABELS = (BUTTON, CONSENT, THANKS, SUBJECT, REPLY)


@dataclass(frozen=True)
class Field:
    """`name` is one of NAMES."""

    name: str
    label: str
    required: bool
    help: Html


@dataclass(frozen=True)
class Form(Component):
    """`consent` is what a visitor agrees to, and `wording` the same as plain text. `thanks` is shown when what was sent
    is kept; `reply` is mailed to the visitor under `subject`, and empty where the document has none."""

    template: ClassVar[str] = "components/form.html"
    fields: tuple[Field, ...]
    button: str
    consent: Html
    wording: str
    thanks: Html
    subject: str
    reply: str
    line: int


@dataclass(frozen=True)
class FormSection(Section):
    kind: ClassVar[str] = "form"

    @property
    def form(self) -> Form | None:
        return next((part for part in self.body if isinstance(part, Form)), None)


def matches(name: str) -> bool:
    """A form is known by its line, not by its heading: see `asks`."""
    return False


def has_form(blocks: Iterable[Block]) -> bool:
    """Whether a section holds a line `**Button:** Send`."""
    return any(_label(line) == BUTTON for block in blocks for line in _lines(block))


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> FormSection:
    start = opening(heading, blocks, context)
    said = _LabeledLines(blocks)
    table = next((block for block in blocks if isinstance(block, Table)), None)
    form = _form(table, said, context, start[2])
    if form is None:
        return FormSection(*start, context.to_components(blocks))
    return FormSection(*start, context.build_body(said.rest, lambda block: form if block is table else None))


class _LabeledLines:
    """The words of each label, and `rest`, the blocks without them. A line without a label goes on with the one above
    it; a second line of a label stays where it is."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._lines: dict[str, list[Inline]] = {}
        self.rest: list[Block] = []
        for block in blocks:
            lines = _lines(block)
            left = list(self._take(lines))
            if not lines:
                self.rest.append(block)
            elif left:
                self.rest.append(Paragraph(left[0].line, join(left)))

    def __contains__(self, label: str) -> bool:
        return any(self._lines.get(label, ()))

    def words(self, label: str) -> Inline:
        return join(self._lines.get(label, ()))

    def text(self, label: str) -> str:
        return " ".join(self.words(label).text.split())

    def _take(self, lines: Iterable[Inline]) -> Iterator[Inline]:
        current: list[Inline] | None = None
        for line in lines:
            label, found = _label(line), line.split_label()
            if label and found and label not in self._lines:
                current = self._lines[label] = [found[1]] if found[1] else []
            elif current is not None and found is None:
                current.append(line)
            else:
                current = None
                yield line


def _lines(block: Block) -> tuple[Inline, ...]:
    return block.inline.lines() if isinstance(block, Paragraph) else ()


def _label(line: Inline) -> str:
    found = line.split_label()
    name = " ".join(found[0].lower().split()) if found else ""
    return name if name in LABELS else ""


def _form(table: Table | None, said: _LabeledLines, context: Context, line: int) -> Form | None:
    """The form, or None and its problems: until they are mended the section is shown as prose."""
    before = len(context.problems)
    _complete(said, context, line)
    fields = _fields(table, context, line)
    if len(context.problems) > before or table is None:
        return None
    return Form(
        fields,
        said.text(BUTTON),
        markup.render_inline(said.words(CONSENT)),
        said.text(CONSENT),
        markup.render_inline(said.words(THANKS)),
        said.text(SUBJECT),
        said.text(REPLY),
        table.line,
    )


def _complete(said: _LabeledLines, context: Context, line: int) -> None:
    wanted = {
        BUTTON: "what its button says",
        CONSENT: "what a visitor agrees to by sending it",
        THANKS: "what a visitor is told when it is sent",
    }
    for label, meaning in wanted.items():
        if label not in said:
            _problem(context, line, "", f"the form does not say {meaning}", f"add a line **{label.capitalize()}:** …")
    for label, other in ((SUBJECT, REPLY), (REPLY, SUBJECT)):
        if label in said and other not in said:
            message = f"the mail to the visitor has a {label}, and no {other}"
            _problem(context, line, "", message, f"add a line **{other.capitalize()}:** …, or take the other out")


def _fields(table: Table | None, context: Context, line: int) -> tuple[Field, ...]:
    if table is None or tuple(cell.text.strip().title() for cell in table.head.cells) != COLUMNS:
        message = "the form has no table of its fields" if table is None else "the columns are not those of a form"
        help = f"write a table with the columns {' | '.join(COLUMNS)}, in this order"
        _problem(context, table.line if table else line, "", message, help)
        return ()
    seen: dict[str, int] = {}
    fields = tuple(_field(row, context, seen) for row in table.rows)
    if not any(field.name == "email" and field.required for field in fields):
        message = "nobody could answer: the form does not ask for an email address, or not always"
        _problem(context, table.line, "", message, "add a row with email under Name and yes under Required")
    return fields


def _field(row: Row, context: Context, seen: dict[str, int]) -> Field:
    label, name, required = ([cell.text.strip() for cell in row.cells] + ["", "", ""])[:3]
    for place, message, help in _wrong(label, name, required, seen):
        _problem(context, row.line, place, message, help)
    seen.setdefault(name, row.line)
    help_text = markup.render_inline(row.cells[3]) if len(row.cells) > 3 else Html()
    return Field(name, label, required.lower() == "yes", help_text)


def _wrong(label: str, name: str, required: str, seen: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a row: where, what, and the mend."""
    if name not in NAMES:
        near = get_close_matches(name, NAMES, n=1)
        help = f"did you mean {near[0]}?" if near else f"write one of {', '.join(NAMES)}"
        yield name, f"“{name}” is nothing that a form can ask for", help
    elif name in seen:
        yield name, f"“{name}” stands in line {seen[name]} already", "ask for it once"
    if not label:
        yield name, f"the field {name} has no label", "write under Field what a visitor is to enter"
    if required.lower() not in ("yes", "no"):
        yield required or name, f"Required is yes or no, not “{required}”", "write yes or no under Required"


def _problem(context: Context, line: int, text: str, message: str, help: str) -> None:
    context.problems.append(context.source.problem_at("form-part", message, help, line=line, text=text))
