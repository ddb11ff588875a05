"""Image files for tests, as cameras, screens and accidents make them."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageChops

PLACE, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
SECRET = b"Acme Phone of Priya"


def photo(width: int = 300, height: int = 200) -> Image.Image:
    """Gradients and noise; its left half is reddish and its right half bluish, so that a turn can be told."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    noise = Image.effect_noise((width, height), 20).convert("L")
    gradients = Image.merge(
        "RGB", (ImageChops.invert(across), Image.radial_gradient("L").resize((width, height)), across)
    )
    return ImageChops.add(gradients, Image.merge("RGB", (noise, noise, noise)), 2)


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    written = BytesIO()
    image.save(written, format, **options)
    return written.getvalue()


def opened(raw: bytes) -> Image.Image:
    image = Image.open(BytesIO(raw))
    image.load()
    return image


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone notes: who made it, where, and how it was held."""
    found = Image.Exif()
    found[ORIENTATION] = orientation
    found[MAKER] = SECRET.decode()
    found.get_ifd(PLACE).update({1: "N", 2: (18.0, 31.0, 13.0), 3: "E", 4: (73.0, 51.0, 24.0)})
    return found


def camera_jpeg(width: int = 300, height: int = 200, orientation: int = 1) -> bytes:
    return saved(
        photo(width, height), "JPEG", quality=90, exif=exif(orientation), comment=SECRET, xmp=b"<x>" + SECRET + b"</x>"
    )


def claimed_png(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def animation(format: str = "GIF", **options: object) -> bytes:
    frames = [Image.new("RGB", (40, 30), color) for color in ("navy", "gold", "white")]
    return saved(frames[0], format, save_all=True, append_images=frames[1:], duration=100, **options)
