"""Image variants are encoded in advance, without metadata. Variants that a visitor waits for come first."""

import io
import os
import re
import threading

import pytest
from django.core.management import call_command
from PIL import Image, ImageCms

from pages.content import content_folder, images, library
from pages.content.images import Picture
from pages.media import artifact_store, artifacts, on_demand
from pages.media.image_encoding import encode, image_artifacts

from ...support.image_page import IMMUTABLE, PAGE, PANEL, add_image_page, addresses
from ...support.sample_images import SECRET, animation, camera_jpeg, photo, saved
from ...support.sample_images import opened as read_image


@pytest.fixture
def panel(content):
    """The site with a page that shows an image."""
    add_image_page(content)
    return content


def built(content):
    call_command("build_media", stdout=io.StringIO())
    return library.load(content)


# Encoding


def variant_of(raw, format="AVIF", name="a.jpg"):
    """Return two decoded images: the first variant in `format`, and the original without its metadata."""
    picture = images.inspect(f"/{name}", raw)
    assert isinstance(picture, Picture), picture
    first = next(variant for variant in picture.variants if variant.format == format)
    encoded = [encode(raw, picture, variant) for variant in (first, picture.cleaned)]
    assert all(SECRET not in data for data in encoded)
    return [read_image(data) for data in encoded]


@pytest.mark.parametrize("orientation", [1, 2, 3, 4, 5, 6, 7, 8])
def test_exif_orientation_is_applied_and_all_metadata_is_removed(orientation):
    raw = camera_jpeg(600, 400, orientation)
    assert SECRET in raw
    upright = (600, 400) if orientation < 5 else (400, 600)
    for image, width in zip(variant_of(raw), (320, upright[0]), strict=True):
        assert image.size == (width, round(width * upright[1] / upright[0]))
        assert not image.getexif()
        assert {"exif", "xmp", "comment", "icc_profile"}.isdisjoint(image.info)
        # The file's left half is reddish. The orientation determines on which side this half is shown.
        small = image.convert("RGB").resize((2, 2), Image.Resampling.BOX)
        red = {(x, y) for x in (0, 1) for y in (0, 1) if small.getpixel((x, y))[0] > small.getpixel((x, y))[2]}
        left, top, right, bottom = {(0, 0), (0, 1)}, {(0, 0), (1, 0)}, {(1, 0), (1, 1)}, {(0, 1), (1, 1)}
        assert red == [left, right, right, left, top, top, bottom, bottom][orientation - 1]


@pytest.mark.parametrize("format", ["AVIF", "WEBP"])
@pytest.mark.parametrize(
    ("name", "mode", "source"),
    [("a.png", "RGBA", "PNG"), ("a.png", "LA", "PNG"), ("a.webp", "RGBA", "WEBP"), ("a.gif", "RGBA", "GIF")],
)
def test_transparency_is_kept(name, mode, source, format):
    image = photo(400, 200).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 200, 200))
    for decoded in variant_of(saved(image.convert(mode), source), format, name):
        alpha = decoded.convert("RGBA").getchannel("A")
        assert (alpha.getpixel((10, 10)), alpha.getpixel((decoded.width - 10, 10))) == (0, 255)


def test_a_palette_image_keeps_its_transparency_and_mode():
    image = Image.new("P", (400, 200), 1)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(0, (0, 0, 200, 200))
    variant, cleaned = variant_of(saved(image, "PNG", transparency=0), name="a.png")
    assert cleaned.mode == "P"
    for decoded in (variant, cleaned):
        pixels = decoded.convert("RGBA")
        assert pixels.getpixel((10, 10))[3] == 0
        assert pixels.getpixel((decoded.width - 10, 10))[3] == 255
        assert pixels.getpixel((decoded.width - 10, 10))[2] > 200


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "CMYK", "RGB"])
def test_images_in_all_pixel_modes_keep_their_appearance(mode):
    if mode == "I;16":
        raw = saved(Image.new("I;16", (400, 200), 0xC000), "PNG")
    else:
        raw = saved(Image.new("L", (400, 200), 255 if mode == "1" else 0xC0).convert(mode), "TIFF")
        raw = saved(read_image(raw), "JPEG" if mode == "CMYK" else "PNG")
    variant = variant_of(raw)[0].convert("RGB").getpixel((100, 50))
    expected = 255 if mode == "1" else 0xC0
    assert all(abs(value - expected) < 6 for value in variant)


def test_colors_are_converted_to_srgb():
    swapped = saved(Image.new("RGB", (400, 200), (200, 100, 50)), "PNG", icc_profile=_profile("LAB"))
    assert variant_of(swapped)[0].convert("RGB").getpixel((9, 9)) == pytest.approx((200, 100, 50), abs=6)
    srgb = saved(Image.new("RGB", (400, 200), (200, 100, 50)), "JPEG", icc_profile=_profile("sRGB"), quality=95)
    for image in variant_of(srgb):
        assert "icc_profile" not in image.info
        assert image.convert("RGB").getpixel((9, 9)) == pytest.approx((200, 100, 50), abs=6)


