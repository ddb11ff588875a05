"""Video files in the content folder: which files pages can play, and the poster of each."""

from __future__ import annotations

from posixpath import splitext

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
HEAD_BYTES = 12
_BRAND_OF_MOV = b"qt  "

# In order of preference.
_POSTER_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".avif")

EXPORT_HELP = "Export the video as MP4 (H.264), which all browsers can play."


def is_video(source: str) -> bool:
    """Return whether an image's `source` in a document is a video that pages can play."""
    return image_url(source).lower().endswith(SUFFIX)


def is_other_video(source: str) -> bool:
    """Return whether an image's `source` in a document is a video in a format that pages don't play."""
    return image_url(source).lower().endswith(OTHER_SUFFIXES)


def inspect(url: str, size: int, head: bytes) -> Video | RejectedImage:
    """Inspect a video file of `size` bytes. `head` has its first HEAD_BYTES bytes."""
    if size > MAX_BYTES:
        message = f"The file size is {size / 1_000_000:.1f} MB, but the limit is {MAX_BYTES // 1_000_000} MB."
        help = "Export a smaller version, such as 1280 × 720 pixels. Or put the video on YouTube or Vimeo."
        return RejectedImage("video-file", message, help)
    if head[4:8] != b"ftyp" or head[8:12] == _BRAND_OF_MOV:
        message = "The file is not an MP4 video, or the file is incomplete."
        return RejectedImage("video-file", message, f"{EXPORT_HELP} Renaming the file is not enough.")
    return Video(url)


def poster_urls(url: str) -> tuple[str, ...]:
    """Return the URLs at which a video's poster can be. A poster has the video's name: `demo.jpg` for `demo.mp4`."""
    return tuple(splitext(url)[0] + suffix for suffix in _POSTER_SUFFIXES)


def find_poster(url: str, pictures: Pictures) -> Picture | RejectedImage | None:
    """Return the poster of the video at `url`. A picture that browsers can show comes first."""
    found = [pictures.get(poster) for poster in poster_urls(url)]
    usable = next((picture for picture in found if isinstance(picture, Picture)), None)
    return usable or next((picture for picture in found if isinstance(picture, RejectedImage)), None)
