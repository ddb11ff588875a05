"""Images: what a file holds, which sizes of it the site has, and where each is found. Opens bytes, never files."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from urllib.parse import unquote, urljoin
from xml.parsers import expat

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

# What a file may weigh, and an image measure: above both, a photo straight from a camera is not worth its wait. WebP
# has no longer side (https://developers.google.com/speed/webp/faq). Of an animation all frames count together.
MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 16_383
MAX_FRAMES_PIXELS = 5 * MAX_PIXELS

# Pillow itself warns above its limit, and refuses above twice that: for us, both are too much.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

# The reading measure is 640 CSS pixels (--measure in static/css/tokens.css); screens have one to three for each.
TEXT_WIDTH = 640
VARIANT_WIDTHS = (320, 480, 640, 960, 1280)

# Counted up when variants are made otherwise: their addresses are kept by browsers for good.
VARIANT_VERSION = 1

# Best first: a browser takes the first that it knows.
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
_OPENED = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")

_ORIENTATION = 0x0112  # the EXIF tag; from 5 on, width and height change places
_STEM_LONGEST = 50  # a file's name has 255 bytes at most, and a letter up to four
_PIXELS = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)(?:px)?\s*")
_VIEW_BOX = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class Variant:
    """One size of a picture in one format; the whole of it, cleaned, where `width` is that of the picture itself."""

    url: str
    width: int
    format: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that can be shown. `address` is its file's; width and height are as it is shown, turned as its EXIF
    says, and 0 where a drawing says neither; `digest` is made of its bytes, and of how variants are made."""

    url: str
    width: int
    height: int
    format: str
    digest: str
    animated: bool = False

    @property
    def is_served_unchanged(self) -> bool:
        """A drawing has no pixels to choose from, and an animation would stand still."""
        return self.animated or self.format == "SVG"

    @property
    def cleaned(self) -> Variant:
        """All of the picture without its metadata: what stands at its own address too."""
        suffix = self.format.lower().replace("jpeg", "jpg")
        return Variant(f"{self._stem}.{suffix}", self.width, self.format)

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Those that a page chooses from, by format and width; none is larger than the picture."""
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
        """How wide it is shown (`sizes` of <source>): as wide as the text, but never larger than it is."""
        if self.width >= TEXT_WIDTH:
            return "(min-width: 44rem) 40rem, 100vw"
        return f"(min-width: {self.width + 64}px) {self.width}px, 100vw"

    @property
    def _stem(self) -> str:
        folder, _, name = self.url.rpartition("/")
        return f"{folder}/{name.rpartition('.')[0][:_STEM_LONGEST]}.{self.digest}"


@dataclass(frozen=True, slots=True)
class RejectedImage:
    """Why a file is not shown: the rule, what is wrong, and how to mend it."""

    rule: str
    message: str
    help: str


# What the image files of a folder hold, by address.
Pictures = Mapping[str, Picture | RejectedImage]


def image_url(source: str) -> str:
    """The address of an image as a document names it: from the content folder, however deep the document stands."""
    return urljoin("/", unquote(source.partition("#")[0].partition("?")[0]))


def content_digest(raw: bytes) -> str:
    return sha256(b"%d " % VARIANT_VERSION + raw).hexdigest()[:16]


def inspect(address: str, raw: bytes) -> Picture | RejectedImage:
    """What `raw`, the file at `address`, holds. All of it is decoded once, so that what is cut off is found."""
    if len(raw) > MAX_BYTES:
        return reject_by_size(len(raw))
    digest = content_digest(raw)
    try:
        if address.lower().endswith(".svg"):
            return Picture(address, *_svg_size(raw), "SVG", digest)
        return _inspect(address, raw, digest)
    except UnidentifiedImageError:
        message = "is not an image that browsers can show, or a part of it is missing."
        return RejectedImage(
            "broken-image", message, "Save it as JPEG, PNG, WebP, AVIF, GIF or SVG. Renaming it is not enough."
        )
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _too_large(f"has more than {MAX_PIXELS // 1_000_000} million pixels.")
    except Exception as error:  # what broken files make decoders raise has no end
        help = "Download it again, or save it again in an image editor."
        return RejectedImage("broken-image", f"is damaged or incomplete ({str(error) or type(error).__name__}).", help)


def reject_by_size(size: int) -> RejectedImage:
    return _too_large(f"has {size / 1_000_000:.1f} MB, but the limit is {MAX_BYTES // 1_000_000} MB.")


def _too_large(message: str) -> RejectedImage:
    return RejectedImage(
        "image-too-large", message, f"Save a smaller version. Pages show at most {VARIANT_WIDTHS[-1]} pixels across."
    )


def _inspect(address: str, raw: bytes, digest: str) -> Picture | RejectedImage:
    with Image.open(BytesIO(raw), formats=_OPENED) as image:
        width, height = image.size
        if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
            return _too_large(f"is too large, with {width} × {height} pixels.")
        # A phone's JPEG may carry further images behind the one that it shows (Pillow calls that MPO).
        format = "JPEG" if image.format == "MPO" else str(image.format)
        frames = getattr(image, "n_frames", 1) if format != "JPEG" else 1
        if frames * width * height > MAX_FRAMES_PIXELS:
            return _too_large(f"is too large, with {frames} frames of {width} × {height} pixels.")
        if frames > 1 and (image.getexif() or "xmp" in image.info):
            message = "is an animation with metadata that is not for visitors, such as where it was made."
            return RejectedImage("broken-image", message, "Save it without metadata.")
        if format == "JPEG":
            image.draft("RGB", (width // 8 or 1, height // 8 or 1))  # reads every byte, in half the time
        for frame in ImageSequence.Iterator(image) if frames > 1 else (image,):
            frame.load()
        if image.getexif().get(_ORIENTATION, 1) >= 5 and frames == 1:
            width, height = height, width
    return Picture(address, width, height, format, digest, frames > 1)


def decode(raw: bytes, width: int) -> Image.Image:
    """The image of `raw`, turned as its EXIF says and without any metadata but its color profile; where `width` is
    much less than its own, perhaps already smaller."""
    with Image.open(BytesIO(raw), formats=_OPENED) as image:
        if image.format in ("JPEG", "MPO"):
            scale = 2 * width / min(image.size)
            image.draft(None, (round(image.width * scale), round(image.height * scale)))
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
    image.info = {key: image.info[key] for key in ("icc_profile", "transparency") if key in image.info}
    return image


def _svg_size(raw: bytes) -> tuple[int, int]:
    """Width and height of a drawing's root, or its view box's; (0, 0) where it says neither. All of it is read, so that
    what is cut off is found; what it declares from elsewhere is not fetched, and expat bounds what grows."""
    roots: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not roots:
            if name.rpartition(":")[2] != "svg":
                raise UnidentifiedImageError
            roots.append(attributes)

    def declared(name: str, is_parameter: bool, value: str | None, *rest: object) -> None:
        if value is None or "&" in value or "%" in value:
            raise ValueError("it declares nested or external entities")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = declared
    parser.Parse(raw, True)
    root = roots[0]
    own = tuple(_lengths(root.get("width", ""), root.get("height", "")))
    box = tuple(_lengths(*_VIEW_BOX.split(root.get("viewBox", "").strip())[2:]))
    width, height = own if len(own) == 2 else box if len(box) == 2 else (0, 0)
    return width, height


def _lengths(*written: str) -> Iterator[int]:
    """The pixels that lengths say, rounded, where they say pixels."""
    for length in written:
        found = _PIXELS.fullmatch(length)
        if found and (pixels := round(float(found[1]))):
            yield pixels
