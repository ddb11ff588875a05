"""Headings in capitals, shown in sentence case, with each word in the case that its document writes it in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .blocks import Block, Code, Heading, List, Paragraph, Quote, Row, Table
from .inlines import Inline

_EDGES = "\"'“”‘’«»()[]{}<>.,;:!?…*_—–-/|•·"
_OPENING = "\"'“‘«([{<*_→"
_WORD = re.compile(r"\S+")
_PART = re.compile(r"[^/\-–—]+")
_EYEBROW = "eyebrow"


def is_all_caps(text: str) -> bool:
    """Whether all letters of `text` are capitals."""
    return text != text.lower() and text == text.upper()


@dataclass(frozen=True, slots=True)
class WordForms:
    """The case of words, by their form in capitals."""

    forms: dict[str, str]

    def to_sentence_case(self, heading: Inline) -> Inline:
        """`heading` as the page shows it: sentence case if it is all in capitals, else as it is."""
        if not is_all_caps(heading.text):
            return heading
        begins = True
        runs = []
        for run in heading.runs:
            words: list[str] = []
            end = 0
            for word in _WORD.finditer(run.text):
                words += [run.text[end : word.start()], self._word(word[0], begins)]
                begins = word[0].rstrip("\"'”’)]").endswith((".", "!", "?"))
                end = word.end()
            runs.append(run._replace(text="".join(words) + run.text[end:]))
        return Inline(tuple(runs))

    def _word(self, written: str, begins: bool) -> str:
        core = written.strip(_EDGES)
        start = written.find(core) if core else 0
        shown = self._known(core)
        if shown is None:
            shown = _PART.sub(lambda part: self._known(part[0]) or part[0].lower(), core)
            first = _PART.match(core)
            if begins and not (first and self._known(first[0])):
                shown = shown[:1].upper() + shown[1:]
        return written[:start].lower() + shown + written[start + len(core) :].lower()

    def _known(self, core: str) -> str | None:
        if core in self.forms:
            return self.forms[core]
        for possessive in ("'S", "’S"):
            stem = core.removesuffix(possessive)
            if stem != core and stem in self.forms:
                return self.forms[stem] + possessive.lower()
        return None


def collect_word_forms(blocks: Iterable[Block], meta_lines: Iterable[str], site_words: Iterable[str]) -> WordForms:
    """What a document teaches of its words' case.

    A form with a capital after its first letter ("ML", "MLOps", "CI/CD") counts where it stands in a line that is not
    all capitals, unless the lower-case form stands in the copy too ("it" for "IT"). META's lines teach such forms, but
    their lower case says nothing, since search phrases are written small. `site_words` serve for the rest.
    """
    copy = Counter(word for line in _copy_lines(blocks) if not is_all_caps(line) for word in line.split())
    meta = Counter(word for line in meta_lines if not is_all_caps(line) for word in line.split())
    forms: Counter[str] = Counter()
    lower: set[str] = set()
    for written, count in copy.items():
        for word in _words(written):
            if word == word.lower():
                lower.add(word)
            elif word[1:] != word[1:].lower():
                forms[word] += count
    for written, count in meta.items():
        forms.update({word: count for word in _words(written) if word[1:] != word[1:].lower()})
    known = {word.upper(): word for word in site_words}
    for word, _ in reversed(forms.most_common()):
        if word.lower() not in lower:
            known[word.upper()] = word
    return WordForms(known)


def _words(written: str) -> Iterator[str]:
    """What stands between spaces, without the marks around it, and its parts; nothing of an address."""
    if "@" in written or "://" in written or written.lstrip(_OPENING).startswith("/"):
        return
    if word := written.strip(_EDGES).removesuffix("'s").removesuffix("’s"):
        yield word
        parts = _PART.findall(word)
        if len(parts) > 1:
            yield from parts


def _copy_lines(blocks: Iterable[Block]) -> Iterator[str]:
    """The lines of a document's copy, without code, and without the eyebrow, which may shout."""
    stack = list(reversed(list(blocks)))
    while stack:
        block = stack.pop()
        match block:
            case Heading():
                yield block.inline.text
            case Paragraph():
                for line in block.inline.lines():
                    label = line.split_label() if line.runs[0].strong else None
                    if label is None:
                        yield _without_code(line)
                    elif label[0].lower() != _EYEBROW:
                        yield from (label[0], _without_code(label[1]))
            case List():
                stack.extend(child for item in reversed(block.items) for child in reversed(item.blocks))
            case Quote():
                stack.extend(reversed(block.blocks))
            case Table():
                yield from (_row(row) for row in (block.head, *block.rows))
            case Code() | _:
                continue


def _row(row: Row) -> str:
    return " | ".join(_without_code(cell) for cell in row.cells)


def _without_code(line: Inline) -> str:
    return "".join([" " if run.code else run.text for run in line.runs])
