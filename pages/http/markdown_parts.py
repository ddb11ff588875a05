"""The parts of a Markdown version that aren't copied from the document: lists, forms, reports, calculator results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.encoding import iri_to_uri
from django.utils.html import strip_tags

from .. import markdown_format
from ..calculator.forms import calculate
from ..content.blocks import Block, Paragraph, Table
from ..content.document import Page
from ..content.document_structure import DocumentStructure
from ..content.figure_words import EXAMPLE
from ..content.inlines import Inline, join
from ..content.markup import text_segments, without_note_marks
from ..content.public_markdown import LinePart
from ..content.role_reports import RoleReport, build_report, find_question
from ..content.sections import Section
from ..content.sections.calculator import Calculator
from ..content.sections.form import BUTTON, CONSENT, LABELS, FormSection
from ..content.sections.hub import Hub
from ..content.sections.report import CandidateQuestion, Report, Sheet
from ..content.site_words import Words
from ..content.url_paths import parent_url
from ..repository.visible_pages import VisiblePages
from .article_list import shown_list
from .hub_list import Row, listed_under

# The kinds of sections with lines that `parts_of` may replace.
REPLACED = (Hub, Report, FormSection, Calculator)


def parts_of(page: Page, visible: VisiblePages) -> Iterator[LinePart]:
    """Yield texts for the page's Markdown version. Some replace lines of the document, and others are added."""
    if not any(isinstance(section, REPLACED) for section in page.sections):
        return  # most pages have no such parts, and parsing a document again takes 10 ms
    written = DocumentStructure(page.source).sections()
    for section, (_, blocks) in zip(page.sections, written, strict=False):
        yield from _parts(page, section, blocks, visible)


def _parts(page: Page, section: Section, blocks: tuple[Block, ...], visible: VisiblePages) -> Iterator[LinePart]:
    match section:
        case Hub():
            for listing in section.listings:
                number = 1 if listing.url == page.url else None
                yield LinePart(listing.line, listing.line, "\n".join(list_lines(listing.url, number, visible)))
        case Report():
            for part in section.parts:
                yield from _report_parts(page, part, blocks, visible)
        case FormSection() if section.form:
            table = next(block for block in blocks if isinstance(block, Table))
            yield LinePart(table.line, _last_line(table), "\n".join(_fields(page, section, table, visible)))
            yield from _form_lines(page, blocks)
        case Calculator() if section.inputs and section.inputs is page.calculator:
            table = next(block for block in blocks if isinstance(block, Table))
            outcome = _outcome(page, visible)
            yield LinePart(_last_line(table) + 1, _last_line(table), f"\n**{outcome}**")


def list_lines(url: str, number: int | None, visible: VisiblePages) -> Iterator[str]:
    """Yield the lines of the automatic list of the pages under `url`.

    `number` is the current page of the list of articles, or None on pages other than the hub.
    """
    articles = shown_list(visible, url, number)
    for article in articles.articles:
        meta = article.page.meta
        yield _row(f"{link(article.name, article.page.url)} ({meta.date})", meta.description)
    words = visible.words_for(visible.page(url))
    for text, path in (("Previous", articles.previous), ("Next", articles.next)):
        if path:
            yield f"- {link(words(text), path)}"
    if articles.hub:
        yield f"- {link(words('All articles in {name}', name=articles.hub.name), articles.hub.url)}"
    listed = listed_under(visible, url)
    for row in (*listed.comparable, *listed.others, *listed.reports, *listed.unweighted):
        yield _row(link(row.name, row.page.url), _about(row))


def _row(title: str, about: str) -> str:
    return f"- {title}: {markdown_format.escape(about)}" if about else f"- {title}"


def link(name: str, path: str) -> str:
    """Return a Markdown link to `path` on this site."""
    return f"[{markdown_format.escape(name)}]({settings.SITE_URL}{iri_to_uri(path)})"


def _about(row: Row) -> str:
    """Return what a list says about a page: its weights, its score, or its description."""
    if row.dimensions:
        return ", ".join(f"{weight.short_name} {weight.percent_text}" for weight in row.page.weights)
    return str(row.scores.combined.score) if row.scores else row.page.meta.description


