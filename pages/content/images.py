"""Inspect image files and list the sizes that the site offers. Works on bytes and never opens files."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from urllib.parse import unquote

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from . import svg, url_paths

# Larger images, such as some photos straight from a camera, take too long to process.
MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_383  # The longest side that WebP allows, in pixels (https://developers.google.com/speed/webp/faq).
MAX_FRAMES_PIXELS = 5 * MAX_PIXELS  # The maximum number of pixels in an animation, all frames together.

# Between this limit and twice this limit, Pillow warns instead of failing. Treat its warning as an error.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

# Text is 640 CSS pixels wide (--measure in static/css/tokens.css). Screens have one to three pixels per CSS pixel.
TEXT_WIDTH = 640
VARIANT_WIDTHS = (320, 480, 640, 960, 1280)

# Increase this number when the encoding changes. Browsers cache variants forever, and this number changes their URLs.
VARIANT_VERSION = 1

# In order of preference: a browser uses the first format that it supports.
VARIANT_FORMATS = ("AVIF", "WEBP")
SUFFIXES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_PILLOW_FORMATS = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")

_ORIENTATION = 0x0112  # The EXIF tag for rotation. With a value of 5 or more, width and height are swapped.
_MAX_STEM_LENGTH = 50  # File systems limit names to 255 bytes, and a character takes up to 4 bytes.


@dataclass(frozen=True, slots=True)
class Variant:
    """One size of a picture in one format."""

    url: str
    width: int
    format: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image file that pages can show, at `url`.

    `width` and `height` are in pixels, after the EXIF rotation. Both are 0 for an SVG without a size. `digest` is a
    hash of the file and VARIANT_VERSION.
    """

    url: str
    width: int
    height: int
    format: str
    digest: str
    is_animated: bool = False

    @property
    def is_served_unchanged(self) -> bool:
        """Whether the picture has no variants. An SVG needs none, and the variants of an animation would not move."""
        return self.is_animated or self.format == "SVG"

    @property
    def cleaned(self) -> Variant:
        """The picture in full size and without metadata. The site serves it at the picture's own `url`, too."""
        suffix = self.format.lower().replace("jpeg", "jpg")
        return Variant(f"{self._stem}.{suffix}", self.width, self.format)

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The picture's variants in each format and width. No variant is larger than the picture."""
        if self.is_served_unchanged:
            return ()
        widths = [*(width for width in VARIANT_WIDTHS if width < self.width), min(self.width, VARIANT_WIDTHS[-1])]
        return tuple(
            Variant(f"{self._stem}-{width}.{format.lower()}", width, format)
            for format in VARIANT_FORMATS
            for width in dict.fromkeys(widths)
        )

    @property
    def sizes(self) -> str:
        """The `sizes` attribute of <source>: the width of the text, but at most the picture's own width."""
        if self.width >= TEXT_WIDTH:
            return "(min-width: 44rem) 40rem, 100vw"
        return f"(min-width: {self.width + 64}px) {self.width}px, 100vw"

    @property
    def _stem(self) -> str:
        folder, _, name = self.url.rpartition("/")
        return f"{folder}/{name.rpartition('.')[0][:_MAX_STEM_LENGTH]}.{self.digest}"


@dataclass(frozen=True, slots=True)
class RejectedImage:
    """An image or a video that pages can't show.

    `message` is a sentence about the file. `help` says what to do.
    """

    rule: str
    message: str
    help: str


@dataclass(frozen=True, slots=True)
class Video:
    """A video file that pages can play, at `url`."""

    url: str


# The images and videos of a content folder, keyed by URL.
Pictures = Mapping[str, Picture | Video | RejectedImage]


def image_url(source: str) -> str:
    """Return the URL of an image, given its `source` in a document.

    A relative source is resolved against the content folder, wherever the document is.
    """
    return unquote(url_paths.resolve("/", source.partition("#")[0].partition("?")[0]))


def content_digest(raw: bytes) -> str:
    return sha256(b"%d " % VARIANT_VERSION + raw).hexdigest()[:16]


