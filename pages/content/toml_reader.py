"""Read the values of `site.toml` or `facts.toml`, and report each invalid value at its position."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, ClassVar, Self

from . import dates
from .problems import MIN_SIMILARITY, Problem, Source, Span
from .toml_positions import KeyPath, TomlPositions

MOVE_UP = "Move this line up, above the first line in brackets."


class TomlReader:
    """Reads the table at `path`, and reports each invalid value at its position.

    KEYS are the top-level settings of the file. RULE is the rule of all problems in the file.
    """

    KEYS: ClassVar[tuple[str, ...]] = ()
    RULE: ClassVar[str] = "site-settings"

    def __init__(
        self,
        source: Source,
        data: Mapping[str, Any],
        problems: list[Problem],
        path: KeyPath = (),
        positions: TomlPositions | None = None,
    ) -> None:
        self.source, self.data, self.problems, self.path = source, data, problems, path
        self.positions = positions or TomlPositions(source.text)

    def _check_keys(self, allowed: tuple[str, ...]) -> None:
        for key in self.data:
            if key not in allowed:
                near = get_close_matches(key, allowed, n=1, cutoff=MIN_SIMILARITY)
                help = f"Did you mean “{near[0]}”?" if near else "Delete the setting."
                if self._is_misplaced(key):
                    help = MOVE_UP
                self._report_key(key, f"No setting is named “{key}”, so this entry has no effect.", help)

    def _is_misplaced(self, key: str) -> bool:
        """Return whether `key` belongs at the top level of the file, but is inside a table."""
        return bool(self.path) and key in self.KEYS

    def _subtable(self, key: str, keys: tuple[str, ...] = ()) -> Self | None:
        """Return a reader of the table `key`, or None if there is none.

        If `keys` is not empty, report each key of the table that is not in `keys`.
        """
        table = self.data.get(key, {})
        if not isinstance(table, dict):
            help = f"Write [{key}] on a line of its own, and its settings below."
            self._report_key(key, f"The setting “{key}” must be a table.", help)
            return None
        reader = type(self)(self.source, table, self.problems, (*self.path, key), self.positions)
        if keys:
            reader._check_keys(keys)
        return reader if key in self.data else None

    def _text(self, key: str, default: str) -> str:
        value = self.data.get(key, default)
        if isinstance(value, str):
            return value
        self._report_key(key, f"The setting “{key}” must be text in quotes.", f'Write {key} = "…"')
        return default

    def _list(self, key: str, content: str, example: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
            return tuple(value)
        self._report_key(key, f"The setting “{key}” must be a list of {content}.", f"Write {key} = {example}")
        return ()

    def _time(self, key: str, parse: Callable[[object], datetime]) -> datetime | None:
        if key not in self.data:
            return None
        try:
            return parse(self.data[key])
        except (ValueError, OverflowError):
            message = f"The setting “{key}” must be a date, not “{self.data[key]}”."
            found = dates.suggest(str(self.data[key]), with_time=True)
            meant = " or ".join(f'{key} = "{each}"' for each in found)
            help = f"Did you mean {meant}?" if found else f'Write {key} = "2026-12-01 09:00 +05:30"'
            self._report((key,), message, help)
            return None

    def _table(self, key: str) -> dict[str, str]:
        reader = self._subtable(key)
        table = reader.data if reader else {}
        for name in [name for name, entry in table.items() if not isinstance(entry, str)]:
            self._report_key(name, f"The value of “{name}” must be text in quotes.", f'Write "{name}" = "…"', key)
        return {name: entry for name, entry in table.items() if isinstance(entry, str)}

    def _report_key(self, key: str, message: str, help: str, table: str = "") -> None:
        path = (table, key) if table else (key,)
        self._add(self.positions.key((*self.path, *path)), message, help)

    def _report(self, path: KeyPath, message: str, help: str) -> None:
        self._add(self.positions.value((*self.path, *path)), message, help)

    def _add(self, span: Span, message: str, help: str) -> None:
        line, column, length = span
        self.problems.append(self.source.problem(self.RULE, message, help, line=line, column=column, length=length))
