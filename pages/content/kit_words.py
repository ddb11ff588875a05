"""Read `kit.md`: the words that all interview kits share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from . import blocks
from .blocks import Block, Heading, List, Paragraph, Table
from .inlines import Inline
from .kit_letters import check_shared_letters, without_missing_letters
from .problems import Problem, Source, Suggestions

# The headings of the texts in `kit.md`.
TEXTS = ("BEFORE THE INTERVIEW", "HOW TO SCORE", "HOW TO CALIBRATE", "LAST LINE")

# Below this heading is a link to the form for getting a kit by email. Without the heading, pages don't offer the form.
BY_EMAIL = "BY EMAIL"

# The names in the first column of the table LABELS in `kit.md`.
LABELS = (
    *("interview kit", "question bank", "hiring scorecard"),
    *("candidate", "interviewer", "date"),
    *("dimension", "competency", "weight", "score", "evidence", "not seen", "total"),
    *("evidence for", "scoring sheet", "calibration"),
    *("number", "group", "question", "notes", "other notes"),
    *("agreed", "result", "discuss", "agree", "check agreed", "wrong weights", "incomplete", "not agreed", "no total"),
    *("weighted score", "from", "to", "intervals"),
)

# Labels are also used as texts in formulas (at most 255 characters), and as items of comma-separated lists.
MAX_LABEL = 60


@dataclass(frozen=True)
class Text:
    """A paragraph or a list item.

    `lead` is the bold text at its start. `href` is the target of its first link, or "".
    """

    lead: str
    rest: str
    href: str = ""

    @property
    def plain(self) -> str:
        return f"{self.lead} {self.rest}".strip()


@dataclass(frozen=True)
class KitWords:
    """The words of `kit.md`, which all kits share.

    The keys of `texts` are TEXTS and, optionally, BY_EMAIL. The keys of `labels` are LABELS.
    """

    texts: Mapping[str, tuple[Text, ...]]
    labels: Mapping[str, str]


def parse(source: Source, problems: list[Problem]) -> KitWords | None:
    """Return the words in `kit.md`, or None if some are missing. Add problems to `problems`."""
    content = blocks.parse(source.text)
    problems += check_shared_letters(source, content)
    texts: dict[str, tuple[Text, ...]] = {}
    labels: dict[str, str] = {}
    for heading, inner in _sections(content):
        name = " ".join(heading.raw_text.upper().split())
        if name == "LABELS":
            labels |= _labels(inner, source, problems)
        elif name in (*TEXTS, BY_EMAIL):
            texts[name] = tuple(_texts(inner))
        else:
            problems.append(
                _unknown(source, heading.line, heading.raw_text, name, (*TEXTS, BY_EMAIL, "LABELS"), "section")
            )
    found = len(problems)
    for name in TEXTS:
        if not texts.get(name):
            help = f"Add the heading ## {name}, and its text."
            problems.append(source.problem("kit-words", f"The section “{name}” is missing or empty.", help))
    for name in LABELS:
        if not labels.get(name):
            help = "Add a row with this name to the table LABELS."
            problems.append(source.problem("kit-words", f"The label “{name}” is missing or empty.", help))
        elif len(labels[name]) > MAX_LABEL or {",", '"'} & set(labels[name]):
            message = f"The label “{name}” can't be used in a workbook's formula."
            help = f"Write at most {MAX_LABEL} characters, without commas and straight quotes."
            problems.append(source.problem("kit-words", message, help))
    return None if len(problems) > found else KitWords(texts, labels)


def _sections(content: Iterable[Block]) -> Iterator[tuple[Heading, list[Block]]]:
    """Yield each heading of level 2 with the blocks below it."""
    heading: Heading | None = None
    inner: list[Block] = []
    for block in content:
        if isinstance(block, Heading) and block.level <= 2:
            if heading:
                yield heading, inner
            heading, inner = block if block.level == 2 else None, []
        else:
            inner.append(block)
    if heading:
        yield heading, inner


def _labels(content: Iterable[Block], source: Source, problems: list[Problem]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for row in (row for block in content if isinstance(block, Table) for row in block.rows):
        name, words, *_ = (*(without_missing_letters(cell.text) for cell in row.cells), "")
        if name.lower() in LABELS:
            labels[name.lower()] = words
        else:
            problems.append(_unknown(source, row.line, name, name.lower(), LABELS, "label"))
    return labels


def _unknown(source: Source, line: int, text: str, name: str, names: tuple[str, ...], kind: str) -> Problem:
    near = Suggestions().nearest(name, names)
    help = f"Did you mean “{near}”?" if near else f"Use one of these names: {', '.join(names)}."
    return source.problem_at("kit-words", f"Kits have no {kind} named “{text}”.", help, line=line, text=text)


def _texts(content: Iterable[Block]) -> Iterator[Text]:
    for block in content:
        if isinstance(block, Paragraph):
            yield _text(block.inline)
        elif isinstance(block, List):
            for item in block.items:
                yield from _texts(item.blocks)


def _text(inline: Inline) -> Text:
    lead, rest = inline.split_lead()
    href = next((run.href for run in inline.runs if run.href), "")
    return Text(without_missing_letters(lead.text), without_missing_letters(rest.text), href)
