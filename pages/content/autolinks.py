"""Find URLs and email addresses in plain text, and decide where each URL ends."""

from __future__ import annotations

import re
from typing import Any

# The maximum length, in characters, of a text in which URLs become links. linkify would take too long for longer texts.
MAX_TEXT_LENGTH = 8_000

# ASCII punctuation that can be inside a URL, but not at its end (GitHub Flavored Markdown, 6.9). linkify itself handles
# brackets.
_TRAILING_ASCII = "?!.,:;*_~'\""

# Hyphens, en dashes and middle dots. They can be inside a URL, such as the URL of a Wikipedia article, but not at its
# end.
_INSIDE = "\u2010\u2011\u2012\u2013·‧・･"

# Invisible characters that programs add to pasted text. They are never part of a URL.
_INVISIBLE = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"


def configure(linkify: Any) -> None:
    """Configure `linkify`, a LinkifyIt, to find only email addresses and URLs with http:, https: or mailto:.

    A URL ends before quotes, brackets and punctuation marks of all languages. linkify itself knows only ASCII
    punctuation. It would add the closing quote to the URL in “https://example.com/a”, and would not find the address in
    “info@example.com”.
    """
    linkify.set({"fuzzy_link": False})
    linkify.add("ftp:", None)
    linkify.add("//", None)
    linkify.pretest = _may_contain_urls
    find_length = linkify.test_schema_at
    end = re.compile(rf"(?![\0-\x7f{_INSIDE}]){linkify.re['src_P']}|[{_INVISIBLE}]")

    def find_length_before_punctuation(text: str, schema: str, start: int) -> int:
        length: int = find_length(text, schema, start)
        if stop := end.search(text, start, start + length):
            length = find_length(text[: stop.start()], schema, start)
        return len(text[start : start + length].rstrip(_TRAILING_ASCII + _INSIDE))

    linkify.test_schema_at = find_length_before_punctuation
    # Within a word, apostrophes and the characters in _INSIDE are part of the address, as in O’Brien@example.com.
    opening = rf"(?<!\w)['’{_INSIDE}]|(?![\0-\x7f’{_INSIDE}]){linkify.re['src_P']}"
    linkify.re["email_fuzzy"] = linkify.re["email_fuzzy"].replace("(^|", f"(^|{opening}|", 1)


def _may_contain_urls(text: str) -> bool:
    return len(text) <= MAX_TEXT_LENGTH and has_sign(text)


def has_sign(text: str) -> bool:
    """Return whether `text` may have a URL or an email address."""
    return "@" in text or "://" in text or "mailto:" in text
