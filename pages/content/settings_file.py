"""Read the site's settings from `site.toml`, and the facts from `facts.toml`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from . import facts as facts_reader
from . import site_settings
from .facts import Facts
from .site_settings import SiteSettings
from .toml_file import ReadLast, TomlFile

SITE_FILE = "site.toml"
FACTS_FILE = "facts.toml"

SITE = TomlFile(
    SITE_FILE,
    site_settings.parse,
    SiteSettings(),
    "site-settings",
    "Until you fix this file, the site uses the last valid settings.",
    "Add a [calls_to_action] table.",
)
FACTS = TomlFile(
    FACTS_FILE,
    facts_reader.parse,
    Facts(),
    "facts",
    "Until you fix this file, the site uses the last valid facts.",
    "If the site states no facts, write a comment in this file: # No facts",
    is_optional=True,
)


def read_site_settings(folder: Path, read_last: ReadLast) -> SiteSettings:
    """Return the settings in `site.toml` and the facts in `facts.toml`, without loading the library.

    If a file is missing or empty, or has errors, use the text from `read_last()`.
    """
    site = SITE.load(folder, exists=True, previous=None, read_last=read_last)
    facts = FACTS.load(folder, exists=True, previous=None, read_last=read_last)
    return replace(site.value, facts=facts.value)
