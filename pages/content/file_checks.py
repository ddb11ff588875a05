"""Checks of the files in the content folder, and of URLs that belong to both a file and a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from .content_folder import MEDIA_TYPES, Stamp, display_path, file_url, is_closed, is_link
from .document import Page
from .images import Pictures, RejectedImage
from .page_files import page_urls
from .problems import Problem
from .url_paths import is_reserved

# File names of Markdown from other tools, such as `a.markdown`. Notepad saves `a.md` as `a.md.txt`.
_OTHER_SUFFIX = re.compile(r"(.+?)\.(?:md|md\.txt|markdown|mdown|mkdn?|mdx)", re.IGNORECASE)
PERMISSION_HELP = "Give the site permission to read this file or folder."
LINK_HELP = "Put the file itself in the content folder, not a link to it."


def unreadable(shown_path: str, message: str, help: str) -> Problem:
    return Problem(shown_path, 1, 1, "unreadable-file", message, help)


def check_files(folder: Path, stamps: Mapping[Path, Stamp], toml_files: Collection[Path]) -> Iterator[Problem]:
    """Yield problems for files that the site can't read, and for files at reserved URLs. Skip `toml_files`."""
    for path, stamp in stamps.items():
        if path.suffix == ".md" and not stamp.refusal:
            continue
        shown_path, url = display_path(folder, path), file_url(folder, path)
        if stamp.refusal and path not in toml_files:  # the TOML files are checked elsewhere
            help = LINK_HELP if is_link(path) else "Replace this item with a regular file or a folder."
            yield unreadable(shown_path, f"{stamp.refusal}.", PERMISSION_HELP if is_closed(folder, path) else help)
        elif path.suffix.lower() in MEDIA_TYPES and is_reserved(url.lower()):
            message = f"The site itself uses the URL {url}, so this file is not on the site."
            help = "Move the file to another folder, such as images/ or files/."
            yield Problem(shown_path, 1, 1, "bad-url", message, help)
        elif path.suffix.lower() in MEDIA_TYPES and is_closed(folder, path):
            yield unreadable(shown_path, "The site can't read this file: Permission denied.", PERMISSION_HELP)
        elif (name := _OTHER_SUFFIX.fullmatch(path.name)) and name[1].lower() != "readme":
            message = "This file is not a page, because its name doesn't end in “.md”."
            yield Problem(shown_path, 1, 1, "misplaced-file", message, f"Rename the file to {name[1]}.md.")


def check_images(folder: Path, pictures: Pictures) -> Iterator[Problem]:
    """Yield a problem for each SVG that contains a script, whether or not a document uses the SVG.

    The site doesn't serve such an SVG. Links to the SVG may also be on other sites, where the checker can't find them.
    """
    for url, picture in pictures.items():
        if isinstance(picture, RejectedImage) and picture.rule == "unsafe-image":
            shown_path = display_path(folder, folder / url.lstrip("/"))
            yield Problem(
                shown_path, 1, 1, picture.rule, f"The site doesn't serve this image. {picture.message}", picture.help
            )


def file_owners(folder: Path, stamps: Mapping[Path, Stamp], pages: Iterable[Page]) -> Callable[[str], str]:
    """Return a function that takes a URL. It returns a description of the file at this URL, or "" if no file is there.

    The case of a file's name makes no difference, because the URLs of pages and aliases ignore case.
    """
    made = {file.path: f"{file.kind} of {page.path}" for page in pages if not page.meta.draft for file in page.files}
    files = {
        file_url(folder, path).lower(): path
        for path, stamp in stamps.items()
        if path.suffix.lower() in MEDIA_TYPES and not stamp.refusal
    }

    def owner(url: str) -> str:
        if not url.endswith(tuple(MEDIA_TYPES)):
            return ""
        if url in made:
            return made[url]
        return f"file {display_path(folder, files[url])}" if url in files else ""

    return owner


def check_made_files(
    folder: Path, stamps: Mapping[Path, Stamp], pages: Mapping[str, Page], now: datetime
) -> Iterator[Problem]:
    """Yield a problem for each file in the folder that has the same URL as a file made from a published page."""
    for path in stamps:
        url = file_url(folder, path)
        for page in filter(None, map(pages.get, page_urls(url))):
            for file in page.files:
                if file.path == url and page.meta.is_published(now):
                    message = f"The {file.kind} of {page.path} already has the URL {url}, and keeps this URL."
                    yield Problem(
                        display_path(folder, path), 1, 1, "doubled-url", message, "Give this file another name."
                    )
