"""Text → Page: the frame of a document (name, URL, META, sections), and each section read by its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from . import markdown_checks, sentence_case
from .blocks import Block, Heading, map_inlines, plain_text
from .calls_to_action import CallResolver
from .components import Context
from .document_links import Link, links_of
from .document_structure import DocumentStructure
from .images import Picture, Pictures, image_url
from .inlines import Inline, Run
from .markup import Outline, render_text
from .meta import Meta
from .problems import Problem, Source
from .sections import Section, kind_of
from .sections.calculator import Calculator, Inputs
from .sections.dimensions import Dimensions
from .sections.form import Form, FormSection
from .sections.hero import Hero
from .sections.hub import Hub, Listing
from .sections.questions import Questions
from .url_paths import RESERVED_PATHS, normalize_path

# How many sections make a list of them worth its room.
MIN_LISTED_SECTIONS = 4

_GOOD_URL = re.compile(r"/(?:[a-z0-9](?:[a-z0-9._~-]*[a-z0-9])?(?:/|$))*$")


@dataclass(frozen=True)
class Settings:
    """What a document takes from the site: the targets of calls to action by label, words' case, its pictures."""

    calls_to_action: Mapping[str, str]
    words: tuple[str, ...] = ()
    pictures: Pictures = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One document, read. `url` is empty where the document gives none that can be served, and then the page is not.
    `anchors` are the ids that stand on the page; `plain_text`, all its text."""

    source: Source
    url: str
    url_line: int
    name: str
    meta: Meta
    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    anchors: frozenset[str]
    plain_text: str
    problems: tuple[Problem, ...]

    @property
    def path(self) -> str:
        """The file's, relative to the content folder's parent."""
        return self.source.path

    @property
    def digest(self) -> str:
        """Of its text."""
        return sha256(self.source.text.encode()).hexdigest()

    @property
    def full(self) -> Page:
        """All of it: what is compared with another of its parts must have been read with it (see `shelf`)."""
        return self

    @property
    def images(self) -> frozenset[str]:
        """The addresses of the images that stand in it, there or not."""
        return frozenset(image_url(link.href) for link in self.links if link.is_image)

    @property
    def question_banks(self) -> tuple[Questions, ...]:
        """Its questions that can be taken along as a table, at its URL with `.csv` behind it."""
        return tuple(section for section in self.sections if isinstance(section, Questions) and section.is_bank)

    @property
    def calculator(self) -> Inputs | None:
        """What it reckons with. Such a page reads the query of its address."""
        found = (section.inputs for section in self.sections if isinstance(section, Calculator))
        return next((inputs for inputs in found if inputs), None)

    @property
    def form(self) -> Form | None:
        """What visitors may send from it: such a page is another for each of them."""
        return next(iter(_forms(self.sections)), None)

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Where it lists the pages under an address."""
        return tuple(listing for section in self.sections if isinstance(section, Hub) for listing in section.listings)

    @property
    def contents(self) -> tuple[Section, ...]:
        """The sections that “on this page” leads to; none where there are too few to be worth a list."""
        listed = tuple(section for section in self.sections if section.heading and not isinstance(section, Hero))
        return listed if len(listed) >= MIN_LISTED_SECTIONS else ()

    def short_name(self, hub: Page) -> str:
        """Its name where its hub's stands over it already: “Hire Data Engineer” under “Hire” is “Data Engineer”."""
        return self.name.removeprefix(f"{hub.name} ") or self.name

    @property
    def hero(self) -> Hero | None:
        return next((section for section in self.sections if isinstance(section, Hero)), None)


