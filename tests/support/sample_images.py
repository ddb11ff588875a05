"""Sample image files for tests."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageChops

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F
SECRET = b"Acme Phone of Priya"


def photo(width: int = 300, height: int = 200) -> Image.Image:
    """Return gradients and noise. The left half is reddish and the right half bluish, so that tests detect rotation."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    noise = Image.effect_noise((width, height), 20).convert("L")
    gradients = Image.merge(
        "RGB", (ImageChops.invert(across), Image.radial_gradient("L").resize((width, height)), across)
    )
    return ImageChops.add(gradients, Image.merge("RGB", (noise, noise, noise)), 2)


def saved(image: Image.Image, format: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def opened(raw: bytes) -> Image.Image:
    image = Image.open(BytesIO(raw))
    image.load()
    return image


def exif(orientation: int = 1) -> Image.Exif:
    """Return metadata as phones write it: manufacturer, location and orientation."""
    metadata = Image.Exif()
    metadata[ORIENTATION] = orientation
    metadata[MAKER] = SECRET.decode()
    metadata.get_ifd(GPS).update({1: "N", 2: (18.0, 31.0, 13.0), 3: "E", 4: (73.0, 51.0, 24.0)})
    return metadata


def camera_jpeg(width: int = 300, height: int = 200, orientation: int = 1) -> bytes:
    return saved(
        photo(width, height), "JPEG", quality=90, exif=exif(orientation), comment=SECRET, xmp=b"<x>" + SECRET + b"</x>"
    )


def claimed_png(width: int, height: int) -> bytes:
    """Return a PNG whose header claims the given size, but which contains almost no data."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def animation(format: str = "GIF", **options: object) -> bytes:
    frames = [Image.new("RGB", (40, 30), color) for color in ("navy", "gold", "white")]
    return saved(frames[0], format, save_all=True, append_images=frames[1:], duration=100, **options)
