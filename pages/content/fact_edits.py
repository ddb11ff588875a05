"""Find the edits that change a fact in one file, and the places that a person must check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .blocks import map_inlines, parse
from .calls_to_action import CallResolver
from .document_structure import DocumentStructure
from .fact_passages import Passage, find_passages, passages_of
from .fact_places import Change, FileEdits
from .fact_results import Changes, NewFigure, add_results, products, repeated
from .fact_texts import edit_texts
from .figures import Figure, find_figures, to_figure
from .located_text import line_text
from .problems import Source, Span
from .sum_checks import ShownSum, sums_of_blocks, sums_of_sections, sums_of_text
from .written_figures import rewrite


def edit_document(source: Source, change: Change, url: str, headings: Mapping[str, str]) -> FileEdits:
    """Return the edits that replace the fact's old value in a document. `url` is the page's URL.

    `headings` are headings in other languages (see `translated_headings`).
    """
    structure = DocumentStructure(source)
    calls = CallResolver(source, {}, [])
    sections = [(heading, map_inlines(blocks, calls.mark)) for heading, blocks in structure.sections()]
    meta_lines = dict(structure.meta_lines)
    passages = list(find_passages(sections, meta_lines, headings))
    sums = list(sums_of_sections(sections, meta_lines, headings))
    return _edit(source, change, passages, sums, url)


def edit_kit(source: Source, change: Change) -> FileEdits:
    """Return the edits that a change of a fact needs in `kit.md`."""
    blocks = parse(source.text)
    return _edit(source, change, list(passages_of(blocks)), list(sums_of_blocks(blocks)))


def edit_settings(source: Source, change: Change) -> FileEdits:
    """Return the edits that a change of a fact needs in `site.toml`."""
    lines = [line_text(number, line) for number, line in enumerate(source.lines, start=1)]
    sums = [found for line in lines for found in sums_of_text(line)]
    return _edit(source, change, [Passage(line) for line in lines], sums)


def _edit(
    source: Source, change: Change, passages: Sequence[Passage], sums: Sequence[ShownSum], url: str = ""
) -> FileEdits:
    found = FileEdits()
    edit_texts(source, change, passages, found)
    old, new = change.old, to_figure(change.value)
    if old and new and old.kind != "phone":
        for changed in _find_changes(change, old, new, passages, sums, url).values():
            text, figure = changed.located.text, changed.figure
            written = rewrite(text, figure, changed.low, changed.high)
            found.add(source, changed.span, text[figure.start : figure.end], written)
        _leave_others(source, old, passages, found)
    return found


def _find_changes(
    change: Change,
    old: Figure,
    new: Figure,
    passages: Sequence[Passage],
    sums: Sequence[ShownSum],
    url: str,
) -> Changes:
    """Return the new values of the figures that state the fact, and of the amounts calculated from these figures."""
    changes: Changes = {}
    for passage in passages:
        statements = change.finder.find(passage)
        starts = {each.start for each in statements if each.agrees and each.fact.name == change.fact.name}
        for figure in passage.figures:
            is_own = figure.value == old.value and _is_fact_of_page(change, passage, figure, url)
            if (figure.start in starts or is_own) and figure.unit == old.unit:
                each = NewFigure(passage.located, figure, new.low, new.high)
                changes[each.span] = each
    if old.kind != "money" or old.low != old.high or new.low != new.high:
        return changes
    real = [passage for passage in passages if not passage.is_made_up]
    for passage in real:
        for figure, count in products(passage, change.fact, change.finder):
            each = NewFigure(passage.located, figure, count * new.low, count * new.low)
            changes.setdefault(each.span, each)
    add_results(sums, changes)
    for passage in real:
        for figure, value in list(repeated(passage, change.fact, change.finder, changes)):
            each = NewFigure(passage.located, figure, value, value)
            changes.setdefault(each.span, each)
    add_results(sums, changes)
    return changes


def _is_fact_of_page(change: Change, passage: Passage, figure: Figure, url: str) -> bool:
    """Return True if the fact holds only for some pages, and the figure is about these pages.

    The figure is about these pages if it is on one of these pages, or near one of the fact's names.
    """
    return change.fact in change.finder.facts_of_page(url, passage.words_near(figure).lower())


def _leave_others(source: Source, old: Figure, passages: Sequence[Passage], found: FileEdits) -> None:
    """List the places that have the old value but aren't edited.

    A plain number can mean something else, for example in code. So list a plain number only if the number is in
    `passages`.
    """
    if old.kind == "count":
        spans = [
            passage.located.span(each.start, each.end)
            for passage in passages
            for each in find_figures(passage.text)
            if each.value == old.value and not _is_label(passage, each)
        ]
    else:
        spans = [
            Span(number, each.start + 1, each.end - each.start)
            for number, line in enumerate(source.lines, start=1)
            for each in find_figures(line)
            if each.value == old.value
        ]
    edited = {(span.line, span.column) for span in found.edits}
    for span in spans:
        if (span.line, span.column) not in edited:
            found.leave(source, span.line, f"“{source.text_at(span)}” may mean something else")


def _is_label(passage: Passage, count: Figure) -> bool:
    """Return whether a number is probably not a count of something.

    Such a number fills a cell, comes after ±, or is a part of a compound such as “five-point”.
    """
    text = passage.text
    cells = [text[start:end].strip() for start, end, _ in passage.cells()]
    written, before = text[count.start : count.end], text[: count.start].rstrip()
    return written in cells or before.endswith("±") or text.startswith("-", count.end)
