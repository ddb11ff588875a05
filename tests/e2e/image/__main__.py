"""Build the image with Docker, then run and check it (`make image-test`).

Needs root privileges, Docker, debootstrap, and network access to install packages.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic

from ...conftest import ROOT
from . import bases, network, source
from .checks import Checks
from .compose import ComposeChecks
from .container import CheckFailed
from .engine import PACKAGES, CommandFailed, Engine, missing_packages
from .kubernetes import KubernetesChecks
from .plain import PlainChecks

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
    engine, pool = Engine(cache / "engine"), ThreadPoolExecutor(3)
    try:
        _timed("Docker", engine.start)
        network.require_free()
        _timed("Base image of the site", lambda: bases.provide(engine, "python"))
        # Get the images of nginx and PostgreSQL in the background, because the next steps don't need these images.
        services = pool.submit(_provide_services, engine)
        if not source.is_full_clone(ROOT):
            print("This is not a full clone, which the build needs. Using one commit instead of the history.")
        origin, site = folder / "origin", folder / "site"
        source.copy(ROOT, origin)
        engine.run(["git", "clone", "--quiet", str(origin), str(site)])
        # `plain` has the same files as `site`. So when Compose builds the image in `site`, it reuses the layers that
        # were built in `plain`.
        shutil.copytree(site, folder / "plain", symlinks=True)
        plain = PlainChecks(engine, origin, folder / "plain")
        _timed("Build", plain.build)
        of_image = pool.submit(_run, Checks(engine, IMAGE, site, folder).all())
        of_kubernetes = pool.submit(_check_kubernetes, engine, services, folder / "kubernetes")
        with plain:
            _run(plain.all())
        of_image.result()
        of_kubernetes.result()
        with ComposeChecks(engine, origin, site, folder) as deployed:
            _run(deployed.all())
    except (CommandFailed, CheckFailed) as error:
        print(f"Failed: {error}", flush=True)
        return 1
    finally:
        pool.shutdown()
        engine.stop()
        shutil.rmtree(folder)
    print(f"All checks passed ({monotonic() - start:.0f} s)")
    return 0


def _provide_services(engine: Engine) -> None:
    _timed("Base images of the other services", lambda: bases.provide(engine, "nginx", "postgres"))
    _timed("Compose", lambda: bases.provide_compose(engine))


def _check_kubernetes(engine: Engine, services: Future[None], folder: Path) -> None:
    services.result()
    with KubernetesChecks(engine, IMAGE, bases.names()["postgres"], folder) as pods:
        _run(pods.all())


def _run(checks: Iterator[tuple[str, Callable[[], str]]]) -> None:
    for title, check in checks:
        _timed(title, check)


def _timed(title: str, work: Callable[[], str | None]) -> None:
    """Run a step, and print its duration and result. Other steps may print at the same time."""
    start = monotonic()
    try:
        result = work()
    except (CommandFailed, CheckFailed):
        print(f"{title}: failed", flush=True)
        raise
    print(f"{title}: {monotonic() - start:.1f} s\n    {result or 'done'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
