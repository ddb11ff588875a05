"""Inspect the images and videos of a content folder."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from . import content_folder, images, video_files
from .content_folder import RefusedFile, Stamp, file_url
from .images import Picture, Pictures, RejectedImage, Video
from .url_paths import is_reserved


def inspect_all(
    folder: Path, stamps: Mapping[Path, Stamp], previous: Pictures, previous_stamps: Mapping[Path, Stamp]
) -> dict[str, Picture | Video | RejectedImage]:
    """Return the images and videos, keyed by URL. Files whose stamps are unchanged are not opened again."""
    found: dict[str, Picture | Video | RejectedImage] = {}
    for path, stamp in stamps.items():
        url, suffix = file_url(folder, path), path.suffix.lower()
        is_media = suffix in images.SUFFIXES or suffix == video_files.SUFFIX
        if not is_media or stamp.refusal or is_reserved(url.lower()):
            continue
        unchanged = previous.get(url) if previous_stamps.get(path) == stamp else None
        with suppress(OSError, RefusedFile):  # leave out a missing or unreadable file
            found[url] = unchanged or _inspect(folder, path, stamp, url)
    return found


def _inspect(folder: Path, path: Path, stamp: Stamp, url: str) -> Picture | Video | RejectedImage:
    if path.suffix.lower() == video_files.SUFFIX:
        with content_folder.open_file(folder, path) as file:
            return video_files.inspect(url, stamp.size, file)
    if stamp.size > images.MAX_BYTES:
        return images.reject_by_size(stamp.size)
    return images.inspect(url, content_folder.read_bytes(folder, path))
