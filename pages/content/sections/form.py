"""The form section. The document's table lists the fields, and labeled lines hold the form's other texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import dropwhile, takewhile
from typing import ClassVar

from .. import markup
from ..blocks import Block, Heading, List, Row, Table, plain_text
from ..components import Component, Context
from ..labeled_lines import LabeledLines, has_label
from ..markup import Html
from ..problems import MIN_SIMILARITY, Problem, Source
from ..site_words import ENGLISH_WORDS, Words
from .base import Section, start_section
from .steps import StepList, read_step

COLUMNS = ("Field", "Name", "Required", "Help")

# The names that fields may have. The names decide the browser's autofill and a phone's keyboard.
NAMES = ("name", "email", "company", "phone", "role", "message")

BUTTON, CONSENT, THANKS, REFERENCE, MEANWHILE = "button", "consent", "thanks", "reference", "meanwhile"
SUBJECT, REPLY, FILES, SIGNATURE, DISCLAIMER = (
    *("reply subject", "reply", "reply files", "reply signature", "reply disclaimer"),
)
LABELS = (BUTTON, CONSENT, THANKS, REFERENCE, MEANWHILE, SUBJECT, REPLY, FILES, SIGNATURE, DISCLAIMER)

# The labels that every form needs, and what authors must write after them. The checker's messages contain these texts.
REQUIRED = {
    BUTTON: "the text of the button",
    CONSENT: "the text that visitors consent to",
    THANKS: "the text that visitors see after they send the form",
}

# If a form has the first label, it also needs the second label.
PAIRS = ((SUBJECT, REPLY), (REPLY, SUBJECT), (FILES, REPLY), (SIGNATURE, REPLY), (DISCLAIMER, REPLY))


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

    `consent_text` is `consent` as plain text.

    After the visitor's entries are saved, the page shows:

    - `confirmation`, as the headline
    - `thanks`, below the headline
    - `reference`, which explains the visitor's reference number
    - `meanwhile`, which says what to do next

    The email to the visitor has the subject `reply_subject`, and these parts (see `reply_to`):

    - `reply`, the start of the text
    - `reply_files`, the line above the links to the files about the visitor's role
    - the reference number
    - `reply_end`, the end of the text

    If the form sends no email, all attributes whose names begin with `reply` are empty.
    """

    template: ClassVar[str] = "components/form.html"
    fields: tuple[Field, ...]
    button: str
    consent: Html
    consent_text: str
    confirmation: Html
    thanks: Html
    reference: Html
    meanwhile: Html
    reply_subject: str
    reply: str
    reply_files: str
    reply_end: str
    line: int

    def reply_to(self, reference: str, links: str = "", words: Words = ENGLISH_WORDS) -> str:
        """Return the text of the email to the visitor. It contains the lead's `reference`.

        If the form has no reply, return "". `links` are the lines below `reply_files`. `words` are the site's own words
        in the language of the page.
        """
        files = f"{self.reply_files}\n{links}" if links else ""
        parts = (self.reply, files, words("Your reference: {reference}", reference=reference), self.reply_end)
        return "\n\n".join(filter(None, parts)) if self.reply else ""


@dataclass(frozen=True)
class NextSteps(StepList):
    """What happens after the form is sent: the ordered list above the table, and its heading."""

    template: ClassVar[str] = "components/next_steps.html"
    heading: Html
    anchor: str


@dataclass(frozen=True)
class FormSection(Section):
    """A section with a form. If the form has problems, `form` is None.

    The document's text above the table is shown beside the form. The text below the table is shown under the button.
    """

    kind: ClassVar[str] = "form"
    template: ClassVar[str] = "sections/form.html"

    @property
    def form(self) -> Form | None:
        return next((part for part in self.body if isinstance(part, Form)), None)

    @property
    def next_steps(self) -> NextSteps | None:
        return next((part for part in self.body if isinstance(part, NextSteps)), None)

    @property
    def beside(self) -> tuple[Component, ...]:
        """The components above the form, except for the next steps. Pages show these components beside the form."""
        above = takewhile(lambda part: not isinstance(part, Form), self.body)
        return tuple(part for part in above if not isinstance(part, NextSteps))

    @property
    def below(self) -> tuple[Component, ...]:
        """The components below the form in the document. Pages show them under the button."""
        return tuple(dropwhile(lambda part: not isinstance(part, Form), self.body))[1:]


def forms_of(sections: Iterable[Section]) -> list[Form]:
    """Return the valid forms in `sections`."""
    return [section.form for section in sections if isinstance(section, FormSection) and section.form]


def check_forms(source: Source, sections: Iterable[Section]) -> Iterator[Problem]:
    """Yield a problem for each form of a page after the page's first form."""
    for form in forms_of(sections)[1:]:
        message = "This page already has a form, so this second form is shown as a table."
        yield source.problem("form-part", message, "Move the form to a page of its own.", line=form.line)


