"""What comes before the site serves: `python -m deploy.prepare`. It refuses an unsafe start, a line for each reason;
brings what was made with the image to where the site writes; and the database up to date.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "layersrank_site.settings")


def main() -> int:
    import django

    django.setup()

    from django.conf import settings

    from layersrank_site.checks import startup

    from .database import is_up_to_date

    if errors := startup():
        print(*(f"{error.msg} {error.hint}" for error in errors), sep="\n", file=sys.stderr, flush=True)
        return 1
    folder: Path = settings.DATA_DIR
    if not _is_writable(folder):
        print(
            f"DATA_DIR is {folder}, where user {os.getuid()} may not write. Give the folder to that user: "
            f"chown {os.getuid()}:{os.getgid()} on what is mounted there.",
            file=sys.stderr,
            flush=True,
        )
        return 1
    try:
        bring(settings.VAR_DIR / "build", settings.BUILD_DIR)
    except OSError as error:  # a full disk: pages are made for each visitor then
        print(f"what was made with the image could not be copied: {error}", file=sys.stderr, flush=True)
    if not is_up_to_date():
        print("pages are served, and leads wait in the spool until it is", file=sys.stderr, flush=True)
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
    tables = [path for path in paths if path.is_relative_to(made / "tables")]
    for path in [*(path for path in paths if path not in tables), *tables]:
        to = folder / path.relative_to(made)
        if to.exists() and (path in tables or to.stat().st_size == path.stat().st_size):
            continue
        to.parent.mkdir(parents=True, exist_ok=True)
        unfinished = to.with_name(f".{to.name}.{os.getpid()}")
        try:
            unfinished.write_bytes(path.read_bytes())
            unfinished.replace(to)
        finally:
            unfinished.unlink(missing_ok=True)


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


if __name__ == "__main__":
    sys.exit(main())
