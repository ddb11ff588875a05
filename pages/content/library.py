"""The library of a content folder: its pages and aliases by URL, and its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, cached_property, partial
from pathlib import Path
from types import MappingProxyType

from . import content_folder, document, file_checks, images, kit_file, kit_letters, lazy_page
from .articles import ArticleIndex, check_articles
from .canonicals import check_canonicals
from .content_folder import KIT_FILE, Stamp, display_path, document_paths, file_url, find_file
from .document import Page
from .document_reader import MAX_DOCUMENT_BYTES, read_document
from .expiries import check_expiries, excuse_expiries, without_expiries
from .fact_checks import check_settings
from .facts import Facts
from .facts_file_checks import check_facts_file
from .images import Pictures
from .intent import check_intent
from .kit_links import check_kit_links, read_source
from .kit_words import KitWords
from .languages import Language
from .lazy_page import ReadAll
from .link_graph import LinkGraph
from .media_files import inspect_all
from .missing_targets import MissingTargets
from .page_files import PageFile, page_urls
from .privacy_checks import check_privacy
from .problems import Problem, Source, sort_problems
from .question_references import keep_numbers
from .redirect_checks import check_redirects
from .redirects import Redirects
from .redirects_file import REDIRECTS_FILE, load_redirects
from .repeated_meta import check_repeated_meta
from .role_reports import check_reports
from .settings_file import FACTS, SITE, SITE_FILE
from .shared_links import CallTargets
from .site_checks import check_site
from .site_settings import SiteSettings
from .text_files import has_same_text
from .toml_file import LoadedFile, ReadLast, T, TomlFile
from .translations import Versions, check_site_words, check_translations, folder_languages, group_versions
from .url_conflicts import UrlConflicts, check_files, file_owner
from .url_paths import parent_url


@dataclass(frozen=True)
class Library:
    """All documents and images of a content folder at one moment.

    `pages` maps URLs to pages, `documents` maps files to pages, and `aliases` maps old URLs to current URLs. `problems`
    are the problems within single files, sorted by path and line. If `site.toml` is unreadable and there are no earlier
    settings, `problems` and `all_problems` have only that file's error, because the error may cause other problems.
    Without `kit.md`, `kit_words` is None, so there are no kits. If `is_complete` is False, some pages are missing.
    """

    folder: Path
    pages: Mapping[str, Page]
    aliases: Mapping[str, str]
    settings: LoadedFile[SiteSettings]
    loaded_facts: LoadedFile[Facts]
    problems: tuple[Problem, ...]
    stamps: Mapping[Path, Stamp]
    documents: Mapping[Path, Page]
    pictures: Pictures
    kit_words: KitWords | None = None
    redirects: Redirects = field(default_factory=Redirects)
    is_complete: bool = True

    @property
    def facts(self) -> Facts:
        return self.loaded_facts.value

    @cached_property
    def site(self) -> SiteSettings:
        return replace(self.settings.value, facts=self.facts)

    def has_same_pages(self, other: Library) -> bool:
        """Return True if `other` has the same pages, old addresses, images, settings and words.

        Pages are compared by identity.
        """
        names = ("pages", "aliases", "pictures", "site", "kit_words", "redirects")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    @cached_property
    def children(self) -> Mapping[str, tuple[Page, ...]]:
        """Return the pages directly under each URL, sorted by name."""
        children: dict[str, list[Page]] = {}
        for page in sorted(self.pages.values(), key=lambda page: page.name):
            if parent := parent_url(page.url):
                children.setdefault(parent, []).append(page)
        return {url: tuple(pages) for url, pages in children.items()}

    @cached_property
    def articles(self) -> ArticleIndex:
        return ArticleIndex(self.pages, self.children)

    @cached_property
    def reports(self) -> Mapping[str, Page]:
        """Return the pages with sample reports. Each key is the URL of the role's page."""
        reports: dict[str, Page] = {}
        for page in self.pages.values():
            if page.reported_role:
                reports.setdefault(page.reported_role, page)
        return reports

    @cached_property
    def versions(self) -> Versions:
        """Map the URL of each page with translations to its versions in all languages (see `group_versions`)."""
        return group_versions(self.pages, self.site)

    def files_of(self, page: Page) -> tuple[PageFile, ...]:
        """Return the files that the site makes from `page`."""
        return tuple(file for file in page.files if self.is_owner(page, file)) if self.makes_files_of(page) else ()

    @cached_property
    def kit_source(self) -> Source | None:
        return read_source(self.folder, self.stamps, MAX_DOCUMENT_BYTES)

    @cached_property
    def folder_languages(self) -> Mapping[str, Language]:
        return folder_languages(self.pages.values(), self.site)

    def makes_files_of(self, page: Page) -> bool:
        return any(self.kit_words or not file.needs_words for file in page.files[:1])

    def is_owner(self, page: Page, file: PageFile) -> bool:
        """Return False if the URL of `file`, a file of `page`, belongs to another page (see `file_owner`)."""
        return file_owner(self.pages, page, file) is page

    def page_with_file(self, path: str) -> tuple[Page, PageFile] | None:
        """Return the file at `path` and its page, or None if no page has it. If several do, prefer a public page."""
        pages = filter(None, map(self.pages.get, page_urls(path)))
        found = ((page, file) for page in pages for file in self.files_of(page) if file.path == path)
        return min(found, key=lambda each: each[0].meta.draft, default=None)

    @cached_property
    def graph(self) -> LinkGraph:
        files = {file_url(self.folder, path): stamp.refusal for path, stamp in self.stamps.items()}
        targets = MissingTargets(self.pages, files)
        site_file = Source(display_path(self.folder, self.folder / SITE_FILE), self.settings.text)
        calls, now = CallTargets(site_file, self.site.calls_to_action), datetime.now(UTC)
        lists = self.children, self.articles, self.reports
        return LinkGraph(self.pages, self.aliases, cache(self._has_file), now, *lists, targets, calls, self._redirect)

    def _redirect(self, path: str) -> str:
        """Return where the old address `path` leads (see `Redirects.follow`). Drafts count as pages."""
        return self.redirects.follow(path, self.aliases, lambda url: url in self.pages or self._has_file(url))

    def _has_file(self, path: str) -> bool:
        is_file = find_file(self.folder, path) or self.page_with_file(path)
        return bool(is_file) or self.articles.has_path(path, datetime.now(UTC))

    @cached_property
    def all_problems(self) -> tuple[Problem, ...]:
        """All problems, sorted, including those that involve several files.

        Computed at the first use, because the site can serve pages without this list.
        """
        if self.settings.is_lost:
            return self.problems
        found, pages = self._find_problems(), without_expiries(self.pages, self.graph.now)
        expired = pages is not self.pages
        return sort_problems(excuse_expiries(found, replace(self, pages=pages)._find_problems()) if expired else found)

    def _find_problems(self) -> list[Problem]:
        now = self.graph.now
        problems = [*self.problems, *self.graph.problems(), *self._check_site(), *self._check_facts()]
        problems += (*check_repeated_meta(self.pages, now), *check_intent(self.pages, now))
        for check in (check_canonicals, check_expiries, check_reports):
            problems += check(self.pages, self.aliases, now)
        problems += (*check_articles(self.pages, now), *check_privacy(self.pages))
        problems += check_kit_links(self.kit_source, self.graph) if self.kit_source else ()
        path = display_path(self.folder, self.folder / REDIRECTS_FILE)
        problems += check_redirects(path, self.redirects, self.aliases, self.graph)
        problems += check_translations(self.pages, self.versions, self.aliases, self.site, now)
        return keep_numbers(problems, self.documents.values(), self.graph)

    def _check_site(self) -> Iterator[Problem]:
        """Yield the problems in the links, the banner, the translations and the stated facts of `site.toml`."""
        source = Source(display_path(self.folder, self.folder / SITE_FILE), self.settings.current_text)
        if source.text:
            # Don't pass the facts to check_site: check_settings already compares all of `site.toml` with them.
            settings = document.Settings(self.site.calls_to_action, self.site.words, self.pictures)
            yield from check_site(source, self.site, self.graph, settings)
            yield from check_settings(source, self.facts)
            yield from check_site_words(source, self.pages, self.versions, self.site, self.graph.now)

    def _check_facts(self) -> Iterator[Problem]:
        source = Source(display_path(self.folder, self.folder / FACTS.name), self.loaded_facts.current_text)
        if source.text:
            yield from check_facts_file(source, self.facts, self.pages, self.aliases, self.graph.now)


