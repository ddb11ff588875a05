"""Two replicas of the site, as compose.yaml has them: one database, one volume, and a port each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..drill.processes import NO_CAPS, Site, running
from .conftest import documents


@contextmanager
def replicas(
    folder: Path, database: str, caps: dict[str, int] = NO_CAPS, workers: int = 1
) -> Iterator[tuple[Site, Site]]:
    """Stopped, with tables in the database. What they tell of leads reaches the first one's peers."""
    documents(folder)
    shared = {
        "CONTENT_DIR": str(folder / "content"),
        "CONTENT_RELOAD": "1",
        "BUILD_DIR": str(folder / "data" / "build"),
        "SPOOL_DIR": str(folder / "data" / "spool"),
        "TRUSTED_PROXIES": "127.0.0.1",
        "SITE_URL": "https://www.layersrank.example",
        "WEB_CONCURRENCY": str(workers),
    }
    with ExitStack() as stack:
        made: list[Site] = []
        for name in ("site-1", "site-2"):
            (folder / name).mkdir()
            made.append(stack.enter_context(running(Site(folder / name, database, caps=caps, **shared))))
            shared |= {"EMAIL_PORT": str(made[0].sink.port), "WEBHOOK_URL": made[0].receiver.url}
        first, second = made
        yield first, second
