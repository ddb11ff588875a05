"""`make icons`: draw the site's icon in the sizes and formats that browsers and phones request.

The source is static/img/icon.svg. The files are written to the same folder.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import resvg_py
from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent / "static" / "img"

# The background color of the icon, behind its figure.
BACKGROUND = "#2d2d3a"

# Phones crop icons to various shapes. Only a centered circle, four fifths as wide as the icon, is always visible
# (https://w3c.github.io/manifest/#icon-masks). So the drawing has this margin on each side:
MARGIN = 1 / 10


def draw(size: int, margin: float = 0) -> Image.Image:
    """Return the icon as a square of `size` pixels, opaque if it has a margin. `margin` is a share of `size`."""
    figure_size = round(size * (1 - 2 * margin))
    background = BACKGROUND if margin else None
    source = str(FOLDER / "icon.svg")
    png = resvg_py.svg_to_bytes(svg_path=source, width=figure_size, background=background, skip_system_fonts=True)
    figure = Image.open(BytesIO(bytes(png)))
    if not margin:
        return figure.convert("RGBA")
    icon = Image.new("RGB", (size, size), BACKGROUND)
    offset = (size - figure_size) // 2
    icon.paste(figure.convert("RGB"), (offset, offset))
    return icon


def icons() -> dict[str, bytes]:
    """Return the bytes of each icon file, keyed by its name."""
    return {
        "favicon.ico": _ico([draw(size) for size in (48, 32, 16)]),
        "apple-touch-icon.png": _png(draw(180, MARGIN)),
        "icon-192.png": _png(draw(192)),
        "icon-512.png": _png(draw(512)),
        "icon-maskable-512.png": _png(draw(512, MARGIN)),
    }


def _png(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _ico(images: list[Image.Image]) -> bytes:
    buffer = BytesIO()
    images[0].save(buffer, "ICO", sizes=[image.size for image in images], append_images=images[1:])
    return buffer.getvalue()


if __name__ == "__main__":
    for name, data in icons().items():
        (FOLDER / name).write_bytes(data)
