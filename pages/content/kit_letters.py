"""Find the letters that PDF files can't show, because the fonts in `pages/kits/fonts/` lack them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from .blocks import Block, Code, child_blocks, inlines_of
from .problems import Problem, Source

# The code points in the fonts, as hexadecimal ranges. `tests/unit/kits/test_fonts.py` compares them with the fonts.
RANGES = """
0020-007E 00A0-0254 0256-027B 027E-0284 0286-0290 0292-02A4 02A6-02CC 02CE-02D7 02DA 02DC-034F 0351-0353 0357-0358 035A
035C-0362 0370-0377 037A-037F 0384-038A 038C 038E-03A1 03A3-04FF 0531-0556 0559-055F 0561-0587 0589-058A 05B0-05C3
05C6-05C7 05D0-05EA 05F0-05F4 0606-0607 0609-060A 060C 0615 061B 061F 0621-063A 0640-0655 0657 065A 0660-0670 0674
0679-06BF 06C6-06C8 06CB-06CC 06CE 06D0 06D5 06F0-06F9 0900-097F 10A0-10C5 10D0-10FC 1D00 1D0D 1D1B 1D43 1D47-1D49 1D4D
1D4F-1D50 1D52 1D56-1D58 1D5B 1D62-1D65 1D9C 1DA0 1DBB 1DBF 1E00-1EFF 2002 2009 200B-200D 2010-2027 2030-205E 2070-2071
2074-208E 2090-209C 20A0-20B5 20B8-20BA 20BC-20BF 2100-2109 210B-2149 214B 214E 2150-2185 2189 2190-22FF 25A0-25FF
2605-2606 2713-2717 2C7C 2C7F A7FF FEFF
"""

# PDF files show similar signs in place of these signs. The last two characters are invisible and are left out: they
# choose between an emoji and a plain sign.
_SIMILAR = str.maketrans("☐☑☒✅❌❎⭐➔➜➡", "□✓✕✓✕✕★→→→", "\ufe0e\ufe0f")

_SET = "".join(re.sub(r"[0-9A-F]{4}", lambda match: f"\\u{match[0].lower()}", part) for part in RANGES.split())
_OTHER = re.compile(rf"[^\s{_SET}]")


def with_similar_signs(text: str) -> str:
    """Replace some boxes, emoji and arrows in `text` with similar signs, because the fonts lack them."""
    return text.translate(_SIMILAR)


def missing_letters(text: str) -> list[str]:
    """Return the letters in `text` that PDF files can't show. Invisible formatting characters aren't letters."""
    return [letter for letter in _OTHER.findall(with_similar_signs(text)) if unicodedata.category(letter) != "Cf"]


def without_missing_letters(text: str) -> str:
    """Return `text` as one line, without the letters that PDF files can't show."""
    missing = frozenset(missing_letters(text))
    return " ".join("".join(letter for letter in text if letter not in missing).split())


def check_letters(source: Source, blocks: Iterable[Block]) -> Iterator[Problem]:
    """For each paragraph, heading or other text of a page, report the first letter that PDF files can't show."""
    for line, letter in _first_letters(blocks):
        message = f"The PDF of this page can't be made, because its fonts have no “{letter}”."
        help = "Write the text without this letter or sign. Until then, the page has no PDF."
        yield source.problem_at("kit-letter", message, help, line=line, text=letter)


def check_shared_letters(source: Source, blocks: Iterable[Block]) -> Iterator[Problem]:
    """For each paragraph, heading or other text of `kit.md`, report the first letter that PDF files can't show."""
    for line, letter in _first_letters(blocks):
        message = f"Kits leave out “{letter}”, because the fonts of PDF files don't have it."
        help = "Write the text without this letter or sign."
        yield source.problem_at("kit-letter", message, help, line=line, text=letter)


def check_site_name(source: Source, name: str) -> Iterator[Problem]:
    """Yield a problem if PDF files can't show a letter of the site's name in `site.toml`."""
    for letter in missing_letters(name)[:1]:
        line = next((number for number, text in enumerate(source.lines, 1) if letter in text), 1)
        message = f"PDF files leave out “{letter}” in the site's name, because their fonts lack this letter."
        help = "Write the name without this letter or sign."
        yield source.problem_at("kit-letter", message, help, line=line, text=letter)


def _first_letters(blocks: Iterable[Block]) -> Iterator[tuple[int, str]]:
    """For each text with a letter that the fonts lack, yield the line number and the first such letter.

    A text is a paragraph, a heading or a line of code, for example.
    """
    blocks = list(blocks)
    for text in inlines_of(blocks):
        lines = [(run.line, run.text) for run in text.runs if _may_lack(run.text) and missing_letters(run.text)]
        yield from ((line, missing_letters(words)[0]) for line, words in lines[:1])
    for code in _code_of(blocks):
        for line, words in enumerate(code.text.split("\n"), code.text_line):
            yield from ((line, letter) for letter in missing_letters(words)[:1])


def _may_lack(text: str) -> bool:
    """Return whether the fonts may lack a letter of `text`. This is much faster than `missing_letters`."""
    return not (text.isascii() and text.isprintable())


def _code_of(blocks: Iterable[Block]) -> Iterator[Code]:
    """Yield all code blocks in `blocks`, in order."""
    for block in blocks:
        if isinstance(block, Code):
            yield block
        else:
            yield from _code_of(child_blocks(block))
