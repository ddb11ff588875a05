"""The paths of documents in the content folder, and the URLs that match them."""

from __future__ import annotations

import re
from pathlib import Path

from .url_paths import normalize_path

_URL_PART = re.compile(r"[a-z0-9](?:[a-z0-9._~-]*[a-z0-9])?")


def url_for_path(folder: Path, path: Path) -> str:
    """Return the URL that matches a file's path, or an empty string if the path can't be a URL."""
    parts = list(path.relative_to(folder).with_suffix("").parts)
    if parts[-1] == "index":
        parts.pop()
    return "/" + "/".join(parts) if all(_URL_PART.fullmatch(part) for part in parts) else ""


def path_for_url(folder: Path, url: str) -> Path | None:
    """Return the path that matches a document's URL, or None if `url` is not a valid page URL."""
    parts = url.strip("/").split("/")
    if not url.startswith("/") or url != normalize_path(url) or not all(_URL_PART.fullmatch(part) for part in parts):
        return None
    return folder.joinpath(*parts[:-1], parts[-1] + ".md")
