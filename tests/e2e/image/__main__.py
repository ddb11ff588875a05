"""Run the Dockerfile's steps in clean root file systems, then run and check the result (`make image-test`).

No container engine is necessary: Debian's Python replaces the official image, and Linux namespaces replace containers.
Needs root privileges, debootstrap, and network access to install packages.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic
from typing import TypeVar

from ...conftest import ROOT
from . import context, roots
from .build import Build, StepFailed
from .checks import Checks
from .container import CheckFailed
from .dockerfile import Unsupported, parse

Result = TypeVar("Result")

PROGRAMS = ("debootstrap", "unshare", "nsenter", "chroot", "mount")


def main() -> int:
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing or os.geteuid() != 0:
        print(
            f"make image-test needs root and {', '.join(missing or PROGRAMS)}. On Debian: apt-get install debootstrap"
        )
        return 1
    start = monotonic()
    cache = ROOT / "var" / "image"
    cache.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix="replay-", dir=cache))
    try:
        base = _timed(f"Base image: Debian {roots.SUITE}", lambda: roots.base(cache))
        context.copy(ROOT, folder / "context")
        if not context.is_full_clone(ROOT):
            print(
                "This is not a full clone, which the build needs. Using one commit instead of the history.", flush=True
            )
            context.create_commit(folder / "context")
        stages = parse((ROOT / "Dockerfile").read_text())
        build = Build(stages, folder / "context", {"python:3.13.15-slim-trixie": base}, folder)
        image = _timed("Build", lambda: build.run_all(lambda line: print(f"    {line}", flush=True)))
        for title, check in Checks(build, stages, image, folder).all():
            print(f"    {_timed(title, check)}")
    except (StepFailed, Unsupported, CheckFailed) as error:
        print(f"Failed: {error}")
        return 1
    finally:
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
