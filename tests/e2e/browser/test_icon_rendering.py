"""The icon as Chromium draws the SVG and as Pillow does."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from pages.publish import icons

from ...conftest import ROOT

SVG = (ROOT / "static" / "img" / "icon.svg").read_text()


@pytest.mark.parametrize("size", [16, 32, 48, 192, 512])
def test_pillow_draws_the_icon_as_chromium_does(chromium, size):
    """But for the smoothing of edges, which is coarser in Chromium."""
    page = chromium.new_page(viewport={"width": 600, "height": 600})
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{SVG}")
    taken = page.screenshot(clip={"x": 0, "y": 0, "width": size, "height": size})
    page.close()
    ground = Image.new("RGBA", (size, size), "#fff")
    ours = Image.alpha_composite(ground, icons.draw(icons.read(SVG), size)).convert("RGB")
    difference = ImageChops.difference(Image.open(BytesIO(taken)).convert("RGB"), ours)
    assert max(ImageStat.Stat(difference).mean) < 2.5
    assert max(high for _, high in difference.getextrema()) < 80
