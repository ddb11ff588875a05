"""Videos: players of other sites, and video files."""

import io
import struct
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from pages.content import library, video_files
from pages.content.images import Picture, RejectedImage, Video
from pages.content.video_players import find_player
from tests.support.content_samples import HEADER, SETTINGS, document_text, read, visible_text
from tests.support.sample_images import photo, saved
from tests.support.sample_videos import mp4

WATCH = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
YOUTUBE = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1&rel=0"
VIMEO = "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"
POSTER = saved(photo(64, 36), "JPEG")
PLAYER = f"[![A panel](files/demo.jpg)]({WATCH})"


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (WATCH, YOUTUBE),
        ("http://youtube.com/watch?feature=share&v=aqz-KE-bpKQ", YOUTUBE),
        ("https://m.youtube.com/watch?v=aqz-KE-bpKQ#comments", YOUTUBE),
        ("https://youtu.be/aqz-KE-bpKQ?si=abc", YOUTUBE),
        ("https://www.youtube.com/shorts/aqz-KE-bpKQ", YOUTUBE),
        ("https://www.youtube.com/live/aqz-KE-bpKQ/", YOUTUBE),
        ("https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ", YOUTUBE),
        (f"{WATCH}&t=90", f"{YOUTUBE}&start=90"),
        (f"{WATCH}&t=1m30s", f"{YOUTUBE}&start=90"),
        ("https://youtu.be/aqz-KE-bpKQ?t=1h2s", f"{YOUTUBE}&start=3602"),
        (f"{WATCH}&t=soon", YOUTUBE),
        ("https://vimeo.com/76979871", VIMEO),
        ("https://www.vimeo.com/76979871/?share=copy", VIMEO),
        ("https://vimeo.com/channels/staffpicks/76979871", VIMEO),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e", f"{VIMEO}&h=8272103f6e"),
        ("https://vimeo.com/76979871/8272103f6e#t=90s", f"{VIMEO}&h=8272103f6e#t=90s"),
    ],
)
def test_the_address_of_a_video_gives_its_player(address, url):
    player = find_player(address)
    assert player.url == url
    assert url.startswith(f"https://{player.provider.host}/")


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/",
        "https://www.youtube.com/@LayersRank",
        "https://www.youtube.com/playlist?list=PL123",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=aqz-KE-bpKQ%22%3E",
        "https://youtube.com.evil.example/watch?v=aqz-KE-bpKQ",
        "https://evil.example/https://youtu.be/aqz-KE-bpKQ",
        "https://vimeo.com/about",
        "https://vimeo.com/showcase/123456",
        "//youtu.be/aqz-KE-bpKQ",
        "/watch?v=aqz-KE-bpKQ",
        "https://[",
        "",
    ],
)
def test_other_addresses_have_no_player(address):
    assert find_player(address) is None


def test_a_parameter_cannot_add_parameters_to_the_player():
    assert find_player("https://vimeo.com/76979871?h=a%26b%22").url == f"{VIMEO}&h=a%26b%22"


def inspect(data, size=None):
    return video_files.inspect("/demo.mp4", len(data) if size is None else size, io.BytesIO(data))


def box(kind, size, data=b""):
    return struct.pack(">I4s", size, kind) + data


FTYP, MOOV = mp4()[:20], mp4()[20:-8]
FREE = box(b"free", 8)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (mp4(), None),
        (mp4(size=1000), None),
        (mp4(b"mp42"), 100_000_000),
        (FTYP + FREE + box(b"mdat", 1, struct.pack(">Q", 20) + b"data") + MOOV, None),
        (FTYP + MOOV + box(b"mdat", 0, b"data"), None),
        (FTYP + MOOV + (box(b"moof", 8) + box(b"mdat", 12, b"data")) * 2000, None),
        (mp4(size=9) + b"\0\0", None),
        (mp4(size=9) + box(b"free", 99), None),
    ],
)
def test_complete_mp4_files_up_to_the_limit_are_videos(data, size):
    assert isinstance(inspect(data, size), Video)


