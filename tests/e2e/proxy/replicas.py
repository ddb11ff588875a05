"""Two replicas of the site as in compose.yaml, with one database and one volume."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..drill.processes import NO_LIMITS, Site, running
from .conftest import copy_documents


@contextmanager
def run_replicas(
    folder: Path, database: str, limits: dict[str, int] = NO_LIMITS, workers: int = 1
) -> Iterator[tuple[Site, Site]]:
    """Yield both replicas with a migrated database, but don't start them.

    Both replicas send to the first replica's mail server and webhook receiver.
    """
    copy_documents(folder)
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
        sites: list[Site] = []
        for name in ("site-1", "site-2"):
            (folder / name).mkdir()
            sites.append(stack.enter_context(running(Site(folder / name, database, limits=limits, **shared))))
            shared |= {"EMAIL_PORT": str(sites[0].mail_server.port), "WEBHOOK_URL": sites[0].webhook_receiver.url}
        first, second = sites
        yield first, second
