"""Compare two versions of a document, section by section, and describe the changes in words for marketers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher

from . import dates, meta_keys
from .blocks import Block, Heading, plain_text
from .document_links import links_of
from .document_structure import DocumentStructure
from .document_url import name_from_url, resolve_url
from .meta import Meta
from .problems import Source

MAX_QUOTE = 100
# If there are more edits or words than this, quoting them doesn't help the reader.
MAX_QUOTED_EDITS, MAX_QUOTED_WORDS = 3, 15
# Comparing words takes time in proportion to the product of both lengths. With this many pairs, it takes half a second.
MAX_WORD_PAIRS = 4_000_000
# A section with a new heading is the same section if at least this share of the words stayed.
MIN_SIMILARITY = 0.6


@dataclass(frozen=True)
class SectionVersion:
    """A section's heading as written, its text without markup, and the targets of its links and images."""

    heading: str
    text: str
    targets: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"the section “{self.heading}”" if self.heading else "the text before the first section"


@dataclass(frozen=True)
class DocumentVersion:
    """One version of a document. `meta` has the values of META by key, as text."""

    url: str
    name: str
    meta: Mapping[str, str]
    sections: tuple[SectionVersion, ...]


def read_version(source: Source, default_url: str) -> DocumentVersion:
    """Read one version of a document. If the document gives no URL, use `default_url`, from the file's path."""
    structure = DocumentStructure(source)
    url, _ = resolve_url(source, structure.url_heading, default_url, [])
    name = structure.name_heading.raw_text if structure.name_heading else name_from_url(url or default_url)
    sections = tuple(_section(heading, blocks) for heading, blocks in structure.sections())
    return DocumentVersion(url, name, _meta_values(structure.meta), sections)


def describe_changes(old: DocumentVersion | None, new: DocumentVersion | None) -> list[str]:
    """Return a sentence for each change from `old` to `new`. None means that there is no document."""
    if new is None:
        return ["The page was deleted."] if old else []
    if old is None:
        return ["The page was added, as a draft." if "status" in new.meta else "The page was added."]
    changes = []
    if new.url != old.url:
        changes.append(f"The URL is now {new.url or 'missing'}. Before, it was {old.url or 'missing'}.")
    if new.name != old.name:
        changes.append(f"The page's name is now {quote(new.name)}. Before, it was {quote(old.name)}.")
    changes += describe_values(old.meta, new.meta, "META: ")
    changes += _section_changes(old.sections, new.sections)
    return changes or ["Only the formatting changed."]


def describe_values(old: Mapping[str, str], new: Mapping[str, str], label: str = "") -> Iterator[str]:
    """Yield a sentence for each named value that was added, changed or removed."""
    for key in dict.fromkeys((*old, *new)):
        name = f"{label}“{key.capitalize() if label else key}”"
        if key not in old:
            yield f"{name} was added: {quote(new[key])}."
        elif key not in new:
            yield f"{name} was removed. It was {quote(old[key])}."
        elif old[key] != new[key] and max(len(old[key]), len(new[key])) > MAX_QUOTE:
            yield f"{name} was reworded{_quoted_edits(old[key], new[key])}."
        elif old[key] != new[key]:
            yield f"{name} is now {quote(new[key])}. Before, it was {quote(old[key])}."


def quote(text: str) -> str:
    """Return `text` in quotation marks, shortened to MAX_QUOTE characters."""
    return f"“{text if len(text) <= MAX_QUOTE else text[: MAX_QUOTE - 1].rstrip() + '…'}”"


def _section(heading: Heading | None, blocks: tuple[Block, ...]) -> SectionVersion:
    targets = tuple(link.href for link in links_of(blocks))
    return SectionVersion(heading.raw_text.strip() if heading else "", plain_text(blocks), targets)


def _meta_values(meta: Meta) -> dict[str, str]:
    values = {key: _as_text(getattr(meta, key.replace(" ", "_"))) for key in meta_keys.KEYS if key != "status"}
    values["status"] = "draft" if meta.draft else ""
    return {key: value for key, value in values.items() if value}


