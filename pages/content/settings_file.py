"""Read `site.toml`. If the file is missing, empty or has errors, keep the settings of its last valid version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from . import site_settings
from .content_folder import display_path
from .problems import Problem, Source
from .site_settings import SiteSettings
from .text_files import load_text

SITE_FILE = "site.toml"
MAX_SETTINGS_BYTES = 100_000


# What the site does if `site.toml` has errors.
_CONSEQUENCE = "Until you fix this file, the site uses the last valid settings."


@dataclass(frozen=True)
class LoadedSettings:
    """The site's settings, and the problems in `site.toml`.

    `text` is the valid text from which `site` was read, or "" if there is none. `is_unreadable` is True if the file
    can't be read as TOML. `current_text` is the file's text if `site` was read from this text; otherwise, it is empty.
    """

    site: SiteSettings
    text: str = ""
    problems: tuple[Problem, ...] = ()
    is_unreadable: bool = False
    current_text: str = ""

    @property
    def is_outdated(self) -> bool:
        """Whether `site` comes from an earlier version because the file has errors."""
        return bool(self.problems and self.text)

    @property
    def is_lost(self) -> bool:
        """Whether the file is unreadable and has no earlier version."""
        return self.is_unreadable and not self.text


def load(
    folder: Path, *, exists: bool, previous: LoadedSettings | None, read_last: Callable[[], str]
) -> LoadedSettings:
    """Return the settings in `site.toml`.

    If the file is missing or empty, or has errors, return the last valid settings: those of `previous`, or else those
    in the text from `read_last()`. If neither exists, return the file's valid settings.
    """
    problems: list[Problem] = []
    site, text = _read(folder, exists, problems)
    if site and not problems:
        return LoadedSettings(site, text, current_text=text)
    reported = tuple(replace(problem, message=f"{problem.message} {_CONSEQUENCE}") for problem in problems)
    if previous and previous.text:
        return LoadedSettings(previous.site, previous.text, reported, is_unreadable=site is None)
    last = read_last()
    if last_site := _parse_last(last):
        return LoadedSettings(last_site, last, reported, is_unreadable=site is None)
    return LoadedSettings(site or SiteSettings(), last, reported, is_unreadable=site is None, current_text=text)


def _read(folder: Path, exists: bool, problems: list[Problem]) -> tuple[SiteSettings | None, str]:
    """Return the settings and the text of `site.toml`. If the site can't read the file, the settings are None."""
    path = folder / SITE_FILE
    text = load_text(folder, path, MAX_SETTINGS_BYTES, problems) if exists else ""
    if text is None:
        return None, ""
    source = Source(display_path(folder, path), text)
    if text.strip():
        return site_settings.parse(source, problems), text
    message, help = "This file is missing.", "Add this file, with a [calls_to_action] table."
    if exists:
        message, help = "This file is empty.", "Add a [calls_to_action] table."
    problems.append(source.problem("site-settings", message, help))
    return SiteSettings(), text


def _parse_last(text: str) -> SiteSettings | None:
    return site_settings.parse(Source(SITE_FILE, text), []) if text else None


def read_site_settings(folder: Path, read_last: Callable[[], str]) -> SiteSettings:
    """Return the settings in `site.toml`, without loading the library.

    If the file is missing or empty, or has errors, return the settings in the text from `read_last()`.
    """
    return load(folder, exists=True, previous=None, read_last=read_last).site
