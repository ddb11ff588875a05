"""The site's icons: all files match icon.svg, and the files at the site's root exist."""

import json
import re
from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from pages.content import document
from pages.content.problems import Source
from scripts import icons

from ...conftest import ROOT, SEED_URL

FOLDER = ROOT / "static" / "img"
SVG = (FOLDER / "icon.svg").read_text()
SIZES = {
    "apple-touch-icon.png": 180,
    "icon-192.png": 192,
    "icon-512.png": 512,
    "icon-maskable-512.png": 512,
}


@pytest.fixture(scope="module")
def drawn():
    return icons.icons()


def frames(data):
    """Return the pixels of each size in an image. An ICO file has several sizes."""
    image = Image.open(BytesIO(data))
    if image.format != "ICO":
        return {image.size: (image.mode, image.tobytes())}
    return {size: (image.ico.getimage(size).mode, image.ico.getimage(size).tobytes()) for size in image.ico.sizes()}


@pytest.mark.parametrize("name", ["favicon.ico", *SIZES])
def test_each_icon_file_matches_the_svg(drawn, name):
    assert frames((FOLDER / name).read_bytes()) == frames(drawn[name]), "run `make icons`"


def test_icon_files_have_the_expected_names_and_sizes(drawn):
    assert {path.name for path in FOLDER.iterdir()} == {"icon.svg", *drawn}
    assert {name: Image.open(BytesIO(drawn[name])).size for name in SIZES} == {
        name: (size, size) for name, size in SIZES.items()
    }
    assert set(frames(drawn["favicon.ico"])) == {(16, 16), (32, 32), (48, 48)}
    assert sum(len(data) for data in drawn.values()) < 25_000


def test_icons_for_phones_are_opaque(drawn):
    for name in ("apple-touch-icon.png", "icon-maskable-512.png"):
        image = Image.open(BytesIO(drawn[name]))
        assert (image.mode, image.getpixel((0, 0))) == ("RGB", (0x2D, 0x2D, 0x3A))


def test_the_maskable_icon_is_drawn_inside_its_safe_zone(drawn):
    image = Image.open(BytesIO(drawn["icon-maskable-512.png"]))
    background = image.getpixel((0, 0))
    distances = [
        ((x - 255.5) ** 2 + (y - 255.5) ** 2) ** 0.5 / 512
        for y in range(0, 512, 2)
        for x in range(0, 512, 2)
        if image.getpixel((x, y)) != background
    ]
    assert 0.25 < max(distances) < 0.4


def test_the_favicon_is_at_the_root(server):
    response = server.get("/favicon.ico")
    assert (response.status, response.headers["Content-Type"]) == (200, "image/x-icon")
    assert response.body == (FOLDER / "favicon.ico").read_bytes()
    assert response.headers["Cache-Control"] == "public, max-age=86400"
    assert server.get("/favicon.ico", "HEAD").body == b""
    assert server.get("/favicon.ico", "POST").status == 405


def test_the_web_manifest_has_the_sites_name_and_icons(server):
    response = server.get("/site.webmanifest")
    assert (response.status, response.headers["Content-Type"]) == (200, "application/manifest+json")
    manifest = json.loads(response.body)
    assert (manifest["name"], manifest["short_name"], manifest["start_url"]) == ("LayersRank", "LayersRank", "/")
    for icon in manifest["icons"]:
        assert re.fullmatch(r"/static/img/icon-[a-z0-9-]+\.[0-9a-f]{12}\.png", icon["src"])
        got = server.get(icon["src"])
        assert got.headers["Content-Type"] == icon["type"]
        assert "x".join(map(str, Image.open(BytesIO(got.body)).size)) == icon["sizes"]
    assert [icon.get("purpose") for icon in manifest["icons"]] == [None, None, "maskable"]


def test_the_web_manifest_escapes_the_sites_name(client, content):
    (content / "site.toml").write_text("name = '\"Ours\" & <Co>'")
    assert json.loads(client.get("/site.webmanifest").content)["name"] == '"Ours" & <Co>'


def test_each_icon_is_linked_in_the_head(server):
    head = BeautifulSoup(server.get(SEED_URL).text, "html.parser").head
    links = {(link["rel"][0], link.get("sizes") or link.get("type")): link["href"] for link in head.find_all("link")}
    assert links["icon", "32x32"] == "/favicon.ico"
    for link in (("icon", "image/svg+xml"), ("apple-touch-icon", None), ("manifest", None)):
        assert server.get(links[link]).status == 200
    colors = [(tag.get("media"), tag["content"]) for tag in head.find_all("meta", {"name": "theme-color"})]
    assert colors == [("(prefers-color-scheme:dark)", "#14141b"), (None, "#2d2d3a")]


@pytest.mark.parametrize("url", ["/favicon.ico", "/site.webmanifest", "/social/a"])
def test_documents_cannot_use_the_urls_of_icons(url):
    page = document.read(Source("content/a.md", f"# A\n## {url}\n\nWords.\n"), "/a", document.Settings({}))
    assert page.url == ""
    assert "bad-url" in {problem.rule for problem in page.problems}
