"""Parse a document into a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from . import fact_checks, markdown_checks, media_checks, page_files, sentence_case, sum_checks
from .blocks import plain_text
from .calls_to_action import CallResolver
from .components import Context
from .contact_links import find_contacts
from .document_links import Link, LinkTarget, distinct_targets, links_of
from .document_structure import DocumentStructure
from .document_url import check_unmarked_url, name_from_url, resolve_url
from .duel import find_duel
from .fact_passages import find_passages
from .facts import Facts
from .first_keyword import check_first_keyword
from .footnotes import PageNotes
from .images import Pictures, image_url
from .languages import ENGLISH, Language
from .main_hero import weights_of, with_main_hero
from .media_paragraphs import EmbeddedVideo, videos_of
from .meta import Meta
from .omitted_text import TextEdit, find_omissions
from .outline import Outline
from .page_files import PageFile
from .problems import Problem, Source
from .sections import Section, kind_of
from .sections.calculator import Calculator, Inputs
from .sections.challenge import Challenge
from .sections.closing import Closing
from .sections.dimensions import Weight
from .sections.form import Form, FormSection, check_forms, forms_of
from .sections.hero import Hero
from .sections.hub import Hub, Listing
from .sections.links import Links
from .sections.questions import Questions
from .sections.report import DimensionScore, Report
from .site_words import translated_headings, words_in
from .target_resolution import resolve_targets
from .text_versions import text_digest, text_ending
from .video_files import is_video, poster_urls
from .visible_anchors import visible_anchors

# A page with fewer sections than this doesn't show a list of its sections.
MIN_LISTED_SECTIONS = 6


@dataclass(frozen=True)
class Settings:
    """The site's settings for its documents.

    `calls_to_action` maps each label to its target. `words`, such as "MLOps", keep their case in headings. `pictures`
    maps the URL of each image to its file. `translations` maps languages to translations of the site's own words.
    The texts of documents must agree with `facts`.
    """

    calls_to_action: Mapping[str, str]
    words: tuple[str, ...] = ()
    pictures: Pictures = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)


@dataclass(frozen=True)
class Page:
    """A parsed document.

    A page with an empty `url` is not served. `anchors` are all ids on the page. `files` are the downloads that the site
    makes from the page.
    """

    source: Source
    url: str
    url_line: int
    name: str
    meta: Meta
    sections: tuple[Section, ...]
    links: tuple[Link, ...]
    anchors: frozenset[str]
    files: tuple[PageFile, ...]
    videos: tuple[EmbeddedVideo, ...]
    plain_text: str
    problems: tuple[Problem, ...]

    @cached_property
    def path(self) -> str:
        """The document's path, relative to the parent of the content folder."""
        return self.source.path

    @cached_property
    def digest(self) -> str:
        """A hash of the document's text."""
        return text_digest(self.source.text)

    @cached_property
    def ending(self) -> str:
        """The end of the document's text (see `text_ending`)."""
        return text_ending(self.source.text)

    @cached_property
    def omissions(self) -> tuple[TextEdit, ...]:
        """The Markdown version leaves out a part of the document's text. These edits remove this part."""
        return find_omissions(self.source)

    @property
    def full(self) -> Page:
        """The page itself. For a LazyPage, this is the full page, with all fields from one version of the document."""
        return self

    @cached_property
    def link_targets(self) -> tuple[LinkTarget, ...]:
        """The distinct targets of the page's links and images."""
        return distinct_targets(self.links)

    @cached_property
    def images(self) -> frozenset[str]:
        """The URLs of all images and videos in the document, and each URL that a video's poster may have."""
        urls = frozenset(image_url(link.href) for link in self.links if link.is_image)
        return urls.union(*(poster_urls(url) for url in urls if is_video(url)))

    @property
    def player_hosts(self) -> tuple[str, ...]:
        """The hosts of the players on the page. A player shows a video from another site, such as YouTube."""
        return tuple(sorted({video.provider.host for video in self.videos if video.provider}))

    @property
    def has_video_files(self) -> bool:
        return any(video.provider is None for video in self.videos)

    @property
    def question_banks(self) -> tuple[Questions, ...]:
        return tuple(section for section in self.question_sections if section.is_bank)

    @property
    def calculator(self) -> Inputs | None:
        """The inputs of the page's calculator, if any. A page with a calculator depends on the query string."""
        inputs = (section.inputs for section in self.sections if isinstance(section, Calculator))
        return next(filter(None, inputs), None)

    @property
    def form(self) -> Form | None:
        """The page's form, if any. A page with a form is different for each visitor."""
        return next(iter(forms_of(self.sections)), None)

    @property
    def form_section(self) -> FormSection | None:
        """The section with the page's form, if any. The form is next to the page's headline."""
        sections = (section for section in self.sections if isinstance(section, FormSection) and section.form)
        return next(sections, None)

    @cached_property
    def listings(self) -> tuple[Listing, ...]:
        """The page's automatic lists. Each list contains all pages directly under one URL."""
        return tuple(listing for section in self.sections if isinstance(section, Hub) for listing in section.listings)

    @cached_property
    def listed_urls(self) -> tuple[str, ...]:
        """The URLs of the page's automatic lists. Each list contains the pages directly under one URL."""
        return tuple(listing.url for listing in self.listings)

    @property
    def lists_itself(self) -> bool:
        """Whether the page has an automatic list of the pages directly under it."""
        return self.url in self.listed_urls

    @property
    def question_sections(self) -> tuple[Questions, ...]:
        return tuple(section for section in self.sections if isinstance(section, Questions))

    @cached_property
    def weights(self) -> tuple[Weight, ...]:
        """The weights of the page's first section of dimensions."""
        return weights_of(self.sections)

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """The page's report sections: each shows a sample report, or one question as a candidate sees it."""
        return tuple(section for section in self.sections if isinstance(section, Report))

    @cached_property
    def reported_role(self) -> str:
        """The URL of the role that the page's sample report is about, or ""."""
        return next((sheet.role for report in self.reports for sheet in report.sheets), "")

    @cached_property
    def reported_scores(self) -> tuple[DimensionScore, ...]:
        """The scores of the page's sample report."""
        return next((sheet.scores for report in self.reports for sheet in report.sheets), ())

    @property
    def contents(self) -> tuple[Section, ...]:
        """The sections in the “On this page” list, or () if there are fewer than MIN_LISTED_SECTIONS.

        The list leaves out the hero, the closing, and links to other pages.
        """
        unlisted = (Hero, Closing, Links)
        sections = tuple(section for section in self.sections if section.heading and not isinstance(section, unlisted))
        return sections if len(sections) >= MIN_LISTED_SECTIONS else ()

    @cached_property
    def teaser(self) -> str:
        """The text that lists show about the page: the first sentence of its challenge section, or its description."""
        openings = (section.opening for section in self.sections if isinstance(section, Challenge))
        return next(filter(None, openings), self.meta.description)

    def short_name(self, hub: Page) -> str:
        """Return the page's name without a leading hub name: “Data Engineer” for “Hire Data Engineer” under “Hire”."""
        return re.sub(rf"^{re.escape(hub.name)}:? ", "", self.name) or self.name

    @property
    def hero(self) -> Hero | None:
        return next((section for section in self.sections if isinstance(section, Hero)), None)


