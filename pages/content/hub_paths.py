"""The paths that the site adds under a hub: pages 2, 3 and so on of its list of articles, and its feed."""

from __future__ import annotations

import re
from typing import NamedTuple

_HUB_PATH = re.compile(r"(/.+?|)(?:/page/([1-9][0-9]{0,5})|/feed\.xml)")


class HubPath(NamedTuple):
    """The path of page `number` in a hub's list, or of the hub's feed. For the feed, `number` is 0."""

    hub: str
    number: int


def parse(path: str) -> HubPath | None:
    """Return the hub and the page number in `path`, or None for any other path. Don't check that the hub exists."""
    match = _HUB_PATH.fullmatch(path)
    return HubPath(match[1] or "/", int(match[2] or 0)) if match else None


def list_path(hub: str, number: int) -> str:
    """Return the path of page `number` in the article list of the hub at the URL `hub`. Page 1 is the hub itself."""
    return hub if number == 1 else f"{hub.rstrip('/')}/page/{number}"


def feed_path(hub: str) -> str:
    return f"{hub.rstrip('/')}/feed.xml"
