"""Reports for the admin: each document's problems, links and last change.

A report needs the full text of all documents, so the workers don't create it. The publisher runs `check_content` with
`--report`, which writes all reports to a file, and the workers read this file.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from .. import sealed_files
from ..content.library import Library
from ..content.problems import Problem
from .git_dates import Commit, document_commits

logger = logging.getLogger(__name__)

# The fields of a problem that the admin shows.
_PROBLEM_FIELDS = ("path", "line", "column", "rule", "message", "help", "is_notice")


@dataclass(frozen=True)
class DocumentReport:
    """The report about one document, or about a file such as `site.toml`.

    `digest` is the hash of the document's text, and shows whether the document has changed since the check. A file that
    isn't a document has no digest and no links. `commit` is the document's last commit, or None if it isn't known.
    """

    digest: str = ""
    links_in: int = 0
    links_out: int = 0
    commit: Commit | None = None
    problems: tuple[Problem, ...] = ()


Reports = Mapping[str, DocumentReport]

_lock = Lock()
_built: tuple[Library, Reports] | None = None
_read: tuple[tuple[int, int], Reports] | None = None


def current_reports(library: Library) -> Reports:
    """Create the reports about `library` in memory, for development. Reads all documents in full.

    The result is cached for the latest library.
    """
    global _built
    with _lock:
        if _built is None or _built[0] is not library:
            _built = library, build(library, library.all_problems)
        return _built[1]


def build(library: Library, problems: Iterable[Problem]) -> Reports:
    """Return the reports, keyed by the path that problem messages show. `problems` are all problems of the content.

    If `site.toml` can't be read, the documents can't be checked, so they have no reports.
    """
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        found[problem.path].append(problem)
    reports = {path: DocumentReport(problems=tuple(found[path])) for path in found}
    if library.settings.is_lost:
        return reports
    commits, links_in = document_commits(library), library.graph.links_in()
    for page in library.documents.values():
        is_served = library.pages.get(page.url) is page
        reports[page.path] = DocumentReport(
            page.digest,
            len(links_in[page.url]) if is_served else 0,
            len(library.graph.links_out(page)),
            commits.get(page.path),
            tuple(found[page.path]),
        )
    return reports


def write(path: Path, library: Library, problems: Iterable[Problem]) -> None:
    """Write the reports to the file at `path`."""
    entries = {name: _to_dict(report) for name, report in build(library, problems).items()}
    with sealed_files.replace(path, durable=False) as file:
        file.write(json.dumps(entries).encode())


def read(path: Path) -> Reports | None:
    """Return the reports in the file at `path`, or None if there is no such file.

    A damaged file is deleted, so that the publisher writes it again.
    """
    global _read
    try:
        stat = path.stat()
        stamp = stat.st_ino, stat.st_mtime_ns
        with _lock:
            if _read is None or _read[0] != stamp:
                entries = json.loads(sealed_files.read(path))
                _read = stamp, {name: _from_dict(entry) for name, entry in entries.items()}
            return _read[1]
    except OSError:
        return None
    except sealed_files.Damaged:
        logger.error("the file %s is damaged: the publisher writes it again", path)
        path.unlink(missing_ok=True)
        return None


def _to_dict(report: DocumentReport) -> dict[str, object]:
    commit = report.commit
    return {
        "digest": report.digest,
        "links": [report.links_in, report.links_out],
        "commit": [commit.day.isoformat(), commit.author] if commit else None,
        "problems": [[getattr(problem, name) for name in _PROBLEM_FIELDS] for problem in report.problems],
    }


def _from_dict(entry: dict[str, Any]) -> DocumentReport:
    day, author = entry["commit"] or ("", "")
    commit = Commit(date.fromisoformat(day), author) if day else None
    problems = (Problem(**dict(zip(_PROBLEM_FIELDS, values, strict=True))) for values in entry["problems"])
    links_in, links_out = entry["links"]
    return DocumentReport(entry["digest"], links_in, links_out, commit, tuple(problems))