def matches(name: str) -> bool:
    """Return False, because a form may have any heading. `has_form` recognizes a form by its content instead."""
    return False


def has_form(blocks: Iterable[Block]) -> bool:
    """Return whether `blocks` contain a line such as `**Button:** Send`."""
    return has_label(blocks, BUTTON)


def read(heading: Heading | None, blocks: tuple[Block, ...], context: Context) -> FormSection:
    start = start_section(heading, blocks, context)
    labeled = LabeledLines(blocks, LABELS)
    table = next((block for block in blocks if isinstance(block, Table)), None)
    steps = _Steps.find(takewhile(lambda block: block is not table, labeled.rest))
    form = _form(table, labeled, steps, context, start[2])
    if form is None:
        return FormSection(*start, context.to_components(blocks))
    parts = {id(table): form} | ({id(steps.list): steps.component(context)} if steps else {})
    rest = [block for block in labeled.rest if not steps or block is not steps.heading]
    return FormSection(*start, context.build_body(rest, lambda block: parts.get(id(block))))


@dataclass(frozen=True)
class _Steps:
    """An ordered list, and the heading directly above it, if any."""

    heading: Heading | None
    list: List

    @classmethod
    def find(cls, blocks: Iterable[Block]) -> _Steps | None:
        """Return the first ordered list in `blocks`."""
        above: Block | None = None
        for block in blocks:
            if isinstance(block, List) and block.is_ordered:
                return cls(above if isinstance(above, Heading) else None, block)
            above = block
        return None

    @property
    def text(self) -> str:
        """The heading and the list items as plain text, each on its own line."""
        lines = [f"{self.heading.inline.text.strip()}:"] if self.heading else []
        lines += [f"{n}. {plain_text(item.blocks)}" for n, item in enumerate(self.list.items, self.list.start)]
        return "\n".join(lines)

    def component(self, context: Context) -> NextSteps:
        heading, anchor = Html(), ""
        if self.heading:
            heading = markup.render_text(context.outline.to_sentence_case(self.heading.inline))
            anchor = context.outline.unique_anchor(self.heading.raw_text)
        return NextSteps(self.list.start, tuple(read_step(item, context) for item in self.list.items), heading, anchor)


def _form(table: Table | None, labeled: LabeledLines, steps: _Steps | None, context: Context, line: int) -> Form | None:
    """Return the form, or None if it has problems. The section is then shown as prose."""
    before = len(context.problems)
    _check_lines(labeled, context, line)
    fields = _fields(table, context, line)
    if FILES in labeled and not any(field.name == "role" and field.required for field in fields):
        message = f"The form has a {_quoted(FILES)} line, but doesn't require a role."
        help = "Add a row with “role” in the column “Name” and “yes” in the column “Required”."
        _add_problem(context, table.line if table else line, "", message, help)
    if len(context.problems) > before or table is None:
        return None
    confirmation, thanks = labeled.words(THANKS).split_lead()
    if not confirmation:
        confirmation, thanks = thanks, confirmation
    has_reply = REPLY in labeled
    return Form(
        fields,
        labeled.text(BUTTON),
        markup.render_inline(labeled.words(CONSENT)),
        labeled.text(CONSENT),
        markup.render_text(confirmation),
        markup.render_inline(thanks.strip()),
        markup.render_inline(labeled.words(REFERENCE)),
        markup.render_inline(labeled.words(MEANWHILE)),
        labeled.text(SUBJECT),
        "\n\n".join(filter(None, (labeled.text(REPLY), steps.text if steps and has_reply else ""))),
        labeled.text(FILES),
        "\n\n".join(filter(None, (labeled.lines(SIGNATURE), labeled.lines(DISCLAIMER)))),
        table.line,
    )


def _check_lines(labeled: LabeledLines, context: Context, line: int) -> None:
    for label, content in REQUIRED.items():
        if label not in labeled:
            message = f"The form has no {_quoted(label)} line."
            _add_problem(context, line, "", message, f"On a line of its own, write {_quoted(label)} and {content}.")
    for label, other in PAIRS:
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
        near = get_close_matches(name, NAMES, n=1, cutoff=MIN_SIMILARITY)
        help = f"Did you mean “{near[0]}”?" if near else f"Use one of these names: {', '.join(NAMES)}."
        yield name, f"A form has no field named “{name}”.", help
    elif name in lines:
        yield name, f"The field “{name}” is already on line {lines[name]}.", "Keep one row for each name."
    if not label:
        yield name, f"The field “{name}” has no label.", "In the column “Field”, write a label for visitors."
    if required.lower() not in ("yes", "no"):
        empty = f"The column “Required” is empty for the field “{name}”."
        message = f"The column “Required” must say “yes” or “no”, not “{required}”." if required else empty
        yield required or name, message, "In the column “Required”, write “yes” or “no”."


def _add_problem(context: Context, line: int, text: str, message: str, help: str) -> None:
    context.problems.append(context.source.problem_at("form-part", message, help, line=line, text=text))
