"""Sites that stand behind nginx: a small one that says what it was asked, and the real one."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ...conftest import SAMPLE_SITE, SEED_URL, Server, serving


def documents(folder: Path) -> None:
    """Few documents, so that all are published soon: a page and a form."""
    for name in ("site.toml", "start.md", f"{SEED_URL.strip('/')}.md"):
        (folder / "content" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SAMPLE_SITE / name, folder / "content" / name)


@contextmanager
def echoing(folder: Path, count: int = 1) -> Iterator[list[Server]]:
    """So many replicas of what says what it was asked; `folder / "asked"` has a line for each request."""
    environment = {"ASKED": str(folder / "asked"), "WEB_CONCURRENCY": "1"}
    with ExitStack() as stack:
        servers = []
        for number in range(count):
            (folder / str(number) / "content").mkdir(parents=True)
            site = serving(folder / str(number), "tests.e2e.proxy.echo:application", **environment)
            servers.append(stack.enter_context(site))
        yield servers
