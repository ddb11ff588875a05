"""What comes before the site serves: `python -m deploy.prepare`. It refuses an unsafe start, a line for each reason;
brings what was made with the image to where the site writes; and the database up to date.
"""

import logging
import os
import sys
from pathlib import Path

from pages import disk, log

logger = logging.getLogger("deploy.prepare")  # as a program its own name is another

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")


def main() -> int:
    import django

    django.setup()

    from django.conf import settings

    from layersrank_site.checks import startup

    from .database import is_up_to_date

    log.begin()
    if errors := startup():
        for error in errors:
            logger.critical("The site does not start: %s %s", error.msg, error.hint)
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
        logger.error("pages are served; leads wait in the spool until it can")
    return 0


def bring(made: Path, folder: Path) -> None:
    """Copies what `folder` has none of: what is there has the same name only if it is the same, or is newer.

    The image's root is read-only, and the site removes from this folder what is old, writes what is new, and reads
    from it alone; so a copy, of some megabytes once a release, is less than a second place to look in for all of them.
    """
    if made == folder or not made.is_dir():
        return
    paths = [path for path in made.rglob("*") if path.is_file() and not path.name.startswith(".")]
    # The tables last: they name what stands in the others.
    for path in sorted(paths, key=lambda path: path.relative_to(made).parts[0] == "tables"):
        to = folder / path.relative_to(made)
        if not to.exists():
            with disk.replacing(to) as file:
                file.write(path.read_bytes())


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


if __name__ == "__main__":
    sys.exit(main())
