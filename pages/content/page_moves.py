"""Plan the renaming or the retirement of a page: which files change, and how. This module writes no files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from . import content_folder, page_paths
from . import front_matter as front_matters
from .autofix import apply_edits
from .document import Page
from .document_structure import DocumentStructure
from .file_changes import FileChange
from .file_checks import file_owners
from .front_matter import FrontMatter
from .hub_paths import feed_path
from .library import Library
from .mentions import Mention, find_mentions
from .problems import Edit, Span
from .redirect_lines import change_lines
from .redirects import GONE, PREFIX_END
from .redirects_file import REDIRECTS_FILE
from .url_paths import is_external, is_reserved, is_web_url, normalize_path, resolve

_SAFE = "/-._~!$&'()*+,;=:@"


class ImpossibleMove(Exception):
    """The page can't be renamed or retired. The message says why, and what to do."""


@dataclass
class Plan:
    """The changes to files, and the mentions of old addresses that a person should check.

    `by_hand` has the mentions that the plan doesn't change. `rewritten` has the mentions that get a new address. The
    text of a rewritten link stays the same, so it may not fit the new address.
    """

    changes: list[FileChange]
    pages: list[Page]
    by_hand: list[Mention] = field(default_factory=list)
    rewritten: list[Mention] = field(default_factory=list)


def plan_rename(library: Library, old: str, new: str) -> Plan:
    """Plan to move the page at the URL `old` to `new`, with all pages under it. Raises ImpossibleMove."""
    page = _page_at(library, old)
    if page.url == "/":
        raise ImpossibleMove("The home page can't be renamed.")
    under = [each for each in library.documents.values() if each.url.startswith(f"{page.url}/")]
    urls = {each.url: new + each.url.removeprefix(page.url) for each in (page, *under)}
    if new.startswith(f"{page.url}/"):
        raise ImpossibleMove(f"{new} is under {page.url}, so the page would move under itself. Choose another URL.")
    for each in library.documents.values():
        if each.url in urls and each is not library.pages[each.url]:
            message = f"{library.pages[each.url].path} and {each.path} both have the URL {each.url}."
            raise ImpossibleMove(f"{message} Give one of them another URL first.")
    paths = {each.url: _free_path(library, each, urls[each.url], urls) for each in (page, *under)}
    moved, lines = dict(urls), dict[str, str]()
    for each in (page, *under):
        for address, target in _addresses_beside(library, each, urls[each.url]):
            moved[address] = target
            if _was_live(each):
                lines[address] = target
    if under or any(address.startswith(f"{page.url}/") for address in lines):
        moved[page.url + PREFIX_END] = new + PREFIX_END
        if _was_live(page):
            lines = {address: to for address, to in lines.items() if not address.startswith(f"{page.url}/")}
            lines[page.url + PREFIX_END] = new + PREFIX_END
    edits = _edits_of_mentions(library, find_mentions(library, moved), moved)
    for path, each in library.documents.items():
        if each.url in urls:
            own = edits.setdefault(path, [])
            own += _url_line(each, urls[each.url])
            own += _relative_links(library, each, urls[each.url], own)
            added = alias_edits(each, [each.url] if _was_live(each) else [], urls[each.url])
            own += added
            if _was_live(each) and not added:  # no alias was added (see `alias_edits`)
                lines[each.url] = urls[each.url]
    changes = _file_changes(
        library, edits, {path: paths[each.url] for path, each in library.documents.items() if each.url in urls}
    )
    changes += _redirects_change(library, lines, moved, moved.values())
    return Plan(changes, [page, *under])


def plan_retirement(library: Library, url: str, successor: str) -> Plan:
    """Plan to delete the page at `url`. Raises ImpossibleMove.

    Links to the page get the address `successor`, and the old address redirects to `successor`. If `successor` is "",
    the links don't change, and the old address is gone.
    """
    page = _page_at(library, url)
    if page.url == "/":
        raise ImpossibleMove("The home page can't be retired.")
    target = library.pages.get(normalize_path(successor))
    if successor:
        is_page = target is not None and target is not page and target.meta.is_published(datetime.now(UTC))
        if not is_page and not is_web_url(successor):
            raise ImpossibleMove(f"No live page has the URL {successor}. Write the URL of a live page, or https://….")
        successor = normalize_path(successor) if is_page else successor
    addresses = [
        page.url,
        *page.meta.aliases,
        *(file.path for file in library.files_of(page)),
        *_paths_of_hub(library, page),
    ]
    own_files = {file.path for file in library.files_of(target)} if target else set()
    moved = dict.fromkeys(addresses, successor or GONE)
    for address in addresses[1 + len(page.meta.aliases) :]:
        beside = successor + address.removeprefix(page.url)
        moved[address] = beside if beside in own_files else moved[address]
    path = next(path for path, each in library.documents.items() if each is page)
    mentions = [mention for mention in find_mentions(library, moved) if mention.file != path]
    edits = _edits_of_mentions(library, mentions, moved, target) if successor else {}
    changes = [*_file_changes(library, edits, {}), FileChange(path, _read(library, path), None)]
    lines = {quote(address, safe=_SAFE): new for address, new in moved.items()} if _was_live(page) else {}
    changes += _redirects_change(library, lines, moved, ())
    return Plan(changes, [page], rewritten=mentions) if successor else Plan(changes, [page], by_hand=mentions)