def _report_parts(
    page: Page, part: Sheet | CandidateQuestion, blocks: Iterable[Block], visible: VisiblePages
) -> Iterator[LinePart]:
    """Yield the parts of a sample report or a sample question.

    A link replaces the role's URL. The question's text follows its number. In a report, results follow the scores.
    """
    role = visible.full_page(part.role)
    report = build_report(part, role) if role and isinstance(part, Sheet) else None
    if role is None or (isinstance(part, Sheet) and report is None):
        return
    hub, source = visible.page(parent_url(role.url)), page.source
    name = role.short_name(hub) if hub else role.name
    before, _, _ = source.line(part.line).rpartition("/" + part.role.rpartition("/")[2])
    before = before.removesuffix(parent_url(role.url).rstrip("/"))
    yield LinePart(part.line, part.line, before + link(name, role.url))
    found = find_question(role, part.question)
    if found:
        line = f"{source.line(part.question_line).rstrip()}. {_plain(found[1].text)}"
        yield LinePart(part.question_line, part.question_line, line)
    tables = [block for block in blocks if isinstance(block, Table)]
    if report and tables:
        last = _last_line(tables[0])
        yield LinePart(last + 1, last, "\n".join(["", *_report_lines(report, visible.words_for(page))]))


def _report_lines(report: RoleReport, words: Words) -> Iterator[str]:
    """Yield the lines about the results of a sample report, in the page's language."""
    weights = ", ".join(f"{row.name} {row.weight.percent_text}" for row in report.rows if row.weight)
    combined = report.combined
    combined_range = words(combined.range_text.text, **combined.range_text.values)
    yield f"{' '.join(map(words, EXAMPLE))} {words('Weights')}: {weights}."
    yield f"{words('Combined')}: {combined.score} ({combined_range})."
    if report.suggested:
        yield f"\n{words('Ask this in your interview')} ({report.widest.name}, {report.widest.margin_text}):\n"
        yield from (f"- {_plain(question.text)}" for question in report.suggested)


def _fields(page: Page, section: FormSection, table: Table, visible: VisiblePages) -> Iterator[str]:
    """Yield a line about each field of the form."""
    optional = visible.words_for(page)("optional")
    fields = section.form.fields if section.form else ()
    for field, row in zip(fields, table.rows, strict=True):
        help = markdown_format.escape(row.cells[3].text) if len(row.cells) > 3 else ""
        label = markdown_format.escape(field.label) + ("" if field.required else f" ({optional})")
        yield f"- {label}: {help}" if help else f"- {label}"


def _form_lines(page: Page, blocks: Iterable[Block]) -> Iterator[LinePart]:
    """Yield the replacements for the labeled lines of a form, such as `**Button:** Send`.

    The button becomes a link to the form. The consent loses its label. All other labeled lines are removed, because
    the page doesn't show them before the form is sent. A line without a label belongs to the label above it.
    """
    seen = set[str]()
    for block in blocks:
        found = list[tuple[str, list[Inline]]]()  # each label with its lines; other lines have the label ""
        for line in block.inline.lines() if isinstance(block, Paragraph) else ():
            label = line.split_label()
            name = " ".join(label[0].lower().split()) if label else ""
            if label or not found:
                found.append((name if name in LABELS and name not in seen else "", []))
                seen.add(name)
            found[-1][1].append(line)
        for name, lines in found:
            if name:
                label = join(lines).split_label()
                text = markdown_format.escape(label[1].text if label else "")
                button = f"**[{text}]({settings.SITE_URL}{page.url}#form)**"
                yield LinePart(lines[0].line, lines[-1].line, {BUTTON: button, CONSENT: text}.get(name, ""))


def _outcome(page: Page, visible: VisiblePages) -> str:
    """Return the calculator's result for the figures in the document."""
    words = visible.words_for(page)
    result = calculate(page.calculator, {}, words).comparison if page.calculator else None
    html = render_to_string("partials/outcome.html", {"result": result, "words": words})
    return ". ".join(filter(None, (" ".join(line.split()) for line in unescape(strip_tags(html)).splitlines())))


def _plain(html: str) -> str:
    return markdown_format.escape(" ".join(text_segments(without_note_marks(html))))


def _last_line(table: Table) -> int:
    return max((row.line for row in table.rows), default=table.line + 1)
