"""Image files: inspection, variants, and images in documents and libraries."""

import os
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from pages.content import images, library
from pages.content.document import Settings
from pages.content.images import Picture, RejectedImage, image_url, inspect
from tests.support.content_samples import HEADER, SETTINGS, read
from tests.support.sample_images import animation, camera_jpeg, claimed_png, exif, photo, saved

JPEG = camera_jpeg()
SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}><path d="M0 0h9"/></svg>'


def svg(attributes=""):
    return SVG.format(attributes).encode()


# Inspection


@pytest.mark.parametrize(
    ("name", "raw", "format", "size", "animated"),
    [
        ("a.jpg", JPEG, "JPEG", (300, 200), False),
        ("a.jpg", camera_jpeg(orientation=6), "JPEG", (200, 300), False),
        ("a.jpg", camera_jpeg(orientation=3), "JPEG", (300, 200), False),
        ("a.jpg", saved(photo(), "JPEG", progressive=True), "JPEG", (300, 200), False),
        ("a.jpg", saved(photo().convert("CMYK"), "JPEG"), "JPEG", (300, 200), False),
        ("a.jpg", saved(photo(), "MPO", save_all=True, append_images=[photo(30, 20)]), "JPEG", (300, 200), False),
        ("a.jpg", saved(Image.new("RGB", (1, 1)), "JPEG"), "JPEG", (1, 1), False),
        ("named-wrongly.png", JPEG, "JPEG", (300, 200), False),
        ("a.png", saved(photo().convert("RGBA"), "PNG"), "PNG", (300, 200), False),
        ("a.PNG", saved(photo().convert("P"), "PNG"), "PNG", (300, 200), False),
        ("a.webp", saved(photo(), "WEBP"), "WEBP", (300, 200), False),
        ("a.avif", saved(photo(30, 20), "AVIF"), "AVIF", (30, 20), False),
        ("a.gif", saved(photo(30, 20), "GIF"), "GIF", (30, 20), False),
        ("a.gif", animation(), "GIF", (40, 30), True),
        ("a.webp", animation("WEBP"), "WEBP", (40, 30), True),
        ("a.svg", svg('width="120" height="80px"'), "SVG", (120, 80), False),
        ("a.svg", svg('width="100%" viewBox="0 0 640 480.4"'), "SVG", (640, 480), False),
        ("a.svg", svg('viewBox="0,0 24,24"'), "SVG", (24, 24), False),
        ("a.svg", svg('width="0" height="9"'), "SVG", (0, 0), False),
        ("a.svg", svg('width="1e99" height="99999999"'), "SVG", (0, 0), False),
        ("a.svg", svg(), "SVG", (0, 0), False),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY size "24">]>' + svg('width="&size;" height="24"'), "SVG", (24, 24), False),
    ],
)
def test_inspect_returns_the_format_and_size_of_an_image(name, raw, format, size, animated):
    image = inspect(f"/images/{name}", raw)
    assert isinstance(image, Picture), image
    assert (image.format, (image.width, image.height), image.is_animated) == (format, size, animated)
    assert image.url == f"/images/{name}"


NESTED_ENTITIES = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
PNG = saved(photo(), "PNG")