@pytest.mark.parametrize(
    ("data", "size", "message"),
    [
        (mp4(), 100_000_001, "the limit is 100 MB"),
        (mp4(b"qt  "), None, "not an MP4 video"),
        (b"\x1aE\xdf\xa3 webm", None, "not an MP4 video"),
        (b"", None, "not an MP4 video"),
        (FTYP, None, "incomplete"),
        (FTYP + MOOV, None, "incomplete"),
        (FTYP + box(b"mdat", 12, b"data"), None, "incomplete"),
        (mp4(size=1000)[:-1], None, "incomplete"),
        (FTYP + box(b"mdat", 8) + MOOV[:-1], None, "incomplete"),
        (mp4() + box(b"moof", 8) + box(b"mdat", 12, b"dat"), None, "incomplete"),
        (FTYP + MOOV + box(b"mdat", 1, struct.pack(">Q", 2**63)), None, "incomplete"),
        (FTYP + MOOV + box(b"mdat", 1, b"\0"), None, "incomplete"),
        (FTYP + box(b"free", 2) + MOOV + box(b"mdat", 8), None, "incomplete"),
        (FTYP + FREE * 20_000 + MOOV + box(b"mdat", 8), None, "incomplete"),
    ],
)
def test_other_and_incomplete_files_are_not_videos(data, size, message):
    rejected = inspect(data, size)
    assert isinstance(rejected, RejectedImage) and message in rejected.message


@pytest.fixture
def load(tmp_path):
    """Return a function that loads a content folder with a page at /a, and other files."""
    content = tmp_path / "content"
    (content / "files").mkdir(parents=True)

    def load_folder(body, previous=None, privacy="Videos are on YouTube and on Vimeo.", **files):
        (content / "a.md").write_text(document_text("/a", body=f"## A\n\n{body}"))
        (content / "privacy.md").write_text(document_text("/privacy", body=privacy).replace("Title: A", "Title: P"))
        for name, data in files.items():
            (content / "files" / name.replace("_", ".")).write_bytes(data)
        return library.load(content, previous)

    return load_folder


def page_of(loaded):
    page = loaded.pages["/a"]
    html = "".join(getattr(part, "html", "") for section in page.sections for part in section.body)
    return page, BeautifulSoup(html, "html.parser")


def problems_of(loaded):
    """Return the rule and the marked text of each problem with an image or a video."""
    return [
        (problem.rule, problem.source[problem.column - 1 :][: problem.length])
        for problem in loaded.all_problems
        if problem.path == "content/a.md" and ("video" in problem.rule or "image" in problem.rule)
    ]


def test_a_poster_that_links_to_a_video_has_a_player(load):
    loaded = load(f'[![A panel](files/demo.jpg "In *Pune*")]({WATCH}&t=5)', demo_jpg=POSTER)
    page, soup = page_of(loaded)
    link = soup.select_one("figure.player a")
    assert (link["href"], link["data-player"]) == (f"{WATCH}&t=5", f"{YOUTUBE}&start=5")
    assert (link.get_text(), link.img["alt"]) == ("Play video: ", "A panel")
    assert (link.img["width"], link.img["height"]) == ("640", "360")
    assert "In *Pune*" in visible_text(page)
    assert "Playing this video loads it from YouTube." in visible_text(page)
    assert (page.player_hosts, page.has_video_files) == (("www.youtube-nocookie.com",), False)
    assert problems_of(loaded) == []


def test_a_video_file_plays_and_has_its_poster(load):
    loaded = load('![A panel](files/demo.mp4 "In Pune")', demo_mp4=mp4(), demo_jpg=POSTER)
    page, soup = page_of(loaded)
    video = soup.select_one("figure.video video")
    assert (video["src"], video["preload"], "controls" in video.attrs) == ("/files/demo.mp4", "none", True)
    assert (video["width"], video["height"], video["aria-label"]) == ("640", "360", "A panel")
    assert video["poster"].startswith("/files/demo.") and video["poster"].endswith("-64.webp")
    assert "A panel" in visible_text(page) and "In Pune" in visible_text(page)
    assert (page.player_hosts, page.has_video_files) == ((), True)
    assert problems_of(loaded) == []


def test_a_tall_video_fits_on_a_screen(load):
    loaded = load(PLAYER, demo_jpg=saved(photo(90, 160), "JPEG"))
    image = page_of(loaded)[1].img
    assert (image["width"], image["height"]) == ("360", "640")


