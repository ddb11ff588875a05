"""Read `site.toml` or `facts.toml`. If the file is missing, empty or has errors, use its last valid version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from .content_folder import display_path
from .problems import Problem, Source
from .text_files import load_text

T = TypeVar("T")

MAX_TOML_BYTES = 100_000

# Returns the last valid text of a file, given the file's name. Returns "" if there is none.
ReadLast = Callable[[str], str]


@dataclass(frozen=True)
class LoadedFile(Generic[T]):
    """The values that the site uses from a TOML file, and the problems in the current file.

    If the current file has problems, `value` may come from an earlier version of the file. `text` is the text of the
    last valid version, or "" if there is none. `current_text` is the text of the current file, or "" if `value` doesn't
    come from the current file. `is_unreadable` is True if the current file can't be read as TOML.
    """

    value: T
    text: str = ""
    problems: tuple[Problem, ...] = ()
    is_unreadable: bool = False
    current_text: str = ""

    @property
    def is_outdated(self) -> bool:
        """Whether `value` comes from an earlier version because the file has errors."""
        return bool(self.problems and self.text)

    @property
    def is_lost(self) -> bool:
        """Whether the file is unreadable and has no earlier version."""
        return self.is_unreadable and not self.text


@dataclass(frozen=True)
class TomlFile(Generic[T]):
    """How the site reads a TOML file of the content folder.

    `parse` returns None if the text isn't valid TOML. `default` is the value of an empty file. `rule` is the checker's
    rule for the file's problems. `consequence` says what the site does until the file is fixed, and `help` says what an
    empty file needs. If `is_optional` is True, a missing or empty file is a problem only if the file has had a valid
    version before.
    """

    name: str
    parse: Callable[[Source, list[Problem]], T | None]
    default: T
    rule: str
    consequence: str
    help: str
    is_optional: bool = False

    def load(self, folder: Path, *, exists: bool, previous: LoadedFile[T] | None, read_last: ReadLast) -> LoadedFile[T]:
        """Return the file's problems and the values that the site uses.

        If the file has no problems, use its values. If the file is missing or empty, or has errors, use the first of
        these values that exists:

        1. the values of `previous`, if they come from a valid file
        2. the values in the text from `read_last()`
        3. the valid values in the file
        4. `default`
        """
        problems: list[Problem] = []
        value, text = self._read(folder, exists, problems)
        if value is not None and not problems:
            return LoadedFile(value, text, current_text=text)
        reported = tuple(problem._replace(message=f"{problem.message} {self.consequence}") for problem in problems)
        is_unreadable = value is None
        if previous and previous.text:
            return LoadedFile(previous.value, previous.text, reported, is_unreadable)
        last = read_last(self.name)
        last_value = self.parse(Source(self.name, last), []) if last else None
        if last_value is not None:
            return LoadedFile(last_value, last, reported, is_unreadable)
        if self.is_optional and not text.strip() and not is_unreadable:
            return LoadedFile(self.default)
        if value is None:
            return LoadedFile(self.default, "", reported, is_unreadable)
        return LoadedFile(value, "", reported, is_unreadable, text)

    def _read(self, folder: Path, exists: bool, problems: list[Problem]) -> tuple[T | None, str]:
        """Return the values and the text of the file. If the site can't read the file, the values are None."""
        path = folder / self.name
        text = load_text(folder, path, MAX_TOML_BYTES, problems) if exists else ""
        if text is None:
            return None, ""
        source = Source(display_path(folder, path), text)
        if text.strip():
            return self.parse(source, problems), text
        message, help = "This file is missing.", f"Add this file. {self.help}"
        if exists:
            message, help = "This file is empty.", self.help
        problems.append(source.problem(self.rule, message, help))
        return self.default, text