@pytest.mark.parametrize(
    ("name", "raw", "rule", "phrase"),
    [
        ("a.jpg", JPEG[: len(JPEG) // 2], "broken-image", "damaged or incomplete"),
        ("a.jpg", JPEG[:-200], "broken-image", "damaged or incomplete"),
        ("a.png", PNG[: len(PNG) // 2], "broken-image", "damaged or incomplete"),
        ("a.webp", saved(photo(), "WEBP")[:-300], "broken-image", "damaged or incomplete"),
        ("a.avif", saved(photo(90, 60), "AVIF")[:-300], "broken-image", "the file is incomplete"),
        ("a.gif", saved(photo(90, 60), "GIF")[:2000], "broken-image", "damaged or incomplete"),
        ("a.jpg", b"Dear all, please find", "broken-image", "not an image"),
        ("a.jpg", b"", "broken-image", "not an image"),
        ("a.jpg", b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "broken-image", "not an image"),
        ("a.png", saved(photo(), "BMP"), "broken-image", "not an image"),
        ("a.png", saved(photo(), "TIFF"), "broken-image", "not an image"),
        ("a.jpg", svg(), "broken-image", "not an image"),
        ("a.svg", b"<html></html>", "broken-image", "not an image"),
        ("a.svg", svg()[:-9], "broken-image", "damaged or incomplete"),
        ("a.svg", JPEG, "broken-image", "damaged or incomplete"),
        ("a.svg", f"<!DOCTYPE svg [{NESTED_ENTITIES}]><svg>&l11;</svg>".encode(), "broken-image", "entities"),
        (
            "a.svg",
            b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
            "broken-image",
            "entities",
        ),
        ("a.webp", animation("WEBP", exif=exif()), "broken-image", "metadata"),
        ("bomb.png", claimed_png(7_000, 6_000), "image-too-large", "40 million pixels"),
        ("bomb.png", claimed_png(60_000, 60_000), "image-too-large", "40 million pixels"),
        ("long.png", claimed_png(16_384, 10), "image-too-large", "16384 × 10 pixels"),
        ("large.jpg", JPEG + bytes(images.MAX_BYTES), "image-too-large", "20.0 MB"),
    ],
)
def test_inspect_rejects_a_file(name, raw, rule, phrase):
    rejected = inspect(f"/images/{name}", raw)
    assert isinstance(rejected, RejectedImage), rejected
    assert rejected.rule == rule
    assert phrase in rejected.message
    assert rejected.help


def test_animation_with_too_many_pixels_is_rejected(monkeypatch):
    monkeypatch.setattr(images, "MAX_FRAMES_PIXELS", 40 * 30 * 3 - 1)
    assert "3 frames" in inspect("/a.gif", animation()).message


def test_digest_depends_on_bytes_and_variant_version(monkeypatch):
    first, same, other = (inspect("/a.jpg", raw).digest for raw in (JPEG, JPEG, camera_jpeg()))
    assert first == same != other
    monkeypatch.setattr(images, "VARIANT_VERSION", images.VARIANT_VERSION + 1)
    assert inspect("/a.jpg", JPEG).digest != first


# Variants


def picture(width=3000, height=2000, url="/images/panel.jpg", format="JPEG", animated=False):
    return Picture(url, width, height, format, "0123456789abcdef", animated)


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (3000, [320, 480, 640, 960, 1280]),
        (1280, [320, 480, 640, 960, 1280]),
        (700, [320, 480, 640, 700]),
        (320, [320]),
        (10, [10]),
    ],
)
def test_variant_widths(width, widths):
    for format in ("AVIF", "WEBP"):
        assert [variant.width for variant in picture(width).variants if variant.format == format] == widths


def test_variant_urls_contain_the_folder_and_digest_of_the_picture():
    assert [variant.url for variant in picture(400).variants] == [
        "/images/panel.0123456789abcdef-320.avif",
        "/images/panel.0123456789abcdef-400.avif",
        "/images/panel.0123456789abcdef-320.webp",
        "/images/panel.0123456789abcdef-400.webp",
    ]
    assert picture().cleaned.url == "/images/panel.0123456789abcdef.jpg"
    assert picture(url="/hire/deep/Named.Wrongly.png").cleaned.url == "/hire/deep/Named.Wrongly.0123456789abcdef.jpg"


def test_variant_file_names_are_shorter_than_the_limit():
    long_named = picture(url=f"/images/{'न' * 84}.jpg")
    assert max(len(variant.url.rpartition("/")[2].encode()) for variant in long_named.variants) < 200


def test_svgs_and_animations_have_no_variants():
    assert picture(format="SVG").variants == picture(animated=True, format="GIF").variants == ()


# In a document


def render(body, pictures):
    """Parse a document with `body`. Return its page, and its HTML as parsed by BeautifulSoup."""
    page = read(HEADER + body, settings=replace(SETTINGS, pictures=pictures))
    html = "".join(part.html for section in page.sections for part in section.body)
    return page, BeautifulSoup(html, "html.parser")


def test_image_is_offered_in_all_sizes_and_formats():
    page, soup = render('## A\n\n![The *panel*](images/panel.jpg "At work & play")', {"/images/panel.jpg": picture()})
    avif, webp = soup.figure.picture.find_all("source")
    assert (avif["type"], webp["type"]) == ("image/avif", "image/webp")
    assert avif["sizes"] == webp["sizes"] == "(min-width: 44rem) 40rem, 100vw"
    assert avif["srcset"].split(", ")[2] == "/images/panel.0123456789abcdef-640.avif 640w"
    assert webp["srcset"].split(", ")[4] == "/images/panel.0123456789abcdef-1280.webp 1280w"
    img = soup.figure.picture.img
    assert {name: img[name] for name in ("src", "alt", "width", "height", "decoding")} == {
        "src": "/images/panel.0123456789abcdef.jpg",
        "alt": "The panel",
        "width": "3000",
        "height": "2000",
        "decoding": "async",
    }
    assert soup.figcaption.text == "At work & play"
    assert page.problems == ()


def test_images_outside_the_first_section_load_lazily():
    pictures = {"/a.jpg": picture(url="/a.jpg")}
    _, soup = render(
        "## ONE\n\nWords ![a](a.jpg)\n\n- ![b](a.jpg)\n\n## TWO\n\n![c](a.jpg)\n\n> ![d](/a.jpg)", pictures
    )
    assert {img["alt"]: img.get("loading") for img in soup.find_all("img")} == {
        "a": None,
        "b": None,
        "c": "lazy",
        "d": "lazy",
    }


def test_svg_or_animation_is_shown_unchanged_with_its_size():
    pictures = {
        "/logo.svg": picture(24, 20, "/logo.svg", "SVG"),
        "/unsized.svg": picture(0, 0, "/unsized.svg", "SVG"),
        "/animation.gif": picture(40, 30, "/animation.gif", "GIF", animated=True),
    }
    _, soup = render("## A\n\n![a](logo.svg) ![b](unsized.svg) ![c](animation.gif) in a line", pictures)
    assert soup.picture is None
    assert [(img["src"], img.get("width"), img.get("height")) for img in soup.find_all("img")] == [
        ("/logo.svg", "24", "20"),
        ("/unsized.svg", None, None),
        ("/animation.gif", "40", "30"),
    ]


def test_sizes_of_a_small_picture():
    _, soup = render("## A\n\n![a](/images/panel.jpg)", {"/images/panel.jpg": picture(300, 200)})
    assert soup.source["sizes"] == "(min-width: 364px) 300px, 100vw"


@pytest.mark.parametrize(
    "markdown",
    [
        "![a](images/My%20Panel,%20Pune.JPG)",
        "![a](<images/My Panel, Pune.JPG>)",
        "![a](/images/My%20Panel%2C%20Pune.JPG)",
        "![a](images/My%20Panel,%20Pune.JPG?v=2#top)",
        "![a][1]\n\n[1]: images/My%20Panel,%20Pune.JPG",
    ],
)
def test_image_names_with_spaces_are_found_and_percent_encoded_in_srcset(markdown):
    url = "/images/My Panel, Pune.JPG"
    _, soup = render(f"## A\n\n{markdown}", {url: picture(400, url=url)})
    assert soup.source["srcset"] == (
        "/images/My%20Panel%2C%20Pune.0123456789abcdef-320.avif 320w, "
        "/images/My%20Panel%2C%20Pune.0123456789abcdef-400.avif 400w"
    )


def test_rejected_image_is_reported_at_each_use():
    rejected = inspect("/images/panel.jpg", JPEG[:2000])
    meta = "Image: /images/panel.jpg\nTitle: A title"
    text = HEADER.replace("Title: A title", meta) + "## A\n\nWords, and ![the panel](images/panel.jpg) of four."
    page = read(text, settings=Settings({}, pictures={"/images/panel.jpg": rejected}))
    assert [
        (problem.rule, problem.level, page.source.line(problem.line)[problem.column - 1 :][: problem.length])
        for problem in page.problems
    ] == [("broken-image", "error", "/images/panel.jpg"), ("broken-image", "error", "the panel")]


def test_image_url_is_absolute():
    assert image_url("images/../a%20b.jpg") == "/a b.jpg"
    assert image_url("https://example.com/a.jpg") == "https://example.com/a.jpg"


# In a library


@pytest.fixture
def folder(tmp_path):
    """Return a content folder in which two documents use the same image, and one document uses no image."""
    content = tmp_path / "content"
    (content / "images").mkdir(parents=True)
    for name in "ab":
        (content / f"{name}.md").write_text(f"# {name}\n\n## ONE\n\n![The panel](images/panel.jpg)\n")
    (content / "c.md").write_text("# c\n\n## ONE\n\nWords.\n")
    (content / "images" / "panel.jpg").write_bytes(JPEG)
    return content


def test_image_used_twice_is_inspected_once(folder, monkeypatch):
    inspected = []
    monkeypatch.setattr(library.images, "inspect", lambda url, raw: (inspected.append(url), inspect(url, raw))[1])
    before = library.load(folder)
    after = library.load(folder, before)
    assert inspected == ["/images/panel.jpg"]
    assert dict(after.pictures) == dict(before.pictures)
    assert all(after.pages[url] is before.pages[url] for url in ("/a", "/b", "/c"))


def image_problems(result):
    return {(problem.path, problem.rule) for problem in result.all_problems if "image" in problem.rule}


def test_documents_are_read_again_when_their_image_changes(folder):
    panel = folder / "images" / "panel.jpg"
    first = current = library.load(folder)
    html = [first.pages["/a"].sections[0].body[0].html]
    for raw, width, rule in (
        (camera_jpeg(600, 400), ["600"], None),
        (JPEG[:2000], [], "broken-image"),
        (None, [], "missing-image"),
        (JPEG, ["300"], None),
    ):
        panel.write_bytes(raw) if raw else panel.unlink()
        current = library.load(folder, current)
        html.append(current.pages["/a"].sections[0].body[0].html)
        assert re.findall(r'width="(\d+)"', html[-1]) == width
        assert image_problems(current) == ({("content/a.md", rule), ("content/b.md", rule)} if rule else set())
        assert current.pages["/c"] is first.pages["/c"]
    assert html[0] == html[-1]


def test_changed_image_with_the_same_file_size_is_detected_by_modification_time(folder):
    panel = folder / "images" / "panel.jpg"
    before = library.load(folder)
    panel.write_bytes(bytes(len(JPEG)))
    os.utime(panel, ns=(1, 1))
    assert image_problems(library.load(folder, before))


def test_images_outside_the_content_folder_are_ignored(folder):
    (folder.parent / "outside.jpg").write_bytes(JPEG)
    (folder / "images" / "out.jpg").symlink_to(folder.parent / "outside.jpg")
    (folder / "images" / "again.jpg").symlink_to(folder / "images" / "panel.jpg")
    assert sorted(library.load(folder).pictures) == ["/images/again.jpg", "/images/panel.jpg"]


def test_too_large_file_is_not_read(folder, monkeypatch):
    with (folder / "images" / "panel.jpg").open("wb") as file:
        file.truncate(images.MAX_BYTES + 1)
    monkeypatch.setattr(library.images, "inspect", lambda *_: pytest.fail("it was read"))
    assert image_problems(library.load(folder)) == {
        ("content/a.md", "image-too-large"),
        ("content/b.md", "image-too-large"),
    }
