"""Find misspelled section headings and labels, which the site shows as ordinary text or as another kind of section."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

from . import meta_keys
from .blocks import Block, Code, Heading, Paragraph
from .calls_to_action import is_call_label
from .problems import Problem, Source
from .sections import Kind, form, hero, hub, is_kind_heading, kind_of, prose, questions, report

# The words of the headings that start a special section. A test compares them with the marketers' guide.
HEADING_WORDS = (
    *("HERO", "SECTION", "CHALLENGE", "CHALLENGES", "WHAT", "EVALUATES", "EVALUATION", "ASSESSMENT", "DIMENSIONS"),
    *("QUESTIONS", "FREQUENTLY", "ASKED", "CRITERIA", "HOW", "IT", "WORKS", "PRICING", "PLANS", "AND", "PRICES"),
    *("FAQ", "FAQS", "CALCULATOR", "RELATED", "READY", "TO"),
)
MIN_WORD_LENGTH = 4  # Shorter words are one letter away from too many other words.
# Correct English words, which are no typos although they are only one letter away from one of HEADING_WORDS.
_OTHER_WORDS = frozenset(
    (
        *("HERE", "HERD", "HERB", "HERS", "HEROES", "HERON", "ZERO", "PLANES", "PLANTS", "PLAYS", "PLATES", "PRIZES"),
        *("PRICED", "PRINCES", "SPICES", "TASKED", "EVALUATED", "RELATES", "READ", "WORDS", "FORKS", "THAT", "WHEN"),
        *("CHALLENGED", "CHALLENGER"),
    )
)
# Headings in which a missing “s” is always a mistake, such as “How it work”. Other headings can be in the singular.
_SINGULAR = re.compile(
    r"^(?:FREQUENTLY ASKED QUESTION\b|HOW (?:IT|LAYERSRANK) WORK$|QUESTION$|(?:(?:EVALUATION|ASSESSMENT) )?DIMENSION$)"
)

_CALL_LABELS = ("primary cta", "secondary cta")
_HERO_LABELS = ("eyebrow", "headline", "subhead", "subheadline", "subheading", *_CALL_LABELS)
_REVEALS = "what this reveals"
_EDGES = re.compile(r"^\W+|\W+$")
_PLAIN_LABEL = re.compile(r"([A-Za-z][A-Za-z -]{2,20}):(?=\s|$)")


def is_one_typo(word: str, known: str) -> bool:
    """Return whether two words differ by one typo: a wrong, missing or extra character, or two swapped characters.

    A missing or added plural “s” isn't a typo.
    """
    start = next((i for i, (one, two) in enumerate(zip(word, known, strict=False)) if one != two), None)
    if start is None:
        longer = max(word, known, key=len)
        return abs(len(word) - len(known)) == 1 and longer[-1] not in "sS"
    end = 0
    while end < min(len(word), len(known)) - start and word[-1 - end] == known[-1 - end]:
        end += 1
    one, two = word[start : len(word) - end], known[start : len(known) - end]
    return max(len(one), len(two)) == 1 or (len(one) == len(two) == 2 and one == two[::-1])


def check_section(source: Source, heading: Heading | None, blocks: Sequence[Block]) -> Iterator[Problem]:
    """Yield a problem for each misspelled heading or label of a section."""
    kind = kind_of(heading.raw_text if heading else "", blocks)
    is_named = kind is cast(Kind, prose) or (heading and is_kind_heading(heading.raw_text))
    if heading and is_named and (meant := _meant_heading(heading.raw_text, blocks)):
        written = "an ordinary" if kind is cast(Kind, prose) else f"a {kind.__name__.rpartition('.')[2]}"
        message = f"“{heading.raw_text}” is {written} section. Its heading is similar to “{meant}”."
        help = f"Did you mean {'#' * heading.level} {meant}? If you mean another word, use one that is less similar."
        yield source.problem_at("misspelled-name", message, help, line=heading.line, text=heading.raw_text)
        if "HERO" in meant.split():
            kind = cast(Kind, hero)
    for label in _labels(blocks):
        yield from _check_label(source, kind, label)


def _meant_heading(heading: str, blocks: Iterable[Block]) -> str:
    """Correct typos, a missing “s” and punctuation in `heading`. Return the corrected heading, or "".

    Return "" if there is nothing to correct, or if the corrected heading starts the same kind of section as `heading`.
    """
    written = " ".join(heading.upper().replace("’", "'").split())
    words = _EDGES.sub("", written).split(" ")
    if len(words) == 1 and (words[0] == "META" or is_one_typo(words[0], "META")) and _looks_like_meta(blocks):
        return "META"
    corrected = _SINGULAR.sub(r"\g<0>S", " ".join(map(_meant_word, words)))
    is_other_kind = is_kind_heading(corrected) and kind_of(corrected) is not kind_of(written)
    return corrected if corrected != written and is_other_kind else ""


@lru_cache(maxsize=1_000)  # many headings share words, so most words are already in the cache
def _meant_word(word: str) -> str:
    """Return the word of HEADING_WORDS that differs from `word` by one typo, or `word` itself."""
    if word in HEADING_WORDS or word in _OTHER_WORDS:
        return word
    return next((known for known in HEADING_WORDS if _is_slip(word, known)), word)


def _is_slip(word: str, known: str) -> bool:
    """Return whether `word` is a typo of `known`. In a short word, only swapped letters count as a typo."""
    is_short = min(len(word), len(known)) < MIN_WORD_LENGTH
    return is_one_typo(word, known) and (not is_short or sorted(word) == sorted(known))


def _looks_like_meta(blocks: Iterable[Block]) -> bool:
    texts = [block.text if isinstance(block, Code) else block.inline.text for block in blocks
             if isinstance(block, Code | Paragraph)]  # fmt: skip
    return any(meta_keys.has_known_key(line) for text in texts[:1] for line in text.split("\n"))


class _Label(NamedTuple):
    """A label at the start of a line. `value` is the text after it. `slip` is the mistake in its Markdown, or ""."""

    name: str
    value: str
    line: int
    column: int
    is_emphasis: bool = False
    slip: str = ""


def _labels(blocks: Iterable[Block]) -> Iterator[_Label]:
    """Yield the label at the start of each line. Also yield texts that look like a label with a mistake."""
    lines = (line for block in blocks if isinstance(block, Paragraph) for line in block.inline.lines())
    for line in lines:
        text = line.text
        if ":" not in text and not line.runs[0].strong and not line.runs[0].emphasis:
            continue
        if label := line.split_label():
            yield _Label(label[0], label[1].text, line.line, line.column)
        elif label := line.split_label("emphasis"):
            yield _Label(label[0], label[1].text, line.line, line.column, is_emphasis=True)
        elif (parts := line.split_lead()) and all(parts):
            name = parts[0].text.strip(" -–—")
            yield _Label(name, parts[1].text, line.line, line.column, slip="is not followed by a colon")
        elif (plain := _PLAIN_LABEL.match(text)) and not line.runs[0].code:
            yield _Label(plain[1], text[plain.end() :], line.line, line.column, slip="is not bold")


def _check_label(source: Source, kind: Kind, label: _Label) -> Iterator[Problem]:
    words = " ".join(label.name.lower().split())
    known: Collection[str] = _known_labels(kind, label.value)
    if label.is_emphasis:
        known = (_REVEALS,) if kind is cast(Kind, questions) else ()
    elif label.slip and kind is not cast(Kind, hero):
        return
    is_known = words in known or is_call_label(label.name) or re.sub(r"[^a-z]", "", words) in _HERO_LABELS
    if is_known and not label.slip:
        return
    meant = next((each for each in known if words == each or is_one_typo(words, each)), "")
    if not meant:
        return
    mark = "*" if label.is_emphasis else "**"
    message = f"The label “{label.name}” has no effect. It is similar to “{_written(meant)}”."
    if words == meant:
        message = f"The label “{label.name}” {label.slip}, so it has no effect."
    help = f"Did you mean {mark}{_written(meant)}:{mark}?"
    yield source.problem("misspelled-name", message, help, line=label.line, column=label.column, length=len(label.name))


def _known_labels(kind: Kind, value: str) -> tuple[str, ...]:
    """Return the labels that have an effect in a section of this kind.

    `value` is the text after the label to check. Some labels have an effect only if this text is a path.
    """
    if kind is cast(Kind, hero):
        return _HERO_LABELS
    if kind is cast(Kind, form):
        return (*form.LABELS, *_CALL_LABELS)
    if kind is cast(Kind, report):
        return (*sorted(report.LABELS), *_CALL_LABELS)
    of_lists = (hub.LABEL, "role") if value.lstrip().startswith("/") else ()
    of_forms = (form.BUTTON,) if kind is cast(Kind, prose) else ()
    return (*_CALL_LABELS, *of_lists, *of_forms)


def _written(label: str) -> str:
    return label[0].upper() + label[1:].replace("cta", "CTA")
