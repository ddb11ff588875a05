"""Read `site.toml`. If the file has errors, keep the settings of its last valid version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from . import site_settings
from .content_folder import display_path
from .problems import Problem, Source
from .site_settings import SiteSettings
from .text_files import read_text

SITE_FILE = "site.toml"
MAX_SETTINGS_BYTES = 100_000


@dataclass(frozen=True)
class LoadedSettings:
    """The site's settings, and the problems of `site.toml`.

    `text` is the valid text that `site` was read from. `text` is empty if the file never was valid, or is missing.
    """

    site: SiteSettings
    text: str = ""
    problems: tuple[Problem, ...] = ()
    is_missing: bool = False

    @property
    def has_errors(self) -> bool:
        return bool(self.problems) and not self.is_missing

    @property
    def is_outdated(self) -> bool:
        """Whether the file has errors, and `site` comes from an earlier version."""
        return self.has_errors and bool(self.text)


def load(
    folder: Path, *, exists: bool, previous: LoadedSettings | None, read_last: Callable[[], str]
) -> LoadedSettings:
    """Return the settings in `site.toml`.

    If the file has errors, the result has the settings of `previous`, or else of the text that `read_last()` returns.
    Without either, the result has all settings that can be read.
    """
    path = folder / SITE_FILE
    shown_path = display_path(folder, path)
    problems: list[Problem] = []
    if not exists:
        message = "This file is missing, so calls to action without an arrow have no target."
        help = "Add this file, with a [calls_to_action] table."
        problems.append(Problem(shown_path, 1, 1, "site-settings", message, help))
        return LoadedSettings(SiteSettings(), problems=tuple(problems), is_missing=True)
    text = read_text(folder, path, MAX_SETTINGS_BYTES, problems)
    site = SiteSettings() if text is None else site_settings.parse(Source(shown_path, text), problems)
    if text is not None and not problems:
        return LoadedSettings(site, text)
    reported = tuple(replace(problem, message=f"{problem.message} {_CONSEQUENCE}") for problem in problems)
    if previous and previous.text:
        return replace(previous, problems=reported)
    last = read_last()
    return LoadedSettings(site_settings.parse(Source(shown_path, last), []) if last else site, last, reported)


_CONSEQUENCE = "Until this file has no errors, the site keeps the last settings without errors."


def read_site_settings(folder: Path, read_last: Callable[[], str]) -> SiteSettings:
    """Return the settings in `site.toml`, without the library.

    While the file is missing, empty or has errors, return the settings in the text that `read_last()` returns.
    """
    settings = load(folder, exists=True, previous=None, read_last=read_last)
    if settings.text.strip():
        return settings.site
    last = read_last()
    return site_settings.parse(Source(SITE_FILE, last), []) if last else settings.site
