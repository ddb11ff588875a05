"""Sites to run behind nginx: echo.py, which returns each request as JSON, and the real site with few documents."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ...conftest import SAMPLE_SITE, SEED_URL, Server, serving


def copy_documents(folder: Path) -> None:
    """Copy only one page and one form, so that all pages are published quickly."""
    for name in ("site.toml", "start.md", f"{SEED_URL.strip('/')}.md"):
        (folder / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLE_SITE / name, folder / "content" / name)


@contextmanager
def run_echo_sites(folder: Path, count: int = 1) -> Iterator[list[Server]]:
    """Run `count` replicas of echo.py. The replicas log their requests to `folder / "requests"`."""
    environment = {"REQUEST_LOG": str(folder / "requests"), "WEB_CONCURRENCY": "1"}
    with ExitStack() as stack:
        servers = []
        for number in range(count):
            (folder / str(number) / "content").mkdir(parents=True)
            site = serving(folder / str(number), "tests.e2e.proxy.echo:application", **environment)
            servers.append(stack.enter_context(site))
        yield servers
