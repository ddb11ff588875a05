"""Compare the generated icons with Chromium's rendering of icon.svg."""

from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from scripts import icons

from ...conftest import ROOT

SVG = (ROOT / "static" / "img" / "icon.svg").read_text()


@pytest.mark.parametrize("size", [16, 32, 48, 192, 512])
def test_icon_files_match_chromiums_rendering_of_the_svg(chromium, size):
    """Allow for differences in antialiasing."""
    page = chromium.new_page(viewport={"width": 600, "height": 600})
    page.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{SVG}")
    screenshot = page.screenshot(clip={"x": 0, "y": 0, "width": size, "height": size})
    page.close()
    background = Image.new("RGBA", (size, size), "#fff")
    ours = Image.alpha_composite(background, icons.draw(size)).convert("RGB")
    difference = ImageChops.difference(Image.open(BytesIO(screenshot)).convert("RGB"), ours)
    assert max(ImageStat.Stat(difference).mean) < 3.5
    assert max(high for _, high in difference.getextrema()) < 80
