"""Two replicas of the site, as compose.yaml has them: one database, one volume, and a port each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..drill.processes import NO_LIMITS, Site, running
from .conftest import documents


@contextmanager
def replicas(
    folder: Path, database: str, limits: dict[str, int] = NO_LIMITS, workers: int = 1
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
            made.append(stack.enter_context(running(Site(folder / name, database, limits=limits, **shared))))
            shared |= {"EMAIL_PORT": str(made[0].mail_server.port), "WEBHOOK_URL": made[0].webhook_receiver.url}
        first, second = made
        yield first, second
