"""The versions of a page in several languages: the original page, and pages with `Translation of` in META."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from .document import Page
from .languages import ENGLISH, MONTHS, Language
from .problems import Problem, Source, Suggestions
from .shown_words import shown_words
from .site_settings import SiteSettings
from .site_words import HEADINGS, WORDS, WORDS_OF_NOTICES, check_words
from .url_paths import parent_url

Versions = Mapping[str, tuple[Page, ...]]


def language_of(page: Page, site: SiteSettings) -> Language:
    """Return the language in META's `Language`. By default, return the site's language."""
    return Language(page.meta.language or site.language)


def group_versions(pages: Mapping[str, Page], site: SiteSettings) -> Versions:
    """Map the URL of each original and each translation to all versions of that page. The original comes first.

    Leave out a page whose `Translation of` has no effect. If a page has several translations into one language, keep
    only one of them: a published page if there is one, otherwise a draft.
    """
    groups: dict[str, dict[str, Page]] = {}
    for page in sorted(pages.values(), key=lambda page: (page.meta.draft, page.path)):
        original = pages.get(page.meta.translation_of)
        if original and not original.meta.translation_of:
            group = groups.setdefault(original.url, {language_of(original, site).code: original})
            group.setdefault(language_of(page, site).code, page)
    versions = (tuple(group.values()) for group in groups.values() if len(group) > 1)
    return {page.url: group for group in versions for page in group}


def folder_languages(pages: Iterable[Page], site: SiteSettings) -> dict[str, Language]:
    """Return the language of each folder, such as `/hi`, whose published pages are all in one language."""
    found: dict[str, set[Language]] = {}
    for page in pages:
        folder = parent_url(page.url)
        while len(folder) > 1 and not page.meta.draft:
            found.setdefault(folder, set()).add(language_of(page, site))
            folder = parent_url(folder)
    return {folder: next(iter(languages)) for folder, languages in found.items() if len(languages) == 1}


def check_translations(
    pages: Mapping[str, Page], versions: Versions, aliases: Mapping[str, str], site: SiteSettings, now: datetime
) -> Iterator[Problem]:
    """Yield a problem for each page whose `Translation of` has no effect, or conflicts with other settings.

    `pages` maps URLs to pages, drafts included. `aliases` maps old URLs to current URLs.
    """
    similar_urls = Suggestions(cutoff=0.8)
    for page in pages.values():
        url = page.meta.translation_of
        if not url:
            continue
        original = pages.get(url)
        if original:
            yield from _check_original(page, original, versions, site, now)
        elif url in aliases:
            message = f"“Translation of” is {url}, which redirects to {aliases[url]}. This line has no effect."
            yield _problem(page, message, f"Write `Translation of: {aliases[url]}`.")
        else:
            near = similar_urls.nearest(url, pages)
            help = f"Did you mean {near}?" if near else "Write the URL of the original page, or remove this line."
            yield _problem(page, f"“Translation of” is {url}, but no page has that URL. This line has no effect.", help)


def _check_original(
    page: Page, original: Page, versions: Versions, site: SiteSettings, now: datetime
) -> Iterator[Problem]:
    url, language = original.url, language_of(page, site)
    if original is page:
        message = "“Translation of” is the page's own URL. This line has no effect."
        yield _problem(page, message, "Write the URL of the page that this page translates.")
    elif source := original.meta.translation_of:
        message = f"“Translation of” is {url}, but that page is itself a translation. This line has no effect."
        yield _problem(page, message, f"Write `Translation of: {source}`, with the URL of the original page.")
    elif not any(each is page for each in versions.get(url, ())):
        if not page.meta.language:
            yield from _check_missing_language(page, language)
            return
        other = next((each for each in versions.get(url, ()) if language_of(each, site) == language), original)
        message = f"{other.path} is in {language.english_name}, too. A page can have one version in each language."
        yield _problem(page, message, "Correct the language, or remove “Translation of” from one of the two pages.")
    elif page.meta.is_published(now) and not original.meta.is_published(now):
        message = f"“Translation of” is {url}, but that page is a draft or not yet published."
        yield _problem(page, message, f"Publish {original.path}, or remove this line for now.")
    elif page.meta.canonical not in ("", page.url):
        message = "This page is a translation, but its “Canonical” tells search engines to list another page."
        yield _problem(page, message, "Remove “Canonical”. Each language needs its own page in search results.")


def _check_missing_language(page: Page, language: Language) -> Iterator[Problem]:
    if "language" not in page.meta.lines:  # an invalid language is reported elsewhere
        message = f"META has no “Language” for this translation, so the page counts as {language.english_name}."
        yield _problem(page, message, "Add a line such as `Language: hi`.")


def check_site_words(
    source: Source, pages: Mapping[str, Page], versions: Versions, site: SiteSettings, now: datetime
) -> Iterator[Problem]:
    """Yield problems with the translations of the site's own words. `source` is `site.toml`.

    A language needs translations only of the words that its published pages can show.
    """
    published: dict[str, list[Page]] = {}
    for page in pages.values():
        if page.meta.is_published(now):
            published.setdefault(language_of(page, site).code, []).append(page)
    children: dict[str, list[Page]] = {}
    for page in (page for each in published.values() for page in each):
        children.setdefault(parent_url(page.url), []).append(page)
    allowed = (*WORDS, *WORDS_OF_NOTICES, *HEADINGS, *site.own_texts, *(page.name for page in pages.values()))
    for code in sorted({*published, *site.translations}):
        language = Language(code)
        required = []
        if not language.is_like(ENGLISH):
            shown = shown_words(published.get(code, ()), children, has_banner=site.banner is not None)
            required = [word for word in shown if word not in MONTHS or not language.has_month_names]
            required += WORDS_OF_NOTICES if required else ()
        if not language.is_like(Language(site.language)):
            required += (*site.own_texts, *_names_in_other_language(language, pages, versions, site))
        yield from check_words(source, site.words_in(language), required if code in published else [], allowed)


def _names_in_other_language(
    language: Language, pages: Mapping[str, Page], versions: Versions, site: SiteSettings
) -> Iterator[str]:
    """Yield the names of the pages in the header and footer that have no version in `language`.

    Pages in `language` show these names in another language. Leave out links that have a text in `site.toml`.
    """
    grouped = (entry for entries in site.footer_groups.values() for entry in entries)
    urls = dict.fromkeys(entry.target for entry in (*site.header, *site.footer, *grouped) if not entry.label)
    for page in (pages[url] for url in urls if url in pages):
        if not any(language_of(each, site).is_like(language) for each in (page, *versions.get(page.url, ()))):
            yield page.name


def _problem(page: Page, message: str, help: str) -> Problem:
    line, text = page.meta.lines["translation of"], page.meta.translation_of
    return page.source.problem_at("translation", message, help, line=line, text=text)
