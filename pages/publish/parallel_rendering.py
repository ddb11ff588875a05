"""Renders pages in the worker pool. Its processes read the library from the snapshot."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from ..content.markdown_paths import markdown_path
from ..repository import current, failed_files, snapshot
from . import release
from .file_watch import FileWatch
from .manifest import ManifestWriter
from .manifest_entry import Entry
from .prerender import Prerenderer
from .rendering import Rendered, render
from .worker_pool import WorkerFailed, WorkerPool

logger = logging.getLogger(__name__)

# Render up to this many responses without the pool, because the pool's processes take up to two seconds to start.
PARALLEL_RESPONSES = 400
# A process renders this many responses in a tenth of a second. Tasks are short, because an edit makes the running tasks
# useless.
TASK_RESPONSES = 16


class Task(NamedTuple):
    """Paths to render, each with its entry in the manifest. `failed` are the paths of files that can't be made."""

    paths: tuple[tuple[str, Entry | None], ...]
    failed: frozenset[str]
    is_quick: bool


def render_in_pool(pool: WorkerPool, paths: Iterable[str], manifest: ManifestWriter) -> Iterator[Rendered | None]:
    """Render the responses at `paths`. While waiting, yield None, so that the caller can stop.

    `paths` is read just before a process needs the next paths. If a process fails, log this and stop: the caller
    renders the remaining pages itself. If there is only one processor, do nothing.
    """
    if pool.size == 1:
        return
    tasks = (
        Task(
            tuple((path, manifest.entries.get(path)) for path in chunk),
            failed_files.paths(),
            manifest.compresses_quickly,
        )
        for chunk in _chunks(paths)
    )
    try:
        for results in pool.map(_render_task, tasks):
            yield from results or (None,)
    except WorkerFailed:
        logger.warning("a process of the publisher failed: the remaining pages are rendered in one process")


def _chunks(paths: Iterable[str]) -> Iterator[list[str]]:
    """Split `paths` into lists, one for each task.

    A page and its Markdown version are in the same list, so that only one process reads the document.
    """
    chunk: list[str] = []
    for path in paths:
        if len(chunk) >= TASK_RESPONSES and path != markdown_path(chunk[-1]):
            yield chunk
            chunk = []
        chunk.append(path)
    if chunk:
        yield chunk


def _render_task(task: Task) -> list[Rendered | None]:
    _follow_snapshot()
    failed_files.replace(task.failed)
    visible = current.visible_pages()
    return [render(_prerenderer(), visible, path, entry, is_quick=task.is_quick) for path, entry in task.paths]


@cache
def _prerenderer() -> Prerenderer:
    return Prerenderer()


_snapshot_watch: FileWatch | None = None


def _follow_snapshot() -> None:
    """Use the library in the snapshot. The publisher writes the snapshot before it starts a task."""
    global _snapshot_watch
    if _snapshot_watch is None or _snapshot_watch.is_changed():
        _snapshot_watch = FileWatch(release.snapshot_path())
        library = snapshot.read(release.snapshot_path())
        if library is None:
            raise FileNotFoundError(release.snapshot_path())
        current.use_lazy_pages(library)
