"""Entries of the header and footer, as `site.toml` writes them: `/pricing`, or `Log in → https://app.example.com`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .missing_targets import whole_url
from .problems import Span
from .url_paths import is_allowed_url, is_external, is_site_path, is_usable_url, normalize_path, scheme_of

_ARROW = "→"
_OTHER_ARROWS = re.compile(r"\s*(?:-+>|=+>|⟶|➔|➜)\s*")
_WITHOUT_ARROW = re.compile(r"(.*\S)\s+((?:https?://|mailto:|tel:|/)\S+)")
EXAMPLE = '"/pricing" or "Log in → https://app.example.com/login"'


@dataclass(frozen=True)
class NavEntry:
    """A link in the header or footer.

    `target` is a path of this site or an external URL. If `label` is empty, the link shows the name of the target's
    page. `place` is the entry's position in `site.toml`.
    """

    target: str
    label: str = ""
    place: Span = field(default=Span(1, 1, 1), compare=False, repr=False)

    @property
    def is_external(self) -> bool:
        return is_external(self.target)


class InvalidEntry(ValueError):
    """An entry that can't be a link. `message` and `help` are the texts of the problem to report."""

    def __init__(self, message: str, help: str) -> None:
        super().__init__(message)
        self.message, self.help = message, help


def parse_entry(text: str, place: Span) -> NavEntry:
    """Parse an entry such as `Pricing → /pricing`. `place` is its position in `site.toml`. Raises InvalidEntry."""
    if _ARROW not in text and (arrow := _OTHER_ARROWS.search(text)):
        message = f"The entry “{text}” has another arrow in place of “{_ARROW}”."
        raise InvalidEntry(message, f'Write "{text[: arrow.start()]} {_ARROW} {text[arrow.end() :]}"')
    if _ARROW not in text and (words := _WITHOUT_ARROW.fullmatch(text.strip())):
        message = f"The entry “{text}” has no arrow between its text and its URL."
        raise InvalidEntry(message, f'Write "{words[1]} {_ARROW} {words[2]}"')
    before, arrow_found, after = text.partition(_ARROW)
    label, target = (before.strip(), after.strip()) if arrow_found else ("", text.strip())
    if arrow_found and not label:
        raise InvalidEntry(f"The entry “{text}” has no text before the arrow.", f"Write {EXAMPLE}")
    _check_target(target, label, text)
    if is_external(target) and not label:
        message = f"The entry “{text}” leads to another site, so it needs a text."
        raise InvalidEntry(message, f'Write the text and an arrow before the URL: "Log in {_ARROW} {target}"')
    return NavEntry(normalize_target(target), label, place)


def normalize_target(target: str) -> str:
    """Return `target` in its normal form. Don't change the path of a file, because file names may have capitals."""
    path = re.split("[?#]", target, maxsplit=1)[0]
    may_be_file = "." in path.rpartition("/")[2]
    if not is_site_path(target) or "?" in target or may_be_file:
        return target
    return normalize_path(path) + target[len(path) :]


def _check_target(target: str, label: str, text: str) -> None:
    start = f"{label} {_ARROW} " if label else ""
    labeled_start = f"{label or 'Log in'} {_ARROW} "
    if not target or re.search(r"\s", target):
        raise InvalidEntry(f"The entry “{text}” has no URL.", f"Write {EXAMPLE}")
    if not is_allowed_url(target):
        message = f"A link can't begin with “{scheme_of(target)}:”."
        raise InvalidEntry(message, "Use a URL of this site, or one that begins with https://, mailto: or tel:.")
    if is_site_path(target):
        return
    if is_external(target):
        if is_usable_url(target) and not target.startswith(("//", "/\\")):
            return
        message = f"“{target}” is not a whole URL."
        raise InvalidEntry(message, f'Write the whole URL, such as "{labeled_start}https://www.example.com"')
    if target.startswith("#"):
        message = f"“{target}” names a heading, but not the heading's page."
        raise InvalidEntry(message, f'Write the page\'s URL, too: "{start}/pricing{target}"')
    if url := whole_url(target):
        message = f"“{target}” is not a whole URL."
        raise InvalidEntry(message, f'Write "{labeled_start}{url}"')
    message = f"“{target}” is not a URL of this site, because it doesn't begin with “/”."
    raise InvalidEntry(message, f'Write "{start}/{target.lstrip("./")}"')
