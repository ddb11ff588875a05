"""Videos on other sites: nothing is loaded from them before a click, and the player replaces the poster."""

import re

import pytest

from ...support.content_samples import document_text
from ...support.sample_images import photo, saved
from ...support.sample_videos import mp4
from .measures import SCHEMES, WIDTHS, axe_violations, overflowing_elements

BODY = """## A

[![A panel at work](files/panel.jpg "A panel in Pune")](https://www.youtube.com/watch?v=aqz-KE-bpKQ)

[![A tall one](files/tall.jpg)](https://vimeo.com/76979871)

![The demo](files/panel.mp4)

![One](files/panel.jpg) ![Two](files/tall.jpg "A caption that is longer than its image") ![Three](files/panel.jpg)
"""
PLAYER = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1&rel=0"


@pytest.fixture(scope="module")
def url(server):
    """Add a page with videos and a row of images. Wait until the posters exist."""
    folder = server.content / "files"
    folder.mkdir(exist_ok=True)
    files = {
        "panel.jpg": saved(photo(1280, 720), "JPEG"),
        "tall.jpg": saved(photo(480, 800), "JPEG"),
        "panel.mp4": mp4(),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    page = server.content / "players.md"
    page.write_text(document_text("/players", body=BODY))
    there = server.until("/players", lambda response: response.status == 200)
    for address in set(re.findall(r"/files/[^\s\"]+", there.text)):
        server.until(address, lambda response: response.status == 200, 60)
    yield "/players"
    page.unlink()
    for name in files:
        (folder / name).unlink()


@pytest.fixture
def open_players(open_page, url):
    def open_at(width=1024, **options):
        page = open_page(url, width, **options)
        page.context.route(
            re.compile("^https://"), lambda route: route.fulfill(content_type="text/html", body="<p>A player</p>")
        )
        return page

    return open_at


def others(page):
    """Return the requested URLs that are on another site."""
    return [address for address in page.requested_urls if not address.startswith("http://127.0.0.1:")]


def test_a_click_loads_the_player_in_the_place_of_the_poster(open_players):
    page = open_players()
    box = page.locator(".player img").first.bounding_box()
    height = page.evaluate("document.documentElement.scrollHeight")
    assert others(page) == []
    page.get_by_role("link", name="Play video: A panel at work").click()
    frame = page.locator("iframe")
    page.frame_locator("iframe").get_by_text("A player").wait_for()
    assert others(page) == [frame.get_attribute("src")] == [PLAYER]
    assert frame.get_attribute("title") == "A panel at work"
    assert frame.bounding_box() == pytest.approx(box, abs=1)
    assert page.evaluate("document.documentElement.scrollHeight") == height
    assert page.console_messages == []


def test_a_player_is_opened_with_the_keyboard_and_gets_the_focus(open_players):
    page = open_players()
    page.get_by_role("link", name="Play video: A panel at work").focus()
    page.keyboard.press("Enter")
    page.frame_locator("iframe").get_by_text("A player").wait_for()
    assert page.evaluate("document.activeElement.localName") == "iframe"
    assert page.locator(".player a").first.is_hidden()


CLICK_WITH_CTRL = """(link) => {
    let isPrevented;
    addEventListener("click", (event) => { isPrevented = event.defaultPrevented; event.preventDefault(); });
    link.dispatchEvent(new MouseEvent("click", { ctrlKey: true, bubbles: true, cancelable: true }));
    return isPrevented;
}"""


def test_a_click_for_a_new_tab_opens_the_video_on_its_site(open_players):
    page = open_players()
    assert page.get_by_role("link", name="Play video: A tall one").evaluate(CLICK_WITH_CTRL) is False
    assert page.locator("iframe").count() == 0


def test_without_script_the_poster_links_to_the_video(open_players):
    page = open_players(java_script_enabled=False)
    link = page.get_by_role("link", name="Play video: A panel at work")
    assert link.get_attribute("href") == "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
    assert page.locator("iframe").count() == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_videos_and_rows_fit_at_every_width(open_players, width):
    page = open_players(width)
    assert overflowing_elements(page) == []
    heights = page.locator(".image-row img").evaluate_all("(images) => images.map((image) => image.clientHeight)")
    assert max(heights) - min(heights) <= 1
    video = page.locator("video").bounding_box()
    assert video["width"] / video["height"] == pytest.approx(16 / 9, rel=0.02)


def test_a_print_shows_the_addresses_of_videos_and_no_player(open_players):
    page = open_players()
    page.get_by_role("link", name="Play video: A panel at work").click()
    page.frame_locator("iframe").get_by_text("A player").wait_for()
    page.emulate_media(media="print")
    assert page.locator("iframe").is_hidden() and page.locator(".player small").first.is_hidden()
    contents = page.evaluate(
        "[['.player a', 'content'], ['.video', 'content']].map(([selector, name]) =>"
        " getComputedStyle(document.querySelector(selector), '::after')[name])"
    )
    assert contents == ['"https://www.youtube.com/watch?v=aqz-KE-bpKQ"', '"/files/panel.mp4"']


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_core_finds_no_violations(open_players, axe, scheme):
    page = open_players(color_scheme=scheme, reduced_motion="reduce")
    assert axe_violations(page, axe) == []
