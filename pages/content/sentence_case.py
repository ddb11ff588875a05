"""Show all-caps headings in sentence case. Words such as “MLOps” get the case that the document uses elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from .blocks import Block, DefinitionList, Heading, Paragraph, Quote, Row, Table, child_blocks
from .inlines import Inline

_PUNCTUATION = "\"'“”‘’«»()[]{}<>.,;:!?…*_—–-/|•·"
_OPENING_PUNCTUATION = "\"'“‘«([{<*_→"
_WORD = re.compile(r"\S+")
_PART = re.compile(r"[^/\-–—]+")
_EYEBROW = "eyebrow"


def is_all_caps(text: str) -> bool:
    """Return whether `text` has letters and all of them are capitals."""
    return text == text.upper() and text != text.lower()


@dataclass(frozen=True, slots=True)
class WordForms:
    """How words are capitalized. `forms` maps words such as MLOPS to the form that headings show, such as MLOps."""

    forms: dict[str, str]

    def to_sentence_case(self, heading: Inline) -> Inline:
        """Return `heading` in sentence case if it is all caps, and unchanged otherwise."""
        if not is_all_caps(heading.text):
            return heading
        starts_sentence = True
        runs = []
        for run in heading.runs:
            words: list[str] = []
            end = 0
            for word in _WORD.finditer(run.text):
                words += [run.text[end : word.start()], self._convert(word[0], starts_sentence)]
                starts_sentence = word[0].rstrip("\"'”’)]").endswith((".", "!", "?"))
                end = word.end()
            runs.append(run._replace(text="".join(words) + run.text[end:]))
        return Inline(tuple(runs))

    def _convert(self, token: str, starts_sentence: bool) -> str:
        core = token.strip(_PUNCTUATION)
        start = token.find(core) if core else 0
        converted = self._lookup(core)
        if converted is None:
            converted = _PART.sub(lambda part: self._lookup(part[0]) or part[0].lower(), core)
            first = _PART.match(core)
            if starts_sentence and not (first and self._lookup(first[0])):
                converted = converted[:1].upper() + converted[1:]
        return token[:start].lower() + converted + token[start + len(core) :].lower()

    def _lookup(self, core: str) -> str | None:
        if core in self.forms:
            return self.forms[core]
        for possessive in ("'S", "’S"):
            stem = core.removesuffix(possessive)
            if stem != core and stem in self.forms:
                return self.forms[stem] + possessive.lower()
        return None


def collect_word_forms(blocks: Iterable[Block], meta_lines: Iterable[str], site_words: Iterable[str]) -> WordForms:
    """Collect how a document capitalizes its words.

    Collect only words with a capital after the first letter, such as "ML", "MLOps" and "CI/CD". Skip all-caps lines.
    Ignore a word such as "IT" if the document's text also has the lowercase word "it".

    Collect such words from META, too, but ignore META's lowercase words: its search phrases are always lowercase.
    `site_words` has the forms of more words. If a word has another form in the document, use the document's form.
    """
    text_tokens = Counter([token for line in _text_lines(blocks) if not is_all_caps(line) for token in line.split()])
    meta_tokens = Counter(token for line in meta_lines if not is_all_caps(line) for token in line.split())
    counts: Counter[str] = Counter()
    lowercase_words: set[str] = set()
    for token, count in text_tokens.items():
        lowercase, cased = _words_of(token)
        lowercase_words.update(lowercase)
        for word in cased:
            counts[word] += count
    for token, count in meta_tokens.items():
        counts.update(dict.fromkeys(_words_of(token)[1], count))
    forms = {word.upper(): word for word in site_words}
    # Begin with the rarest forms. So if a word has several forms, the most common one overwrites the others.
    for word, _ in reversed(counts.most_common()):
        if word.lower() not in lowercase_words:
            forms[word.upper()] = word
    return WordForms(forms)


@lru_cache(20_000)  # cached, because documents share most of their words
def _words_of(token: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lowercase words in `token`, and the words with a capital after the first letter."""
    words = _split_token(token)
    lowercase = tuple(word for word in words if word == word.lower())
    return lowercase, tuple(word for word in words if word[1:] != word[1:].lower())


def _split_token(token: str) -> tuple[str, ...]:
    """Return the word in `token` without punctuation around it.

    If the word has hyphens or slashes, also return its parts.

    Return nothing for URLs and email addresses.
    """
    if "@" in token or "://" in token or token.lstrip(_OPENING_PUNCTUATION).startswith("/"):
        return ()
    word = token.strip(_PUNCTUATION).removesuffix("'s").removesuffix("’s")
    parts = _PART.findall(word)
    return (word, *parts) if len(parts) > 1 else tuple(filter(None, [word]))


def _text_lines(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the lines of `blocks`.

    Leave out code. Leave out the eyebrow, too, because an eyebrow may be all caps on purpose.
    """
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
            case Table():
                yield from (_row_text(row) for row in (block.head, *block.rows))
            case Quote():
                yield _without_code(block.attribution)
                stack.extend(reversed(block.blocks))
            case DefinitionList():
                yield from (_without_code(definition.term) for definition in block.definitions)
                stack.extend(reversed(child_blocks(block)))
            case _:
                stack.extend(reversed(child_blocks(block)))


def _row_text(row: Row) -> str:
    return " | ".join(_without_code(cell) for cell in row.cells)


def _without_code(line: Inline) -> str:
    return "".join([" " if run.code else run.text for run in line.runs])
