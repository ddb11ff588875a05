"""Kits of the sample site. `sample_kit` uses WORDS instead of the words in `kit.md`."""

import re
from collections.abc import Collection, Iterator

from django.conf import settings

from pages.content.blocks import inlines_of
from pages.content.document import Page
from pages.content.document_structure import DocumentStructure
from pages.content.kit_words import LABELS, TEXTS, KitWords, Text
from pages.content.library import Library
from pages.content.page_files import PRINTED_KINDS
from pages.content.sections import kind_of
from pages.kits.kit import Criterion, Dimension, Kit, Link, QuestionGroup
from pages.kits.kit_files import kit_files
from pages.kits.page_kit import kit_of
from pages.media import artifacts
from pages.repository import current

WORDS = KitWords(
    {name: (Text(f"{name.capitalize()}.", f"A text about it, for {name.lower()}."),) for name in TEXTS},
    {name: name for name in LABELS},
)


def sample_kit(library: Library, url: str) -> Kit:
    kit = kit_of(library.pages[url], library.pages.get(url.rpartition("/")[0]), WORDS)
    assert kit
    return kit


def make_files(url: str, suffix: str = "") -> None:
    """Make the kit files of the page at `url`, as the media worker does. Skip files that don't end in `suffix`."""
    library = current.get_library()
    for file in kit_files(library, library.pages[url], settings.SITE_URL):
        if file.file.path.endswith(suffix):
            artifacts.ensure_exists(file)


def texts_of(kit: Kit) -> Iterator[str]:
    """Yield all texts of the sections that `kit` contains."""
    for part in kit.parts:
        yield part.heading
        for item in part.items:
            match item:
                case str():
                    yield item
                case Link():
                    yield item.text
                case Dimension():
                    yield from (item.name, *item.texts)
                    for skill in item.skills:
                        yield from (skill.name, *skill.points)
                case Criterion():
                    yield from (item.name, *(text for note in item.notes for text in (note.label, note.text)))
                case QuestionGroup():
                    yield item.name
                    for question in item.questions:
                        yield from (question.number, question.text, *question.texts)
                        yield from (text for note in question.notes for text in (note.label, note.text))


def sentences_of(page: Page, kinds: Collection[str] = PRINTED_KINDS) -> list[str]:
    """Return all sentences in the page's sections of these `kinds`, without using the code that makes kits."""
    return [
        sentence
        for heading, blocks in DocumentStructure(page.source).sections()
        if heading and kind_of(heading.raw_text, blocks).__name__.rpartition(".")[2] in kinds
        for inline in inlines_of(blocks)
        for sentence in split_sentences(inline.text)
    ]


def split_sentences(text: str) -> list[str]:
    """Split `text` into sentences. Remove weights, question numbers and targets after arrows: kits don't print them."""
    lines = (re.sub(r"\s\(\d+\s?%\)$|^\d+\. |:$|^\[| → \S+\]$", "", line) for line in text.split("\n"))
    return [sentence.strip(":") for line in lines for sentence in re.split(r"(?<=[.?!:]) ", line)]


def kit_document() -> str:
    """The text of a `kit.md` with WORDS."""
    texts = (
        f"## {name}\n\n" + "\n\n".join(f"**{text.lead}** {text.rest}" for text in texts)
        for name, texts in WORDS.texts.items()
    )
    rows = "\n".join(f"| {name} | {words} |" for name, words in WORDS.labels.items())
    return "\n\n".join(["# Words", *texts, f"## LABELS\n\n| Name | Words |\n|---|---|\n{rows}\n"])
