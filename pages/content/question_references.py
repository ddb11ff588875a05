"""Links and sample reports that refer to a question by its number. Such a question must keep its number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from .document import Page
from .link_graph import LinkGraph
from .problems import Problem

_RULE = "question-number"
_ANCHOR = "question-"
# The help names at most this many references, so that it stays short.
_MAX_NAMED = 3


class _Reference(NamedTuple):
    """A reference in the document at `path` to a question of the document at `target`."""

    target: str
    path: str
    line: int


def keep_numbers(problems: Sequence[Problem], pages: Collection[Page], graph: LinkGraph) -> list[Problem]:
    """Return `problems`. If there are references to a page's questions, remove all edits of the questions' numbers.

    An edit could make a reference lead to a different question. If only some of the edits were removed, two questions
    could get the same number. The problems stay, and their help names the references.

    There are two kinds of reference: links to the page's questions, and sample reports, which name a question by its
    number. Ignore a sample report if no edit would change that number, or give that number to another question.
    """
    changed: dict[str, set[str]] = defaultdict(set)
    for problem in problems:
        if problem.rule == _RULE:
            written = problem.source[problem.column - 1 :][: problem.length]
            changed[problem.path].update(*({written, edit.text} for edit in problem.edits))
    if not changed:
        return list(problems)
    references: dict[str, dict[str, None]] = defaultdict(dict)
    for reference in (*_links(pages, graph), *_reports(pages, graph, changed)):
        if changed.get(reference.target):
            references[reference.target][f"{reference.path}:{reference.line}"] = None
    helps = {path: _help(list(places)) for path, places in references.items()}
    return [
        problem._replace(help=f"{problem.help} {helps[problem.path]}", edits=())
        if problem.rule == _RULE and problem.path in helps
        else problem
        for problem in problems
    ]


def _links(pages: Iterable[Page], graph: LinkGraph) -> Iterator[_Reference]:
    for page in pages:
        for link in page.links:
            target = graph.resolve(page, link)
            if target.anchor.startswith(_ANCHOR):
                linked = page if target.url == page.url else graph.pages.get(target.url, page)
                yield _Reference(linked.path, page.path, link.line)


def _reports(pages: Iterable[Page], graph: LinkGraph, changed: dict[str, set[str]]) -> Iterator[_Reference]:
    for page in pages:
        for part in (part for section in page.reports for part in section.parts):
            role = graph.pages.get(graph.aliases.get(part.role, part.role))
            number, line = part.question, part.question_line
            if role and number in changed.get(role.path, ()):
                yield _Reference(role.path, page.path, line)


def _help(places: list[str]) -> str:
    more = len(places) - _MAX_NAMED
    listed = ", ".join(places[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")
    return (
        f"--fix keeps the numbers of this page, because other lines depend on them: {listed}. "
        "Correct the numbers and these lines together."
    )
