"""Explain why the target of a link or an image doesn't exist, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urljoin

from linkify_it import LinkifyIt

from .content_folder import MEDIA_TYPES
from .document import Page
from .images import SUFFIXES
from .problems import Suggestions
from .url_paths import LINKABLE_PATHS, PHONE, is_external, is_reserved, is_usable_url, normalize_path, phone_url
from .video_files import EXPORT_HELP, is_other_video

IMAGE_HELP = "Save the image as JPEG, PNG, WebP, AVIF, GIF or SVG."

# Search at most this many characters of a link for a domain name or an email address, to keep the search fast.
# Domain names have at most 253 characters (RFC 1035, 2.3.4).
MAX_HOST_LENGTH = 320

# The addresses that `make dev` prints.
_PREVIEW = re.compile(r"https?://(?:localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|\[::1\])(?::\d+)?(?:/|(?=[?#])|$)", re.I)
_FILE_SUFFIX = re.compile(r"\.[a-z][a-z0-9]{1,4}")


class Explanation(NamedTuple):
    rule: str
    message: str
    help: str


@dataclass(frozen=True)
class MissingTargets:
    """Explains missing targets.

    `pages` maps URLs to pages. The keys of `files` are the URLs of all files in the content folder, even of documents
    and of files that the site doesn't serve. Each value is the reason why the site doesn't read the file, or "" if the
    site reads it.
    """

    pages: Mapping[str, Page]
    files: Mapping[str, str]
    _similar_files: Suggestions = field(default_factory=lambda: Suggestions(cutoff=0.8))

    def explain_link(self, page: Page, href: str, path: str) -> Explanation | None:
        """Explain why the link `href` on `page` is broken. Return None if `href` is simply the URL of a missing page.

        `path` is the path that the link leads to.
        """
        suffix = PurePosixPath(path).suffix.lower()
        if url := whole_url(href):
            message = f"This link leads to {path} on this site, but no page has that URL."
            return Explanation("broken-link", message, f"Did you mean {url}?")
        if suffix == ".md":
            url = self._page_url(page, href, path)
            message = f"This link leads to {path}, but page URLs don't end in “.md”."
            help = "Write the page's URL. In the page's document, the URL is below the page's name."
            return Explanation("broken-link", message, f"Did you mean {url}?" if url else help)
        if refusal := self._refusal(path):
            return Explanation("missing-file", f"This link leads to {path}. {refusal[0]}", refusal[1])
        if is_reserved(path.lower()):
            url = normalize_path(path)
            message = f"This link leads to {path}, but no page has that URL."
            help = f"Did you mean {url}?" if url in LINKABLE_PATHS else "Link to a page, or remove the link."
            return Explanation("broken-link", message, help)
        if suffix in MEDIA_TYPES:
            message = f"This link leads to {path}, but the content folder has no such file."
            help = self._did_you_mean(path) or "Put the file at this path, or link to a page."
            return Explanation("missing-file", message, help)
        if path in self.files or _FILE_SUFFIX.fullmatch(suffix):
            message = f"No page has the URL {path}, and the site doesn't serve {suffix} files."
            help = f"Link to a page, to another site, or to a file of one of these types: {', '.join(MEDIA_TYPES)}."
            return Explanation("missing-file", message, help)
        return None

    def explain_external(self, href: str) -> Explanation | None:
        """Explain why visitors can't follow the external URL `href`, or return None if they probably can."""
        if not is_usable_url(href):
            help = "Write the whole URL, such as https://www.example.com, mailto:name@example.com or tel:+918962412726."
            return Explanation("broken-link", f"This link leads to {href}, which is not a whole URL.", help)
        if preview := _PREVIEW.match(href):
            message = f"This link leads to {href}, which is the address of the preview on your computer."
            return Explanation("broken-link", message, f"Write /{href[preview.end() :]}")
        return None

    def explain_image(self, source: str, path: str) -> Explanation:
        """Explain why the image at `path` isn't on the site. `source` is the path or URL as the document writes it."""
        suffix = PurePosixPath(path).suffix.lower()
        if whole_url(source):
            return image_on_other_site(source)
        if suffix not in SUFFIXES:
            kind = f"{suffix} files" if suffix else "files whose names have no extension"
            return Explanation("missing-image", f"The image {path} is not shown. Pages don't show {kind}.", IMAGE_HELP)
        if refusal := self._refusal(path):
            return Explanation("missing-image", f"The image {path} is not on the site. {refusal[0]}", refusal[1])
        help = self._did_you_mean(path) or "Put the file at this path, or correct the path in the document."
        return Explanation("missing-image", f"The image {path} is not in the content folder.", help)

    def explain_video(self, source: str, path: str) -> Explanation:
        """Explain why the video at `path` doesn't play. `source` is the path or URL as the document writes it."""
        suffix = PurePosixPath(path).suffix.lower()
        if is_external(source) or whole_url(source):
            message = f"The video {source} is on another site. Pages play only video files from this site."
            help = "Put the file in files/ in the content folder. Or put the video on YouTube or Vimeo, and link to it."
            return Explanation("missing-video", message, help)
        if is_other_video(path):
            message = f"The video {path} doesn't play, because not all browsers can play {suffix} files."
            return Explanation("missing-video", message, EXPORT_HELP)
        if refusal := self._refusal(path):
            return Explanation("missing-video", f"The video {path} is not on the site. {refusal[0]}", refusal[1])
        help = self._did_you_mean(path) or "Put the file at this path, or correct the path in the document."
        return Explanation("missing-video", f"The video {path} is not in the content folder.", help)

    def _page_url(self, page: Page, href: str, path: str) -> str:
        """Return the URL of the page whose document is at `path`, or "".

        If no document is at `path`, try `href` as a path relative to the folder of `page`'s document.
        """
        target, _, anchor = href.partition("#")
        beside = unquote(urljoin(_file_url(page), target.partition("?")[0]))
        url = self._urls_by_file.get(path) or self._urls_by_file.get(beside, "")
        return f"{url}#{anchor}" if url and anchor else url

    @cached_property
    def _urls_by_file(self) -> dict[str, str]:
        return {_file_url(page): url for url, page in self.pages.items()}

    def _refusal(self, path: str) -> tuple[str, str] | None:
        """If the site refuses to serve the file at `path`, return the reason and what to do, otherwise None."""
        if self.files.get(path):
            return (
                f"{self.files[path]}.",
                "Put the file itself, not a link to it, in the content folder. Also let the site read the file.",
            )
        if is_reserved(path.lower()) and PurePosixPath(path).suffix.lower() in MEDIA_TYPES:
            return "The site itself uses this URL.", "Move the file to another folder, such as images/ or files/."
        if "/." in path:
            message = "The site doesn't serve files and folders whose names begin with a period."
            return message, "Rename the file or the folder."
        return None

    def _did_you_mean(self, path: str) -> str:
        inside = path.removeprefix("/content").casefold()  # some writers begin paths at the project's folder
        near = self._served_files.get(path.casefold()) or self._served_files.get(inside)
        near = near or self._similar_files.nearest(path, self._served_urls)
        return f"Did you mean {near}?" if near else ""

    @cached_property
    def _served_urls(self) -> tuple[str, ...]:
        return tuple(url for url, refusal in self.files.items() if not refusal and _is_served(url))

    @cached_property
    def _served_files(self) -> dict[str, str]:
        return {url.casefold(): url for url in self._served_urls}


