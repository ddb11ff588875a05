"""Drafts of new pages: the sections and labels of an existing page, with TODOs in place of its texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .calls_to_action import is_call_label
from .document import Page
from .markdown_checks import TODO
from .page_names import in_sentence, plural_of
from .url_paths import parent_url

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_LABEL = re.compile(r"(\*\*[^*]+:\*\*|\*[^*]+:\*)\s*(.*)$")
_LIST_LABEL = re.compile(r"\*\*Pages under:\*\*\s", re.IGNORECASE)
_QUESTION = re.compile(r"\*\*(\d+[.)])\s.*")
_BOLD_LINE = re.compile(r"\*\*([^*]+)\*\*$")
_CALL = re.compile(r"\*\*\[.*")
_ITEM = re.compile(r"(\s*(?:[-*+]|\d+[.)])\s+)(.*)$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")
_CONTACT = re.compile(r"@|\+\d")
_RULER = re.compile(r"-{3,}$|\|?[\s|:-]+\|?$")
_WEIGHT = re.compile(r"\(\d+(?:[.,]\d+)?\s*%\)$")

# The section kinds whose heading names the role. Each of these kinds has a heading for a page about a role, and a
# heading for any other page. The headings of all other kinds are copied.
HEADINGS = {
    "challenge": ("THE {role} HIRING CHALLENGE", "THE CHALLENGE"),
    "questions": ("SAMPLE {role} QUESTIONS", "SAMPLE QUESTIONS"),
    "criteria": ("{role} EVALUATION CRITERIA", "EVALUATION CRITERIA"),
    "closing": ("READY TO HIRE BETTER {roles}?", "READY TO START?"),
}


@dataclass(frozen=True)
class NewPage:
    """The page for which a draft is written.

    `name` is the subject, such as “Data Scientist”. `title` is the page's whole name, such as “Hire Data Scientist”.
    `is_role` says whether the page is about a role. `settings` are additional lines for META.
    """

    url: str
    name: str
    title: str
    is_role: bool = False
    settings: tuple[str, ...] = ()


def opening(page: NewPage) -> Iterator[str]:
    """Yield the first lines of a draft: its name, its URL and META."""
    yield from (f"# {page.title}", f"## {page.url}", "", "---", "", "## META", "")
    yield from ("```", f"Title: {TODO}: 70 characters at most", f"Description: {TODO}: 70 to 160 characters")
    subject = in_sentence(page.name)
    if page.is_role:
        # Headings are all caps, so the site learns from this line how names such as SREs are capitalized.
        yield f"Keywords: {subject} interview questions, hire {in_sentence(plural_of(page.name))}"
    yield from (*page.settings, "Status: draft", "```", "", "---", "")


def scaffold(like: Page, like_name: str, page: NewPage, has_target: Callable[[str], bool]) -> str:
    """Return the text of a draft for `page`. The draft has the same sections as the page `like`.

    `like_name` is the subject of `like`, such as “Data Engineer”. In the draft, the name of `page` replaces it.
    `has_target` returns whether the target of a link exists.

    Working links in lists are copied. In each section, the first broken link in a list is replaced by a link to `like`,
    and the other broken links are left out. Calls to action are copied even if their links are broken. Apart from these
    broken links, the checker reports only the draft's TODOs.
    """
    return "\n".join(_Writer(like, like_name, page, has_target).lines()) + "\n"


class _Writer:
    def __init__(self, like: Page, like_name: str, page: NewPage, has_target: Callable[[str], bool]) -> None:
        self.like, self.page, self.has_target = like, page, has_target
        # Maps each old name, in capitals, to the new name that replaces it.
        self.names = {plural_of(like_name).upper(): plural_of(page.name), like_name.upper(): page.name}
        self.like_name = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in self.names), re.IGNORECASE)
        slug = re.escape(like.url.rpartition("/")[2])
        self.own_path = re.compile(rf"(?P<path>(?:/[\w.-]+)*/{slug})(?P<suffix>\.\w+)?(?:#[^\s)\]]*)?(?=[\s)\]]|$)")
        self.kinds = {section.line: section.kind for section in like.sections}
        self.kind = ""
        self.in_paragraph = False
        self.has_replaced_link = False
        self.table_line = 0

    def lines(self) -> Iterator[str]:
        yield from opening(self.page)
        first = self.like.sections[0].line if self.like.sections else len(self.like.source.lines) + 1
        for number, line in enumerate(self.like.source.lines[first - 1 :], start=first):
            yield from self._line(number, line)

    def _line(self, number: int, line: str) -> Iterator[str]:
        self.table_line = self.table_line + 1 if line.lstrip().startswith("|") else 0
        if not line.strip():
            self.in_paragraph = False
            yield line
        elif heading := _HEADING.match(line):
            yield from self._heading(number, heading[1], heading[2])
        elif self.table_line:
            # The rows of a form or a calculator are the same on each page.
            is_copied = self.table_line <= 2 or self.kind in ("form", "calculator")
            yield line if is_copied else self._row(line)
        elif _CALL.match(line):
            yield self._retarget(line)
        elif _RULER.match(line) or (self.kind == "closing" and _CONTACT.search(line)):
            yield line
        elif item := _ITEM.match(line):
            yield from self._item(item[1], item[2])
        else:
            yield from self._words(line)

    def _heading(self, number: int, marks: str, text: str) -> Iterator[str]:
        if number not in self.kinds:
            yield f"{marks} {self._rename(text)}"
            if self.kind == "dimensions" and _WEIGHT.search(text):
                yield from ("", f"{TODO}: check this weight, which was copied from {self.like.url}")
            return
        self.kind, self.has_replaced_link = self.kinds[number], False
        is_sibling = parent_url(self.page.url) == parent_url(self.like.url)
        if self.kind in HEADINGS and (self.page.is_role or (self.like.weights and not is_sibling)):
            text = HEADINGS[self.kind][0 if self.page.is_role else 1]
            text = text.format(role=self.page.name.upper(), roles=plural_of(self.page.name).upper())
        yield f"{marks} {self._rename(text)}"

    def _rename(self, text: str) -> str:
        """Return `text` with the new page's name in place of the name of `like`."""

        def rename(match: re.Match[str]) -> str:
            name = self.names[match[0].upper()]
            return name.upper() if match[0].isupper() else name

        return self.like_name.sub(rename, text)

    def _retarget(self, line: str) -> str:
        """Return a copy of `line`, a call to action of the page `like`, with targets for the new page.

        Links to `like` and its files now lead to the new page and its files. Another page may have the same slug as
        `like`: /hire/data-engineer and /resources/sample-report/data-engineer have the same slug. Links to such a page
        now lead to its parent (/resources/sample-report), if the parent exists.
        """

        def retarget(match: re.Match[str]) -> str:
            if match["path"] == self.like.url:
                return self.page.url + (match["suffix"] or "")
            parent = parent_url(match["path"])
            return parent if self.has_target(parent) else match[0]

        return self.own_path.sub(retarget, line)

    def _row(self, line: str) -> str:
        cells = line.strip().strip("|").split("|")
        copied = cells[:-1] if self.kind == "pricing" else []
        return "|".join(["", *copied, *(f" {TODO} " for _ in cells[len(copied) :]), ""])

    def _item(self, mark: str, words: str) -> Iterator[str]:
        """Yield a list item for the draft. A link that works is kept, and text without a link becomes TODO.

        The first broken link of a section becomes a link to the page `like`. The other broken links are left out.
        """
        link = _LINK.match(words)
        if link and self.has_target(link[1]):
            yield mark + words
        elif link:
            if not self.has_replaced_link:
                yield f"{mark}[{self.like.name}]({self.like.url})"
            self.has_replaced_link = True
        elif words.startswith("**"):
            dash = " — " if "** — " in words else " "
            yield f"{mark}**{TODO}: the point**{dash}{TODO}: the details"
        else:
            yield f"{mark}{TODO}"

    def _words(self, line: str) -> Iterator[str]:
        """Yield what the draft has instead of `line`: usually a line with a TODO for the writer.

        Lines of plain text become a single TODO for the whole paragraph.
        """
        label = _LABEL.match(line)
        if question := _QUESTION.match(line):
            yield f"**{question[1]} {TODO}: the question**"
        elif _LIST_LABEL.match(line):
            yield f"**Pages under:** {self.page.url}"
        elif label and (is_call_label(label[1].strip("*: ")) or not label[2]):
            yield self._retarget(line)
        elif label:
            yield f"{label[1]} {TODO}: {label[1].strip('*:').lower()}"
        elif bold := _BOLD_LINE.match(line):
            yield f"**{TODO}: a question?**" if bold[1].endswith("?") else f"**{TODO}: a skill**"
        else:
            if not self.in_paragraph:
                yield f"{TODO}: a paragraph or two"
            self.in_paragraph = True
