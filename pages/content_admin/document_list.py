"""The list of all documents in the admin: their states, filters, search and order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..content.dates import format_time
from ..content.document import Page
from ..content.library import Library
from ..content.problems import Problem
from ..repository.document_reports import DocumentReport, Reports

# The states that a document can have, as the filter shows them.
STATES = {
    "live": "Live",
    "draft": "Draft",
    "scheduled": "Scheduled",
    "expiring": "Expires",
    "expired": "Expired",
    "noindex": "noindex",
    "no-page": "Not a page",
}
PROBLEMS = {"errors": "With errors", "any": "With problems", "none": "Without problems"}


@dataclass(frozen=True)
class DocumentRow:
    """A document, or another file that has problems.

    `url` is empty if the document isn't a page of the site. `states` maps keys of STATES to texts with details, such as
    a time. `report` is None until the document has been checked. If `is_outdated` is True, the document has changed
    since the check.
    """

    path: str
    url: str
    name: str
    title: str
    states: Mapping[str, str]
    report: DocumentReport | None
    is_outdated: bool

    @property
    def is_live(self) -> bool:
        return "live" in self.states

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.report.problems if self.report else ()

    @property
    def errors(self) -> int:
        return sum(problem.level == "error" for problem in self.problems)

    @property
    def changed(self) -> date | None:
        return self.report.commit.day if self.report and self.report.commit else None

    @property
    def author(self) -> str:
        return self.report.commit.author if self.report and self.report.commit else ""


# The columns by which users can sort. Each function returns a value to compare.
ORDERS: Mapping[str, Callable[[DocumentRow], object]] = {
    "path": lambda row: row.path,
    "state": lambda row: (*row.states.values(), row.path),
    "problems": lambda row: (-row.errors, -len(row.problems), row.path),
    "links_in": lambda row: (row.report.links_in if row.report else 0, row.path),
    "links_out": lambda row: (row.report.links_out if row.report else 0, row.path),
    "changed": lambda row: (-(row.changed or date.min).toordinal(), row.path),
}


def list_documents(library: Library, reports: Reports | None, now: datetime) -> list[DocumentRow]:
    """Return a row for each document, and for each other file with problems, sorted by path."""
    reports = reports or {}
    rows = [_row(library, page, reports.get(page.path), now) for page in library.documents.values()]
    paths = {row.path for row in rows}
    rows += [
        DocumentRow(path, "", "", "", {"no-page": "not a page"}, report, is_outdated=False)
        for path, report in reports.items()
        if not report.digest and path not in paths  # only a document's report has a digest: skip deleted documents
    ]
    return sorted(rows, key=lambda row: row.path)


def _row(library: Library, page: Page, report: DocumentReport | None, now: datetime) -> DocumentRow:
    is_served = library.pages.get(page.url) is page
    states = _states(page, now) if is_served else {"no-page": "not a page, because another document has its URL"}
    if not page.url:
        states = {"no-page": "not a page, because it has no URL"}
    is_outdated = report is not None and report.digest != page.digest
    url = page.url if is_served else ""
    return DocumentRow(page.path, url, page.name, page.meta.title, states, report, is_outdated)


def _states(page: Page, now: datetime) -> dict[str, str]:
    meta, states = page.meta, {}
    if meta.is_unclear:
        states["draft"] = "draft, because META has a mistake"
    elif meta.draft:
        states["draft"] = "draft"
    elif meta.expires and meta.has_expired(now):
        states["expired"] = f"expired on {format_time(meta.expires)}"
    elif meta.publish and meta.publish > now:
        states["scheduled"] = f"scheduled for {format_time(meta.publish)}"
    else:
        states["live"] = "live"
    if meta.expires and not meta.draft and not meta.has_expired(now):
        states["expiring"] = f"expires on {format_time(meta.expires)}"
    if meta.keeps_out_search_engines:
        states["noindex"] = "noindex"
    return states


def select(rows: Sequence[DocumentRow], *, state: str, problems: str, words: str, order: str) -> list[DocumentRow]:
    """Return the rows that match `state` and `problems`, and that contain all `words`, sorted by `order`.

    Empty and unknown values don't exclude any row.
    """
    if state in STATES:
        rows = [row for row in rows if state in row.states]
    if problems in PROBLEMS:
        rows = [row for row in rows if _has_problems(row, problems)]
    for word in words.lower().split():
        rows = [row for row in rows if word in f"{row.path}\n{row.url}\n{row.name}\n{row.title}\n{row.author}".lower()]
    return sorted(rows, key=ORDERS.get(order, ORDERS["path"]))  # type: ignore[arg-type]


def _has_problems(row: DocumentRow, problems: str) -> bool:
    if problems == "none":
        return row.report is not None and not row.problems
    return bool(row.errors if problems == "errors" else row.problems)