@pytest.mark.parametrize("body", [PLAYER, "![A panel](files/demo.mp4)"])
@pytest.mark.parametrize("before", ["- ", "> ", "1. ", "**Why?**\n\n", "### B\n\n", "- a\n\n  "])
def test_videos_play_in_every_place_of_a_document(load, before, body):
    loaded = load(f"{before}{body}\n", demo_mp4=mp4(), demo_jpg=POSTER)
    page, soup = page_of(loaded)
    assert len(soup.select("figure.player, figure.video")) == len(page.videos) == 1
    assert problems_of(loaded) == []


def test_a_document_is_read_again_when_its_video_or_poster_changes(load):
    body = "![A panel](files/demo.mp4)"
    first = load(body)
    assert problems_of(first) == [("missing-video", "A panel")]
    assert page_of(first)[1].video is None and "A panel" in visible_text(page_of(first)[0])
    second = load(body, first, demo_mp4=mp4())
    assert problems_of(second) == [("video-poster", "A panel")]
    assert page_of(second)[1].video.get("poster") is None
    third = load(body, second, demo_webp=saved(photo(64, 36), "WEBP"))
    assert problems_of(third) == [] and page_of(third)[1].video["poster"].endswith(".webp")
    fourth = load(body, third, demo_mp4=b"cut off")
    assert problems_of(fourth) == [("video-file", "A panel")]
    assert load(body, fourth).pages["/a"] is fourth.pages["/a"]


def test_a_damaged_poster_is_reported(load):
    loaded = load("![A panel](files/demo.mp4)", demo_mp4=mp4(), demo_jpg=POSTER[:300])
    assert problems_of(loaded) == [("video-poster", "A panel")]
    [problem] = [each for each in loaded.all_problems if each.rule == "video-poster"]
    assert "damaged or incomplete" in problem.message


@pytest.mark.parametrize(
    ("body", "marked", "message"),
    [
        (f"See {PLAYER} now.", "A panel", "its picture is only a link"),
        (f"{PLAYER} ![b](files/demo.jpg)", "A panel", "its picture is only a link"),
        ("See ![the demo](files/demo.mp4).", "the demo", "only a link to it"),
        ("![the demo](files/demo.mp4) ![b](files/demo.jpg)", "the demo", "only a link to it"),
        ("[![the demo](files/demo.mp4)](https://example.com)", "the demo", "inside a link"),
        (f"| {PLAYER} |\n|---|\n| b |", "A panel", "its picture is only a link"),
        ("[![A panel](files/demo.jpg)](https://www.youtube.com/watch?v=…)", "A panel", "leads to no video"),
        ("[![A panel](files/demo.jpg)](https://youtu.be/aqz)", "A panel", "leads to no video"),
        (WATCH, WATCH, "without a player"),
        (f"<{WATCH}>", WATCH, "without a player"),
        (f"- {WATCH}", WATCH, "without a player"),
        ("vimeo.com/76979871", "vimeo.com/76979871", "of a Vimeo video"),
    ],
)
def test_a_video_that_does_not_play_is_reported(load, body, marked, message):
    loaded = load(body, demo_mp4=mp4(), demo_jpg=POSTER)
    assert problems_of(loaded) == [("video-link", marked)]
    [problem] = [each for each in loaded.all_problems if each.rule == "video-link"]
    assert message in problem.message
    assert page_of(loaded)[1].select(".player, video") == []


@pytest.mark.parametrize(
    "body",
    [
        f"Our [talk]({WATCH}) about it.",
        f"See {WATCH} for it.",
        f"`{WATCH}`",
        "[![A panel](files/demo.jpg)](https://www.youtube.com/@LayersRank)",
    ],
)
def test_an_ordinary_link_to_a_video_is_not_reported(load, body):
    loaded = load(body, privacy="No videos.", demo_jpg=POSTER)
    assert problems_of(loaded) == [] and loaded.pages["/a"].videos == ()


