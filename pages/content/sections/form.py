"""The form section. The document's table lists the fields, and labeled lines hold the form's other texts."""

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
from .base import Section, start_section

COLUMNS = ("Field", "Name", "Required", "Help")

# The names that fields may have. The names decide the browser's autofill and a phone's keyboard.
NAMES = ("name", "email", "company", "phone", "role", "message")

BUTTON, CONSENT, THANKS, SUBJECT, REPLY = "button", "consent", "thanks", "reply subject", "reply"
LABELS = (BUTTON, CONSENT, THANKS, SUBJECT, REPLY)

# The labels that every form needs, and what authors must write after them. The checker's messages contain these texts.
REQUIRED = {
    BUTTON: "the text of the button",
    CONSENT: "the text that visitors consent to",
    THANKS: "the text that replaces the form after it is sent",
}


@dataclass(frozen=True)
class Field:
    """One row of the table. `name` is one of NAMES."""

    name: str
    label: str
    required: bool
    help: Html


@dataclass(frozen=True)
class Form(Component):
    """A form's fields and texts.

    `consent_text` is `consent` as plain text. `thanks` replaces the form after the visitor's entries are saved.
    `reply` is emailed to the visitor with the subject `reply_subject`. `reply` and `reply_subject` are empty in a form
    without a reply.
    """

    template: ClassVar[str] = "components/form.html"
    fields: tuple[Field, ...]
    button: str
    consent: Html
    consent_text: str
    thanks: Html
    reply_subject: str
    reply: str
    line: int


@dataclass(frozen=True)
class FormSection(Section):
    kind: ClassVar[str] = "form"

    @property
    def form(self) -> Form | None:
        return next((part for part in self.body if isinstance(part, Form)), None)


def matches(name: str) -> bool:
    """Return False, because a form may have any heading. `has_form` recognizes a form by its content instead."""
    return False


def has_form(blocks: Iterable[Block]) -> bool:
    """Return whether `blocks` contain a line such as `**Button:** Send`."""
    return any(_label(line) == BUTTON for block in blocks for line in _lines(block))


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> FormSection:
    start = start_section(heading, blocks, context)
    labeled = _LabeledLines(blocks)
    table = next((block for block in blocks if isinstance(block, Table)), None)
    form = _form(table, labeled, context, start[2])
    if form is None:
        return FormSection(*start, context.to_components(blocks))
    return FormSection(*start, context.build_body(labeled.rest, lambda block: form if block is table else None))


class _LabeledLines:
    """Collects the text of each label. `rest` holds the blocks without the labeled lines.

    A line without a label continues the text of the label above it. A line with a repeated label stays in `rest`.
    """

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._lines: dict[str, list[Inline]] = {}
        self.rest: list[Block] = []
        for block in blocks:
            lines = _lines(block)
            unlabeled = list(self._split(lines))
            if not lines:
                self.rest.append(block)
            elif unlabeled:
                self.rest.append(Paragraph(unlabeled[0].line, join(unlabeled)))

    def __contains__(self, label: str) -> bool:
        return any(self._lines.get(label, ()))

    def words(self, label: str) -> Inline:
        return join(self._lines.get(label, ()))

    def text(self, label: str) -> str:
        return " ".join(self.words(label).text.split())

    def _split(self, lines: Iterable[Inline]) -> Iterator[Inline]:
        """Collect the labeled lines, and yield everything else."""
        current: list[Inline] | None = None
        for line in lines:
            name, label = _label(line), line.split_label()
            if name and label and name not in self._lines:
                current = self._lines[name] = [label[1]] if label[1] else []
            elif current is not None and label is None:
                current.append(line)
            else:
                current = None
                yield line


def _lines(block: Block) -> tuple[Inline, ...]:
    return block.inline.lines() if isinstance(block, Paragraph) else ()


def _label(line: Inline) -> str:
    """Return the line's label if it is one of LABELS. Otherwise, return an empty string."""
    label = line.split_label()
    name = " ".join(label[0].lower().split()) if label else ""
    return name if name in LABELS else ""