def _profile(name):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def test_the_first_image_of_a_multi_picture_file_is_used():
    raw = saved(photo(400, 200), "MPO", save_all=True, append_images=[Image.new("RGB", (40, 20), "lime")])
    variant, cleaned = variant_of(raw)
    assert (variant.size, cleaned.size, cleaned.format) == ((320, 160), (400, 200), "JPEG")


def test_a_variant_of_a_very_wide_image_is_at_least_one_pixel_high():
    assert variant_of(saved(photo(4000, 1), "PNG"))[0].size == (320, 1)


# Building


def test_build_media_generates_missing_files_and_lists_them(panel):
    out = io.StringIO()
    call_command("build_media", stdout=out)
    generated = re.findall(r"^ *[\d.]+ kB +\d+ ms  (/images/.*)$", out.getvalue(), re.MULTILINE)
    (picture,) = library.load(panel).pictures.values()
    assert sorted(generated) == sorted(variant.url for variant in (picture.cleaned, *picture.variants))
    for address in generated:
        with Image.open(io.BytesIO(artifact_store.read(address))) as image:
            width = re.search(r"-(\d+)\.", address)
            assert image.width == (int(width[1]) if width else 600)
    out = io.StringIO()
    call_command("build_media", stdout=out)
    assert out.getvalue() == ""


def test_pages_share_the_variants_of_an_image_but_a_copy_of_the_file_has_its_own_variants(panel):
    (panel / "again.md").write_text(PANEL.replace("/panel\n", "/again\n"))
    (panel / "hire" / "panel.jpg").write_bytes((panel / "images" / "panel.jpg").read_bytes())
    listed = artifacts.all_artifacts(library.load(panel))
    assert sum(address.startswith("/images/") for address in listed) == 7
    assert [address for address in listed if address.startswith("/hire/") and "-" not in address.partition("panel.")[2]]


def test_an_unused_image_has_no_variants(panel):
    (panel / "panel.md").write_text(PAGE.format("[The panel](/images/panel.jpg)"))
    (artifact,) = image_artifacts(library.load(panel))
    assert artifact.variant == artifact.picture.cleaned


def test_other_artifacts_are_built_if_one_fails(panel, monkeypatch, caplog):
    original_write = artifact_store.write

    def write(address, data):
        if address.endswith("-480.webp"):
            raise OSError("no space left")
        original_write(address, data)

    monkeypatch.setattr(artifact_store, "write", write)
    out = io.StringIO()
    call_command("build_media", stdout=out)
    assert "Files that failed: 1" in out.getvalue()
    missing = [
        address for address in artifacts.all_artifacts(library.load(panel)) if not artifact_store.exists(address)
    ]
    assert len(missing) == 1
    assert missing[0] in caplog.text


def test_a_file_that_changed_is_not_stored_under_its_old_hash(panel, caplog):
    before = library.load(panel)
    (panel / "images" / "panel.jpg").write_bytes(camera_jpeg(640, 480))
    assert [
        address for address in artifacts.build(artifacts.all_artifacts(before)) if address.startswith("/images/")
    ] == []
    assert "changed after the site read the documents" in caplog.text


def test_find_returns_the_artifact_at_a_url(panel):
    site = library.load(panel)
    expected = artifacts.all_artifacts(site)
    assert {url: artifacts.find(site, url) for url in expected} == expected
    for address in ("/social/panel.0123456789ab.png", "/social/none.png", "/images/panel.jpg", "/social/", "/"):
        assert artifacts.find(site, address) is None


def test_a_url_without_the_hash_of_a_picture_looks_up_no_file(panel, monkeypatch):
    site, looked_up = library.load(panel), []
    monkeypatch.setattr(content_folder, "find_file", lambda folder, url: looked_up.append(url))
    assert artifacts.find(site, "/images/panel.0123456789abcdef-320.avif") is None and looked_up == []