def load(
    folder: Path,
    previous: Library | None = None,
    stamps: Mapping[Path, Stamp] | None = None,
    read_all: ReadAll = map,
    *,
    lazy: bool = False,
    max_document_bytes: int = MAX_DOCUMENT_BYTES,
    read_last: ReadLast = lambda name: "",
) -> Library:
    """Return the library of `folder`. Never raise because of a file's content.

    `previous` is an older library of `folder`. A page of `previous` is reused if its document, its images and the
    site's settings are unchanged. `stamps` is the result of `scan`, if the caller has it. `read_all` works like
    `map`, and may use several processes. With `lazy`, the library keeps only summaries of pages in memory (see
    `lazy_page`). Documents larger than `max_document_bytes` are left out. If a TOML file has errors, its values
    come from `previous`, or else from the text that `read_last` returns.
    """
    stamps = content_folder.scan(folder) if stamps is None else stamps
    problems = list(file_checks.check_files(folder, stamps, [folder / file.name for file in (SITE, FACTS)]))
    settings = _load_toml(SITE, folder, stamps, previous, previous.settings if previous else None, read_last)
    facts = _load_toml(FACTS, folder, stamps, previous, previous.loaded_facts if previous else None, read_last)
    site = replace(settings.value, facts=facts.value)
    problems += [*settings.problems, *facts.problems]
    last = (previous.pictures, previous.stamps) if previous else ({}, {})
    pictures = inspect_all(folder, stamps, *last)
    unchanged = _unchanged(previous, stamps, site, pictures, max_document_bytes) if previous else {}
    problems += file_checks.check_images(folder, pictures)
    changed = [path for path in document_paths(folder, stamps) if path not in unchanged]
    read = partial(read_document, folder, site, pictures, max_bytes=max_document_bytes)
    read = partial(lazy_page.read_lazily, read) if lazy else read
    results = dict(zip(changed, read_all(read, changed), strict=True))
    problems += [problem for _, read_problems in results.values() for problem in read_problems]
    documents = {path: page for path in stamps if (page := unchanged.get(path) or results.get(path, (None, ()))[0])}
    now = datetime.now(UTC)
    conflicts = UrlConflicts(file_checks.file_owners(folder, stamps, documents.values()), now)
    conflicts.add_all(documents.values())
    problems += [problem for page in documents.values() for problem in page.problems] + conflicts.problems
    problems += [*file_checks.check_made_files(folder, stamps, conflicts.pages, now), *check_files(conflicts.pages)]
    old_words = previous.kit_words if previous else None
    words = None
    if folder / KIT_FILE in stamps:
        words = kit_file.load(folder, old_words, facts.value, MAX_DOCUMENT_BYTES, problems)
    redirects = Redirects()
    if folder / REDIRECTS_FILE in stamps:
        redirects = load_redirects(folder, previous.redirects if previous else redirects, problems)
    if words:
        site_source = Source(display_path(folder, folder / SITE_FILE), settings.text)
        problems += kit_letters.check_site_name(site_source, site.name)
    return Library(
        folder,
        MappingProxyType(dict(sorted(conflicts.pages.items(), key=lambda pair: pair[1].path))),
        MappingProxyType(conflicts.aliases),
        settings,
        facts,
        settings.problems if settings.is_lost else sort_problems(problems),
        MappingProxyType(dict(stamps)),
        MappingProxyType(documents),
        MappingProxyType(pictures),
        words,
        redirects,
    )


