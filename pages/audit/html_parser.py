"""Read the parts of an HTML page that the rules need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = Mapping[str, str]

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
# Elements that load a file with the page, and the attribute with the file's URL.
_LOADS = {"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
# Links that load a file with the page.
_LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "apple-touch-icon"}


@dataclass
class Anchor:
    """A link to a page. `text` is its text with the alt texts of its images."""

    href: str
    rel: str
    text: str = ""


@dataclass
class HtmlPage:
    """The parts of a page. `metas`, `links` and `images` hold the attributes of each `meta`, `link` and `img`.

    `headings` holds the level and the text of each heading. `loaded` holds the URLs of files that the page loads, as
    written.
    """

    language: str | None = None
    has_doctype: bool = False
    titles: list[str] = field(default_factory=list)
    metas: list[Attributes] = field(default_factory=list)
    links: list[Attributes] = field(default_factory=list)
    images: list[Attributes] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    form_actions: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    @property
    def title(self) -> str:
        return self.titles[0] if self.titles else ""

    def meta(self, name: str) -> str:
        """Return the content of the first meta tag whose name or property is `name`, or ""."""
        return next(iter(self.all_meta(name)), "")

    def all_meta(self, name: str) -> list[str]:
        return [
            meta.get("content", "").strip()
            for meta in self.metas
            if name in (meta.get("name", "").lower(), meta.get("property", "").lower())
        ]

    def links_with(self, rel: str) -> list[Attributes]:
        """Return the `link` elements that have `rel` among their relations."""
        return [link for link in self.links if rel in link.get("rel", "").lower().split()]


def parse_html(text: str) -> HtmlPage:
    parser = _Parser()
    parser.feed(text)
    parser.close()
    page = parser.page
    page.headings = [(level, " ".join(words.split())) for level, words in page.headings]
    page.titles = [" ".join(title.split()) for title in page.titles]
    for anchor in page.anchors:
        anchor.text = " ".join(anchor.text.split())
    return page


class _Parser(HTMLParser):
    """Collects the parts of a page. Texts inside scripts, styles and drawings (SVG) are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.page = HtmlPage()
        self._in_title = self._in_heading = self._in_anchor = False
        self._skipped = 0  # the number of open elements whose text isn't shown

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Ignore `<![…>`, as browsers do. The base class raises an AssertionError for an unknown word in it."""
        return self.parse_bogus_comment(i)

    def handle_decl(self, decl: str) -> None:
        self.page.has_doctype |= decl.lower().startswith("doctype html")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        page, attributes = self.page, {name: value or "" for name, value in attrs}
        if "id" in attributes:
            page.ids.add(attributes["id"])
        if tag in ("script", "style", "svg"):
            self._skipped += 1
        if tag in _LOADS and attributes.get(_LOADS[tag]):
            page.loaded.append(attributes[_LOADS[tag]])
        if tag == "html":
            page.language = attributes.get("lang")
        elif tag == "title" and not self._skipped:
            page.titles.append("")
            self._in_title = True
        elif tag == "meta":
            page.metas.append(attributes)
        elif tag == "link":
            page.links.append(attributes)
            if _LOADING_LINKS & set(attributes.get("rel", "").lower().split()) and attributes.get("href"):
                page.loaded.append(attributes["href"])
        elif tag in _HEADINGS:
            page.headings.append((_HEADINGS[tag], ""))
            self._in_heading = True
        elif tag == "a" and "href" in attributes:
            page.anchors.append(Anchor(attributes["href"].strip(), attributes.get("rel", "")))
            self._in_anchor = True
        elif tag == "form":
            page.form_actions.append(attributes.get("action", ""))
        elif tag == "img":
            page.images.append(attributes)
            self._add(f" {attributes.get('alt', '')} ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "svg"):
            self._skipped = max(0, self._skipped - 1)
        elif tag == "title":
            self._in_title = False
        elif tag in _HEADINGS:
            self._in_heading = False
        elif tag == "a":
            self._in_anchor = False

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._add(data)

    def _add(self, text: str) -> None:
        page = self.page
        if self._in_title:
            page.titles[-1] += text
        if self._in_heading:
            level, before = page.headings[-1]
            page.headings[-1] = (level, before + text)
        if self._in_anchor:
            page.anchors[-1].text += text
