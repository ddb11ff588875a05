"""Escape text for the Markdown that the site and its commands write."""

from __future__ import annotations

import re

_CHARACTERS = re.compile(r"([\\`*_\[\]<>#])")


def escape(text: str) -> str:
    """Return `text` as one line of Markdown that shows exactly this text."""
    return _CHARACTERS.sub(r"\\\1", " ".join(text.split()))
