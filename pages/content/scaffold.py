"""Drafts of new pages: the sections and labels of an existing page, with TODOs in place of its texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .calls_to_action import is_call_label
from .document import Page
from .markdown_checks import TODO

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_LABEL = re.compile(r"(\*\*[^*]+:\*\*|\*[^*]+:\*)\s*(.*)$")
_QUESTION = re.compile(r"\*\*(\d+[.)])\s.*")
_BOLD_LINE = re.compile(r"\*\*([^*]+)\*\*$")
_CALL = re.compile(r"\*\*\[.*")
_ITEM = re.compile(r"(\s*(?:[-*+]|\d+[.)])\s+)(.*)$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")
_CONTACT = re.compile(r"@|\+\d")
_RULER = re.compile(r"-{3,}$|\|?[\s|:-]+\|?$")

# Headings that contain the role's name, keyed by section kind. All other headings are copied.
HEADINGS = {
    "challenge": "THE {role} HIRING CHALLENGE",
    "questions": "SAMPLE {role} QUESTIONS",
    "criteria": "{role} EVALUATION CRITERIA",
    "closing": "READY TO HIRE BETTER {role}S?",
}


def scaffold(like: Page, url: str, has_target: Callable[[str], bool]) -> str:
    """Return the text of a draft for the page at `url`. The draft has the same sections as the page `like`.

    `has_target` returns whether the target of a link exists. In the lists of each section, one link to `like` replaces
    all broken links. If no call to action of `like` is broken, the checker reports only the draft's TODOs.
    """
    return "\n".join(_Writer(like, url, has_target).lines()) + "\n"


def name_of(url: str) -> str:
    """Return `Site Reliability Engineer` for `/hire/site-reliability-engineer`."""
    return " ".join(word.capitalize() for word in url.rpartition("/")[2].split("-"))


class _Writer:
    def __init__(self, like: Page, url: str, has_target: Callable[[str], bool]) -> None:
        self.like, self.url, self.has_target = like, url, has_target
        self.role = name_of(url)
        self.kinds = {section.line: section.kind for section in like.sections}
        self.kind = ""
        self.in_paragraph = False
        self.has_replaced_link = False
        self.table_line = 0

    def lines(self) -> Iterator[str]:
        name = re.sub(re.escape(name_of(self.like.url)), self.role, self.like.name, flags=re.IGNORECASE)
        yield from (
            f"# {self.role if name == self.like.name else name}",
            f"## {self.url}",
            "",
            "---",
            "",
            "## META",
            "",
        )
        yield from ("```", f"Title: {TODO}: 70 characters at most", f"Description: {TODO}: 70 to 160 characters")
        yield from (f"Keywords: {self.role.lower()} interview questions", "Status: draft", "```", "")
        first = self.like.sections[0].line if self.like.sections else len(self.like.source.lines) + 1
        yield from ("---", "")
        for number, line in enumerate(self.like.source.lines[first - 1 :], start=first):
            yield from self._line(number, line)

    def _line(self, number: int, line: str) -> Iterator[str]:
        self.table_line = self.table_line + 1 if line.lstrip().startswith("|") else 0
        if not line.strip():
            self.in_paragraph = False
            yield line
        elif heading := _HEADING.match(line):
            yield self._heading(number, heading[1], heading[2])
        elif self.table_line:
            yield line if self.table_line <= 2 else self._row(line)
        elif _RULER.match(line) or _CALL.match(line) or _CONTACT.search(line):
            yield line
        elif item := _ITEM.match(line):
            yield from self._item(item[1], item[2])
        else:
            yield from self._words(line)

    def _heading(self, number: int, marks: str, text: str) -> str:
        if number in self.kinds:
            self.kind, self.has_replaced_link = self.kinds[number], False
            text = HEADINGS[self.kind].format(role=self.role.upper()) if self.kind in HEADINGS else text
        return f"{marks} {text}"

    def _row(self, line: str) -> str:
        cells = line.strip().strip("|").split("|")
        copied = cells[:-1] if self.kind == "pricing" else []
        return "|".join(["", *copied, *(f" {TODO} " for _ in cells[len(copied) :]), ""])

    def _item(self, mark: str, words: str) -> Iterator[str]:
        """Yield the draft's version of a list item. A section's first broken link becomes a link to the page `like`."""
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
        """Yield the draft's version of a line. A paragraph's lines of plain text become one TODO."""
        label = _LABEL.match(line)
        if question := _QUESTION.match(line):
            yield f"**{question[1]} {TODO}: the question**"
        elif label and (is_call_label(label[1].strip("*: ")) or not label[2]):
            yield line
        elif label:
            yield f"{label[1]} {TODO}: {label[1].strip('*:').lower()}"
        elif bold := _BOLD_LINE.match(line):
            yield f"**{TODO}: a question?**" if bold[1].endswith("?") else f"**{TODO}: a skill**"
        else:
            if not self.in_paragraph:
                yield f"{TODO}: a paragraph or two"
            self.in_paragraph = True