def read(source: Source, default_url: str, settings: Settings, *, check: bool = True) -> Page:
    """Parse a document into a page. Never raises; the page's `problems` hold everything that is wrong.

    `default_url` is derived from the file's path, and is empty if the path can't be a URL. The site uses `default_url`
    if the document has no URL line. Without `check`, the page is the same, but most problems are missing, and reading
    takes less time.
    """
    structure = DocumentStructure(source)
    problems = list(structure.problems)
    name_heading = structure.name_heading
    all_blocks = (name_heading, *structure.body) if name_heading else structure.body
    meta_lines = dict(structure.meta_lines)
    word_forms = sentence_case.collect_word_forms(all_blocks, meta_lines.values(), settings.words)
    resolver = CallResolver(source, settings.calls_to_action, problems)
    language = Language(structure.meta.language) if structure.meta.language else ENGLISH
    outline = Outline(structure.section_level, word_forms, words_in(language, settings.translations))
    context = Context(source, outline, resolver, problems, language)
    url, url_line = resolve_url(source, structure.url_heading, default_url, problems)
    if structure.url_heading is None and structure.meta_headings:
        problems += check_unmarked_url(source, structure.body, structure.meta_headings[0], default_url)
    written = [(heading, context.mark_calls(blocks)) for heading, blocks in structure.sections()]
    notes = PageNotes(
        resolve_targets(heading, blocks, url, settings.pictures, eager=number == 0)
        for number, (heading, blocks) in enumerate(written)
    )
    parts = notes.parts
    headings = translated_headings(settings.translations.values())
    sections = tuple(
        kind_of(heading.raw_text if heading else "", blocks, headings).read(heading, blocks, context)
        for heading, blocks in parts
    )
    sections = notes.add_to(sections, context)
    body = [block for heading, blocks in written for block in ((heading, *blocks) if heading else blocks)]
    links = sorted([*links_of(body), *resolver.links], key=lambda link: (link.line, link.column))
    problems += check_forms(source, sections)
    if check:
        problems += markdown_checks.check_document(
            source, written, body, links, structure.meta, meta_lines.keys(), settings.pictures
        )
        problems += sum_checks.check_sums(source, sum_checks.sums_of_sections(written, meta_lines, headings))
        passages = [*find_passages(written, meta_lines, headings), *find_contacts(source, links)]
        problems += fact_checks.check_facts(source, passages, settings.facts, url)
    resolved = [block for heading, blocks in parts for block in ((heading, *blocks) if heading else blocks)]
    problems += media_checks.check_media(source, resolved, settings.pictures) if check else ()
    has_images = any(link.is_image for link in links)
    problems += page_files.check_letters(source, name_heading, parts, sections, notes.texts)
    name = word_forms.to_sentence_case(name_heading.inline).text if name_heading else name_from_url(url or default_url)
    problems += markdown_checks.check_name(source, name, name_heading.line if name_heading else 1, structure.meta)
    text = plain_text(body)
    problems += check_first_keyword(source, structure.meta, name, text) if check else ()
    if not structure.meta_lines:
        help = "Add `## META`, then `Title: …` and `Description: …` between two lines of three backticks."
        problems.append(source.problem("missing-meta", "This document has no META.", help))
    return Page(
        source,
        url,
        url_line,
        name,
        structure.meta,
        with_main_hero(sections, name, find_duel(body)),
        tuple(links),
        visible_anchors(context.outline.anchors, sections),
        page_files.files_of(url, sections, problems),
        tuple(videos_of(resolved)) if has_images else (),
        text,
        tuple(sorted(dict.fromkeys(problems), key=lambda problem: (problem.line, problem.column))),
    )
