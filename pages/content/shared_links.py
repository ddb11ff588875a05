"""The targets of calls to action in `site.toml`, which many pages can share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from .calls_to_action import label_of
from .document_links import Link
from .problems import Problem, Source, Span

_TABLE = re.compile(r"\s*\[calls_to_action\]")
_ENTRY = re.compile(
    r"""\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|'(?P<literal>[^']*)'|(?P<bare>[\w-]+))\s*=\s*["']?(?P<value>[^"']*)"""
)


@dataclass(frozen=True)
class CallTargets:
    """The calls to action in `site.toml`. `targets` maps their labels to their targets."""

    source: Source
    targets: Mapping[str, str]

    def label_of(self, link: Link) -> str:
        """Return the label in `site.toml` that gives `link` its target, or "" if the document gives the target."""
        if link.is_image or link.target is not None:
            return ""
        return self._labels.get((label_of(link.text).lower(), link.href), "")

    @cached_property
    def _labels(self) -> Mapping[tuple[str, str], str]:
        return {(label.lower(), href): label for label, href in self.targets.items()}

    def move(self, problem: Problem, label: str) -> Problem:
        """Return a copy of `problem` whose position is the target of `label` in `site.toml`."""
        span = self._spans.get(label, Span(1, 1, 1))
        written = self.source.line(span.line)
        return problem._replace(path=self.source.path, source=written, **span._asdict())

    def place_of(self, label: str) -> Span | None:
        """Find the link text `label` in `site.toml`, and return the position of its target.

        Return None if the label isn't found, or if the target is written differently, for example with escapes.
        """
        span = self._spans.get(label)
        return span if span and self.source.text_at(span) == self.targets.get(label) else None

    @cached_property
    def _spans(self) -> Mapping[str, Span]:
        """The positions of the targets in `site.toml`, keyed by label."""
        spans: dict[str, Span] = {}
        is_in_table = False
        for number, line in enumerate(self.source.lines, start=1):
            is_in_table = bool(_TABLE.match(line)) if line.lstrip().startswith("[") else is_in_table
            entry = _ENTRY.match(line) if is_in_table else None
            if entry:
                label = entry["literal"] or entry["bare"] or re.sub(r"\\(.)", r"\1", entry["quoted"] or "")
                spans[label] = Span(number, entry.start("value") + 1, max(len(entry["value"]), 1))
        return spans
