"""Reads many documents in the worker pool.

The pool doesn't check the documents, because the check takes two fifths of the time. After all pages are published,
`check_content` checks all documents (see `content_status`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

from ..content.lazy_page import LazyPage, ReadPage, ReadResult, ReadSummary
from . import release
from .worker_pool import WorkerFailed, WorkerPool

logger = logging.getLogger(__name__)

# Read up to this many documents without the pool, because the pool's processes take up to two seconds to start.
PARALLEL_DOCUMENTS = 200
TASK_DOCUMENTS = 20  # Tasks are short: a process reads 20 documents in a third of a second.


def read_in_pool(pool: WorkerPool, read: ReadPage, paths: Iterable[Path]) -> Iterator[ReadResult]:
    """Yield the result of `read` for each path.

    The processes of the pool don't check the documents, so most problems are missing.
    If a process fails, read the remaining documents in this process.
    """
    paths = list(paths)
    done, first = 0, None
    if len(paths) > PARALLEL_DOCUMENTS and pool.size > 1:
        tasks = (paths[start : start + TASK_DOCUMENTS] for start in range(0, len(paths), TASK_DOCUMENTS))
        try:
            for results in pool.map(partial(_read_task, cast(ReadSummary, read)), tasks):
                for page, problems in results or ():
                    if isinstance(page, LazyPage):
                        first = first or page
                        page.share_settings(first)
                    done += 1
                    yield page, problems
        except WorkerFailed:
            logger.warning("a process of the publisher failed: the remaining documents are read in one process")
    yield from map(read, paths[done:])


def _read_task(read: ReadSummary, paths: list[Path]) -> list[ReadResult]:
    folder = release.stored_pages_path()
    return [read(path, folder=folder, check=False) for path in paths]
