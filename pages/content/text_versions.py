"""Compare two versions of a document's text without keeping both texts."""

from __future__ import annotations

from hashlib import sha256

_ENDING_LENGTH = 32


def text_digest(text: str) -> str:
    """Return a hash of a document's text."""
    return sha256(text.encode()).hexdigest()


def text_ending(text: str) -> str:
    """Return the last characters of a document's text.

    Most edits keep the end of a text. So a newer text with the same ending counts as whole. A text with another ending
    may be cut off, because a program is still saving the file.
    """
    return text[-_ENDING_LENGTH:]
