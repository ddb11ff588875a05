"""The canvas of social cards: lines, disks and text, drawn with Pillow in the site's colors."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

from . import typesetting

# The aspect ratio of 1.91:1 that social networks expect (https://ogp.me,
# https://developer.x.com/en/docs/x-for-websites/cards).
WIDTH, HEIGHT = 1200, 630

# The colors of static/css/tokens.css and, for HUES, of static/css/components/order-1.css.
INK, EDGE, WHITE, SOFT, YELLOW = "#2d2d3a", "#565669", "#ffffff", "#cfcfdb", "#f5b941"
HUES = (YELLOW, "#f58b44", "#4caf7d", "#e85d4c", "#8f8fa3")
SHADE = "#514739"  # how the translucent yellow in static/css/components/duel.css looks on INK

# The card's margin, in pixels. Some social networks crop the card's edges and round its corners, so nothing important
# is in the margin.
MARGIN = 80
RIGHT = WIDTH - MARGIN

# The card is drawn at this scale and reduced at the end, for smooth edges and exact letter positions.
SCALE = 2


class CardCanvas:
    """Draws on a card. All coordinates are in the card's pixels; only calls to Pillow multiply them by SCALE."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), INK)
        self.canvas = ImageDraw.Draw(self.image)

    def draw_lines(self, text: typesetting.FittedText, left: float, top: float, leading: float, color: str) -> None:
        for number, line in enumerate(text.lines):
            baseline = top + (number * leading + (leading - 1) / 2 + 0.83) * text.size
            self.draw_text(line, left, baseline, text.size, color)

    def draw_box(self, left: float, top: float, right: float, bottom: float, color: str) -> None:
        left, top, right, bottom = self.scaled(left, top, right, bottom)
        if left <= right:  # Pillow rejects an empty box.
            self.canvas.rectangle((left, top, right, bottom), fill=color)

    def draw_capped_line(self, start: float, end: float, y: float, cap: float, thick: float, color: str) -> None:
        """Draw a horizontal line with vertical caps at its ends. Caps extend `cap` pixels above and below the line."""
        self.draw_box(start, y - thick / 2, end, y + thick / 2, color)
        self.draw_caps(start, end, y, cap, thick, color)

    def draw_caps(self, start: float, end: float, y: float, cap: float, thick: float, color: str) -> None:
        for x in (start, end - thick):
            self.draw_box(x, y - cap, x + thick, y + cap, color)

    def draw_disc(self, x: float, y: float, radius: float, color: str) -> None:
        self.canvas.ellipse(self.scaled(x - radius, y - radius, x + radius, y + radius), fill=color)

    def draw_text(self, line: typesetting.Line, left: float, baseline: float, size: int, color: str) -> None:
        line.draw(self.canvas, left * SCALE, baseline * SCALE, size * SCALE, color)

    def scaled(self, *box: float) -> tuple[float, ...]:
        """Convert a box from card pixels to canvas pixels.

        Subtract 1 from the right and bottom edges, because Pillow's boxes include their last row and column.
        """
        left, top, right, bottom = (round(value * SCALE) for value in box)
        return left, top, right - 1, bottom - 1

    def to_png(self) -> bytes:
        image = self.image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
        out = BytesIO()
        image.quantize(palette=_palette(), dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        return out.getvalue()


def _palette() -> Image.Image:
    """Return a palette that fades each color into the background in 20 steps, for smooth edges.

    With finer steps, Pillow would confuse similar colors.
    """
    image = Image.new("P", (1, 1))
    ink = bytes.fromhex(INK[1:])
    colors = [bytes.fromhex(color[1:]) for color in dict.fromkeys((WHITE, SOFT, EDGE, SHADE, *HUES))]
    steps = 20
    values = [*ink]
    for color in colors:
        for step in range(1, steps + 1):
            values += [round(dark + (light - dark) * step / steps) for dark, light in zip(ink, color, strict=True)]
    image.putpalette(values)
    return image
