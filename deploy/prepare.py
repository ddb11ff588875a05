"""What comes before the site serves: `python -m deploy.prepare`. It refuses an unsafe start, a line for each reason;
brings what was made with the image to where the site writes; and the database up to date.
"""

import logging
import os
import sys
from errno import EDQUOT, ENOSPC
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from pages import atomic_files, log

logger = logging.getLogger("deploy.prepare")  # as a program its own name is another

# Of gunicorn's, the least and the most.
NUMBERS = {"PORT": (1, 65535), "WEB_CONCURRENCY": (1, 1000)}

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")


def main() -> int:
    import django

    django.setup()

    from django.conf import settings

    from layersrank_site.checks import has_errors
    from pages.content import library

    from .database import is_up_to_date

    log.configure()
    if has_errors() or not _are_numbers():
        return 1
    if library.is_empty(settings.CONTENT_DIR):
        logger.critical(
            "The site does not start: CONTENT_DIR is %s, where user %s finds no document. Set it to the folder of "
            "documents, or mount that there, for this user to read.",
            *(settings.CONTENT_DIR, os.getuid()),
        )
        return 1
    if not _are_writable("DATA_DIR", "BUILD_DIR", "SPOOL_DIR"):
        return 1
    try:
        bring(settings.VAR_DIR / "build", settings.BUILD_DIR)
    except OSError as error:  # a full disk: pages are made for each visitor then
        logger.error("what was made with the image could not be copied: %s", error)
    if not is_up_to_date():
        logger.error("pages are served; /readyz says what becomes of leads meanwhile")
    return 0


def bring(made: Path, folder: Path) -> None:
    """Copies what `folder` has none of, or what a power failure left it half of: there a name says by its hash what it
    names. Of a table, which says what is published, what is there is newer.

    The image's root is read-only, and the site removes from this folder what is old, writes what is new, and reads
    from it alone; so a copy, of some megabytes once a release, is less than a second place to look in for all of them.
    """
    if made == folder or not made.is_dir():
        return
    paths = [path for path in made.rglob("*") if path.is_file() and not path.name.startswith(".")]
    for path in paths:
        to = folder / path.relative_to(made)
        in_release = path.is_relative_to(made / "releases")
        if not in_release and not (to.exists() and to.stat().st_size == path.stat().st_size):
            _copy(path, to)
    for release in (made / "releases").glob("*"):  # last, because manifests refer to the other files
        _bring_release(release, folder / "releases" / release.name)


def _bring_release(made: Path, folder: Path) -> None:
    """Not while a replica publishes there: it would go on writing to the file that a copy took the place of."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # the publisher's (pages.publish.release.leader_lock_path)
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return
        for path in made.iterdir():
            if not (folder / path.name).exists():
                _copy(path, folder / path.name)


def _copy(path: Path, to: Path) -> None:
    with atomic_files.replace_file(to, durable=False) as file:
        file.write(path.read_bytes())


def _are_numbers() -> bool:
    """Whether gunicorn can read what it is told (gunicorn.conf.py). If not, a line says what it cannot."""
    good = True
    for name, (least, most) in NUMBERS.items():
        value = os.environ.get(name)
        if value and not (value.isdecimal() and least <= int(value) <= most):
            logger.critical(
                "The site does not start: %s is “%s”, which is no number from %s to %s.", name, value, least, most
            )
            good = False
    return good


def _are_writable(*names: str) -> bool:
    """Whether files can be made in the folders that these settings name. If not, a line says in which first: the next
    ones may stand in that."""
    from django.conf import settings

    for name in names:
        folder: Path = getattr(settings, name)
        if not _is_writable(folder):
            logger.critical(
                "The site does not start: %s is %s, where user %s may not write. Give the folder to that user: "
                "chown %s:%s on what is mounted there.",
                *(name, folder, os.getuid(), os.getuid(), os.getgid()),
            )
            return False
    return True


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return error.errno in (ENOSPC, EDQUOT)  # a full disk: what is there is served
    return os.access(folder, os.W_OK | os.X_OK)


if __name__ == "__main__":
    sys.exit(main())
