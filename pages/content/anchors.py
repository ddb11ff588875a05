"""Anchors: the ids of headings. Links can lead to these ids."""

from __future__ import annotations

import re
import unicodedata

# Ids that templates already use. Every page has PAGE_ANCHORS. Only some pages have the other ids.
PAGE_ANCHORS = ("content", "end")
RESERVED_ANCHORS = (
    *PAGE_ANCHORS,
    "files",
    "form",
    "input-roles",
    "input-x7k",
    "problems",
    "problems-title",
    "q",
    "result",
    "sent",
    "take-all",
)

# Scripts such as Devanagari and Arabic use these invisible characters within words
# (https://www.unicode.org/reports/tr31/#Layout_and_Format_Control_Characters).
_JOINERS = "\u200c\u200d"

_ASCII_WORD = re.compile(r"[a-z0-9]+")


def slugify(text: str) -> str:
    """Return `text` as an id: lowercase words joined by hyphens, or "section" if it has no letters or digits.

    A word consists of letters and digits of any script, and the marks on them, such as the vowel signs of Hindi.
    """
    lowercase = unicodedata.normalize("NFKC", text).replace("’", "").replace("'", "").lower()
    if lowercase.isascii():  # most texts
        return "-".join(_ASCII_WORD.findall(lowercase))[:80].rstrip("-") or "section"
    parts = []
    in_word = False
    for character in unicodedata.normalize("NFC", lowercase):
        in_word = character.isalnum() or (in_word and _continues_word(character))
        parts.append(character if in_word else " ")
    return "-".join("".join(parts).split())[:80].rstrip("-") or "section"


def _continues_word(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character).startswith("M")
