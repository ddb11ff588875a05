"""Keeps the search index up to date with the published pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..repository.visible_pages import VisiblePages
from ..search import index, index_digest
from ..search.index import PageRow
from .file_watch import FileWatch

# How many rows to write in one transaction. With a transaction for each row, a row takes four times as long.
# Searches don't find a page until its row is written.
BATCH_ROWS = 50


class SearchIndexWriter:
    """The only writer of the search index at `path`. Methods raise IndexDamaged if another program has changed it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = index.open_for_writing(path)
        self._watch = FileWatch(path)
        self._digest_watch = FileWatch(index_digest.path_of(path))
        self._is_digest_stale = True
        self._rows: dict[str, PageRow] = {}  # by URL

    def is_changed(self) -> bool:
        """Return True if another program has changed the index or its digest."""
        return self._watch.is_changed() or self._digest_watch.is_changed()

    def repair(self) -> bool:
        """If another program has changed the index, replace it with an empty index, and return True."""
        if not self._watch.is_changed():
            return False
        self._database.close()
        self._database = index.replace(self._path)
        self._watch.accept()
        self._is_digest_stale = True
        return True

    def put(self, row: PageRow) -> None:
        """Add a page's row to the waiting rows. If BATCH_ROWS rows are waiting, write all of them to the index."""
        self._rows[row.url] = row
        if len(self._rows) >= BATCH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Write all waiting rows to the index."""
        if self._rows:
            with self._transaction():
                pass

    def update(self, visible: VisiblePages, published: set[str]) -> None:
        """Remove the pages that aren't visible any more. Add the visible pages in `published` that aren't indexed."""
        pages = {page.url: page for page in visible.searchable_pages()}
        with self._transaction():
            indexed = index.urls(self._database)
            for url in indexed - pages.keys():
                index.remove(self._database, url)
            for url in (pages.keys() - indexed) & published:
                index.put(self._database, pages[url])

    def set_complete(self) -> None:
        """Let searches use the index, which has all pages now."""
        with self._transaction():
            index.set_complete(self._database)
        if self._digest_watch.is_changed() or self._is_digest_stale:
            index_digest.write(self._path)
            self._digest_watch.accept()
            self._is_digest_stale = False

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Open a transaction, write the waiting rows, and commit when the `with` block ends.

        Raise IndexDamaged if another program has changed the index.
        """
        if self._watch.is_changed():
            raise index.IndexDamaged("changed by another program")
        with self._database:
            index.put_rows(self._database, self._rows.values())
            yield
            if self._database.in_transaction:  # A row has changed.
                # Delete the old digest before the commit. Otherwise, if this process were killed after the commit, the
                # index wouldn't match the digest and would seem damaged.
                index_digest.delete(self._path)
        # Clear the rows only after the commit. If the commit fails, the next call writes these rows.
        self._rows.clear()
        if self._watch.is_changed():
            self._watch.accept()
            self._is_digest_stale = True

    def close(self) -> None:
        self._database.close()
