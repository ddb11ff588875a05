"""The site's icon in the sizes and formats that browsers and phones ask for, drawn from static/img/icon.svg.

`make icons` writes them beside it. A new drawing is that one file: rectangles, circles, and paths of straight lines.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[2] / "static" / "img"
SOURCE = "icon.svg"

# Phones cut a picture without a corner or a margin of its own to their shape, down to a circle of four fifths of its
# width (https://w3c.github.io/manifest/#icon-masks).
PADDING = 1 / 10

# Drawn about so large and then made smaller, so that edges are smooth and where they should be.
LARGE = 4096

_SVG = "{http://www.w3.org/2000/svg}"
_ATTRIBUTES = {
    "rect": {"x", "y", "width", "height", "rx", "fill"},
    "circle": {"cx", "cy", "r", "fill"},
    "path": {"d", "fill"},
}
_STEP = re.compile(r"\s*([MLHVZ])\s*((?:-?\d*\.?\d+[\s,]*)*)")


@dataclass(frozen=True)
class Shape:
    name: str
    attributes: dict[str, str]

    @property
    def fill(self) -> str:
        return self.attributes["fill"]

    def number(self, name: str) -> float:
        return float(self.attributes.get(name, 0))


@dataclass(frozen=True)
class Drawing:
    """`side` is the width and height of the viewBox; the first of `shapes` is the ground for the others."""

    side: float
    shapes: tuple[Shape, ...]


def read(svg: str) -> Drawing:
    """The shapes of an SVG. ValueError if it holds anything that would not be drawn as browsers draw it."""
    root = ElementTree.fromstring(svg)  # noqa: S314  a file of our own
    box = root.attrib.get("viewBox", "").split()
    if root.tag != f"{_SVG}svg" or set(root.attrib) != {"viewBox"} or box[:2] != ["0", "0"] or len(set(box[2:])) != 1:
        raise ValueError('the icon begins with <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">, a square')
    return Drawing(float(box[2]), tuple(_shape(element) for element in root))


def _shape(element: ElementTree.Element) -> Shape:
    name = element.tag.removeprefix(_SVG)
    if name not in _ATTRIBUTES or len(element):
        raise ValueError(f"the icon holds <{name}>; it can be made of {', '.join(_ATTRIBUTES)}")
    unknown = set(element.attrib) - _ATTRIBUTES[name]
    if unknown or not re.fullmatch(r"#(?:[0-9a-f]{3}){1,2}", element.get("fill", "")):
        wrong = f"has {', '.join(sorted(unknown))}" if unknown else "has no fill, as #f5b941"
        raise ValueError(f"<{name}> of the icon {wrong}; it can have {', '.join(sorted(_ATTRIBUTES[name]))}")
    shape = Shape(name, dict(element.attrib))
    if name == "path":
        _outlines(shape.attributes["d"])
    return shape


def _outlines(steps: str) -> list[list[tuple[float, float]]]:
    """The corners of each outline of a path."""
    outlines: list[list[tuple[float, float]]] = []
    end = 0
    while match := _STEP.match(steps, end):
        end = match.end()
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", match[2])]
        if match[1] == "M" and len(numbers) == 2:
            outlines.append([(numbers[0], numbers[1])])
        elif match[1] == "L" and len(numbers) == 2 and outlines:
            outlines[-1].append((numbers[0], numbers[1]))
        elif match[1] == "H" and len(numbers) == 1 and outlines:
            outlines[-1].append((numbers[0], outlines[-1][-1][1]))
        elif match[1] == "V" and len(numbers) == 1 and outlines:
            outlines[-1].append((outlines[-1][-1][0], numbers[0]))
        elif match[1] != "Z" or numbers:
            break
    if steps[end:].strip() or not outlines:
        raise ValueError(f"the icon's path “{steps}” is not made of M, L, H, V and Z, each with its own numbers")
    return outlines


def draw(drawing: Drawing, size: int, padding: float = 0) -> Image.Image:
    """`drawing` as a square of `size` pixels; with `padding` on each side, on a ground that leaves no pixel free."""
    side = size * (LARGE // size)
    ground = drawing.shapes[0].fill if padding else (0, 0, 0, 0)
    image = Image.new("RGBA", (side, side), ground)
    canvas = ImageDraw.Draw(image)
    unit = side * (1 - 2 * padding) / drawing.side
    offset = side * padding

    def at(*lengths: float) -> tuple[float, ...]:
        return tuple(offset + length * unit for length in lengths)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        """Pillow counts the last row and column in."""
        placed = at(left, top, right, bottom)
        return placed[0], placed[1], placed[2] - 1, placed[3] - 1

    for shape in drawing.shapes:
        number = shape.number
        if shape.name == "rect":
            corners = box(number("x"), number("y"), number("x") + number("width"), number("y") + number("height"))
            canvas.rounded_rectangle(corners, number("rx") * unit, shape.fill)
        elif shape.name == "circle":
            x, y, radius = number("cx"), number("cy"), number("r")
            canvas.ellipse(box(x - radius, y - radius, x + radius, y + radius), shape.fill)
        else:
            for outline in _outlines(shape.attributes["d"]):
                canvas.polygon([at(*corner) for corner in outline], shape.fill)
    small = image.resize((size, size), Image.Resampling.BOX)
    return small.convert("RGB") if padding else small


def icons() -> dict[str, bytes]:
    """Each file's name and what it holds."""
    drawing = read((FOLDER / SOURCE).read_text())
    return {
        "favicon.ico": _ico([draw(drawing, size) for size in (48, 32, 16)]),
        "apple-touch-icon.png": _png(draw(drawing, 180, PADDING)),
        "icon-192.png": _png(draw(drawing, 192)),
        "icon-512.png": _png(draw(drawing, 512)),
        "icon-maskable-512.png": _png(draw(drawing, 512, PADDING)),
    }


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _ico(images: list[Image.Image]) -> bytes:
    out = BytesIO()
    images[0].save(out, "ICO", sizes=[image.size for image in images], append_images=images[1:])
    return out.getvalue()


if __name__ == "__main__":
    for name, data in icons().items():
        (FOLDER / name).write_bytes(data)