def _load_toml(
    file: TomlFile[T],
    folder: Path,
    stamps: Mapping[Path, Stamp],
    previous: Library | None,
    old: LoadedFile[T] | None,
    read_last: ReadLast,
) -> LoadedFile[T]:
    """Return the values in `file`. `old` holds the values that the library `previous` read from this file."""
    path = folder / file.name
    if previous and old and not old.problems and previous.stamps.get(path) == stamps.get(path):
        return old
    return file.load(folder, exists=path in stamps, previous=old, read_last=read_last)


def _unchanged(
    previous: Library, stamps: Mapping[Path, Stamp], site: SiteSettings, pictures: Pictures, max_bytes: int
) -> dict[Path, Page]:
    """Return the unchanged pages of `previous`, keyed by file.

    A file counts as unchanged if it has the same stamp (see `Stamp`) or the same text. The stamp alone isn't enough,
    because a copy of the folder has a new stamp for each file.
    """
    if previous.site != site:
        return {}
    urls = {*pictures, *previous.pictures}
    changed_images = {url for url in urls if pictures.get(url) != previous.pictures.get(url)}

    def is_unchanged(path: Path, page: Page) -> bool:
        is_same_file = stamps.get(path) == previous.stamps[path]
        return path in stamps and (is_same_file or has_same_text(previous.folder, path, page.digest, max_bytes))

    return {
        path: page
        for path, page in previous.documents.items()
        if changed_images.isdisjoint((*page.images, images.image_url(page.meta.image))) and is_unchanged(path, page)
    }