def _page_at(library: Library, url: str) -> Page:
    page = library.pages.get(normalize_path(url))
    if page is None:
        alias = library.aliases.get(normalize_path(url))
        hint = f" That URL redirects to {alias}." if alias else ""
        raise ImpossibleMove(f"No page has the URL {url}.{hint}")
    if library.redirects.is_outdated:
        raise ImpossibleMove(f"{REDIRECTS_FILE} has an error. Run “make check”, and correct the file first.")
    return page


def _was_live(page: Page) -> bool:
    """Return whether visitors can know the page's URL: it is live now, or has expired."""
    now = datetime.now(UTC)
    return page.meta.is_published(now) or page.meta.has_expired(now)


def _free_path(library: Library, page: Page, url: str, urls: Mapping[str, str]) -> Path:
    """Return the path of the document that gets the new `url`. Raise ImpossibleMove if the URL isn't free."""
    path = page_paths.path_for_url(library.folder, url)
    if path is None or is_reserved(url):
        raise ImpossibleMove(
            f"{url} can't be the URL of a page. Use lowercase letters, digits and hyphens, such as /hire/data-engineer."
        )
    alias_of = library.aliases.get(url, page.url)
    owner = library.pages.get(url) or (library.pages[alias_of] if alias_of != page.url else None)
    shown_path = owner.path if owner and owner.url not in urls else ""
    shown_path = shown_path or file_owners(library.folder, library.stamps, library.documents.values())(url)
    if page.path.endswith("/index.md"):
        path = path.with_suffix("") / "index.md"
    own_paths = [each for each, other in library.documents.items() if other.url in urls]
    is_kit = path == library.folder / content_folder.KIT_FILE
    if not shown_path and (is_kit or (path in library.stamps and path not in own_paths)):
        shown_path = content_folder.display_path(library.folder, path)
    if shown_path:
        raise ImpossibleMove(f"{url} is taken: {shown_path} uses it. Choose another URL.")
    return path


def _addresses_beside(library: Library, page: Page, new: str) -> Iterator[tuple[str, str]]:
    """Yield the old and the new path of each file that the site makes from `page`.

    If `page` is a hub, also yield these paths of its feed, and of page 2 and later in its article list.
    """
    for path in (*(file.path for file in library.files_of(page)), *_paths_of_hub(library, page)):
        yield path, new + path.removeprefix(page.url)


def _paths_of_hub(library: Library, page: Page) -> list[str]:
    """Return the path of the hub's feed, if it has one, and the paths of page 2 and later in its article list."""
    now = datetime.now(UTC)
    feed = [feed_path(page.url)] if library.articles.feed_of(page.url, now) else []
    return [*feed, *library.articles.list_paths(page.url, now)]


def _edits_of_mentions(
    library: Library, mentions: Iterable[Mention], moved: Mapping[str, str], target: Page | None = None
) -> dict[Path, list[Edit]]:
    """Return edits that replace old addresses with new ones. They also remove anchors that `target` doesn't have."""
    edits: dict[Path, list[Edit]] = {}
    for mention in mentions:
        span, new = mention.span, moved[mention.address]
        rest = mention.source.line(span.line)[span.column - 1 + span.length :]
        anchor = re.match(r"#([\w.:~-]*)", rest)
        if target and anchor and anchor[1] not in target.anchors:
            span = span._replace(length=span.length + len(anchor[0]))
        edits.setdefault(mention.file, []).append(Edit(span, new))
    return edits


def _url_line(page: Page, new: str) -> Iterator[Edit]:
    heading = DocumentStructure(page.source).url_heading
    if heading:
        line = page.source.line(heading.line)
        yield Edit(Span(heading.line, line.index(heading.raw_text) + 1, len(heading.raw_text)), new)


