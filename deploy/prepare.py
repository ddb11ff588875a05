"""Preparation before the servers start: `python -m deploy.prepare`.

This module first logs each unusable or unsafe setting, and stops if there are any. Then it copies the image's prebuilt
files to BUILD_DIR, and migrates the database.
"""

import logging
import os
import sys
from errno import EDQUOT, ENOSPC
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from pages import atomic_files, log

from . import listen_address
from .database import migrate

logger = logging.getLogger("deploy.prepare")  # __name__ is "__main__" here

WORKERS = range(1, 1001)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")


def main() -> int:
    log.configure()
    can_run_gunicorn = _can_run_gunicorn()  # check gunicorn's variables first: loading Django takes a second

    import django

    django.setup()

    from django.conf import settings

    from layersrank_site.checks import has_errors
    from pages.content import content_folder

    log.configure()  # configure the log again, because django.setup() has applied settings.LOGGING
    if has_errors() or not can_run_gunicorn:
        return 1
    if content_folder.is_empty(settings.CONTENT_DIR):
        logger.critical(
            "The site does not start: user %s finds no documents in %s (CONTENT_DIR). Mount the folder of documents "
            "there, or set CONTENT_DIR to that folder. This user must be able to read the folder.",
            *(os.getuid(), settings.CONTENT_DIR),
        )
        return 1
    if not _are_writable("DATA_DIR", "BUILD_DIR", "SPOOL_DIR"):
        return 1
    try:
        copy_build(settings.VAR_DIR / "build", settings.BUILD_DIR)
    except OSError as error:  # for example, the disk is full; Django then renders pages on request
        logger.error("the image's prebuilt files could not be copied to BUILD_DIR: %s", error)
    if not migrate():
        logger.error("the site serves pages without the database; /readyz reports whether leads can be saved")
    return 0


def copy_build(source: Path, folder: Path) -> None:
    """Copy each file of `source` to `folder`, if `folder` lacks the file or has a copy that a power failure truncated.

    File names contain a hash of the contents, so a complete file is never replaced. A manifest isn't replaced either,
    since the manifest in `folder` is newer. The copy is necessary because the site can't write to `source`: the image's
    root is read-only.
    """
    if source == folder or not source.is_dir():
        return
    releases = source / "releases"
    for path in source.rglob("*"):
        if not path.is_file() or path.name.startswith(".") or path.is_relative_to(releases):
            continue
        target = folder / path.relative_to(source)
        if not target.exists() or target.stat().st_size != path.stat().st_size:
            _copy(path, target)
    for release in releases.glob("*"):  # copy manifests last, because they refer to the other files
        _copy_release(release, folder / "releases" / release.name)


def _copy_release(source: Path, folder: Path) -> None:
    """Copy the files that `folder` lacks. If a replica is publishing to `folder`, copy nothing.

    A copied file could replace a file that this replica is still writing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # the publisher locks this file, too: release.leader_lock_path()
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return
        for path in source.iterdir():
            # Don't copy the folder of parsed pages. Without this folder, a build takes longer but works.
            if path.is_file() and not (folder / path.name).exists():
                _copy(path, folder / path.name)


def _copy(source: Path, target: Path) -> None:
    with atomic_files.replace_file(target, durable=False) as file:
        file.write(source.read_bytes())


def _can_run_gunicorn() -> bool:
    """Check the variables that gunicorn.conf.py reads. Log each variable that gunicorn can't use."""
    problems = [listen_address.find_problem()]
    workers = os.environ.get("WEB_CONCURRENCY")
    if workers and not (workers.isdecimal() and int(workers) in WORKERS):
        problems.append(f"WEB_CONCURRENCY is “{workers}”, which is not a number from {WORKERS[0]} to {WORKERS[-1]}.")
    for problem in filter(None, problems):
        logger.critical("The site does not start: %s", problem)
    return not any(problems)


def _are_writable(*names: str) -> bool:
    """Create folders, and return whether all are writable.

    `names` are the names of the settings that contain the folders' paths. Log only the first unwritable folder, because
    the other folders may be inside that folder.
    """
    from django.conf import settings

    for name in names:
        folder: Path = getattr(settings, name)
        if not _is_writable(folder):
            logger.critical(
                "The site does not start: user %s cannot write to %s (%s). To make this user the owner, "
                "run “chown %s:%s” on the folder that is mounted there.",
                *(os.getuid(), folder, name, os.getuid(), os.getgid()),
            )
            return False
    return True


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return error.errno in (ENOSPC, EDQUOT)  # even with a full disk, the site can serve existing pages
    return os.access(folder, os.W_OK | os.X_OK)


if __name__ == "__main__":
    sys.exit(main())
