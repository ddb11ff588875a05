"""What visitors get of an image: made ahead of them, without what a camera notes, and put first where they wait."""

import fcntl
import io
import os
import re
import threading
import time
from hashlib import sha256

import pytest
from django.core.management import call_command
from PIL import Image, ImageCms

from pages.content import images, library
from pages.content.images import Picture
from pages.media import artifact_store, artifacts, on_demand
from pages.media.image_encoding import encode, image_artifacts

from ...conftest import serving
from ...support.sample_images import SECRET, animation, camera_jpeg, photo, saved
from ...support.sample_images import opened as read_image

FOR_GOOD = "public, max-age=31536000, immutable"
PAGE = "# Panel\n## /panel\n\n## META\n\n```\nTitle: Panel\n```\n\n## ONE\n\n{}\n"
PANEL = PAGE.format('![The panel](images/panel.jpg "Caption")')


@pytest.fixture
def panel(content):
    """The site with a page that shows a photo as a phone makes it, held upright."""
    for path in list(content.rglob("*.md")):  # a page has a social card, and a card takes a tenth of a second to draw
        if path.name not in ("index.md", "pricing.md"):
            path.unlink()
    (content / "images").mkdir()
    (content / "images" / "panel.jpg").write_bytes(camera_jpeg(900, 600, orientation=6))
    (content / "panel.md").write_text(PANEL)
    return content


def built(content):
    call_command("build_media", stdout=io.StringIO())
    return library.load(content)


def addresses(html, pattern=r"/images/[^\s\"]+"):
    return sorted(set(re.findall(pattern, html)))


# Making


def variant_of(raw, format="AVIF", name="a.jpg"):
    """The first variant of a file in `format`, and its cleaned copy, decoded."""
    picture = images.inspect(f"/{name}", raw)
    assert isinstance(picture, Picture), picture
    first = next(variant for variant in picture.variants if variant.format == format)
    made = [encode(raw, picture, variant) for variant in (first, picture.cleaned)]
    assert all(SECRET not in data for data in made)
    return [read_image(data) for data in made]


@pytest.mark.parametrize("orientation", [1, 2, 3, 4, 5, 6, 7, 8])
def test_a_photo_is_turned_as_its_camera_was_held_and_tells_nothing_else(orientation):
    raw = camera_jpeg(600, 400, orientation)
    assert SECRET in raw
    upright = (600, 400) if orientation < 5 else (400, 600)
    for image, width in zip(variant_of(raw), (320, upright[0]), strict=True):
        assert image.size == (width, round(width * upright[1] / upright[0]))
        assert not image.getexif()
        assert {"exif", "xmp", "comment", "icc_profile"}.isdisjoint(image.info)
        # Where the file's reddish left half has gone: {left, top, right, bottom}.
        small = image.convert("RGB").resize((2, 2), Image.Resampling.BOX)
        red = {(x, y) for x in (0, 1) for y in (0, 1) if small.getpixel((x, y))[0] > small.getpixel((x, y))[2]}
        left, top, right, bottom = {(0, 0), (0, 1)}, {(0, 0), (1, 0)}, {(1, 0), (1, 1)}, {(0, 1), (1, 1)}
        assert red == [left, right, right, left, top, top, bottom, bottom][orientation - 1]


@pytest.mark.parametrize("format", ["AVIF", "WEBP"])
@pytest.mark.parametrize(
    ("name", "mode", "source"),
    [("a.png", "RGBA", "PNG"), ("a.png", "LA", "PNG"), ("a.webp", "RGBA", "WEBP"), ("a.gif", "RGBA", "GIF")],
)
def test_what_one_can_see_through_stays_so(name, mode, source, format):
    image = photo(400, 200).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 200, 200))
    for found in variant_of(saved(image.convert(mode), source), format, name):
        alpha = found.convert("RGBA").getchannel("A")
        assert (alpha.getpixel((10, 10)), alpha.getpixel((found.width - 10, 10))) == (0, 255)


def test_a_palette_keeps_its_transparency_and_its_weight():
    image = Image.new("P", (400, 200), 1)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(0, (0, 0, 200, 200))
    variant, cleaned = variant_of(saved(image, "PNG", transparency=0), name="a.png")
    assert cleaned.mode == "P"
    for found in (variant, cleaned):
        pixels = found.convert("RGBA")
        assert pixels.getpixel((10, 10))[3] == 0
        assert pixels.getpixel((found.width - 10, 10))[3] == 255
        assert pixels.getpixel((found.width - 10, 10))[2] > 200


