"""A document's blocks, parted into name, URL line, META and sections' blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import cast

from . import blocks, meta, sentence_case
from .blocks import Block, Code, Heading, Paragraph, Rule
from .meta import Meta
from .problems import Problem, Source
from .sections import Kind, dimensions, is_kind_heading, kind_of

_BREAKS_META = re.compile(r"#{1,6}\s|---\s*$")


class DocumentStructure:
    """The document's blocks, parted into name, URL line, META and sections' blocks."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.meta = Meta()
        self.meta_lines: list[tuple[int, str]] = []
        found = blocks.parse(source.text)
        headings = [block for block in found if isinstance(block, Heading)]
        self.url = next((heading for heading in headings[:2] if heading.raw_text.startswith("/")), None)
        self.name = self._name(headings)
        self.level = self._level([heading for heading in headings if heading is not self.name])
        self.copy = tuple(self._without_meta(found))

    def _name(self, headings: list[Heading]) -> Heading | None:
        """The first heading, if it stands over the URL line, or over the others and names no section."""
        if not headings or headings[0] is self.url or _is_meta(headings[0]):
            return None
        first, others = headings[0], headings[1:]
        if others and others[0] is self.url:
            return first
        over_all = all(first.level < other.level for other in others)
        return first if (over_all or first.level == 1) and not is_kind_heading(first.raw_text) else None

    def _level(self, headings: list[Heading]) -> int:
        """The level at which this document's sections begin: its URL line's or META's, else its highest heading's."""
        marks = [self.url] if self.url else [heading for heading in headings if _is_meta(heading)]
        return min((heading.level for heading in marks or headings), default=2)

    def _without_meta(self, found: Iterable[Block]) -> Iterator[Block]:
        in_meta = False
        stack = list(reversed(list(found)))
        while stack:
            block = stack.pop()
            if block is self.name or block is self.url or isinstance(block, Rule):
                continue
            if isinstance(block, Heading):
                in_meta = _is_meta(block)
                if in_meta:
                    continue
            elif in_meta and isinstance(block, Code) and (not self.meta_lines or _holds_meta(block)):
                rest = self._fenced_meta(block)
                stack = stack if rest is None else list(reversed(rest))
                continue
            elif in_meta and isinstance(block, Paragraph) and self._take_unfenced_meta(block):
                continue
            yield block
        self._read_meta()

    def _fenced_meta(self, block: Code) -> tuple[Block, ...] | None:
        """Takes META from its fenced block. One that never closes ends where the document plainly goes on; then all
        blocks from there to the document's end are given back, since a later fence may have closed it."""
        lines = block.text.split("\n")
        end = len(lines)
        if not block.closed or any(_BREAKS_META.match(line) for line in lines):
            end = _end_of_meta(lines)
            help = "Write ``` on a line of its own below the last line of META."
            message = "This block never ends, so the rest of the document would belong to META."
            text = self.source.line(block.line).strip()
            self.problems.append(self.source.problem_at("unclosed-block", message, help, line=block.line, text=text))
        self.meta_lines += enumerate(lines[:end], start=block.text_line)
        if end == len(lines):
            return None
        before = block.text_line - 1 + end
        return blocks.parse("\n" * before + "\n".join(self.source.lines[before:]))

    def _take_unfenced_meta(self, block: Paragraph) -> bool:
        """Whether a paragraph is made of META's lines, without a fence; then it takes them."""
        count = block.inline.text.count("\n") + 1
        lines = [line.replace("**", "") for line in self.source.lines[block.line - 1 : block.line - 1 + count]]
        if not all(meta.looks_like_meta(line) for line in lines) or not any(meta.has_known_key(line) for line in lines):
            return False
        self.meta_lines += enumerate(lines, start=block.line)
        return True

    def _read_meta(self) -> None:
        self.meta, problems = meta.parse(self.source, self.meta_lines)
        self.problems += problems
        if not self.meta_lines:
            return
        for key in ("title", "description"):
            if not getattr(self.meta, key):
                message = f"META has no {key}. It is {meta.KEYS[key]}."
                help = f"Add a line `{key.capitalize()}: …` to META."
                self.problems.append(self.source.problem(f"missing-{key}", message, help, line=self.meta.line))

    def sections(self) -> Iterator[tuple[Heading | None, tuple[Block, ...]]]:
        """Each section's heading (None for what stands before the first) and its blocks."""
        heading: Heading | None = None
        inner: list[Block] = []
        weighs = False
        for block in self.copy:
            if isinstance(block, Heading) and block.inline and self._starts_section(block, weighs):
                if heading or inner:
                    yield heading, tuple(inner)
                heading, inner = block, []
                weighs = kind_of(block.raw_text) is cast(Kind, dimensions)
            else:
                inner.append(block)
        if heading or inner:
            yield heading, tuple(inner)

    def _starts_section(self, block: Heading, weighs: bool) -> bool:
        """`weighs`: the section that `block` stands in is of dimensions, whose parts may be headed as high."""
        known = is_kind_heading(block.raw_text)
        if block.level > self.level:
            return known and sentence_case.is_all_caps(block.raw_text)
        return known or not (weighs and dimensions.is_weighted(block))


def _end_of_meta(lines: list[str]) -> int:
    """How many of `lines` are META's, where nothing else says: until one has no `Key: value`, or, after an empty line,
    none that META knows."""
    empty = False
    for index, line in enumerate(lines):
        empty = empty or not line.strip()
        goes_on = not line.strip() or line[0].isspace()
        if not goes_on and not (meta.has_known_key(line) if empty else meta.looks_like_meta(line)):
            return index
    return len(lines)


def _holds_meta(block: Code) -> bool:
    return any(meta.has_known_key(line) for line in block.text.splitlines())


def _is_meta(heading: Heading) -> bool:
    return heading.raw_text.strip().upper() == "META"
