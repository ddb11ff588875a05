"""Split a document into its name, URL line, META and sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import cast

from . import blocks, front_matter, meta, meta_keys, sentence_case
from .blocks import Block, Code, Heading, Paragraph, Rule
from .meta import Meta
from .problems import Problem, Source
from .sections import Kind, dimensions, is_kind_heading, kind_of

# If a META block never ends, the rest of the document is parsed again, but at most this many times. Further META blocks
# that never end are shown as code.
MAX_UNCLOSED_META = 3

_ENDS_META = re.compile(r"#{1,6}\s|---\s*$")


class DocumentStructure:
    """The parts of a document.

    `blocks` holds all blocks below the front matter. `name_heading` and `url_heading` are None if missing.
    `section_level` is the heading level of the sections, and `body` holds the blocks of all sections.
    `meta_lines` holds the number and the text of each line in the front matter and in the META block. `meta_headings`
    holds the line numbers of the headings named META.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self._unclosed_meta = 0
        self.meta = Meta()
        self.meta_lines: list[tuple[int, str]] = []
        self.meta_headings: list[int] = []
        self._front_matter = front_matter.read(source)
        self.blocks = self._parse_from(self._front_matter.end if self._front_matter else 0)
        headings = [block for block in self.blocks if isinstance(block, Heading)]
        self.url_heading = next((heading for heading in headings[:2] if heading.raw_text.startswith("/")), None)
        self.name_heading = self._find_name(headings)
        self.section_level = self._find_level([heading for heading in headings if heading is not self.name_heading])
        self.body = tuple(self._split_off_meta(self.blocks))

    def _parse_from(self, line_count: int) -> tuple[Block, ...]:
        """Parse the document without its first `line_count` lines. The other lines keep their numbers."""
        return blocks.parse("\n" * line_count + "\n".join(self.source.lines[line_count:]))

    def _find_name(self, headings: list[Heading]) -> Heading | None:
        """Return the heading with the page's name, or None.

        If the URL line follows the document's first heading, the first heading is the name. Otherwise, the first
        heading is the name only if two conditions are true: it doesn't name a section kind, such as “FAQ”, and it
        either has level 1 or ranks above all other headings.
        """
        if not headings or headings[0] is self.url_heading or _is_meta(headings[0]):
            return None
        first, others = headings[0], headings[1:]
        if others and others[0] is self.url_heading:
            return first
        is_highest = all(first.level < other.level for other in others)
        return first if (is_highest or first.level == 1) and not is_kind_heading(first.raw_text) else None

    def _find_level(self, headings: list[Heading]) -> int:
        """Return the level of the headings that start a section: 2 for `##`, for example.

        It is the level of the URL heading. If there is no URL heading, it is the level of the META heading. If there is
        neither, it is the level of the document's highest heading.
        """
        marks = [self.url_heading] if self.url_heading else [heading for heading in headings if _is_meta(heading)]
        return min((heading.level for heading in marks or headings), default=2)

    def _split_off_meta(self, all_blocks: Iterable[Block]) -> Iterator[Block]:
        """Parse META. Yield all blocks except META, the page's name, its URL and horizontal rules."""
        in_meta = False
        stack = list(reversed(list(all_blocks)))
        while stack:
            block = stack.pop()
            if block is self.name_heading or block is self.url_heading or isinstance(block, Rule):
                continue
            if isinstance(block, Heading):
                in_meta = _is_meta(block)
                if in_meta:
                    self.meta_headings.append(block.line)
                    continue
            elif in_meta and isinstance(block, Code) and self._may_be_meta(block):
                rest = self._read_fenced_meta(block)
                stack = stack if rest is None else list(reversed(rest))
                continue
            elif in_meta and isinstance(block, Paragraph) and self._read_unfenced_meta(block):
                continue
            yield block
        self._parse_meta()

    def _may_be_meta(self, block: Code) -> bool:
        return self._unclosed_meta < MAX_UNCLOSED_META and (not self.meta_lines or _contains_meta(block))

    def _read_fenced_meta(self, block: Code) -> tuple[Block, ...] | None:
        """Collect META's lines from its fenced block. Return None if all lines of the block belong to META.

        If META's closing fence is missing, the block also contains the lines up to a later fence. META then ends before
        the first line that doesn't look like META. Parse the document again from that line, and return the new blocks.
        """
        lines = block.text.split("\n")
        end = len(lines)
        if not block.is_closed or any(_ENDS_META.match(line) for line in lines):
            end = _count_meta_lines(lines)
            message = "This block never ends, so the rest of the document would belong to META."
            help = "Write ``` on a line of its own below the last line of META."
            text = self.source.line(block.line).strip()
            self.problems.append(self.source.problem_at("unclosed-block", message, help, line=block.line, text=text))
        # If the opening fence is the document's last line, problems of META point to the fence.
        self.meta_lines += enumerate(lines[:end], start=min(block.text_line, len(self.source.lines)))
        if end == len(lines):
            return None
        self._unclosed_meta += 1
        return self._parse_from(block.text_line - 1 + end)

    def _read_unfenced_meta(self, block: Paragraph) -> bool:
        """Collect META's lines from a paragraph. Return False if the paragraph doesn't look like META."""
        count = block.inline.text.count("\n") + 1
        lines = [line.replace("**", "") for line in self.source.lines[block.line - 1 : block.line - 1 + count]]
        if not all(map(meta_keys.looks_like_meta, lines)) or not any(map(meta_keys.has_known_key, lines)):
            return False
        self.meta_lines += enumerate(lines, start=block.line)
        return True

    def _parse_meta(self) -> None:
        found = self._front_matter
        self.meta, problems = meta.parse(self.source, self.meta_lines, found.entries if found else ())
        self.problems += problems
        if found:
            self.problems += found.problems
            if not found.is_readable:
                is_unclear = self.meta.is_unclear or not self.meta.draft
                self.meta = replace(self.meta, draft=True, is_unclear=is_unclear)
            if self.meta_lines:
                message = "This document has front matter and a META section. The site reads both."
                help = "Move the settings of the front matter to the META section, and delete the front matter."
                self.problems.append(self.source.problem("doubled-meta", message, help, line=self.meta_lines[0][0]))
            self.meta_lines = [*found.lines, *self.meta_lines]
        if not self.meta_lines:
            return
        for key in ("title", "description"):
            if not getattr(self.meta, key):
                message = f"META has no `{key.capitalize()}` line. Such a line sets {meta_keys.KEYS[key]}."
                help = f"Add a line `{key.capitalize()}: …` to META."
                self.problems.append(self.source.problem(f"missing-{key}", message, help, line=self.meta.line))

    def sections(self) -> Iterator[tuple[Heading | None, tuple[Block, ...]]]:
        """Yield each section's heading and blocks. Blocks before the first section have no heading (None)."""
        heading: Heading | None = None
        section_blocks: list[Block] = []
        in_dimensions = False
        for block in self.body:
            if isinstance(block, Heading) and block.inline and self._starts_section(block, in_dimensions):
                if heading or section_blocks:
                    yield heading, tuple(section_blocks)
                heading, section_blocks = block, []
                in_dimensions = kind_of(block.raw_text) is cast(Kind, dimensions)
            else:
                section_blocks.append(block)
        if heading or section_blocks:
            yield heading, tuple(section_blocks)

    def _starts_section(self, block: Heading, in_dimensions: bool) -> bool:
        """Return whether a heading starts a section.

        Inside a section of dimensions, a heading with a weight, such as “Technical (45%)”, is a dimension. Such a
        heading doesn't start a section, even if it has the level of section headings.
        """
        names_kind = is_kind_heading(block.raw_text)
        if block.level > self.section_level:
            return names_kind and sentence_case.is_all_caps(block.raw_text)
        return names_kind or not (in_dimensions and dimensions.is_weighted(block))


def _count_meta_lines(lines: list[str]) -> int:
    """Return how many of `lines` belong to a META block without a closing fence.

    META ends before the first line that isn't `Key: value`. After an empty line, META ends before the first unknown
    key.
    """
    after_empty_line = False
    for index, line in enumerate(lines):
        after_empty_line = after_empty_line or not line.strip()
        is_continuation = not line.strip() or line[0].isspace()
        is_meta = meta_keys.has_known_key if after_empty_line else meta_keys.looks_like_meta
        if not is_continuation and not is_meta(line):
            return index
    return len(lines)


def _contains_meta(block: Code) -> bool:
    return any(meta_keys.has_known_key(line) for line in block.text.splitlines())


def _is_meta(heading: Heading) -> bool:
    return heading.raw_text.strip().upper() == "META"
