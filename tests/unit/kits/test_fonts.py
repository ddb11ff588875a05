"""The fonts of PDF files, and the checker's list of their letters."""

from fontTools.ttLib import TTFont

from pages.content import kit_letters
from pages.kits.pdf import FOLDER

# The fonts for body text. If the font for headings lacks a letter, Typst takes the letter from these fonts, too.
BODY = (
    ("inter-400.ttf", "noto-sans-devanagari-400.ttf", "dejavu-sans.ttf"),
    ("inter-600.ttf", "noto-sans-devanagari-700.ttf", "dejavu-sans.ttf"),
)


def letters_of(names):
    return {code for name in names for code in TTFont(FOLDER / "fonts" / name).getBestCmap()} - {0}


def test_the_checker_knows_the_letters_of_the_fonts():
    ranges = (part.split("-") for part in kit_letters.RANGES.split())
    listed = {code for ends in ranges for code in range(int(ends[0], 16), int(ends[-1], 16) + 1)}
    assert all(listed == letters_of(names) for names in BODY)


def test_signs_that_the_fonts_lack_have_similar_signs_in_pdf_files():
    assert kit_letters.with_similar_signs("☐ ☑ ☒ ✔\ufe0f ✅ ❌ ➡\ufe0f ⭐") == "□ ✓ ✕ ✔ ✓ ✕ → ★"
    assert kit_letters.missing_letters("☐ ☑ ☒ ✔\ufe0f ✅ ❌ ➡\ufe0f ⭐") == []


def test_invisible_characters_and_spaces_do_not_count_as_missing_letters():
    assert kit_letters.missing_letters("a\u200db\u2003c\u00a0₹ ±") == []
    assert kit_letters.missing_letters("aहக😀") == ["க", "😀"]
