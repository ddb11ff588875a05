"""Draw the pictures of videos and image rows for the guide, and save them in `docs/guide/`. Part of `make pictures`.

The examples come from content/README.md. The images that they name don't exist, so this module draws sample images.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from tests.conftest import ROOT
from tests.support.sample_videos import mp4

from . import guide_pictures
from .guide_pictures import BASE_URL, WIDTH

if TYPE_CHECKING:
    from pages.content.images import Pictures

CHAPTER = "How do I add an image, a video or a download?"
# The name of each picture, and the heading above its example in the guide. The name is also the CSS class of the
# example's element.
HEADINGS = {"image-row": "Rows of images", "player": "Videos on YouTube or Vimeo", "video": "Video files"}

_INK, _PAPER, _YELLOW, _GREEN = "#2d2d3a", "#f8f9fa", "#f5b941", "#4caf7d"


def example(name: str) -> str:
    """Return the Markdown from which the picture `name` is drawn."""
    chapter = guide_pictures.sections_of(3, guide_pictures.guide()[CHAPTER])
    return guide_pictures.examples(chapter[HEADINGS[name]])[0][1]


def hash_of(name: str) -> str:
    return hashlib.sha256(example(name).encode()).hexdigest()


def sample_files() -> dict[str, bytes]:
    """Return the files that the examples show, keyed by URL."""
    return {
        "/images/acme.svg": _logo_svg(),
        "/images/globex.png": _logo("Globex", 420),
        "/images/initech.png": _logo("Initech", 460),
        "/images/answer.jpg": _candidate(),
        "/files/demo.jpg": _report(),
        "/files/demo.mp4": mp4(),
    }


def _logo_svg() -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="330" height="120">'
        f'<path d="M10 105L60 15l50 90z" fill="{_YELLOW}"/><path d="M130 40h190v40H130z" fill="{_INK}"/></svg>'
    ).encode()


def _logo(name: str, width: int) -> bytes:
    image = Image.new("RGBA", (width, 120), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.ellipse((10, 20, 90, 100), fill=_GREEN)
    draw.text((110, 60), name, fill=_INK, font=ImageFont.load_default(80), anchor="lm")
    return _saved(image, "PNG")


def _candidate() -> bytes:
    image = Image.new("RGB", (1280, 720), "#dcdde4")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((400, 430, 880, 900), 200, fill=_INK)
    draw.ellipse((520, 150, 760, 390), fill=_YELLOW)
    return _saved(image, "JPEG")


def _report() -> bytes:
    image = Image.new("RGB", (1280, 720), _PAPER)
    draw = ImageDraw.Draw(image)
    for row, (start, end) in enumerate([(420, 900), (560, 760), (500, 980)]):
        top = 170 + 140 * row
        draw.line((200, top, 1080, top), fill="#dcdde4", width=6)
        draw.line((start, top, end, top), fill=_YELLOW, width=30)
        middle = (start + end) // 2
        draw.ellipse((middle - 24, top - 24, middle + 24, top + 24), fill=_INK)
    return _saved(image, "JPEG")


def _saved(image: Image.Image, format: str) -> bytes:
    out = io.BytesIO()
    image.save(out, format)
    return out.getvalue()


def pictures() -> Pictures:
    """Inspect the sample files as the site does, and return the results, keyed by URL."""
    from pages.content import images, video_files

    return {
        url: video_files.inspect(url, len(raw), io.BytesIO(raw)) if url.endswith(".mp4") else images.inspect(url, raw)
        for url, raw in sample_files().items()
    }


def render_page(name: str) -> str:
    """Return the HTML page of the example `name`."""
    settings = replace(guide_pictures.settings(), pictures=pictures())
    return guide_pictures.render_page(f"{guide_pictures.header()}\n## AN EXAMPLE\n\n{example(name)}", settings)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from playwright.sync_api import Route, sync_playwright

    from tests.e2e.browser.conftest import FLAGS, find_chromium

    django.setup()
    # Render before the browser starts: Playwright's event loop would make Django reject synchronous calls.
    pages = {name: render_page(name) for name in HEADINGS}
    files = sample_files()
    browser_path = find_chromium()
    if not browser_path:
        raise SystemExit("No browser found. Install Chromium, and run this command again.")

    def send_image(route: Route) -> None:
        """Send the image in its original format, whichever variant the browser requests."""
        stem = "/" + route.request.url.removeprefix(BASE_URL).partition(".")[0]
        url = next(url for url in files if url.partition(".")[0] == stem)
        route.fulfill(body=files[url], content_type="image/svg+xml" if url.endswith(".svg") else "image/png")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 800}, color_scheme="light", reduced_motion="reduce")
        page.route(
            f"{BASE_URL}*",
            lambda route: route.fulfill(content_type="text/html", body=pages[route.request.url.removeprefix(BASE_URL)]),
        )
        page.route("**/static/**", lambda route: route.fulfill(path=ROOT / route.request.url.removeprefix(BASE_URL)))
        page.route("**/images/**", send_image)
        page.route("**/files/**", send_image)
        page.goto(BASE_URL + next(reversed(pages)))  # caches the font
        for name in pages:
            page.goto(BASE_URL + name, wait_until="networkidle")
            screenshot = page.locator("main .prose").first.screenshot(animations="disabled")
            print(f"{name:<12} {guide_pictures.save(name, screenshot, hash_of(name)) / 1000:>6.1f} kB")
        browser.close()


if __name__ == "__main__":
    main()
