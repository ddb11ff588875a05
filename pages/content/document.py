"""Text → Page: the frame of a document (name, URL, META, sections), and each section read by its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import cast

from . import blocks, casing, meta
from .blocks import Block, Code, Heading, Paragraph, Rule
from .calls import Calls
from .inlines import Inline, Run
from .markup import Outline, text
from .meta import Meta
from .parts import Context
from .problems import Problem, Source
from .sections import Kind, Section, dimensions, is_known, kind_of
from .sections.dimensions import Dimensions
from .sections.hero import Hero
from .targets import address

_GOOD_URL = re.compile(r"/(?:[a-z0-9](?:[a-z0-9._~-]*[a-z0-9])?(?:/|$))*$")
_BREAKS_META = re.compile(r"#{1,6}\s|---\s*$")


@dataclass(frozen=True)
class Settings:
    """What a document takes from the site: the targets of calls to action by lower-case label, and words' case."""

    calls_to_action: Mapping[str, str]
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """One document, read. `path` is the file's, relative to the content folder's parent; `url` is empty where the
    document gives none that can be served, and then the page is not."""

    path: str
    url: str
    url_line: int
    name: str
    meta: Meta
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]

    @property
    def hero(self) -> Hero | None:
        return next((section for section in self.sections if isinstance(section, Hero)), None)


def read(source: Source, place: str, settings: Settings) -> Page:
    """The page of a document. Takes any text and never raises; what is wrong is in `problems`.

    `place` is the URL that the file's place gives it, which serves where the document has no URL line; it may be empty.
    """
    frame = _Frame(source)
    problems = list(frame.problems)
    said = (frame.name, *frame.copy) if frame.name else frame.copy
    vocabulary = casing.vocabulary(said, [line for _, line in frame.meta_lines], settings.words)
    calls = Calls(source, settings.calls_to_action, problems)
    context = Context(source, Outline(frame.level, vocabulary), calls, problems)
    sections = tuple(
        kind_of(heading.written if heading else "").read(heading, context.mark_calls(inner), context)
        for heading, inner in frame.sections()
    )
    url, url_line = _url(source, frame.url, place, problems)
    name = vocabulary.show(frame.name.inline).text if frame.name else _name_of(url or place)
    if not frame.meta_lines:
        help = "add `## META` with a fenced block of `Title: …` and `Description: …` lines"
        problems.append(source.problem("missing-meta", "this document has no META", help))
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))
    return Page(source.path, url, url_line, name, frame.meta, _with_one_headline(sections, name), tuple(ordered))


def _url(source: Source, line: Heading | None, place: str, problems: list[Problem]) -> tuple[str, int]:
    if line is None:
        if not place:
            help = "write it under the page's name, as `## /hire/data-engineer`"
            message = "this document has no URL, and its file's name cannot be one, so it is not on the site"
            problems.append(source.problem("no-url", message, help))
        return place, 1
    url = address(line.written)
    if _GOOD_URL.match(url):
        if url != place:
            said = f"says {place}" if place else "could not be an address"
            message = f"the file's place {said}, and this line says {url}, which counts"
            help = f"move the file to {url.strip('/') or 'index'}.md in the content folder, or leave it as it is"
            text = line.written
            problems.append(source.problem_at("misplaced-file", message, help, line=line.line, text=text))
        return url, line.line
    help = "an address is made of small letters, figures and hyphens, as /hire/data-engineer"
    message = f"“{line.written}” cannot be an address, so the page is not on the site"
    problems.append(source.problem_at("bad-url", message, help, line=line.line, text=line.written))
    return "", line.line


def _name_of(url: str) -> str:
    return url.rpartition("/")[2].replace("-", " ").capitalize() or "Home"


def _with_one_headline(sections: tuple[Section, ...], name: str) -> tuple[Section, ...]:
    """The first hero leads the page: its headline is the `<h1>`, the page's name where it has none; and it draws the
    page's dimensions."""
    weighed = next((section for section in sections if isinstance(section, Dimensions)), None)
    first = next((section for section in sections if isinstance(section, Hero)), None)
    if first is None:
        return sections
    leading = replace(
        first,
        leads=True,
        headline=first.headline or text(Inline((Run(name),))),
        weights=weighed.weights if weighed else (),
    )
    return tuple(leading if section is first else section for section in sections)


class _Frame:
    """The document's blocks, parted into name, URL line, META and sections' blocks."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.meta = Meta()
        self.meta_lines: list[tuple[int, str]] = []
        found = blocks.parse(source.text)
        headings = [block for block in found if isinstance(block, Heading)]
        self.url = next((heading for heading in headings[:2] if heading.written.startswith("/")), None)
        self.name = self._name(headings)
        self.level = self._level([heading for heading in headings if heading is not self.name])
        self.copy = tuple(self._without_meta(found))

    def _name(self, headings: list[Heading]) -> Heading | None:
        """The first heading, if it stands over the others or over the URL line, and names no section."""
        if not headings or headings[0] is self.url or _is_meta(headings[0]) or is_known(headings[0].written):
            return None
        first, others = headings[0], headings[1:]
        over_all = all(first.level < other.level for other in others)
        return first if over_all or first.level == 1 or (others and others[0] is self.url) else None

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
                stack.extend(reversed(self._fenced_meta(block)))
                continue
            elif in_meta and isinstance(block, Paragraph) and self._take_unfenced_meta(block):
                continue
            yield block
        self._read_meta()

    def _fenced_meta(self, block: Code) -> list[Block]:
        """Takes META from its fenced block. One that never closes ends where the document plainly goes on; the blocks
        from there are given back."""
        lines = block.text.split("\n")
        end = len(lines)
        if not block.closed or any(_BREAKS_META.match(line) for line in lines):
            end = _end_of_meta(lines)
            help = "write ``` on a line of its own under META's last line"
            message = "this block is opened and never closed, so the rest of the document would belong to it"
            text = self.source.line(block.line).strip()
            self.problems.append(self.source.problem_at("unclosed-block", message, help, line=block.line, text=text))
        self.meta_lines += enumerate(lines[:end], start=block.text_line)
        if end == len(lines):
            return []
        before = block.text_line - 1 + end
        return list(blocks.parse("\n" * before + "\n".join(self.source.lines[before:])))

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
                message = f"META has no {key.capitalize()}: {meta.KEYS[key]}"
                help = f"add a line `{key.capitalize()}: …` to META"
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
                weighs = kind_of(block.written) is cast(Kind, dimensions)
            else:
                inner.append(block)
        if heading or inner:
            yield heading, tuple(inner)

    def _starts_section(self, block: Heading, weighs: bool) -> bool:
        """`weighs`: the section that `block` stands in is of dimensions, whose parts may be headed as high."""
        known = is_known(block.written)
        if block.level > self.level:
            return known and casing.shouts(block.written)
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
    return heading.written.strip().upper() == "META"
