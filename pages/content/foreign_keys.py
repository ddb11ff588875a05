"""Keys that other tools have in front matter, and what to write instead."""

from __future__ import annotations

import re

# Each of these keys of Jekyll, Hugo, WordPress and Ghost means the same as a key of META.
_SAME_AS = {
    **dict.fromkeys(("lang", "locale"), "Language"),
    **dict.fromkeys(("summary", "excerpt"), "Description"),
    **dict.fromkeys(("cover", "cover image", "featured image", "feature image", "thumbnail"), "Image"),
    **dict.fromkeys(("redirect from", "redirects"), "Aliases"),
    **dict.fromkeys(("lastmod", "last modified at", "modified"), "Updated"),
    **dict.fromkeys(("expiry", "expiry date", "expiration", "expiration date", "ends", "valid until"), "Expires"),
    **dict.fromkeys(("unpublish", "unpublish at", "unpublish date", "unpublish on"), "Expires"),
    **dict.fromkeys(("go live", "goes live", "live from", "published at"), "Publish"),
}
_URL = re.compile(r"(/[a-z0-9-]+)+/?")
_URL_KEYS = ("slug", "permalink", "url", "path")
_HIDING_KEYS = ("hidden", "private", "unlisted", "visibility", "visible")
_UNUSED_KEYS = (
    *("tag", "tags", "category", "categories", "layout", "template", "theme", "type", "kind", "weight", "order"),
    *("toc", "sidebar", "menu", "comments", "series", "featured", "pin", "id"),
)


def same_key(key: str) -> str:
    """Return the key of META that means the same as another tool's `key`, such as “Language” for `lang`, or ""."""
    return _SAME_AS.get(_normalize(key), "")


def help_for_key(key: str, value: str) -> str:
    """Return what to do about a line `key: value` of another tool's front matter, or "" for an unknown key."""
    name = _normalize(key)
    if same := same_key(key):
        return f"Write “{same}” instead of “{key}”."
    if name in _URL_KEYS:
        url = value.rstrip("/") if _URL.fullmatch(value) else "/url"
        return f"Delete this line. To set the page's URL, write ## {url} below the page's name."
    if name in _HIDING_KEYS:
        return "Delete this line. To hide the page, write `Status: draft`."
    return "Delete this line. It is for other tools." if name in _UNUSED_KEYS else ""


def _normalize(key: str) -> str:
    return " ".join(key.lower().replace("_", " ").replace("-", " ").split())
