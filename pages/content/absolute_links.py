"""Edits that make the links and images of a document's Markdown absolute. Calls to action become Markdown links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from . import url_paths
from .calls_to_action import ARROWS
from .document import Page
from .document_links import Link
from .live_links import target_url
from .omitted_text import TextEdit, line_starts

# A link's title and closing bracket, after its target.
_LINK_END = re.compile(r">?(?:\s+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*\)")
_INLINE_TARGET = re.compile(r"\]\([ \t]*<?(?P<target>[^<>\s()]*)")
_DEFINITION = re.compile(r"[ >*+-]*\[(?!\^)(?P<label>[^\[\]\n]+)\]:[ \t]*<?(?P<target>[^<>\s]+)")
# To find the opening bracket of a link's text, search back at most this many characters.
_MAX_LINK_TEXT = 2_000


@dataclass(frozen=True)
class LinkRules:
    """How to write the links of a page.

    `site_url` is the site's scheme and host. `is_hidden` tells which paths lead to pages that aren't live. Links to
    these paths become plain text.
    """

    site_url: str
    is_hidden: Callable[[str], bool]


def link_edits(page: Page, rules: LinkRules) -> Iterator[TextEdit]:
    """Yield the edits that make the links and images on `page` absolute, and that remove links to hidden pages."""
    writer = _Writer(page, rules)
    for link in page.links:
        yield from writer.edits_of(link)
    yield from writer.definition_edits()


class _Writer:
    def __init__(self, page: Page, rules: LinkRules) -> None:
        self._page, self._rules = page, rules
        self._text = page.source.text
        self._starts = line_starts(page.source)
        lines = enumerate(page.source.lines)
        found = ((number, match) for number, line in lines if "]:" in line and (match := _DEFINITION.match(line)))
        self._definitions = {" ".join(match["label"].lower().split()): (number, match) for number, match in found}

    def edits_of(self, link: Link) -> Iterator[TextEdit]:
        start = self._starts[link.line - 1] + link.column - 1
        if link.target is None:
            yield from self._edits_without_target(link, start)
            return
        target = self._starts[link.target.line - 1] + link.target.column - 1
        end = target + link.target.length
        if self._text[:target].rstrip(" \t\n<").endswith("("):
            is_hidden = self._is_hidden(link)
            removed = tuple(self._without_brackets(target, end)) if is_hidden else ()
            yield from removed or [TextEdit(target, end, self._absolute(link))]
        elif start < target:
            yield self._call(link, start, self._label_end(start, target), end)

    def _edits_without_target(self, link: Link, start: int) -> Iterator[TextEdit]:
        """Yield the edits of a link if the position of its target isn't known.

        For example, the target is defined on another line, as in `[text][label]`, or has escaped characters.
        """
        end = start + len(link.text)
        if self._text[start:end] != link.text:
            return
        is_bracketed = self._text[:start].endswith(("[", "[**", "[*", "[`"))
        if is_bracketed and (inline := _INLINE_TARGET.match(self._text, end)):
            yield TextEdit(*inline.span("target"), self._absolute(link))
        elif is_bracketed and self._is_reference(link, end):
            if self._is_hidden(link) and (closing := re.compile(r"\](?:\[[^\[\]]*\])?").match(self._text, end)):
                yield TextEdit(start - 1, start)
                yield TextEdit(*closing.span())
        elif not link.is_image and not _shows_its_target(link):
            yield self._call(link, start, end, end)

    def _is_reference(self, link: Link, end: int) -> bool:
        """Return whether `link` gets its target from a link definition, as in `[text][label]`.

        `end` is the offset where the link's text ends.
        """
        closing = re.compile(r"\](?:\[([^\[\]]*)\])?").match(self._text, end)
        label = (closing[1] or link.text) if closing else ""
        return " ".join(label.lower().split()) in self._definitions

    def _label_end(self, start: int, target: int) -> int:
        """Return the position where the label of a call to action ends. The arrow isn't part of the label."""
        *_, arrow = [None, *ARROWS.finditer(self._text, start, target)]
        end = arrow.start() if arrow else target
        return start + len(self._text[start:end].rstrip())

    def _call(self, link: Link, start: int, label_end: int, end: int) -> TextEdit:
        """Return the edit that writes a call to action as a link. The call's label is from `start` to `label_end`."""
        label = self._text[start:label_end]
        if self._text[:start].rstrip(" ").endswith("["):
            closing = re.compile(r"[ \t]*\]").match(self._text, end)
            if closing:
                start, end = self._text.rindex("[", 0, start), closing.end()
        return TextEdit(start, end, label if self._is_hidden(link) else f"[{label}]({self._absolute(link)})")

    def _without_brackets(self, target: int, end: int) -> Iterator[TextEdit]:
        """Yield the edits that replace a link such as `[text](/url)` with its text.

        The link's target is from offset `target` to `end`.
        """
        closing = _LINK_END.match(self._text, end)
        middle = self._text.rfind("](", 0, target)
        depth, position = 1, middle - 1
        while depth and position > max(middle - _MAX_LINK_TEXT, 0):
            depth += {"]": 1, "[": -1}.get(self._text[position], 0)
            position -= 1
        if closing and not depth:
            yield TextEdit(position + 1, position + 2)
            yield TextEdit(middle, closing.end())

    def definition_edits(self) -> Iterator[TextEdit]:
        """Yield the edits of link definitions, such as `[prices]: /pricing`."""
        used = {link.href: link for link in self._page.links if link.target is None}
        for number, match in self._definitions.values():
            if link := used.get(match["target"]):
                start, end = (self._starts[number] + offset for offset in match.span("target"))
                yield TextEdit(start, end, self._absolute(link))

    def _is_hidden(self, link: Link) -> bool:
        url = "" if link.is_image else target_url(self._page.url, link.href)
        return bool(url) and self._rules.is_hidden(url)

    def _absolute(self, link: Link) -> str:
        """Return the absolute URL of `link`. Leave URLs of other sites as they are."""
        href, base = link.href, self._page.url
        if url_paths.is_external(href):
            return href
        if link.is_image:  # an image's `href` is relative to the content folder: see `image_url`
            return self._rules.site_url + url_paths.resolve("/", href)
        return self._rules.site_url + (base + href if href.startswith("#") else url_paths.resolve(base, href))


def _shows_its_target(link: Link) -> bool:
    """Return whether the text of `link` is a URL, an email address or a phone number."""
    return link.text.lower() in unquote(link.href).lower() or url_paths.PHONE.fullmatch(link.text) is not None
