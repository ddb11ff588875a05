"""`make pictures`: a picture of what each example of the marketers' guide becomes, in `docs/guide/`.

The examples are read out of content/README.md, and shown through the site's own templates. A picture carries the hash
of the Markdown that it was taken of, so that tests/unit/content/test_guide.py can tell when it is out of date.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import tomllib

from PIL import Image, PngImagePlugin

from tests.conftest import ROOT

GUIDE = ROOT / "content" / "README.md"
PICTURES = ROOT / "docs" / "guide"
WIDTH = 1024
COLORS = 128
HASH = "markdown-sha256"
DRAWS_ALSO = {"hero": ("dimensions",)}  # kinds that show something of another

ADDRESS = "http://127.0.0.1:8000/"

_FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1\n", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(#{2,3}) (.+)\n", re.MULTILINE)


def parts(level: int, text: str) -> dict[str, str]:
    """What stands under each heading of `level`, up to the next heading as high or higher, by the heading's words."""
    without_code = _FENCE.sub(lambda block: " " * len(block[0]), text)
    found = [heading for heading in _HEADING.finditer(without_code) if len(heading[1]) <= level]
    ends = [heading.start() for heading in found[1:]] + [len(text)]
    return {
        heading[2]: text[heading.end() : end]
        for heading, end in zip(found, ends, strict=True)
        if len(heading[1]) == level
    }


def examples(text: str) -> list[tuple[str, str]]:
    """The fenced blocks of `text`: what they are said to hold, and what they hold."""
    return [(block[2], block[3]) for block in _FENCE.finditer(text)]


def guide() -> dict[str, str]:
    return parts(2, GUIDE.read_text(encoding="utf-8"))


def frame() -> str:
    """The beginning of the page that all examples belong to."""
    return examples(guide()["How does a document begin?"])[0][1]


def kinds() -> dict[str, str]:
    """The example of each kind of section."""
    return {name: examples(text)[0][1] for name, text in parts(3, guide()["Sections"]).items()}


def source_of(kind: str) -> str:
    """The document that the picture of `kind` is taken of."""
    shown = kinds()
    return "\n".join([frame(), shown[kind], *(shown[other] for other in DRAWS_ALSO.get(kind, ()))])


def hash_of(kind: str) -> str:
    return hashlib.sha256(source_of(kind).encode()).hexdigest()


def settings():
    """What documents take from the site."""
    from pages.content.document import Settings

    site = tomllib.loads((ROOT / "content" / "site.toml").read_text(encoding="utf-8"))
    return Settings(site["calls_to_action"], tuple(site["words"]))


def html_of(text: str) -> str:
    """The whole page of a document, as visitors get it."""
    from django.template.loader import render_to_string

    from leads.forms import LeadForm
    from pages.calculator.forms import calculate
    from pages.content import document
    from pages.content.problems import Source
    from pages.repository import current
    from pages.seo.head_tags import build_head

    page = document.read(Source("content/hire/data-engineer.md", text), "/hire/data-engineer", settings())
    visible = current.visible_pages()
    head = build_head(page, (), visible.library.site, "https://www.layersrank.com")
    calculation = calculate(page.calculator, {}) if page.calculator else None
    context = {
        "calculation": calculation,
        "form": LeadForm(page.form) if page.form else None,
        "page": page,
        "breadcrumbs": (),
        "head": head,
        "site": {},
        "visible": visible,
    }
    return render_to_string("pages/page.html", context)


def save(kind: str, shot: bytes) -> int:
    """Writes a picture with few colors and its hash; how many bytes it has."""
    note = PngImagePlugin.PngInfo()
    note.add_text(HASH, hash_of(kind))
    path = PICTURES / f"{kind}.png"
    with Image.open(io.BytesIO(shot)) as picture:
        few = picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
        few.save(path, optimize=True, pnginfo=note)
    return path.stat().st_size


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from playwright.sync_api import sync_playwright

    from tests.e2e.browser.conftest import FLAGS

    django.setup()
    # Rendered before the browser starts: while it runs, it has the thread's event loop, which Django refuses to share.
    pages = {kind: html_of(source_of(kind)) for kind in kinds()}
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not path:
        raise SystemExit("The pictures need a browser (Debian: apt-get install chromium)")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": 800}, color_scheme="light", reduced_motion="reduce")
        page.route("**/static/**", lambda route: route.fulfill(path=ROOT / route.request.url.removeprefix(ADDRESS)))
        page.route(
            f"{ADDRESS}*",
            lambda route: route.fulfill(content_type="text/html", body=pages[route.request.url.removeprefix(ADDRESS)]),
        )
        page.goto(ADDRESS + next(reversed(pages)))  # the face is there from the second page on
        for kind in pages:
            page.goto(ADDRESS + kind)
            if kind == "faq":
                page.locator("summary").first.click()
                page.mouse.move(0, 0)
            shot = page.locator("main > section, main > .hero").first.screenshot(animations="disabled")
            print(f"{kind:<12} {save(kind, shot) / 1000:>6.1f} kB")
        browser.close()


if __name__ == "__main__":
    main()
