"""Compare two versions of a document's text without keeping both texts."""

from __future__ import annotations

from hashlib import sha256

_ENDING_LENGTH = 32


def text_digest(text: str) -> str:
    """Return a hash of a document's text."""
    return sha256(text.encode()).hexdigest()


def text_ending(text: str) -> str:
    """Return the last characters of a document's text.

    Most edits keep the end of the text. So if a newer text ends differently, a program may still be saving the rest.
    """
    return text[-_ENDING_LENGTH:]