def image_on_other_site(source: str) -> Explanation:
    message = f"The image {source} is on another site. Pages show only images from this site."
    return Explanation("missing-image", message, "Put the file in images/ in the content folder.")


def _is_served(url: str) -> bool:
    return PurePosixPath(url).suffix.lower() in MEDIA_TYPES and not is_reserved(url.lower())


def _file_url(page: Page) -> str:
    """Return the path of a page's document in the content folder, with a leading slash."""
    return "/" + page.path.partition("/")[2]


@cache
def _linkify() -> LinkifyIt:
    return LinkifyIt()


@lru_cache(10_000)  # documents share many of their links
def whole_url(href: str) -> str:
    """Return `href` with a scheme added, or "" if `href` is not a web address, email address or phone number.

    For example, return `https://www.example.com` for `www.example.com`, and `mailto:a@example.com` for `a@example.com`.
    """
    if href.startswith(("/", ".", "?")) or ("/" not in href and href.lower().endswith((*MEDIA_TYPES, ".md"))):
        return ""
    if PHONE.fullmatch(number := unquote(href)):
        return phone_url(number)
    if href.lower().startswith("www."):
        return f"https://{href}"
    match = next(iter(_linkify().match(href[:MAX_HOST_LENGTH]) or ()), None)
    if match is None or match.index:
        return ""
    return f"mailto:{href}" if match.schema == "mailto:" else f"https://{href}"
