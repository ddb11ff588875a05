"""Build the image with Docker, then run and check it (`make image-test`).

Needs root privileges, Docker, debootstrap, and network access to install packages.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic
from typing import TypeVar

from ...conftest import ROOT
from . import bases, source
from .checks import Checks
from .compose import ComposeChecks
from .container import CheckFailed
from .engine import PACKAGES, CommandFailed, Engine, missing_packages

Result = TypeVar("Result")

IMAGE = "layersrank"


def main() -> int:
    missing = missing_packages()
    if missing or os.geteuid() != 0:
        print(f"make image-test needs root privileges and these packages of Debian: {', '.join(PACKAGES.values())}")
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # exit through `finally`, which stops the engine
    start = monotonic()
    cache = ROOT / "var" / "image"
    cache.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix="run-", dir=cache))
    engine, pool = Engine(cache / "engine"), ThreadPoolExecutor()
    try:
        _timed("Docker", engine.start)
        print(f"    {_timed('Base image of the site', lambda: bases.provide(engine, 'python'))}")
        # Get the other two images in the background, because the next steps don't need them.
        services = pool.submit(bases.provide, engine, "nginx", "postgres")
        if not source.is_full_clone(ROOT):
            print("This is not a full clone, which the build needs. Using one commit instead of the history.")
        origin, site = folder / "origin", folder / "site"
        source.copy(ROOT, origin)
        engine.run(["git", "clone", "--quiet", str(origin), str(site)])
        _timed("Build", lambda: engine.docker("build", "--tag", IMAGE, str(site)))
        for title, check in Checks(engine, IMAGE, site, folder).all():
            print(f"    {_timed(title, check)}")
        print(f"    {_timed('Base images of the other services', services.result)}")
        _timed("Compose", lambda: bases.provide_compose(engine))
        with ComposeChecks(engine, origin, site) as deployed:
            for title, check in deployed.all():
                print(f"    {_timed(title, check)}")
    except (CommandFailed, CheckFailed) as error:
        print(f"Failed: {error}")
        return 1
    finally:
        pool.shutdown()
        engine.stop()
        shutil.rmtree(folder)
    print(f"All checks passed ({monotonic() - start:.0f} s)")
    return 0


def _timed(title: str, work: Callable[[], Result]) -> Result:
    start = monotonic()
    print(f"{title} …", flush=True)
    result = work()
    print(f"    done in {monotonic() - start:.1f} s", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
