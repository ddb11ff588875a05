"""Pages with videos: their Content-Security-Policy, script and styles, and the video files."""

import re

import pytest

from ...support.content_samples import document_text
from ...support.sample_images import photo, saved
from ...support.sample_videos import mp4

YOUTUBE = "[![A panel](files/demo.jpg)](https://www.youtube.com/watch?v=aqz-KE-bpKQ)"
VIMEO = "[![A panel](files/demo.jpg)](https://vimeo.com/76979871)"
FILE = "![A panel](files/demo.mp4)"
ROW = "![A](files/demo.jpg) ![B](files/demo.jpg)"
VIDEO = mp4(size=200_000)


@pytest.fixture
def get(content, client):
    """Return a function that writes a page with the given text, requests the page, and returns the response."""
    (content / "files").mkdir()
    (content / "files" / "demo.mp4").write_bytes(VIDEO)
    (content / "files" / "demo.jpg").write_bytes(saved(photo(64, 36), "JPEG"))

    def get_page(body):
        (content / "page.md").write_text(document_text("/page", body=f"## A\n\n{body}"))
        response = client.get("/page")
        assert response.status_code == 200
        return response

    return get_page


def directives(response):
    return dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))


@pytest.mark.parametrize(
    ("body", "frames", "media"),
    [
        (YOUTUBE, "https://www.youtube-nocookie.com", None),
        (VIMEO, "https://player.vimeo.com", None),
        (f"{YOUTUBE}\n\n{VIMEO}", "https://player.vimeo.com https://www.youtube-nocookie.com", None),
        (FILE, None, "'self'"),
        (f"{FILE}\n\n{YOUTUBE}", "https://www.youtube-nocookie.com", "'self'"),
        (ROW, None, None),
        (f"See {YOUTUBE} here.", None, None),
    ],
)
def test_the_policy_allows_exactly_the_videos_of_the_page(get, body, frames, media):
    response = get(body)
    allowed = directives(response)
    assert (allowed.get("frame-src"), allowed.get("media-src")) == (frames, media)
    assert allowed["default-src"] == "'none'"
    assert ("sha256" in allowed["script-src"]) == ("a[data-player]" in response.text) == bool(frames)
    assert not re.search(r"<iframe|\sstyle=|\son\w+=", response.text)


@pytest.mark.parametrize(
    ("body", "selectors"),
    [(YOUTUBE, {".player"}), (FILE, {".video"}), (ROW, {".image-row"}), ("![A](files/demo.jpg)", set())],
)
def test_a_page_has_only_the_styles_of_its_videos_and_rows(get, body, selectors):
    style = re.search(r"<style>(.*?)</style>", get(body).text, re.DOTALL)[1]
    assert {name for name in (".player", ".video", ".image-row") if f"{name} " in style} == selectors


def test_a_page_loads_nothing_from_another_site_before_a_click(get):
    text = get(f"{YOUTUBE}\n\n{VIMEO}").text
    assert re.findall(r'(?:src|srcset|poster|action)="(?:https?:)?//[^"]*"', text) == []


def test_a_video_file_is_sent_in_parts(get, client):
    get(FILE)
    response = client.get("/files/demo.mp4", headers={"range": "bytes=100-299"})
    assert (response.status_code, response.getvalue()) == (206, VIDEO[100:300])
    assert response["Content-Type"] == "video/mp4"
    assert response["Content-Range"] == f"bytes 100-299/{len(VIDEO)}"
    whole = client.get("/files/demo.mp4", headers={"accept-encoding": "br, gzip"})
    assert (whole.getvalue(), whole["Accept-Ranges"]) == (VIDEO, "bytes")
    assert "Content-Encoding" not in whole


def test_a_video_is_not_served_in_another_format(get, client, content):
    get(FILE)
    (content / "files" / "demo.mov").write_bytes(VIDEO)
    assert client.get("/files/demo.mov").status_code == 404
