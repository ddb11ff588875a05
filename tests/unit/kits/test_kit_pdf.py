"""Tests for kits as PDF: text, tags, metadata and size."""

import re
from dataclasses import replace
from functools import cache
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from pages.content.page_files import PICTURE_SIZE
from pages.kits import pdf
from pages.kits.kit import Link, Part, Question, QuestionGroup
from pages.kits.page_kit import competency_kits
from tests.support.kits import WORDS, sample_kit, texts_of

SITE_URL = "https://www.example.com"
ROLE, BANK, SCORECARD = "/hire/machine-learning-engineer", "/resources/question-bank", "/resources/hiring-scorecard"
MAX_BYTES, MAX_PICTURE_BYTES = 150_000, 8_000


@pytest.fixture(scope="module")
def kit_at(sample_site):
    return lambda url: sample_kit(sample_site[1], url)


@pytest.fixture(scope="module")
def pdf_at(kit_at):
    """A function that returns a kit as PDF. Each kit is typeset once for all tests."""
    return cache(lambda url: typeset(kit_at(url)))


def typeset(kit):
    return pdf.render(kit, "Example", SITE_URL)


def open_pdf(kit):
    return read_pdf(typeset(kit))


def read_pdf(content):
    return PdfReader(BytesIO(content))


def squeezed(text):
    """Return `text` without spaces and hyphens, because text from a PDF has different line breaks."""
    return re.sub(r"[\s\u00ad-]", "", text)


def text_of(reader):
    return squeezed("".join(page.extract_text() for page in reader.pages))


@pytest.mark.parametrize("url", [ROLE, BANK, SCORECARD])
def test_the_same_kit_gives_the_same_bytes(kit_at, pdf_at, url):
    assert typeset(kit_at(url)) == pdf_at(url)


def test_the_picture_of_the_first_page_has_its_documented_size_and_is_the_same_each_time(kit_at):
    bank, scorecard, again = (pdf.first_page(kit_at(url), "Example", SITE_URL) for url in (BANK, SCORECARD, SCORECARD))
    assert scorecard == again
    for content in (bank, scorecard):
        with Image.open(BytesIO(content)) as picture:
            assert (picture.format, picture.size) == ("AVIF", PICTURE_SIZE)
        assert len(content) < MAX_PICTURE_BYTES


@pytest.mark.parametrize("url", [ROLE, BANK, SCORECARD])
def test_all_texts_of_a_kit_are_in_its_pdf(kit_at, pdf_at, url):
    kit = kit_at(url)
    text = text_of(read_pdf(pdf_at(url)))
    shared = [each for texts in WORDS.texts.values() for text in texts for each in (text.lead, text.rest)]
    assert [each for each in (*texts_of(kit), *kit.fields, *shared) if squeezed(each) not in text] == []


@pytest.mark.parametrize("url", [ROLE, BANK, SCORECARD])
def test_a_pdf_is_tagged_and_has_a_title_a_language_and_bookmarks(kit_at, pdf_at, url):
    kit = kit_at(url)
    reader = read_pdf(pdf_at(url))
    catalog = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en"
    assert catalog["/StructTreeRoot"]["/K"]
    assert reader.metadata.title == kit.title
    assert reader.xmp_metadata.dc_title["x-default"] == kit.title
    assert str(reader.outline[0].title) == kit.name
    assert "pdfuaid:part" in reader.xmp_metadata.stream.get_data().decode()


def test_calls_to_action_and_the_last_line_are_links(kit_at):
    words = replace(WORDS, texts={**WORDS.texts, "LAST LINE": (replace(WORDS.texts["LAST LINE"][0], href="/start"),)})
    reader = open_pdf(replace(kit_at(ROLE), words=words))
    links = {link.get_object()["/A"]["/URI"] for page in reader.pages for link in page.get("/Annots", ())}
    assert {f"{SITE_URL}/resources/question-bank", f"{SITE_URL}/start"} <= links


@pytest.mark.parametrize("url", [ROLE, BANK, SCORECARD])
def test_a_kit_is_well_below_the_largest_size_that_can_be_mailed(pdf_at, url):
    assert len(pdf_at(url)) <= 0.9 * MAX_BYTES


def test_links_lead_to_urls_relative_to_the_page(kit_at):
    links = (Link("Here", "#below"), Link("Long", "https://example.com/" + "a" * 9_000), Link("Wrong", "http://[x"))
    reader = open_pdf(replace(kit_at(ROLE), parts=(Part("Heading", links),)))
    targets = [link.get_object()["/A"]["/URI"] for page in reader.pages for link in page.get("/Annots", ())]
    assert [url for url in targets if url != SITE_URL] == [f"{SITE_URL}{ROLE}#below"]
    assert "HereLongWrong" in text_of(reader)


def test_letters_of_the_site_name_that_no_font_has_are_left_out(kit_at):
    reader = PdfReader(BytesIO(pdf.render(kit_at(ROLE), "株式会社 Example", SITE_URL)))
    assert reader.metadata.author == "Example"
    assert PdfReader(BytesIO(pdf.render(kit_at(ROLE), "株式会社", SITE_URL))).pages


def test_all_fonts_are_embedded(pdf_at):
    page = read_pdf(pdf_at(ROLE)).pages[0]
    fonts = [font.get_object()["/DescendantFonts"][0] for font in page["/Resources"]["/Font"].values()]
    assert fonts and all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


@pytest.mark.parametrize(
    "text",
    ["₹2,500 ± 4 → ✓", "Ελληνικά, русский, Türkçe, Łódź", "مرحبا, שלום", "*_#[]$ \\ <b>", "☐ ☑ ✔\ufe0f ✅ ➡\ufe0f"],
)
def test_special_characters_can_be_typeset(kit_at, text):
    question = Question("1", text, ())
    part = replace(kit_at(ROLE).parts[0], items=(QuestionGroup("", "a", (question,)),))
    assert open_pdf(replace(kit_at(ROLE), parts=(part,))).pages


@pytest.mark.parametrize("language", ["hi", "ar", "pt-BR"])
def test_a_kit_says_the_language_of_its_page(kit_at, language):
    kit = replace(kit_at(ROLE), name="क्षमता", language=language)
    assert open_pdf(kit).root_object["/Lang"] == language.partition("-")[0]


@pytest.mark.parametrize("text", ["தமிழ்", "漢字", "😀"])
def test_letters_without_a_glyph_cannot_be_typeset(kit_at, text):
    with pytest.raises(pdf.NotTypeset, match="could not be displayed"):
        typeset(replace(kit_at(ROLE), name=text))


def test_a_competency_has_a_pdf_of_its_own(kit_at):
    whole = kit_at(BANK)
    part = competency_kits(whole)[whole.groups[0].anchor]
    text = text_of(open_pdf(part))
    assert part.name == whole.groups[0].name
    assert squeezed(whole.groups[0].questions[0].text) in text
    assert squeezed(whole.groups[1].questions[0].text) not in text
