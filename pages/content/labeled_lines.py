"""Labeled lines, such as `**Button:** Send`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from .blocks import Block, Paragraph
from .inlines import Inline, join


class LabeledLines:
    """Collects the text of each label. `rest` holds the blocks without the labeled lines.

    A line without a label continues the text of the label above it. A line with a repeated label stays in `rest`.
    """

    def __init__(self, blocks: Iterable[Block], labels: Collection[str]) -> None:
        self._labels = labels
        self._lines: dict[str, list[Inline]] = {}
        self.rest: list[Block] = []
        for block in blocks:
            lines = _lines(block)
            unlabeled = list(self._split(lines))
            if not lines:
                self.rest.append(block)
            elif unlabeled:
                self.rest.append(Paragraph(unlabeled[0].line, join(unlabeled)))

    def __contains__(self, label: str) -> bool:
        return any(self._lines.get(label, ()))

    def words(self, label: str) -> Inline:
        return join(self._lines.get(label, ()))

    def text(self, label: str) -> str:
        return " ".join(self.words(label).text.split())

    def lines(self, label: str) -> str:
        """Return the label's text as plain text, with its line breaks."""
        return "\n".join(" ".join(line.text.split()) for line in self._lines.get(label, ()))

    def _split(self, lines: Iterable[Inline]) -> Iterator[Inline]:
        """Store the lines of each label in `_lines`. Yield the lines that belong to no label."""
        current: list[Inline] | None = None
        for line in lines:
            name, label = _label(line), line.split_label()
            if label and name in self._labels and name not in self._lines:
                current = self._lines[name] = [label[1]] if label[1] else []
            elif current is not None and label is None:
                current.append(line)
            else:
                current = None
                yield line


def has_label(blocks: Iterable[Block], label: str) -> bool:
    """Return whether `blocks` contain a line with this label."""
    return any(_label(line) == label for block in blocks for line in _lines(block))


def _label(line: Inline) -> str:
    """Return the line's label in lowercase letters, or ""."""
    label = line.split_label()
    return " ".join(label[0].lower().split()) if label else ""


def _lines(block: Block) -> tuple[Inline, ...]:
    return block.inline.lines() if isinstance(block, Paragraph) else ()
