"""What comes before the site serves: `python -m deploy.prepare`. It refuses an unsafe start, a line for each reason;
brings what was made with the image to where the site writes; and the database up to date.
"""

import logging
import os
import sys
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from pages import disk, log

logger = logging.getLogger("deploy.prepare")  # as a program its own name is another

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")


def main() -> int:
    import django

    django.setup()

    from django.conf import settings

    from layersrank_site.checks import is_refused

    from .database import is_up_to_date

    log.begin()
    if is_refused():
        return 1
    folder: Path = settings.DATA_DIR
    if not _is_writable(folder):
        logger.critical(
            "The site does not start: DATA_DIR is %s, where user %s may not write. Give the folder to that user: "
            "chown %s:%s on what is mounted there.",
            *(folder, os.getuid(), os.getuid(), os.getgid()),
        )
        return 1
    try:
        bring(settings.VAR_DIR / "build", settings.BUILD_DIR)
    except OSError as error:  # a full disk: pages are made for each visitor then
        logger.error("what was made with the image could not be copied: %s", error)
    if not is_up_to_date():
        logger.error("pages are served, and leads wait in the spool until it is")
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
        is_table = path.is_relative_to(made / "tables")
        if not is_table and not (to.exists() and to.stat().st_size == path.stat().st_size):
            _copy(path, to)
    for release in (made / "tables").glob("*"):  # last: they name what stands in the others
        _bring_tables(release, folder / "tables" / release.name)


def _bring_tables(made: Path, folder: Path) -> None:
    """Not while a replica publishes there: it would go on writing to the file that a copy took the place of."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:  # the publisher's (pages.publish.publisher.lock_path)
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return
        for path in made.iterdir():
            if not (folder / path.name).exists():
                _copy(path, folder / path.name)


def _copy(path: Path, to: Path) -> None:
    with disk.replacing(to, durable=False) as file:
        file.write(path.read_bytes())


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


if __name__ == "__main__":
    sys.exit(main())
