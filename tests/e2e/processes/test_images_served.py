"""Images that a running site generates, serves and replaces."""

import fcntl
import io
import threading
import time
from hashlib import sha256

import pytest
from django.core.management import call_command

from pages.atomic_files import TEMPORARY_PREFIX
from pages.media import artifact_store

from ...conftest import serving
from ...support.image_page import IMMUTABLE, PAGE, add_image_page, addresses
from ...support.sample_images import SECRET, camera_jpeg, photo, saved
from ...support.sample_images import opened as read_image


@pytest.fixture
def panel(content):
    """The site with a page that shows an image."""
    add_image_page(content)
    return content


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


def get_when_ready(server, url):
    response = until(lambda: (response := server.get(url)).status != 503 and response)
    assert response.status == 200, url
    return response


def test_gunicorn_notices_when_images_are_added_or_changed_or_removed(media):
    file = media.content / "images" / "My Panel.JPG"
    (media.content / "panel.md").write_text(PAGE.format("![The panel](images/My%20Panel.JPG)"))
    media.until("/panel", lambda response: response.status == 200 and "<picture>" not in response.text)
    seen = []
    for raw, width in ((camera_jpeg(900, 600, 8), 600), (camera_jpeg(700, 500), 700)):
        file.write_bytes(raw)
        count = 7 if width == 600 else 9
        named = addresses(
            media.until("/panel", lambda response, count=count: len(addresses(response.text)) == count).text
        )
        for address in named:
            response = get_when_ready(media, address)
            assert response.headers["Cache-Control"] == IMMUTABLE
            assert response.headers["Content-Security-Policy"]
            read_image(response.body)
        plain = get_when_ready(media, "/images/My%20Panel.JPG")
        assert read_image(plain.body).width == width
        assert SECRET not in plain.body
        seen.append(named)
    assert not set(seen[0]) & set(seen[1])
    assert media.get(seen[0][0]).status == 200  # An open page may still refer to the old image.
    file.unlink()
    media.until("/images/My%20Panel.JPG", lambda response: response.status == 404)
    media.until("/panel", lambda response: response.status == 200 and "<picture>" not in response.text)


def test_parallel_requests_generate_each_image_once(media):
    names = [f"many-{number}" for number in range(8)]
    for name in names:
        (media.content / "images" / f"{name}.png").write_bytes(saved(photo(340, 200), "PNG"))
    (media.content / "many.md").write_text(
        PAGE.replace("/panel", "/many").format("\n\n".join(f"![One](images/{name}.png)" for name in names))
    )
    named = addresses(media.until("/many", lambda response: len(addresses(response.text)) == 8 * 5).text)
    responses = {}
    threads = [
        threading.Thread(target=lambda address=address: responses.update({address: get_when_ready(media, address)}))
        for address in named
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(responses) == set(named)
    files = [path for path in (media.content.parent / "build" / "images").iterdir() if path.name.startswith("many")]
    assert len(files) == len(named)
    assert not list((media.content.parent / "build").rglob(f"{TEMPORARY_PREFIX}*"))


def test_request_for_an_image_that_is_not_ready_gets_503_immediately(media):
    lock = media.content.parent / "build" / ".lock"
    with lock.open("w") as file:
        until(lambda: not fcntl.flock(file, fcntl.LOCK_EX))
        (media.content / "images" / "late.jpg").write_bytes(camera_jpeg(330, 220))
        (media.content / "late.md").write_text(PAGE.replace("/panel", "/late").format("![The panel](images/late.jpg)"))
        (address, *_) = addresses(media.until("/late", lambda response: addresses(response.text)).text)
        for path in (address, "/images/late.jpg"):
            response = media.get(path)
            assert (response.status, response.headers["Retry-After"]) == (503, "1")
            assert response.headers["Cache-Control"] == "no-store"
    assert read_image(get_when_ready(media, address).body).width == 320


def test_production_serves_the_images_that_the_build_media_command_generated(tmp_path, panel, settings):
    """A server that uses the folders of `build_media` serves the generated images under their URLs, unchanged."""
    settings.BUILD_DIR = tmp_path / "made"
    call_command("build_media", stdout=io.StringIO())
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
            response = server.get(address)
            assert response.status == 200
            assert sha256(response.body).digest() == sha256(artifact_store.read(address)).digest()
