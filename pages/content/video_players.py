"""Addresses of videos on YouTube and Vimeo, and of the players that show these videos on a page."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

# A video's id (https://developers.google.com/youtube/player_parameters).
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_YOUTUBE_PATH = re.compile(r"/(?:shorts|embed|live|v)/([^/]+)/?")
_YOUTUBE_HOSTS = frozenset({"youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com"})
_YOUTUBE_VIDEO = re.compile(r"https?://(?:(?:www|m)\.)?(?:youtube\.com/(?:watch|shorts|embed|live)\b|youtu\.be/)")
# A video's number, and the key of an unlisted video (https://developer.vimeo.com/player/sdk/embed).
_VIMEO_PATH = re.compile(
    r"/(?:video/|ondemand/[^/]+/|(?:channels|groups|album|showcase)/[^/]+/(?:videos?/)?)?"
    r"(?P<number>[0-9]{1,15})(?:/(?P<key>[0-9a-f]{1,40}))?/?"
)
_VIMEO_HOSTS = frozenset({"vimeo.com", "player.vimeo.com"})
_TIME = re.compile(r"(?:([0-9]{1,3})h)?(?:([0-9]{1,4})m)?(?:([0-9]{1,6})s?)?")


class Provider(NamedTuple):
    """A video site, such as YouTube. `host` serves the player that stores the least data about visitors."""

    name: str
    host: str


YOUTUBE = Provider("YouTube", "www.youtube-nocookie.com")
VIMEO = Provider("Vimeo", "player.vimeo.com")


class Player(NamedTuple):
    """The player of one video. `url` is the address for an iframe, in which the video starts at once."""

    provider: Provider
    url: str


def find_player(href: str) -> Player | None:
    """Return the player of the video at `href`, or None if `href` isn't the address of a video."""
    try:
        parts = urlsplit(href)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # such as https://[
        return None
    if parts.scheme not in ("http", "https"):
        return None
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if host in _VIMEO_HOSTS:
        return _vimeo(parts.path, query, parts.fragment)
    return _youtube(host, parts.path, query)


def is_incomplete(href: str) -> bool:
    """Return whether `href` looks like the address of a YouTube video, but has no valid id."""
    return bool(_YOUTUBE_VIDEO.match(href)) and find_player(href) is None


def _youtube(host: str, path: str, query: dict[str, str]) -> Player | None:
    """Return the player of a YouTube video.

    With `rel=0`, the player suggests only videos of the same channel
    (https://developers.google.com/youtube/player_parameters#rel).
    """
    if host == "youtu.be":
        video = path.strip("/")
    elif host not in _YOUTUBE_HOSTS:
        return None
    elif path.rstrip("/") == "/watch":
        video = query.get("v", "")
    else:
        found = _YOUTUBE_PATH.fullmatch(path)
        video = found[1] if found else ""
    if not _YOUTUBE_ID.fullmatch(video):
        return None
    parameters = {"autoplay": "1", "rel": "0"}
    if start := _seconds(query.get("t") or query.get("start", "")):
        parameters["start"] = str(start)
    return Player(YOUTUBE, f"https://{YOUTUBE.host}/embed/{video}?{urlencode(parameters)}")


def _vimeo(path: str, query: dict[str, str], fragment: str) -> Player | None:
    """Return the player of a Vimeo video. With `dnt=1`, the player doesn't track visitors."""
    found = _VIMEO_PATH.fullmatch(path)
    if not found:
        return None
    parameters = {"autoplay": "1", "dnt": "1"}
    if key := found["key"] or query.get("h", ""):
        parameters["h"] = key
    start = _seconds(fragment.removeprefix("t=")) if fragment.startswith("t=") else 0
    url = f"https://{VIMEO.host}/video/{found['number']}?{urlencode(parameters)}"
    return Player(VIMEO, f"{url}#t={start}s" if start else url)


def _seconds(text: str) -> int:
    """Return the number of seconds in a time such as `90`, `90s` or `1m30s`. Return 0 if `text` is not a time."""
    found = _TIME.fullmatch(text)
    if not found:
        return 0
    hours, minutes, seconds = (int(number or 0) for number in found.groups())
    return hours * 3600 + minutes * 60 + seconds
