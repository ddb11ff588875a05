"""`make image-test`: the Dockerfile's own steps, read from it and replayed in clean roots, and the image as it runs.

It is no container engine: Debian's Python stands in for the official image, and namespaces for a container. It needs
root, debootstrap, and the network for packages.
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
from .build import Build, Failed
from .checks import Checks
from .container import Wrong
from .dockerfile import Unknown, read

Result = TypeVar("Result")

NEEDED = ("debootstrap", "unshare", "nsenter", "chroot", "mount")


def main() -> int:
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing or os.geteuid() != 0:
        print(f"image-test needs root, and {', '.join(missing or NEEDED)} (Debian: apt-get install debootstrap)")
        return 1
    start = monotonic()
    kept = ROOT / "var" / "image"
    kept.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(prefix="replay-", dir=kept))
    try:
        base = _timed(f"the base: Debian {roots.SUITE}", lambda: roots.base(kept))
        context.copy(ROOT, folder / "context")
        if not context.is_full_clone(ROOT):
            print("this is no full clone, as a build wants it: one commit stands in for its history", flush=True)
            context.commit(folder / "context")
        stages = read((ROOT / "Dockerfile").read_text())
        build = Build(stages, folder / "context", {"python:3.13-slim": base}, folder)
        image = _timed("the build", lambda: build.all(lambda line: print(f"    {line}", flush=True)))
        for about, check in Checks(build, stages, image, folder).all():
            print(f"    {_timed(about, check)}")
    except (Failed, Unknown, Wrong) as error:
        print(f"failed: {error}")
        return 1
    finally:
        shutil.rmtree(folder)
    print(f"the image is as it should be ({monotonic() - start:.0f} s)")
    return 0


def _timed(about: str, work: Callable[[], Result]) -> Result:
    start = monotonic()
    print(f"{about} …", flush=True)
    result = work()
    print(f"    done in {monotonic() - start:.1f} s", flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