@pytest.mark.parametrize(
    ("source", "message", "help"),
    [
        ("files/other.mp4", "The video /files/other.mp4 is not in the content folder.", "Put the file"),
        ("files/dmeo.mp4", "The video /files/dmeo.mp4 is not in the content folder.", "Did you mean /files/demo.mp4?"),
        ("files/demo.MOV", "doesn't play, because not all browsers can play .mov files.", "Export the video as MP4"),
        ("https://example.com/demo.mp4", "is on another site", "Put the file in files/"),
        ("https://example.com/demo.webm", "is on another site", "Put the file in files/"),
    ],
)
def test_a_missing_video_is_reported(load, source, message, help):
    loaded = load(f"![A panel]({source})", demo_mp4=mp4(), demo_MOV=mp4(b"qt  "))
    [problem] = [each for each in loaded.all_problems if each.path == "content/a.md" and "video" in each.rule]
    assert problem.rule == "missing-video"
    assert message in problem.message and help in problem.help
    assert "A panel" in visible_text(loaded.pages["/a"])


def test_the_privacy_page_must_name_the_site_of_a_video(load):
    body = f"{PLAYER}\n\n{PLAYER}\n\n[![b](files/demo.jpg)](https://vimeo.com/76979871)"
    assert problems_of(load(body, demo_jpg=POSTER)) == []
    assert problems_of(load(body, privacy="Only youtube.")) == [("video-privacy", "b")]
    assert problems_of(load(body, privacy="No videos.")) == [("video-privacy", "A panel"), ("video-privacy", "b")]


def test_the_privacy_page_must_not_deny_a_player(load):
    privacy = "YouTube receives your IP address.\n\nWe never embed\nYouTube."
    problems = load(PLAYER, privacy=privacy, demo_jpg=POSTER).all_problems
    [problem] = [each for each in problems if each.rule == "video-privacy"]
    assert problem.path == "content/privacy.md" and "/a" in problem.message
    assert (problem.source, problem.column, problem.length) == ("We never embed", 1, 14)


def test_a_site_with_a_player_needs_a_privacy_page(load):
    loaded = load(PLAYER, demo_jpg=POSTER)
    (loaded.folder / "privacy.md").unlink()
    [problem] = [each for each in library.load(loaded.folder).all_problems if each.rule == "video-privacy"]
    assert "no page has the URL /privacy" in problem.message


KINDS = {
    "HERO": "**Headline:** A headline",
    "THE HIRING CHALLENGE": "- **One.** Two.",
    "WHAT LAYERSRANK EVALUATES": "### Technical Dimension (100%)\n\n**Skill**\n- One",
    "SAMPLE QUESTIONS": "### Group\n\n**1. Why?**\n\n*What this reveals:* That.",
    "EVALUATION CRITERIA": "| a | b |\n|---|---|\n| c | d |",
    "HOW IT WORKS": "1. **One** — two",
    "PRICING": "| Plan | Price |\n|---|---|\n| A | 5 |",
    "FAQ": "**Why?**",
    "ALL PAGES": "**Pages under:** /hire",
    "ROI CALCULATOR": "",
    "ASK US": "**Button:** Send",
    "RELATED ROLES": "- [A](/a) — b",
    "READY TO HIRE?": "**[Start Free Trial]**",
    "ANYTHING ELSE": "Words.",
}


@pytest.mark.parametrize("heading", KINDS)
@pytest.mark.parametrize("is_first", [True, False])
def test_videos_and_rows_work_in_every_section_kind(heading, is_first):
    media = "[![First](a.png)](https://youtu.be/aqz-KE-bpKQ)\n\n![Second](demo.mp4)\n\n![Third](a.png) ![Fourth](a.png)"
    body = f"{media}\n\n{KINDS[heading]}" if is_first else f"{KINDS[heading]}\n\n{media}"
    pictures = {"/demo.mp4": Video("/demo.mp4"), "/a.png": Picture("/a.png", 300, 200, "PNG", "0123456789abcdef")}
    page = read(f"{HEADER}## {heading}\n\n{body}", settings=replace(SETTINGS, pictures=pictures))
    html = str(page.sections)
    assert [html.count(part) for part in ('class="player"', "<video ", 'class="image-row')] == [1, 1, 1]
    assert {"First", "Second", "Third", "Fourth"} <= set(visible_text(page).split())
    assert len(page.videos) == 2