@pytest.mark.parametrize("mode", ["1", "L", "I;16", "CMYK", "RGB"])
def test_every_kind_of_pixel_comes_out_as_it_looks(mode):
    if mode == "I;16":
        raw = saved(Image.new("I;16", (400, 200), 0xC000), "PNG")
    else:
        raw = saved(Image.new("L", (400, 200), 255 if mode == "1" else 0xC0).convert(mode), "TIFF")
        raw = saved(read_image(raw), "JPEG" if mode == "CMYK" else "PNG")
    variant = variant_of(raw)[0].convert("RGB").getpixel((100, 50))
    wanted = 255 if mode == "1" else 0xC0
    assert all(abs(value - wanted) < 6 for value in variant)


def test_colors_of_another_profile_are_turned_into_those_of_the_web():
    swapped = saved(Image.new("RGB", (400, 200), (200, 100, 50)), "PNG", icc_profile=_profile("LAB"))
    assert variant_of(swapped)[0].convert("RGB").getpixel((9, 9)) == pytest.approx((200, 100, 50), abs=6)
    known = saved(Image.new("RGB", (400, 200), (200, 100, 50)), "JPEG", icc_profile=_profile("sRGB"), quality=95)
    for image in variant_of(known):
        assert "icc_profile" not in image.info
        assert image.convert("RGB").getpixel((9, 9)) == pytest.approx((200, 100, 50), abs=6)


def _profile(name):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()


def test_a_phones_file_of_several_images_is_the_first_of_them():
    raw = saved(photo(400, 200), "MPO", save_all=True, append_images=[Image.new("RGB", (40, 20), "lime")])
    variant, cleaned = variant_of(raw)
    assert (variant.size, cleaned.size, cleaned.format) == ((320, 160), (400, 200), "JPEG")


def test_a_line_of_pixels_has_a_height():
    assert variant_of(saved(photo(4000, 1), "PNG"))[0].size == (320, 1)


# Building


def test_the_command_makes_what_is_missing_and_says_so(panel):
    out = io.StringIO()
    call_command("build_media", stdout=out)
    made = re.findall(r"^ *[\d.]+ kB +\d+ ms  (/images/.*)$", out.getvalue(), re.MULTILINE)
    (picture,) = library.load(panel).pictures.values()
    assert sorted(made) == sorted(variant.url for variant in (picture.cleaned, *picture.variants))
    for address in made:
        with Image.open(io.BytesIO(artifact_store.read(address))) as image:
            width = re.search(r"-(\d+)\.", address)
            assert image.width == (int(width[1]) if width else 600)
    out = io.StringIO()
    call_command("build_media", stdout=out)
    assert out.getvalue() == ""


def test_two_pages_with_one_image_and_two_files_of_one_content(panel):
    (panel / "again.md").write_text(PANEL.replace("/panel\n", "/again\n"))
    (panel / "hire" / "panel.jpg").write_bytes((panel / "images" / "panel.jpg").read_bytes())
    listed = artifacts.all_artifacts(library.load(panel))
    assert sum(address.startswith("/images/") for address in listed) == 7
    assert [address for address in listed if address.startswith("/hire/") and "-" not in address.partition("panel.")[2]]


def test_an_image_that_no_page_shows_is_only_cleaned(panel):
    (panel / "panel.md").write_text(PAGE.format("[The panel](/images/panel.jpg)"))
    (made,) = image_artifacts(library.load(panel))
    assert made.variant == made.picture.cleaned


def test_one_that_fails_stops_no_other(panel, monkeypatch, caplog):
    whole = artifact_store.write

    def write(address, data):
        if address.endswith("-480.webp"):
            raise OSError("no space left")
        whole(address, data)

    monkeypatch.setattr(artifact_store, "write", write)
    out = io.StringIO()
    call_command("build_media", stdout=out)
    assert "1 failed" in out.getvalue()
    missing = [
        address for address in artifacts.all_artifacts(library.load(panel)) if not artifact_store.exists(address)
    ]
    assert len(missing) == 1
    assert missing[0] in caplog.text


def test_a_file_that_changed_since_it_was_looked_at_is_not_put_under_its_old_hash(panel, caplog):
    before = library.load(panel)
    (panel / "images" / "panel.jpg").write_bytes(camera_jpeg(640, 480))
    assert [
        address for address in artifacts.build(artifacts.all_artifacts(before)) if address.startswith("/images/")
    ] == []
    assert "changed after its page was read" in caplog.text


def test_what_stands_at_an_address_is_found_without_a_list(panel):
    found = library.load(panel)
    assert {
        address: artifacts.find(found, address) for address in artifacts.all_artifacts(found)
    } == artifacts.all_artifacts(found)
    for address in ("/social/panel.0123456789ab.png", "/social/none.png", "/images/panel.jpg", "/social/", "/"):
        assert artifacts.find(found, address) is None