def test_concurrent_builds_generate_each_artifact_once(panel, monkeypatch):
    site = library.load(panel)
    generated, running = [], []
    encode = artifacts.image_encoding.encode

    def slowly(*arguments):
        running.append(None)
        assert len(running) == 1, "two at once"
        data = encode(*arguments)
        running.pop()
        return data

    monkeypatch.setattr(artifacts.image_encoding, "encode", slowly)

    def build():
        generated.extend(artifacts.build(artifacts.all_artifacts(site)))

    threads = [threading.Thread(target=build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(generated) == sorted(artifacts.all_artifacts(site))


def test_old_unreferenced_files_are_deleted(panel):
    site = built(panel)
    used = next(iter(artifacts.all_artifacts(site)))
    for address in ("/images/old.0123456789abcdef-320.avif", "/images/new.0123456789abcdef-320.avif", "/images/.x"):
        artifact_store.write(address, b"x")
    for address in (used, "/images/old.0123456789abcdef-320.avif"):
        os.utime(artifact_store._path(address), (0, 0))
    list(artifacts.build(artifacts.all_artifacts(site)))
    assert artifact_store.exists(used)
    assert not artifact_store.exists("/images/old.0123456789abcdef-320.avif")
    assert artifact_store.exists("/images/new.0123456789abcdef-320.avif")


def test_files_are_written_atomically(panel, settings, monkeypatch):
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("no power")))
    with pytest.raises(OSError, match="no power"):
        artifact_store.write("/images/a.0123456789abcdef.jpg", b"words")
    assert not [path for path in settings.BUILD_DIR.rglob("*") if path.is_file()]


@pytest.mark.parametrize("address", ["/../secret.0123456789abcdef.jpg", "/.lock", "/a\0.jpg", "/" + "a" * 9000, "/"])
def test_only_artifacts_can_be_read(settings, tmp_path, address):
    settings.BUILD_DIR = tmp_path / "build"
    with artifact_store.lock():
        (tmp_path / "secret.0123456789abcdef.jpg").write_bytes(b"secret")
    assert artifact_store.read(address) is None


# Serving


def test_every_image_url_on_a_page_is_served_as_immutable(client, panel):
    built(panel)
    html = client.get("/panel").content.decode()
    urls = addresses(html)
    assert len(urls) == 7
    for address in urls:
        response = client.get(address)
        assert (response.status_code, response["Cache-Control"]) == (200, IMMUTABLE)
        image = read_image(response.content)
        assert response["Content-Type"] == f"image/{image.format.lower()}"
        assert client.post(address).status_code == 405
    assert client.get(urls[0].replace("panel.", "panels.")).status_code == 404


def test_the_url_of_an_original_image_serves_a_copy_without_metadata(client, panel):
    built(panel)
    response = client.get("/images/panel.jpg")
    assert (response.status_code, response["Content-Type"]) == (200, "image/jpeg")
    assert response["Cache-Control"].startswith("public, max-age=0")
    assert client.get("/images/panel.jpg", headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert read_image(response.content).size == (600, 150)
    assert SECRET not in response.content


def test_originals_are_not_served_at_alternative_paths(client, panel):
    (panel / "again").symlink_to(panel / "images")
    (panel / "images" / "broken.jpg").write_bytes(camera_jpeg()[:-400])
    (panel / "images" / "panel2.JPEG").write_bytes(camera_jpeg())
    built(panel)
    for path in (
        "/again/panel.jpg",
        "/images//panel.jpg",
        "/images/../images/panel.jpg",
        "/images/broken.jpg",
        "/images/panel2.JPEG",
        "/IMAGES/panel.jpg",
    ):
        assert SECRET not in client.get(path).content
    assert client.get("/images/broken.jpg").status_code == 404


def test_the_image_named_in_meta_is_served_without_metadata(client, panel):
    (panel / "panel.md").write_text(PANEL.replace("Title:", "Image: /images/panel.jpg\nTitle:"))
    built(panel)
    html = client.get("/panel").content.decode()
    assert 'content="http://127.0.0.1:8000/images/panel.jpg"' in html
    assert client.get("/images/panel.jpg").status_code == 200


def test_svg_and_animations_are_served_unchanged(client, panel):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>'
    for name, raw, type in (
        ("logo.svg", drawing, "image/svg+xml"),
        ("dance.gif", animation(), "image/gif"),
        ("dance.webp", animation("WEBP"), "image/webp"),
    ):
        (panel / "images" / name).write_bytes(raw)
        response = client.get(f"/images/{name}")
        assert (response.status_code, response["Content-Type"], response.getvalue()) == (200, type, raw)


def test_missing_files_are_generated_on_request_in_development(client, panel, settings):
    settings.DEBUG = True
    urls = addresses(client.get("/panel").content.decode())
    assert not any(map(artifact_store.exists, urls))
    assert [client.get(address).status_code for address in urls] == [200] * 7
    assert client.get(urls[0].replace("panel.", "panels.")).status_code == 404


def test_a_missing_file_is_queued_and_gets_503_with_retry_after(client, panel, monkeypatch):
    queued = []
    monkeypatch.setattr(on_demand, "enqueue", lambda *addresses: queued.extend(addresses))
    (first, *_) = addresses(client.get("/panel").content.decode())
    (cleaned,) = (variant.cleaned.url for variant in library.load(panel).pictures.values())
    for path in (first, "/images/panel.jpg"):
        response = client.get(path)
        assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "1", "no-store")
    assert queued == [first, cleaned]


# Under gunicorn