def inspect(url: str, raw: bytes) -> Picture | RejectedImage:
    """Inspect `raw`, the content of the file at `url`. Decodes all of it to detect incomplete files."""
    if len(raw) > MAX_BYTES:
        return reject_by_size(len(raw))
    digest = content_digest(raw)
    try:
        if url.lower().endswith(".svg"):
            return Picture(url, *svg.inspect(raw), "SVG", digest)
        return _inspect_pixels(url, raw, digest)
    except svg.ActiveContent as error:
        message = f"The file contains {error}, which browsers could run."
        return RejectedImage("unsafe-image", message, "Save the image as a plain SVG, without scripts or links.")
    except svg.MissingNamespace:
        message = f'Browsers don\'t show an SVG without xmlns="{svg.NAMESPACE}" in its <svg> tag.'
        help = "Add this attribute, or save the image again as SVG in an image editor."
        return RejectedImage("broken-image", message, help)
    except (UnidentifiedImageError, svg.NotSvg):
        message = "The file is not an image that browsers can show, or the file is incomplete."
        help = "Save the image as JPEG, PNG, WebP, AVIF, GIF or SVG. Renaming the file is not enough."
        return RejectedImage("broken-image", message, help)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _too_large(f"The image has more than {MAX_PIXELS // 1_000_000} million pixels.")
    except Exception as error:  # decoders raise many exception types for damaged files
        message = f"The file is damaged or incomplete ({str(error) or type(error).__name__})."
        help = "Download the image again, or save it again in an image editor."
        return RejectedImage("broken-image", message, help)


def reject_by_size(size: int) -> RejectedImage:
    return _too_large(f"The file size is {size / 1_000_000:.1f} MB, but the limit is {MAX_BYTES // 1_000_000} MB.")


def _too_large(message: str) -> RejectedImage:
    return RejectedImage(
        "image-too-large", message, f"Save a smaller version. A width of {VARIANT_WIDTHS[-1]} pixels is enough."
    )


def _inspect_pixels(url: str, raw: bytes, digest: str) -> Picture | RejectedImage:
    with Image.open(BytesIO(raw), formats=_PILLOW_FORMATS) as image:
        width, height = image.size
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
            return _too_large(f"The image is too large, with {width} × {height} pixels.")
        # JPEGs from phones can contain more images after the main one. Pillow calls this format MPO.
        format = "JPEG" if image.format == "MPO" else str(image.format)
        frames = getattr(image, "n_frames", 1) if format != "JPEG" else 1
        if frames * width * height > MAX_FRAMES_PIXELS:
            return _too_large(f"The animation is too large, with {frames} frames of {width} × {height} pixels.")
        if frames > 1 and (image.getexif() or "xmp" in image.info):
            message = (
                "The animation has metadata. Visitors could read private details in the metadata, such as a location."
            )
            return RejectedImage("broken-image", message, "Save the animation without metadata.")
        if format == "JPEG":
            # Draft mode decodes a smaller image, in half the time. It reads every byte, so it finds damaged files.
            image.draft("RGB", (width // 8 or 1, height // 8 or 1))
        for frame in ImageSequence.Iterator(image) if frames > 1 else (image,):
            frame.load()
        if image.getexif().get(_ORIENTATION, 1) >= 5 and frames == 1:
            width, height = height, width
    return Picture(url, width, height, format, digest, frames > 1)


def decode(raw: bytes, width: int) -> Image.Image:
    """Decode an image, apply its EXIF rotation and remove all metadata except the color profile.

    A JPEG much larger than `width` may be scaled down, to speed up decoding.
    """
    with Image.open(BytesIO(raw), formats=_PILLOW_FORMATS) as image:
        if image.format in ("JPEG", "MPO"):
            scale = 2 * width / min(image.size)
            image.draft(None, (round(image.width * scale), round(image.height * scale)))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
    image.info = {key: image.info[key] for key in ("icc_profile", "transparency") if key in image.info}
    return image
