"""What crawlers may use the pages for: the table `[content_usage]` in `site.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from .problems import MIN_SIMILARITY
from .toml_reader import TomlReader

TABLE = "content_usage"

# The possible uses of the content, and the IETF's label for each use (draft-ietf-aipref-vocab-08, 14 September 2026).
LABELS = {"search": "search", "answers": "ai-use", "training": "train-ai"}
USES = tuple(LABELS)

# In robots.txt, this name stands for all crawlers that the file doesn't name (RFC 9309, 2.2.1).
EVERYONE = "*"

# A crawler's name in robots.txt (RFC 9309, 2.2.1).
_CRAWLER = re.compile(r"[A-Za-z_-]+|\*")


@dataclass(frozen=True)
class ContentUsage:
    """What each group of crawlers may use the pages for.

    `groups` maps the names of the crawlers in a group to the allowed uses. All other crawlers have the uses in
    `everyone`.
    """

    everyone: tuple[str, ...] = USES
    groups: Mapping[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)


class UsageReader(TomlReader):
    """Reads the table `[content_usage]`. A key names crawlers, with commas between them. The value lists their uses."""

    def read(self) -> ContentUsage:
        everyone, groups, seen = USES, {}, set[str]()
        for key in self.data:
            names = tuple(name.strip() for name in key.split(","))
            if not self._are_new(key, names, seen):
                continue
            seen.update(name.lower() for name in names)
            uses = self._uses(key)
            if EVERYONE in names:
                everyone = uses
            if others := tuple(name for name in names if name != EVERYONE):
                groups[others] = uses
        return ContentUsage(everyone, groups)

    def _are_new(self, key: str, names: tuple[str, ...], seen: set[str]) -> bool:
        """Return True if each name can be a crawler's name and is listed only once. Otherwise, report a problem."""
        for name in names:
            if not _CRAWLER.fullmatch(name):
                message = f"“{name}” can't be the name of a crawler."
                help = "Write the name from the crawler's documentation, such as GPTBot, or * for all other crawlers."
                self._report_key(key, message, help)
                return False
            if name.lower() in seen or names.count(name) > 1:
                self._report_key(key, f"The crawler “{name}” is listed twice.", "Delete one of the two.")
                return False
        return True

    def _uses(self, key: str) -> tuple[str, ...]:
        """Return the uses in the list at `key`, without unknown uses. If the value isn't a list, return all uses."""
        written = self.data[key]
        if not isinstance(written, list) or not all(isinstance(use, str) for use in written):
            help = f'Write "{key}" = ["search", "answers"]'
            self._report_key(key, f"The setting “{key}” must be a list of uses.", help)
            return USES
        for index, use in enumerate(written):
            if use not in USES:
                near = get_close_matches(use.lower(), USES, n=1, cutoff=MIN_SIMILARITY)
                help = f'Did you mean "{near[0]}"?' if near else 'Write "search", "answers" or "training".'
                self._report((key, index), f"The use “{use}” is unknown.", help)
        return tuple(use for use in USES if use in written)
