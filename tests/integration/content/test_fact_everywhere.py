"""After change_fact, the whole site states the new value: pages, structured data, files for programs, and downloads."""

import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from django.core.management import call_command
from pypdf import PdfReader

from pages.content.markdown_paths import markdown_path
from pages.kits.kit_files import kit_files
from pages.repository import current

from ...conftest import FIXTURES
from ...support.json_ld import items_of

# The test deletes these role pages to save time: the remaining role pages state the facts in the same ways.
SIMILAR_PAGES = ("hire/backend-engineer.md", "hire/data-scientist.md", "hire/machine-learning-engineer.md")
FOR_PROGRAMS = ("/llms.txt", "/facts.json", "/sitemap.xml", "/search?q=Growth")
# The old values: the price (also times 10 and 20), the number of free assessments, the phone number and the email.
OLD = re.compile(r"1,?800\b|18,000|36,000|(?i:\b(?:five|5) (?:free )?assessments\b)|89624|info@the-algo")


@pytest.fixture
def texts(content, client, settings) -> dict[str, str]:
    """All texts that the site serves after the facts have changed, keyed by path."""
    for name in SIMILAR_PAGES:
        (content / name).unlink()
    shutil.copy(FIXTURES / "facts" / "prices" / "price-guide.md", content)
    kit = content / "kit.md"
    kit.write_text(kit.read_text().replace("## LAST LINE\n\n", "## LAST LINE\n\n[Five assessments are free](/start). "))
    for name, value in (
        ("price.growth", "₹1,900"),
        ("assessments.free", "six"),
        ("phone.India", "+91 11111 22222"),
        ("email", "sales@example.com"),
    ):
        call_command("change_fact", name, value, "--yes", stdout=io.StringIO())
    library = current.refresh()
    texts = {path.name: path.read_text() for path in content.rglob("*.*") if path.suffix in (".md", ".toml")}
    for path in (*library.pages, *map(markdown_path, library.pages), *FOR_PROGRAMS):
        texts[path] = unescape(client.get(path).content.decode())
    for page in library.pages.values():
        for file in kit_files(library, page, settings.SITE_URL):
            if not file.file.path.endswith(".avif"):  # a picture of a kit has no text
                texts[file.file.path] = "\n".join(texts_of(file.render()))
    return texts


def texts_of(data: bytes) -> Iterator[str]:
    """Yield the texts of a PDF, a workbook or a CSV file."""
    if data.startswith(b"%PDF"):
        for page in PdfReader(BytesIO(data)).pages:
            yield " ".join(page.extract_text().split())
    elif data.startswith(b"PK"):
        for sheet in openpyxl.load_workbook(BytesIO(data)):
            yield from (str(cell.value) for row in sheet for cell in row if cell.value is not None)
    else:
        yield data.decode()


def test_the_new_values_are_everywhere_and_the_old_ones_nowhere(texts):
    for path, text in texts.items():
        assert OLD.findall(text) == [], path
    for path in ("/", "/pricing", "/price-guide", "/hire/data-engineer", "/resources/roi-calculator"):
        assert "₹1,900" in texts[path] and "₹1,900" in texts[markdown_path(path)], path
    assert "₹1,900" in texts["/facts.json"]
    assert "₹19,000" in texts["/pricing"] and "₹19,000" in texts["/hire/data-engineer"]
    assert "₹1,900" in texts["/llms.txt"] and "sales@example.com" in texts["/llms.txt"]
    assert "six free LayersRank assessments" in texts["/start"]
    assert "Six free assessments" in texts["/hire/product-manager"]
    assert "+91 11111 22222" in texts["/contact.md"] and "sales@example.com" in texts["/contact.md"]
    assert "+91 11111 22222" in texts["/contact"] and "tel:+911111122222" in texts["/contact"]
    assert "1900" in texts["/resources/roi-calculator.xlsx"].split("\n")
    assert "Six assessments are free" in texts["/hire/data-engineer.pdf"]
    offers = items_of(texts["/pricing"])["SoftwareApplication"]["offers"]
    assert "1900" in [offer["price"] for offer in offers]
