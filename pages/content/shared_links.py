"""Links that no page owns: the targets of calls to action in `site.toml`, and the links in `kit.md`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .calls_to_action import label_of
from .document_links import Link
from .problems import Problem, Source, Span

_TABLE = re.compile(r"\s*\[calls_to_action\]")
_ENTRY = re.compile(
    r"""\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|'(?P<literal>[^']*)'|(?P<bare>[\w-]+))\s*=\s*(?P<value>.*)"""
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
        labels = (label for label, href in self.targets.items() if href == link.href)
        return next((label for label in labels if label.lower() == label_of(link.text).lower()), "")

    def move(self, problem: Problem, label: str) -> Problem:
        """Return `problem` at the line of `label` in `site.toml`."""
        span = self._span_of(label)
        written = self.source.line(span.line)
        return replace(problem, path=self.source.path, source=written, edits=(), **span._asdict())

    def _span_of(self, label: str) -> Span:
        """Return the place of the label's target, or of the file's first line."""
        is_in_table = False
        for number, line in enumerate(self.source.lines, start=1):
            is_in_table = bool(_TABLE.match(line)) if line.lstrip().startswith("[") else is_in_table
            entry = _ENTRY.match(line) if is_in_table else None
            if entry and label in (entry["quoted"], entry["literal"], entry["bare"]):
                target = re.match(r"""["']?([^"']*)""", entry["value"])
                start = entry.start("value") + (target.start(1) if target else 0)
                return Span(number, start + 1, max(len(target[1]), 1) if target else 1)
        return Span(1, 1, 1)