def test_what_two_builds_make_at_once_is_made_once(panel, monkeypatch):
    found = library.load(panel)
    made, running = [], []
    encode = artifacts.image_encoding.encode

    def slowly(*arguments):
        running.append(None)
        assert len(running) == 1, "two at once"
        data = encode(*arguments)
        running.pop()
        return data

    monkeypatch.setattr(artifacts.image_encoding, "encode", slowly)
    threads = [
        threading.Thread(target=lambda: made.extend(artifacts.build(artifacts.all_artifacts(found)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == sorted(artifacts.all_artifacts(found))


def test_old_files_that_nothing_names_are_removed(panel):
    found = built(panel)
    named = next(iter(artifacts.all_artifacts(found)))
    for address in ("/images/old.0123456789abcdef-320.avif", "/images/new.0123456789abcdef-320.avif", "/images/.x"):
        artifact_store.write(address, b"x")
    for address in (named, "/images/old.0123456789abcdef-320.avif"):
        os.utime(artifact_store._path(address), (0, 0))
    list(artifacts.build(artifacts.all_artifacts(found)))
    assert artifact_store.exists(named)
    assert not artifact_store.exists("/images/old.0123456789abcdef-320.avif")
    assert artifact_store.exists("/images/new.0123456789abcdef-320.avif")


def test_a_file_is_there_whole_or_not_at_all(panel, settings, monkeypatch):
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError("no power")))
    with pytest.raises(OSError, match="no power"):
        artifact_store.write("/images/a.0123456789abcdef.jpg", b"words")
    assert not [path for path in settings.BUILD_DIR.rglob("*") if path.is_file()]


@pytest.mark.parametrize("address", ["/../secret.0123456789abcdef.jpg", "/.lock", "/a\0.jpg", "/" + "a" * 9000, "/"])
def test_nothing_but_what_was_made_is_read(settings, tmp_path, address):
    settings.BUILD_DIR = tmp_path / "build"
    with artifact_store.lock():
        (tmp_path / "secret.0123456789abcdef.jpg").write_bytes(b"secret")
    assert artifact_store.read(address) is None


# Serving


def test_every_address_that_a_page_names_is_answered_for_good(client, panel):
    built(panel)
    html = client.get("/panel").content.decode()
    named = addresses(html)
    assert len(named) == 7
    for address in named:
        answer = client.get(address)
        assert (answer.status_code, answer["Cache-Control"]) == (200, FOR_GOOD)
        image = read_image(answer.content)
        assert answer["Content-Type"] == f"image/{image.format.lower()}"
        assert client.post(address).status_code == 405
    assert client.get(named[0].replace("panel.", "panels.")).status_code == 404


def test_the_plain_address_of_an_image_gives_the_cleaned_copy(client, panel):
    built(panel)
    for path in ("/images/panel.jpg", "/images//panel.jpg", "/images/../images/panel.jpg"):
        answer = client.get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert "Cache-Control" not in answer
        assert read_image(answer.content).size == (600, 900)
        assert SECRET not in answer.content


def test_no_original_is_ever_served_by_another_way(client, panel):
    (panel / "again").symlink_to(panel / "images")
    (panel / "images" / "broken.jpg").write_bytes(camera_jpeg()[:-400])
    (panel / "images" / "panel2.JPEG").write_bytes(camera_jpeg())
    built(panel)
    for path in ("/again/panel.jpg", "/images/broken.jpg", "/images/panel2.JPEG", "/IMAGES/panel.jpg"):
        assert SECRET not in client.get(path).content
    assert client.get("/images/broken.jpg").status_code == 404


def test_metas_image_is_the_cleaned_copy(client, panel):
    (panel / "panel.md").write_text(PANEL.replace("Title:", "Image: /images/panel.jpg\nTitle:"))
    built(panel)
    html = client.get("/panel").content.decode()
    assert 'content="http://127.0.0.1:8000/images/panel.jpg"' in html
    assert client.get("/images/panel.jpg").status_code == 200


def test_drawings_and_animations_are_served_as_they_are(client, panel):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"/>'
    for name, raw, type in (
        ("logo.svg", drawing, "image/svg+xml"),
        ("dance.gif", animation(), "image/gif"),
        ("dance.webp", animation("WEBP"), "image/webp"),
    ):
        (panel / "images" / name).write_bytes(raw)
        answer = client.get(f"/images/{name}")
        assert (answer.status_code, answer["Content-Type"], answer.content) == (200, type, raw)


def test_with_debug_what_is_missing_is_made_while_its_writer_waits(client, panel, settings):
    settings.DEBUG = True
    named = addresses(client.get("/panel").content.decode())
    assert not any(map(artifact_store.exists, named))
    assert [client.get(address).status_code for address in named] == [200] * 7
    assert client.get(named[0].replace("panel.", "panels.")).status_code == 404


def test_what_is_not_made_yet_is_promised_and_put_first(client, panel, monkeypatch):
    asked = []
    monkeypatch.setattr(on_demand, "enqueue", lambda *addresses: asked.extend(addresses))
    (named, *_) = addresses(client.get("/panel").content.decode())
    (cleaned,) = (variant.cleaned.url for variant in library.load(panel).pictures.values())
    for path in (named, "/images/panel.jpg"):
        answer = client.get(path)
        assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "1", "no-store")
    assert asked == [named, cleaned]


# Under gunicorn


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("media")) as running:
        (running.content / "images").mkdir()
        yield running


