"""A new document in the shape of another: its sections and labels, with a gap wherever words are to be written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .calls_to_action import is_call_label
from .document import Page
from .markdown_checks import GAP

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
_LABEL = re.compile(r"(\*\*[^*]+:\*\*|\*[^*]+:\*)\s*(.*)$")
_QUESTION = re.compile(r"\*\*(\d+[.)])\s.*")
_BOLD_LINE = re.compile(r"\*\*([^*]+)\*\*$")
_CALL = re.compile(r"\*\*\[.*")
_ITEM = re.compile(r"(\s*(?:[-*+]|\d+[.)])\s+)(.*)$")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)[^)]*\)")
_CONTACT = re.compile(r"@|\+\d")
_RULER = re.compile(r"-{3,}$|\|?[\s|:-]+\|?$")

# Headings that name the role, by kind; all others are taken over as they are.
HEADINGS = {
    "challenge": "THE {role} HIRING CHALLENGE",
    "questions": "SAMPLE {role} QUESTIONS",
    "criteria": "{role} EVALUATION CRITERIA",
    "closing": "READY TO HIRE BETTER {role}S?",
}


def scaffold(like: Page, url: str, leads: Callable[[str], bool]) -> str:
    """The text of a draft at `url` with the sections of `like`. It passes the checker but for its gaps, if the calls to
    action of `like` do; `leads` says whether a link leads to a page, and links that do not are left out."""
    return "\n".join(_Writer(like, url, leads).lines()) + "\n"


def name_of(url: str) -> str:
    """`/hire/site-reliability-engineer` → `Site Reliability Engineer`."""
    return " ".join(word.capitalize() for word in url.rpartition("/")[2].split("-"))


class _Writer:
    def __init__(self, like: Page, url: str, leads: Callable[[str], bool]) -> None:
        self.like, self.url, self.leads = like, url, leads
        self.role = name_of(url)
        self.kinds = {section.line: section.kind for section in like.sections}
        self.kind = ""
        self.in_paragraph = self.linked = False
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
        yield from ("```", f"Title: {GAP}: 70 characters at most", f"Description: {GAP}: 70 to 160 characters")
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

    def _heading(self, number: int, marks: str, written: str) -> str:
        if number in self.kinds:
            self.kind, self.linked = self.kinds[number], False
            written = HEADINGS[self.kind].format(role=self.role.upper()) if self.kind in HEADINGS else written
        return f"{marks} {written}"

    def _row(self, line: str) -> str:
        cells = line.strip().strip("|").split("|")
        kept = cells[:-1] if self.kind == "pricing" else []
        return "|".join(["", *kept, *(f" {GAP} " for _ in cells[len(kept) :]), ""])

    def _item(self, mark: str, words: str) -> Iterator[str]:
        link = _LINK.match(words)
        if link and self.leads(link[1]):
            yield mark + words
        elif link:
            if not self.linked:
                yield f"{mark}[{self.like.name}]({self.like.url})"
            self.linked = True
        elif words.startswith("**"):
            dash = " — " if "** — " in words else " "
            yield f"{mark}**{GAP}: the point**{dash}{GAP}: what there is to say of it"
        else:
            yield f"{mark}{GAP}"

    def _words(self, line: str) -> Iterator[str]:
        """A line of a paragraph; of plain lines, one gap stands for all."""
        label = _LABEL.match(line)
        if question := _QUESTION.match(line):
            yield f"**{question[1]} {GAP}: the question**"
        elif label and (is_call_label(label[1].strip("*: ")) or not label[2]):
            yield line
        elif label:
            yield f"{label[1]} {GAP}: {label[1].strip('*:').lower()}"
        elif bold := _BOLD_LINE.match(line):
            yield f"**{GAP}: a question?**" if bold[1].endswith("?") else f"**{GAP}: a skill**"
        else:
            if not self.in_paragraph:
                yield f"{GAP}: a paragraph or two"
            self.in_paragraph = True
