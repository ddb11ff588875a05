"""Responsive images: the variant that a browser selects, and the layout."""

import os
import re

import pytest

from ...support.sample_images import camera_jpeg, photo, saved
from .measures import WIDTHS, overflowing_elements

META = "Title: Images\nDescription: Images of every size, upright and wide, small and seen through, on one page."
BODY = (
    '![The panel](images/wide.jpg "A panel in Pune")\n\nWords under it.\n\n## MORE\n\nMore words, and '
    "![a small one](images/small.png) in a line.\n\n- ![In a list](images/tall.jpg)\n\n"
    "> ![In a quotation](images/wide.jpg)\n\n| One | Two |\n|---|---|\n| ![In a cell](images/wide.jpg) | Words |\n"
)
# The `sizes` attribute may overestimate an image's width by this many pixels, because of gutters.
GUTTERS = 80


@pytest.fixture(scope="module")
def url(server):
    """Add a page with images in several places. Wait until all image variants exist.

    Test processes share the server, so the names of the page and the images contain the process ID.
    """
    process = f"p{os.getpid()}"
    images = {
        f"wide-{process}.jpg": camera_jpeg(1600, 900),
        f"tall-{process}.jpg": camera_jpeg(900, 600, orientation=6),
        f"small-{process}.png": saved(photo(100, 60).convert("RGBA"), "PNG"),
    }
    folder = server.content / "images"
    for name, data in images.items():
        (folder / name).write_bytes(data)
    page, path = server.content / f"images-{process}.md", f"/with-images-{process}"
    body = re.sub(r"(?<=images/)(wide|tall|small)", rf"\1-{process}", BODY)
    page.write_text(f"# Images\n## {path}\n\n## META\n\n```\n{META}\n```\n\n## ONE\n\n{body}")
    there = server.until(path, lambda response: response.status == 200)
    for address in set(re.findall(r"/images/[^\s\"]+", there.text)):
        server.until(address, lambda response: response.status == 200, 60)
    yield path
    page.unlink()
    for name in images:
        (folder / name).unlink()


IMAGES = """() => [...document.images].map(image => ({
    alt: image.alt,
    source: image.currentSrc,
    shown: image.getBoundingClientRect().width,
    ratio: image.getBoundingClientRect().width / image.getBoundingClientRect().height,
    written: image.width / image.height,
    has: Number(image.currentSrc.match(/-([0-9]+)[.]/)?.[1]),
    loaded: image.complete && image.naturalWidth > 0,
}))"""


def load_all(page):
    page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    return {image["alt"]: image for image in page.evaluate(IMAGES)}


@pytest.mark.parametrize("density", [1, 2])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_browser_selects_an_image_variant_that_is_sharp_but_not_oversized(open_page, url, width, density):
    page = open_page(url, width, device_scale_factor=density)
    images = load_all(page)
    assert all(image["loaded"] and image["source"].endswith(".avif") for image in images.values()), images
    assert overflowing_elements(page) == []
    assert page.console_messages == []
    panel = images["The panel"]
    assert panel["shown"] == pytest.approx(min(640, width - 2 * page.evaluate(GUTTER)), abs=1)
    assert panel["has"] >= min(panel["shown"] * density, 1280)
    assert panel["has"] <= next(
        size for size in (320, 480, 640, 960, 1280) if size >= (panel["shown"] + GUTTERS) * density or size == 1280
    )
    assert (images["a small one"]["shown"], images["a small one"]["has"]) == (100, 100)
    assert all(image["ratio"] == pytest.approx(image["written"], rel=0.02) for image in images.values())
    assert images["In a list"]["ratio"] == pytest.approx(600 / 900, rel=0.02)


GUTTER = "parseFloat(getComputedStyle(document.querySelector('.section .container')).paddingLeft)"


def test_loading_images_causes_no_layout_shift(open_page, url):
    page = open_page(url, 390, 844)
    before = page.evaluate("document.documentElement.scrollHeight")
    load_all(page)
    assert page.evaluate("document.documentElement.scrollHeight") == before


def test_the_first_image_loads_at_once_and_others_lazily(open_page, url):
    page = open_page(url, 390, 300)
    assert page.evaluate("[...document.images].map(image => image.loading)") == ["auto", *["lazy"] * 4]
    assert any("/wide-" in url for url in page.requested_urls)