def until(ready):
    for _ in range(12_000):
        if result := ready():
            return result
        time.sleep(0.05)
    pytest.fail("it did not come")


def whole(server, address):
    answer = until(lambda: (found := server.get(address)).status != 503 and found)
    assert answer.status == 200, address
    return answer


def test_gunicorn_makes_and_serves_an_image_that_appears_changes_and_goes(media):
    file = media.content / "images" / "My Panel.JPG"
    (media.content / "panel.md").write_text(PAGE.format("![The panel](images/My%20Panel.JPG)"))
    media.until("/panel", lambda answer: answer.status == 200 and "<picture>" not in answer.text)
    seen = []
    for raw, width in ((camera_jpeg(900, 600, 8), 600), (camera_jpeg(700, 500), 700)):
        file.write_bytes(raw)
        count = 7 if width == 600 else 9
        named = addresses(media.until("/panel", lambda answer, count=count: len(addresses(answer.text)) == count).text)
        for address in named:
            answer = whole(media, address)
            assert answer.headers["Cache-Control"] == FOR_GOOD
            assert answer.headers["Content-Security-Policy"]
            read_image(answer.body)
        plain = whole(media, "/images/My%20Panel.JPG")
        assert read_image(plain.body).width == width
        assert SECRET not in plain.body
        seen.append(named)
    assert not set(seen[0]) & set(seen[1])
    assert media.get(seen[0][0]).status == 200  # a page that is still open may name it
    file.unlink()
    assert media.get("/images/My%20Panel.JPG").status == 404
    media.until("/panel", lambda answer: answer.status == 200 and "<picture>" not in answer.text)


def test_many_images_at_once_are_each_made_once(media):
    names = [f"many-{number}" for number in range(8)]
    for name in names:
        (media.content / "images" / f"{name}.png").write_bytes(saved(photo(340, 200), "PNG"))
    (media.content / "many.md").write_text(
        PAGE.replace("/panel", "/many").format("\n\n".join(f"![One](images/{name}.png)" for name in names))
    )
    named = addresses(media.until("/many", lambda answer: len(addresses(answer.text)) == 8 * 5).text)
    answers = {}
    threads = [
        threading.Thread(target=lambda address=address: answers.update({address: whole(media, address)}))
        for address in named
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == set(named)
    files = [path for path in (media.content.parent / "build" / "images").iterdir() if path.name.startswith("many")]
    assert len(files) == len(named)
    assert not list((media.content.parent / "build").rglob(".tmp*"))


def test_a_visitor_never_waits_for_an_image_to_be_made(media):
    lock = media.content.parent / "build" / ".lock"
    with lock.open("w") as file:
        until(lambda: not fcntl.flock(file, fcntl.LOCK_EX))
        (media.content / "images" / "late.jpg").write_bytes(camera_jpeg(330, 220))
        (media.content / "late.md").write_text(PAGE.replace("/panel", "/late").format("![The panel](images/late.jpg)"))
        (address, *_) = addresses(media.until("/late", lambda answer: addresses(answer.text)).text)
        for path in (address, "/images/late.jpg"):
            answer = media.get(path)
            assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
            assert answer.headers["Cache-Control"] == "no-store"
    assert read_image(whole(media, address).body).width == 320


def test_production_serves_what_the_command_made_before_it(tmp_path, panel, settings):
    """The same folder of documents and of what was made, under another process: the same addresses, the same bytes."""
    settings.BUILD_DIR = tmp_path / "made"
    built(panel)
    with serving(
        tmp_path / "site",
        CONTENT_RELOAD="0",
        CONTENT_DIR=str(panel),
        BUILD_DIR=str(tmp_path / "made"),
        WEB_CONCURRENCY="1",
    ) as server:
        named = addresses(server.get("/panel").text)
        assert len(named) == 7
        for address in named:
            answer = server.get(address)
            assert answer.status == 200
            assert sha256(answer.body).digest() == sha256(artifact_store.read(address)).digest()
