"""The pictures of a library → the bytes of what pages show of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms

from ..content import images, library
from ..content.images import Picture, Variant
from ..content.library import Library

# Photos look the same at these, and weigh a tenth of what a camera makes. AVIF could be smaller still for ten times the
# wait; one thread, since visitors are served meanwhile.
_VARIANT_OPTIONS: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 55, "speed": 6, "max_threads": 1},
    "WEBP": {"quality": 78, "method": 4},
}
# The whole picture is for those who want it, or whose browsers know no other.
_ORIGINAL_OPTIONS: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 75, "speed": 6, "max_threads": 1},
    "WEBP": {"quality": 88, "method": 4},
    "JPEG": {"quality": 88},
    "PNG": {"optimize": True},
}


@dataclass(frozen=True)
class ImageArtifact:
    """One variant of one picture, which `file` held when it was looked at."""

    file: Path
    picture: Picture
    variant: Variant

    @property
    def address(self) -> str:
        return self.variant.url

    def make(self) -> bytes:
        raw = self.file.read_bytes()
        if images.content_digest(raw) != self.picture.digest:
            raise ValueError(f"{self.file.name} has changed since its page was read; the page will be read anew")
        return encode(raw, self.picture, self.variant)


def image_artifacts(found: Library) -> Iterator[ImageArtifact]:
    """Each picture of the folder, cleaned, since anyone may link to it; and the variants of those that pages show."""
    shown = {address for page in found.documents.values() for address in page.images}
    for address, picture in found.pictures.items():
        file = library.file_at(found.folder, address)
        if file and isinstance(picture, Picture) and not picture.is_served_unchanged:
            for variant in (picture.cleaned, *(picture.variants if address in shown else ())):
                yield ImageArtifact(file, picture, variant)


def image_artifact_at(found: Library, address: str) -> ImageArtifact | None:
    return next((made for made in image_artifacts(found) if made.address == address), None)


def encode(raw: bytes, picture: Picture, variant: Variant) -> bytes:
    image = _to_srgb(images.decode(raw, variant.width))
    options = _ORIGINAL_OPTIONS.get(variant.format, {})
    if variant != picture.cleaned:
        options = _VARIANT_OPTIONS[variant.format]
        image = _to_8_bit(image)
        height = round(picture.height * variant.width / picture.width) or 1
        image = image.resize((variant.width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    elif variant.format in ("AVIF", "WEBP"):
        image = _to_8_bit(image)
    written = BytesIO()
    image.save(written, variant.format, **options)
    return written.getvalue()


def _to_srgb(image: Image.Image) -> Image.Image:
    """In the colors that browsers take for granted, so that no profile need come along."""
    profile = image.info.pop("icc_profile", None)
    if profile:
        own = image if image.mode in ("L", "CMYK") else _to_8_bit(image)
        try:
            srgb = ImageCms.createProfile("sRGB")
            mode = "RGBA" if own.mode == "RGBA" else "RGB"
            turned = ImageCms.profileToProfile(own, ImageCms.ImageCmsProfile(BytesIO(profile)), srgb, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):  # a profile for other colors, or none at all
            turned = None
        if turned is not None:
            turned.info.pop("icc_profile", None)
            return turned
    return image.convert("RGB") if image.mode == "CMYK" else image


def _to_8_bit(image: Image.Image) -> Image.Image:
    """With a byte for each color, and for transparency where there is any."""
    if image.mode.startswith("I"):  # greys of 16 bits, which Pillow would cut off
        image = image.convert("I").point(lambda grey: grey / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
