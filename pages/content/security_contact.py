"""The contact for security problems of the site: the table `[security]` in `site.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import languages
from .toml_reader import TomlReader
from .url_paths import PHONE, is_site_path, phone_url

TABLE = "security"
KEYS = ("contact", "policy", "preferred_languages")

_EMAIL = re.compile(r"(?:mailto:)?([^@\s:/]+@[^@\s:/]+\.[^@\s:/]+)")
_WEB_PAGE = re.compile(r"https://[^\s/]+\S*")


@dataclass(frozen=True)
class SecurityContact:
    """The fields of `security.txt` (RFC 9116, 2.5) that `site.toml` sets.

    `contacts` are URLs, the best one first. `policy` is a URL or a path on this site, or empty. `preferred_languages`
    are codes.
    """

    contacts: tuple[str, ...]
    policy: str = ""
    preferred_languages: tuple[str, ...] = ()


class SecurityReader(TomlReader):
    """Reads the table `[security]`."""

    def read(self) -> SecurityContact | None:
        """Return the contact, or None if there is no valid contact."""
        self._check_keys(KEYS)
        contacts = self._contacts()
        contact = SecurityContact(contacts, self._policy(), self._languages())
        return contact if contacts else None

    def _contacts(self) -> tuple[str, ...]:
        example = '["security@example.com"]'
        written = self._list("contact", "email addresses, phone numbers or URLs", example)
        if not written and not self.data.get("contact"):
            message = "The table [security] has no contact, so the site has no security.txt."
            self._add(self.positions.key(self.path), message, f"Write contact = {example}")
        contacts = []
        for index, text in enumerate(written):
            if contact := _contact_url(text):
                contacts.append(contact)
            else:
                message = f"“{text}” is no email address, no phone number with + and no URL that begins with https://."
                self._report(("contact", index), message, f"Write contact = {example}")
        return tuple(contacts)

    def _policy(self) -> str:
        policy = self._text("policy", "")
        if not policy or is_site_path(policy) or _WEB_PAGE.fullmatch(policy):
            return policy
        message = f"The setting “policy” can't lead to “{policy}”."
        self._report(("policy",), message, "Write a page of this site, such as /security, or a URL with https://.")
        return ""

    def _languages(self) -> tuple[str, ...]:
        codes = []
        for index, written in enumerate(self._list("preferred_languages", "languages", '["en", "hi"]')):
            if code := languages.normalize(written):
                codes.append(code)
            else:
                near = languages.nearest(written)
                help = f'Did you mean "{near}"?' if near else 'Write the code of a language: "en"'
                self._report(("preferred_languages", index), f"“{written}” is not a language.", help)
        return tuple(codes)


def _contact_url(text: str) -> str:
    """Return the URL of an email address, a phone number or a web page, or "" for any other text."""
    if email := _EMAIL.fullmatch(text):
        return f"mailto:{email[1]}"
    if PHONE.fullmatch(text.removeprefix("tel:")):
        return phone_url(text.removeprefix("tel:"))
    return text if _WEB_PAGE.fullmatch(text) else ""