def read(source: Source, place: str, settings: Settings) -> Page:
    """The page of a document. Takes any text and never raises; what is wrong is in `problems`.

    `place` is the URL that the file's place gives it, which serves where the document has no URL line; it may be empty.
    """
    frame = DocumentStructure(source)
    problems = list(frame.problems)
    said = (frame.name, *frame.copy) if frame.name else frame.copy
    vocabulary = sentence_case.collect_word_forms(said, [line for _, line in frame.meta_lines], settings.words)
    calls = CallResolver(source, settings.calls_to_action, problems)
    context = Context(source, Outline(frame.level, vocabulary), calls, problems)
    marked = [
        (heading, _pictured(context.mark_calls(inner), settings.pictures, eager=number == 0))
        for number, (heading, inner) in enumerate(frame.sections())
    ]
    sections = tuple(
        kind_of(heading.raw_text if heading else "", inner).read(heading, inner, context) for heading, inner in marked
    )
    copy = [block for heading, inner in marked for block in ((heading, *inner) if heading else inner)]
    links = sorted([*links_of(copy), *calls.links], key=lambda link: (link.line, link.column))
    for second in _forms(sections)[1:]:
        message = "This page already has a form, so this one is shown as a table."
        help = "Move it to a page of its own."
        problems.append(source.problem("form-part", message, help, line=second.line))
    problems += markdown_checks.check_document(source, copy, links, frame.meta, settings.pictures)
    url, url_line = _url(source, frame.url, place, problems)
    name = vocabulary.to_sentence_case(frame.name.inline).text if frame.name else _name_of(url or place)
    if not frame.meta_lines:
        help = "Add `## META`, then `Title: …` and `Description: …` between two lines of three backticks."
        problems.append(source.problem("missing-meta", "This document has no META.", help))
    ordered = sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))
    return Page(
        source,
        url,
        url_line,
        name,
        frame.meta,
        _with_one_headline(sections, name),
        tuple(links),
        context.outline.anchors,
        plain_text(copy),
        tuple(ordered),
    )


def _forms(sections: tuple[Section, ...]) -> list[Form]:
    return [section.form for section in sections if isinstance(section, FormSection) and section.form]


def _pictured(blocks: tuple[Block, ...], pictures: Pictures, *, eager: bool) -> tuple[Block, ...]:
    """`blocks`, each image of them with its picture; those of the page's first section are seen at once."""

    def run(old: Run) -> Run:
        picture = pictures.get(image_url(old.image)) if old.image else None
        return old._replace(picture=picture, eager=eager) if isinstance(picture, Picture) else old

    def inline(old: Inline) -> Inline:
        return Inline(tuple(map(run, old.runs))) if any(run.image for run in old.runs) else old

    return map_inlines(blocks, inline)


def _url(source: Source, line: Heading | None, place: str, problems: list[Problem]) -> tuple[str, int]:
    if line is None:
        if not place:
            help = "Write the URL under the page's name, such as `## /hire/data-engineer`."
            message = "This page is not on the site. It has no URL line, and its file's name can't be a URL."
            problems.append(source.problem("no-url", message, help))
        return place, 1
    url = normalize_path(line.raw_text)
    if any(url == reserved or url.startswith(f"{reserved}/") for reserved in RESERVED_PATHS):
        message = f"The site itself uses the URL {url}, so this page is not on the site."
        problems.append(
            source.problem_at("bad-url", message, "Choose another URL.", line=line.line, text=line.raw_text)
        )
        return "", line.line
    if _GOOD_URL.match(url):
        if url != place:
            said = f"says {place}" if place else "can't be a URL"
            message = f"The file's place {said}, but this line says {url}. The line counts."
            help = f"Move the file to {url.strip('/') or 'index'}.md in the content folder, or leave it where it is."
            text = line.raw_text
            problems.append(source.problem_at("misplaced-file", message, help, line=line.line, text=text))
        return url, line.line
    if re.search(r"[\[\]{}<>]", line.raw_text):
        message = f"“{line.raw_text}” still contains a placeholder, so this page is not on the site."
        help = "Replace the placeholder with the page's own URL, such as /hire/data-engineer."
        problems.append(source.problem_at("placeholder-url", message, help, line=line.line, text=line.raw_text))
        return "", line.line
    help = "Use lowercase letters, digits and hyphens, such as /hire/data-engineer."
    message = f"“{line.raw_text}” is not a valid URL, so this page is not on the site."
    problems.append(source.problem_at("bad-url", message, help, line=line.line, text=line.raw_text))
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
        is_main=True,
        headline=first.headline or render_text(Inline((Run(name),))),
        weights=weighed.weights if weighed else (),
    )
    return tuple(leading if section is first else section for section in sections)