def _as_text(value: object) -> str:
    match value:
        case datetime():
            return dates.format_time(value)
        case date():
            return value.isoformat()
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value or "")


def _section_changes(old: Sequence[SectionVersion], new: Sequence[SectionVersion]) -> Iterator[str]:
    pairs = _pairs(old, new)
    kept = _in_same_order(pairs)
    for index, section in enumerate(new):
        if index not in pairs:
            yield f"{_capitalized(section.title)} was added."
            continue
        before = old[pairs[index]]
        if section.heading != before.heading:
            yield f"{_capitalized(before.title)} is now {section.title}."
        if index not in kept:
            place = f"follows {new[index - 1].title}" if index else "comes first"
            yield f"{_capitalized(section.title)} was moved. It now {place}."
        if section.text != before.text:
            yield f"{_capitalized(section.title)} was reworded{_quoted_edits(before.text, section.text)}."
        elif section.targets != before.targets:
            yield f"In {section.title}, links or images were changed{_changed_targets(before, section)}."
    for index in sorted(set(range(len(old))) - set(pairs.values())):
        yield f"{_capitalized(old[index].title)} was removed."


def _pairs(old: Sequence[SectionVersion], new: Sequence[SectionVersion]) -> dict[int, int]:
    """Find the old version of each section. Map the section's index in `new` to its index in `old`.

    First pair the sections with the same heading, then the remaining sections with similar texts.
    """
    free = dict(enumerate(old))
    pairs: dict[int, int] = {}
    for index, section in enumerate(new):
        same = (number for number, each in free.items() if each.heading.upper() == section.heading.upper())
        if (found := next(same, None)) is not None:
            pairs[index] = found
            del free[found]
    for index, section in enumerate(new):
        if index in pairs or not free:
            continue
        best = max(free, key=lambda number: _similarity(free[number].text, section.text))
        if _similarity(free[best].text, section.text) >= MIN_SIMILARITY:
            pairs[index] = best
            del free[best]
    return pairs


def _similarity(first: str, second: str) -> float:
    """Return the share of words that both texts have, from 0 to 1."""
    words, others = Counter(first.split()), Counter(second.split())
    total = words.total() + others.total()
    return 2 * (words & others).total() / total if total else 0.0


def _in_same_order(pairs: Mapping[int, int]) -> set[int]:
    """Return the new indexes of the sections that were not moved.

    `pairs` maps the new index of each section to its old index.
    """
    new_order = sorted(pairs)
    matcher = SequenceMatcher(None, sorted(pairs.values()), [pairs[index] for index in new_order], autojunk=False)
    return {new_order[block.b + step] for block in matcher.get_matching_blocks() for step in range(block.size)}


def _quoted_edits(old: str, new: str) -> str:
    """Quote the old and the new words of each edit. Return "" if there are no edits, or too many."""
    before, after = old.split(), new.split()
    if len(before) * len(after) > MAX_WORD_PAIRS:
        return ""
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    edits = [opcode[1:] for opcode in opcodes if opcode[0] != "equal"]
    if len(edits) > MAX_QUOTED_EDITS or any(max(b - a, d - c) > MAX_QUOTED_WORDS for a, b, c, d in edits):
        return ""
    quoted = []
    for start, end, new_start, new_end in edits:
        was, now = before[max(start - 1, 0) : end + 1], after[max(new_start - 1, 0) : new_end + 1]
        if start == end and not (was and now):
            quoted.append(f"{quote(' '.join(after[new_start:new_end]))} was added")
        else:
            quoted.append(f"{quote(' '.join(was))} is now {quote(' '.join(now))}")
    return f": {', and '.join(quoted)}" if quoted else ""


def _changed_targets(old: SectionVersion, new: SectionVersion) -> str:
    removed, added = (list((Counter(a.targets) - Counter(b.targets)).elements()) for a, b in ((old, new), (new, old)))
    if len(removed) == len(added) == 1:
        return f": {removed[0]} is now {added[0]}"
    return ""


def _capitalized(text: str) -> str:
    return text[0].upper() + text[1:]
