"""`make pictures`: draw the guide's example of each section kind and of each block as a picture in `docs/guide/`.

The examples come from content/README.md, and are rendered with the site's own templates. Each picture contains the hash
of its Markdown. tests/unit/content/test_guide.py compares that hash to find outdated pictures. To draw only some of
these pictures, name them: `make pictures ARGS="callouts footnotes"`.
"""

from __future__ import annotations

import hashlib
import io
import math
import os
import re
import sys
import tomllib
from typing import TYPE_CHECKING

from PIL import Image, PngImagePlugin

from tests.conftest import ROOT, SAMPLE_SITE

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Locator

    from pages.content.document import Settings

GUIDE = ROOT / "content" / "README.md"
PICTURES = ROOT / "docs" / "guide"
WIDTH = 1024
COLORS = 128
HASH = "markdown-sha256"
# A hero section is drawn only on a page that also has a dimensions section.
REQUIRED_KINDS = {"hero": ("dimensions",)}

BASE_URL = "http://127.0.0.1:8000/"

_FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1\n", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{2,3}) (.+)\n", re.MULTILINE)


def sections_of(level: int, text: str) -> dict[str, str]:
    """Return the text under each heading of `level`.

    The text ends at the next heading of the same or a higher level.
    """
    without_code = _FENCE.sub(lambda block: " " * len(block[0]), text)
    headings = [heading for heading in _HEADING.finditer(without_code) if len(heading[1]) <= level]
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return {
        heading[2]: text[heading.end() : end]
        for heading, end in zip(headings, ends, strict=True)
        if len(heading[1]) == level
    }


def examples(text: str) -> list[tuple[str, str]]:
    """Return the language and the content of each fenced block in `text`."""
    return [(block[2], block[3]) for block in _FENCE.finditer(text)]


def guide() -> dict[str, str]:
    """Return the guide's text under each `##` heading."""
    return sections_of(2, GUIDE.read_text(encoding="utf-8"))


def header() -> str:
    """Return the beginning of the example page: its name, URL and META."""
    return examples(guide()["How does a document begin?"])[0][1]


def kind_examples() -> dict[str, str]:
    """Return the Markdown example of each section kind."""
    return {name: examples(text)[0][1] for name, text in sections_of(3, guide()["Sections"]).items()}


def block_texts() -> dict[str, str]:
    """Return the guide's text about each block. The keys are the names of the pictures."""
    texts = sections_of(3, guide()["Blocks for any section"])
    return {name.lower().replace(" ", "-"): text for name, text in texts.items()}


def block_examples() -> dict[str, str]:
    """Return the Markdown example of each block, with the heading of a section above it."""
    return {
        name: f"## {name.replace('-', ' ').capitalize()}\n\n{examples(text)[0][1]}"
        for name, text in block_texts().items()
    }


def source_of(name: str) -> str:
    """Return the Markdown from which the picture `name` is drawn."""
    texts = kind_examples() | block_examples()
    return "\n".join([header(), texts[name], *(texts[other] for other in REQUIRED_KINDS.get(name, ()))])


def hash_of(name: str) -> str:
    return hashlib.sha256(source_of(name).encode()).hexdigest()


def settings() -> Settings:
    """Return the settings with which the sample site's documents are read."""
    from pages.content.document import Settings

    site = tomllib.loads((SAMPLE_SITE / "site.toml").read_text(encoding="utf-8"))
    return Settings(site["calls_to_action"], tuple(site["words"]))


def render_page(text: str, document_settings: Settings | None = None) -> str:
    """Return the HTML page of a document. `text` is the document's Markdown."""
    from leads.forms import LeadForm
    from pages.calculator.forms import calculate
    from pages.content import document
    from pages.content.problems import Source
    from pages.http.html_response import html_response
    from pages.repository import current
    from pages.seo.head_tags import build_head

    source = Source("content/hire/data-engineer.md", text)
    page = document.read(source, "/hire/data-engineer", document_settings or settings())
    visible = current.visible_pages()
    head = build_head(page, (), visible, "https://www.layersrank.com")
    calculation = calculate(page.calculator, {}) if page.calculator else None
    context = {
        "calculation": calculation,
        "form": LeadForm(page.form) if page.form else None,
        "page": page,
        "breadcrumbs": (),
        "head": head,
        "site": visible.library.site,
        "visible": visible,
    }
    return html_response("pages/page.html", context).content.decode()


def screenshot_of(section: Locator) -> bytes:
    """Return a screenshot of `section`, without the rows of pixels that it shares with its neighbors.

    `Locator.screenshot` cuts off a section that fits in the viewport, but not below the sticky header.
    """
    box = section.evaluate("element => element.getBoundingClientRect().toJSON()")
    scrolled = section.evaluate("() => scrollY")
    top, bottom = math.ceil(box["top"] + scrolled), math.floor(box["bottom"] + scrolled)
    clip: FloatRect = {"x": 0, "y": top, "width": WIDTH, "height": bottom - top}
    return section.page.screenshot(full_page=True, clip=clip, animations="disabled")


def save(name: str, screenshot: bytes, digest: str) -> int:
    """Save a picture with fewer colors, and with the hash of its Markdown. Return the file's size in bytes."""
    metadata = PngImagePlugin.PngInfo()
    metadata.add_text(HASH, digest)
    path = PICTURES / f"{name}.png"
    with Image.open(io.BytesIO(screenshot)) as picture:
        reduced = picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
        reduced.save(path, optimize=True, pnginfo=metadata)
    return path.stat().st_size


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.conf import settings as django_settings
    from playwright.sync_api import sync_playwright

    from tests.e2e.browser.conftest import FLAGS, find_chromium

    django.setup()
    django_settings.CONTENT_DIR = ROOT / "content"  # The example of a hub lists the site's own pages.
    # Render the pages before the browser starts: Playwright's event loop would make Django reject synchronous calls.
    names = sys.argv[1:] or [*kind_examples(), *block_examples()]
    pages = {name: render_page(source_of(name)) for name in names}
    browser_path = find_chromium()
    if not browser_path:
        raise SystemExit(
            "No browser found. Install Chromium (Debian: apt-get install chromium-headless-shell), and run this "
            "command again."
        )
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 800}, color_scheme="light", reduced_motion="reduce")
        page.route("**/static/**", lambda route: route.fulfill(path=ROOT / route.request.url.removeprefix(BASE_URL)))
        page.route(
            f"{BASE_URL}*",
            lambda route: route.fulfill(content_type="text/html", body=pages[route.request.url.removeprefix(BASE_URL)]),
        )
        # Open one page first, so that the browser has cached the font before any screenshot.
        page.goto(BASE_URL + next(reversed(pages)))
        for name in pages:
            page.goto(BASE_URL + name)
            if name == "faq":
                page.locator("summary").first.click()
                page.mouse.move(0, 0)
            section = page.locator("main > section, main > .hero, main > .form-page").first
            print(f"{name:<16} {save(name, screenshot_of(section), hash_of(name)) / 1000:>6.1f} kB")
        browser.close()


if __name__ == "__main__":
    main()