def _form(table: Table | None, labeled: _LabeledLines, context: Context, line: int) -> Form | None:
    """Return the form, or None if it has problems. The section is then shown as prose."""
    before = len(context.problems)
    _check_lines(labeled, context, line)
    fields = _fields(table, context, line)
    if len(context.problems) > before or table is None:
        return None
    return Form(
        fields,
        labeled.text(BUTTON),
        markup.render_inline(labeled.words(CONSENT)),
        labeled.text(CONSENT),
        markup.render_inline(labeled.words(THANKS)),
        labeled.text(SUBJECT),
        labeled.text(REPLY),
        table.line,
    )


def _check_lines(labeled: _LabeledLines, context: Context, line: int) -> None:
    for label, content in REQUIRED.items():
        if label not in labeled:
            message = f"The form has no {_quoted(label)} line."
            _add_problem(context, line, "", message, f"Write {_quoted(label)} and {content} on a line of its own.")
    for label, other in ((SUBJECT, REPLY), (REPLY, SUBJECT)):
        if label in labeled and other not in labeled:
            message = f"The form has a {_quoted(label)} line, but no {_quoted(other)} line."
            help = f"Add a {_quoted(other)} line, or remove the {_quoted(label)} line."
            _add_problem(context, line, "", message, help)


def _quoted(label: str) -> str:
    return f"**{label.capitalize()}:**"


def _fields(table: Table | None, context: Context, line: int) -> tuple[Field, ...]:
    if table is None or tuple(cell.text.strip().title() for cell in table.head.cells) != COLUMNS:
        missing = "The form has no table of its fields."
        message = missing if table is None else "This table doesn't have the columns of a form."
        help = f"Write a table with the columns {' | '.join(COLUMNS)}, in this order."
        _add_problem(context, table.line if table else line, "", message, help)
        return ()
    lines: dict[str, int] = {}
    fields = tuple(_field(row, context, lines) for row in table.rows)
    if not any(field.name == "email" and field.required for field in fields):
        message = "The form doesn't require an email address, so you can't reply to every visitor."
        help = "Add a row with “email” in the column “Name” and “yes” in the column “Required”."
        _add_problem(context, table.line, "", message, help)
    return fields


def _field(row: Row, context: Context, lines: dict[str, int]) -> Field:
    """Return a row's field. Store the row's line in `lines`, keyed by the field's name."""
    label, name, required = ([cell.text.strip() for cell in row.cells] + ["", "", ""])[:3]
    for text, message, help in _row_problems(label, name, required, lines):
        _add_problem(context, row.line, text, message, help)
    lines.setdefault(name, row.line)
    help_text = markup.render_inline(row.cells[3]) if len(row.cells) > 3 else Html()
    return Field(name, label, required.lower() == "yes", help_text)


def _row_problems(label: str, name: str, required: str, lines: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    """Yield `(text to mark, message, help)` for each problem of a row."""
    if name not in NAMES:
        near = get_close_matches(name, NAMES, n=1)
        help = f"Did you mean “{near[0]}”?" if near else f"Use one of these names: {', '.join(NAMES)}."
        yield name, f"A form has no field named “{name}”.", help
    elif name in lines:
        yield name, f"The field “{name}” is already in line {lines[name]}.", "Keep one row for each name."
    if not label:
        yield name, f"The field “{name}” has no label.", "In the column “Field”, write a label for visitors."
    if required.lower() not in ("yes", "no"):
        empty = f"The column “Required” is empty for the field “{name}”."
        message = f"The column “Required” must say “yes” or “no”, not “{required}”." if required else empty
        yield required or name, message, "In the column “Required”, write “yes” or “no”."


def _add_problem(context: Context, line: int, text: str, message: str, help: str) -> None:
    context.problems.append(context.source.problem_at("form-part", message, help, line=line, text=text))
