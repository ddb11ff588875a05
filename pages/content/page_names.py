"""Names of new pages: their plurals, their capitals and their URLs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Words that stay lowercase inside a name, such as “Women in Tech”.
_SMALL_WORDS = frozenset(
    ("a", "an", "and", "as", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "vs", "with")
)
# In a name such as “Head of Design”, the word before one of these words becomes plural.
_AFTER_HEAD = frozenset(("at", "for", "from", "in", "of", "on", "to", "with"))
_IRREGULAR = {"man": "men", "woman": "women", "person": "people", "child": "children"}
_SAME_IN_PLURAL = frozenset(("staff", "personnel", "sales", "people", "men", "women", "children", "talent"))


def name_of(url: str, words: Iterable[str] = ()) -> str:
    """Return `QA Engineer` for `/hire/qa-engineer`. `words`, such as “QA”, keep their capitals."""
    forms = {word.lower(): word for word in words}
    parts = url.rpartition("/")[2].split("-")
    return " ".join(_capitalize(part, forms, is_first=index == 0) for index, part in enumerate(parts))


def _capitalize(word: str, forms: dict[str, str], *, is_first: bool) -> str:
    if word in forms:
        return forms[word]
    if word.endswith("s") and forms.get(word[:-1], "").isupper():
        return forms[word[:-1]] + "s"
    return word if word in _SMALL_WORDS and not is_first else word.capitalize()


def plural_of(name: str) -> str:
    """Return the English plural of a role's name: “Data Scientists”, “SREs”, “Heads of Design”, “Women in Tech”."""
    words = name.split(" ")
    after = next((index for index, word in enumerate(words[1:], start=1) if word.lower() in _AFTER_HEAD), len(words))
    head = words[after - 1]
    return " ".join([*words[: after - 1], _plural_of_word(head), *words[after:]])


def _plural_of_word(word: str) -> str:
    lower = word.lower()
    for singular, plural in _IRREGULAR.items():
        if lower.endswith(singular) and not lower.endswith(("human", "german")):
            return word[: len(word) - len(singular)] + _like(word[-len(singular) :], plural)
    if not word[-1:].isalpha():
        return word
    if word.isupper():
        return f"{word}s"  # such as SREs
    if lower in _SAME_IN_PLURAL or (lower.endswith("s") and not lower.endswith(("ss", "us", "is"))):
        return word
    if lower.endswith("y") and lower[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if lower.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"


def _like(written: str, word: str) -> str:
    return word.upper() if written.isupper() else word.capitalize() if written[0].isupper() else word


def in_sentence(name: str) -> str:
    """Return `name` as people write it in the middle of a sentence: “data scientist”, “QA engineer”."""
    return " ".join(word if word[1:] != word[1:].lower() else word.lower() for word in name.split(" "))


def slug_of(name: str) -> str:
    """Return the last part of the URL for `name`: `women-in-tech` for “Women in Tech”. It may be empty."""
    text = unicodedata.normalize(
        "NFKD", name.lower().replace("&", " and ").replace("c++", "cpp").replace("c#", "c-sharp")
    )
    letters = "".join(character for character in text if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"[’'.]", "", letters)).strip("-")
