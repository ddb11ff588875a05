"""Video files in the content folder: which files pages can play, and the poster of each."""

from __future__ import annotations

import struct
from posixpath import splitext
from typing import BinaryIO

from .images import Picture, Pictures, RejectedImage, Video, image_url

SUFFIX = ".mp4"
CONTENT_TYPE = "video/mp4"
# Formats that some browsers can't play. Video programs can convert them to MP4.
OTHER_SUFFIXES = (".avi", ".flv", ".m4v", ".mkv", ".mov", ".mpeg", ".mpg", ".ogv", ".webm", ".wmv")

# GitHub refuses larger files
# (https://docs.github.com/en/repositories/working-with-files/managing-large-files/about-large-files-on-github).
MAX_BYTES = 100_000_000

# An MP4 file begins with a box of the type `ftyp`, and with the file's brand (ISO/IEC 14496-12, 4.3). A MOV file that
# was renamed has the brand `qt  `.
_HEAD_BYTES = 12
_BRAND_OF_MOV = b"qt  "

# Boxes that every video has: its description and its data (ISO/IEC 14496-12, 8.1.1 and 8.2.1).
_NEEDED_BOXES = frozenset({b"moov", b"mdat"})
# The header of a box: the box's size and type. If this size is 1, the actual size follows (ISO/IEC 14496-12, 4.2).
_BOX_HEADER = struct.Struct(">I4s")
_LARGE_SIZE = struct.Struct(">Q")
# Read at most this many boxes, because a hostile file could have millions. A one-hour video in one-second fragments has
# fewer.
_MAX_BOXES = 10_000

# In order of preference.
_POSTER_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".avif")

EXPORT_HELP = "Export the video as MP4 (H.264), which all browsers can play."


def is_video(source: str) -> bool:
    """Return whether an image's `source` in a document is a video that pages can play."""
    return image_url(source).lower().endswith(SUFFIX)


def is_other_video(source: str) -> bool:
    """Return whether an image's `source` in a document is a video in a format that pages don't play."""
    return image_url(source).lower().endswith(OTHER_SUFFIXES)


def inspect(url: str, size: int, file: BinaryIO) -> Video | RejectedImage:
    """Inspect a video `file` of `size` bytes. Read only the headers of its boxes."""
    if size > MAX_BYTES:
        message = f"The file size is {size / 1_000_000:.1f} MB, but the limit is {MAX_BYTES // 1_000_000} MB."
        help = "Export a smaller version, such as 1280 × 720 pixels. Or put the video on YouTube or Vimeo."
        return RejectedImage("video-file", message, help)
    head = file.read(_HEAD_BYTES)
    if head[4:8] != b"ftyp" or head[8:12] == _BRAND_OF_MOV:
        message = "The file is not an MP4 video, or the file is incomplete."
        return RejectedImage("video-file", message, f"{EXPORT_HELP} Renaming the file is not enough.")
    if not _is_complete(size, file):
        help = "Copy the video into the content folder again. If the original doesn't play either, export it again."
        return RejectedImage("video-file", "The video file is incomplete.", help)
    return Video(url)


def _is_complete(size: int, file: BinaryIO) -> bool:
    """Return True if a file of `size` bytes has all needed boxes, and none of them is cut off."""
    found: set[bytes] = set()
    start = 0
    for _ in range(_MAX_BOXES):
        file.seek(start)
        header = file.read(_BOX_HEADER.size + _LARGE_SIZE.size)
        if len(header) < _BOX_HEADER.size:
            break
        length, kind = _BOX_HEADER.unpack_from(header)
        if length == 1 and len(header) == _BOX_HEADER.size + _LARGE_SIZE.size:
            [length] = _LARGE_SIZE.unpack_from(header, _BOX_HEADER.size)
        elif length == 0:  # the box continues to the end of the file
            length = size - start
        if length < _BOX_HEADER.size:
            break
        start += length
        if kind in _NEEDED_BOXES:
            if start > size:
                return False
            found.add(kind)
        if start >= size:
            break
    return found == _NEEDED_BOXES


def poster_urls(url: str) -> tuple[str, ...]:
    """Return the URLs at which a video's poster can be. A poster has the video's name: `demo.jpg` for `demo.mp4`."""
    return tuple(splitext(url)[0] + suffix for suffix in _POSTER_SUFFIXES)


def find_poster(url: str, pictures: Pictures) -> Picture | RejectedImage | None:
    """Return the poster of the video at `url`, if possible one that browsers can show."""
    found = [pictures.get(poster) for poster in poster_urls(url)]
    usable = next((picture for picture in found if isinstance(picture, Picture)), None)
    return usable or next((picture for picture in found if isinstance(picture, RejectedImage)), None)
