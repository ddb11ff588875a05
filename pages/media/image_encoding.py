"""Image encoding: from a picture in the content folder to the bytes of each variant that pages show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms

from ..content import content_folder, images
from ..content.images import Picture, Pictures, Variant
from ..content.library import Library

# At these qualities, photos look like the camera's files, but have a tenth of the size. A lower AVIF speed
# would make files a little smaller, but take ten times as long. Encode in one thread, because the machine also serves
# visitors.
_VARIANT_OPTIONS: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 55, "speed": 6, "max_threads": 1},
    "WEBP": {"quality": 78, "method": 4},
}
# The full-size image, for direct links and for browsers without AVIF and WebP.
_ORIGINAL_OPTIONS: dict[str, dict[str, Any]] = {
    "AVIF": {"quality": 75, "speed": 6, "max_threads": 1},
    "WEBP": {"quality": 88, "method": 4},
    "JPEG": {"quality": 88},
    "PNG": {"optimize": True},
}


@dataclass(frozen=True)
class ImageArtifact:
    """A variant of a picture. `file` is the original image file, and `folder` is the content folder with this file."""

    folder: Path
    file: Path
    picture: Picture
    variant: Variant

    @property
    def url(self) -> str:
        return self.variant.url

    def render(self) -> bytes:
        raw = content_folder.read_bytes(self.folder, self.file)
        if images.content_digest(raw) != self.picture.digest:
            raise ValueError(
                f"the image {self.file.name} changed after the site read the documents; "
                "the site generates variants of the changed image when it reads the documents again"
            )
        return raw if self.picture.is_served_unchanged else encode(raw, self.picture, self.variant)


def image_artifacts(library: Library) -> Iterator[ImageArtifact]:
    """Return a copy of each picture, and the variants of the pictures that pages show.

    Pictures that no page shows are copied too, because anyone may link to them. A copy has no metadata, unless the
    picture is served unchanged. Even then, the site sends a copy, because another program may be saving the original.
    """
    return _artifacts_of(library, library.pictures)


def image_artifact_at(library: Library, url: str) -> ImageArtifact | None:
    # Look up only the file of the picture that `url` names. Looking up the files of 1,000 pictures takes 60 ms, and
    # requests for invented URLs would take this time again and again.
    pictures = {
        each: picture
        for each, picture in library.pictures.items()
        if isinstance(picture, Picture) and picture.digest in url
    }
    return next((artifact for artifact in _artifacts_of(library, pictures) if artifact.url == url), None)


def _artifacts_of(library: Library, pictures: Pictures) -> Iterator[ImageArtifact]:
    used_urls = {url for page in library.documents.values() for url in page.images} if pictures else set()
    for url, picture in pictures.items():
        file = content_folder.find_file(library.folder, url)
        if file and isinstance(picture, Picture):
            for variant in (picture.cleaned, *(picture.variants if url in used_urls else ())):
                yield ImageArtifact(library.folder, file, picture, variant)


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
    out = BytesIO()
    image.save(out, variant.format, **options)
    return out.getvalue()


def _to_srgb(image: Image.Image) -> Image.Image:
    """Convert an image to sRGB. The file then needs no color profile, because browsers assume sRGB."""
    profile = image.info.pop("icc_profile", None)
    if profile:
        source = image if image.mode in ("L", "CMYK") else _to_8_bit(image)
        try:
            srgb = ImageCms.createProfile("sRGB")
            mode = "RGBA" if source.mode == "RGBA" else "RGB"
            source_profile = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(source, source_profile, srgb, outputMode=mode)
        except (ImageCms.PyCMSError, OSError):  # the color profile is broken, or is for another color space
            converted = None
        if converted is not None:
            converted.info.pop("icc_profile", None)
            return converted
    return image.convert("RGB") if image.mode == "CMYK" else image


def _to_8_bit(image: Image.Image) -> Image.Image:
    """Convert an image to 8 bits per channel. Keep an alpha channel if the image has transparency."""
    if image.mode.startswith("I"):  # 16-bit grayscale: Pillow would clip the values instead of scaling them
        image = image.convert("I").point(lambda gray: gray / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")