def _relative_links(library: Library, page: Page, new: str, known: Iterable[Edit]) -> Iterator[Edit]:
    """Yield the edits that keep the targets of relative links when the page moves to the URL `new`."""
    known_spans = {edit.span[:2] for edit in known}
    for link in page.links:
        href = re.split(r"[?#]", link.href, maxsplit=1)[0]
        if link.target is None or link.is_image or not href or href.startswith("/") or is_external(href):
            continue
        before = resolve(page.url, href)
        written = re.split(r"[?#]", page.source.text_at(link.target), maxsplit=1)[0]
        if link.target[:2] not in known_spans and before != resolve(new, href):
            yield Edit(link.target._replace(length=len(written)), before)


def alias_edits(page: Page, added: Sequence[str], removed: str) -> list[Edit]:
    """Return the edits that add the URLs `added` to the page's `Aliases`, and remove the URL `removed`.

    In front matter, don't remove anything. In META, change the line `Aliases`, or add this line after the last line.
    Return [] if META is missing, or if the line to change (or the last line) doesn't have the form `Key: value`.
    """
    front_matter = front_matters.read(page.source)
    if front_matter and page.meta.lines.get("aliases", 0) <= front_matter.end:
        return list(_front_matter_edits(page, front_matter, added)) if added else []
    meta_lines = [(number, line) for number, line in DocumentStructure(page.source).meta_lines if line.strip()]
    number = page.meta.lines.get("aliases", 0)
    line = page.source.line(number)
    if number and re.match(r"\s*aliases:", line, re.IGNORECASE):
        name, _, value = line.partition(":")
        kept = [each.strip() for each in value.split(",") if normalize_path(each) != removed]
        written = ", ".join(filter(None, (*added, *kept))) + ("," if value.rstrip().endswith(",") else "")
        return [Edit(Span(number, 1, len(line)), f"{name}: {written}" if written else "", deletes_line=not written)]
    if not added or number or not meta_lines:
        return []
    number, line = meta_lines[-1]
    is_meta = re.match(r"\s*[\w ]+:", line)
    return [Edit(Span(number, len(line) + 1, 0), f"\nAliases: {', '.join(added)}")] if is_meta else []


def _front_matter_edits(page: Page, front_matter: FrontMatter, added: Sequence[str]) -> Iterator[Edit]:
    """Yield the edit that adds the URLs `added` to `aliases` in front matter.

    If `aliases` is written in a way that this function doesn't know, yield nothing.
    """
    number = page.meta.lines.get("aliases", 0)
    line, following = page.source.line(number), page.source.line(number + 1)
    items = ", ".join(f'"{each}"' for each in added)
    if not number and re.match(r"\w", page.source.line(front_matter.lines[0][0])):
        sign = " =" if page.source.text.lstrip().startswith("+++") else ":"
        yield Edit(Span(front_matter.lines[0][0], 1, 0), f"aliases{sign} [{items}]\n")
    elif number and (found := re.match(r"\w+\s*[:=]\s*\[(?=(\s*\])?)", line)):
        yield Edit(Span(number, found.end() + 1, 0), items if found[1] else f"{items}, ")
    elif number and re.fullmatch(r"\w+:\s*", line) and (found := re.match(r"(\s*- )", following)):
        yield Edit(Span(number + 1, 1, 0), "".join(f"{found[1]}{each}\n" for each in added))
    elif number and (found := re.match(r"\w+:\s*(?=/)", line)):
        yield Edit(Span(number, found.end() + 1, 0), f"{', '.join(added)}, ")


def _file_changes(library: Library, edits: Mapping[Path, list[Edit]], paths: Mapping[Path, Path]) -> list[FileChange]:
    """Return the changes that apply `edits`. `paths` maps the old path of each moved file to its new path."""
    changes = list[FileChange]()
    for path in dict.fromkeys((*edits, *paths)):
        raw = _read(library, path)
        text = raw.decode()
        newline = "\r\n" if "\r\n" in text else "\n"
        places = {edit.span[:2]: edit for edit in edits.get(path, ())}
        written = [replace(edit, text=edit.text.replace("\n", newline)) for edit in places.values()]
        after = apply_edits(text, written).encode()
        target = paths.get(path)
        changes.append(FileChange(path, raw, after, target if target != path else None))
    return changes


def _redirects_change(
    library: Library, lines: Mapping[str, str], moved: Mapping[str, str], taken: Iterable[str]
) -> list[FileChange]:
    path = library.folder / REDIRECTS_FILE
    before = _read(library, path) if path in library.stamps else None
    text = before.decode() if before else ""
    after = change_lines(library, text, lines, moved, set(taken))
    return [FileChange(path, before, after.encode())] if after != text else []


def _read(library: Library, path: Path) -> bytes:
    return content_folder.read_bytes(library.folder, path)
