"""Tests for files made from pages: the responses, and where pages offer the files."""

import pytest
from bs4 import BeautifulSoup

from pages.content.lazy_page import DocumentRemoved
from pages.kits.kit_files import kit_files
from pages.media import artifact_store
from pages.repository import current

from ...conftest import SEED_URL
from ...support.kits import make_files

BANK_URL = "/resources/question-bank"
NAME = "LayersRank interview kit - Machine Learning Engineer"


def soup(client, url):
    return BeautifulSoup(client.get(url).content, "html.parser")


def links_in(element):
    """The links to files, each with its visible text."""
    return {link["href"]: link.find(string=True) for link in element.select(".files a, .downloads a")}


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("suffix", "start", "is_indexed"), [("pdf", b"%PDF", True), ("xlsx", b"PK", False), ("csv", b"\xef\xbb\xbf", False)]
)
def test_a_kit_has_a_file_name_and_a_canonical_page_and_an_etag(content, client, settings, suffix, start, is_indexed):
    make_files(SEED_URL)
    response = client.get(f"{SEED_URL}.{suffix}")
    assert response.status_code == 200 and response.content.startswith(start)
    assert response["Content-Disposition"] == f'attachment; filename="{NAME}.{suffix}"'
    assert response["Link"] == f'<{settings.SITE_URL}{SEED_URL}>; rel="canonical"'
    assert response.get("X-Robots-Tag") == (None if is_indexed else "noindex")
    assert response["Accept-Ranges"] == "bytes" and "public" in response["Cache-Control"]
    assert client.get(f"{SEED_URL}.{suffix}", headers={"if-none-match": response["ETag"]}).status_code == 304


def test_the_pdf_of_a_page_with_noindex_is_not_indexed_either(content, client, settings):
    edit(content / "hire" / "machine-learning-engineer.md", "Keywords:", "Robots: noindex\nKeywords:")
    make_files(SEED_URL)
    assert client.get(f"{SEED_URL}.pdf")["X-Robots-Tag"] == "noindex"


def test_no_file_is_made_during_a_request(content, client, monkeypatch):
    monkeypatch.setattr("pages.kits.kit_files.KitFile.render", lambda self: pytest.fail("made in a request"))
    response = client.get(f"{SEED_URL}.pdf")
    assert response.status_code == 503 and response["Retry-After"]
    assert "no-store" in response["Cache-Control"]


def test_a_visitor_who_comes_too_early_gets_the_file_without_a_second_click(content, client):
    response = client.get(f"{SEED_URL}.pdf")
    assert response["Refresh"] == "5"
    assert "We’re making this file." in response.content.decode()


def test_a_file_whose_document_was_removed_does_not_exist(content, client, monkeypatch):
    monkeypatch.setattr("pages.http.downloads.kit_files", removed)
    assert client.get(f"{SEED_URL}.pdf").status_code == 404


def test_a_page_is_served_even_if_it_links_to_a_file_of_a_removed_document(content, client, monkeypatch):
    edit(content / "pricing.md", "## FAQ", "**[Download the Kit → /hire/machine-learning-engineer.xlsx]**\n\n## FAQ")
    monkeypatch.setattr("pages.http.file_links.kit_files", removed)
    response = client.get("/pricing")
    assert response.status_code == 200 and "Download the Kit</a>" in response.content.decode()


def removed(*args):
    raise DocumentRemoved


def test_in_development_a_file_is_made_at_once(content, client, settings):
    settings.DEBUG = True
    assert client.get(f"{SEED_URL}.csv").status_code == 200


def test_a_draft_has_no_files(content, client):
    edit(content / "hire" / "machine-learning-engineer.md", "Keywords:", "Status: draft\nKeywords:")
    assert client.get(f"{SEED_URL}.pdf").status_code == 404


def test_a_kit_that_cannot_be_typeset_has_no_pdf_but_a_page_and_a_workbook(content, client, settings):
    edit(content / "hire" / "machine-learning-engineer.md", "**1. Walk me", "**1. வணக்கம்! Walk me")
    (problem,) = (each for each in current.get_library().all_problems if each.rule == "kit-letter")
    assert problem.path == "content/hire/machine-learning-engineer.md" and problem.column == len("**1. ") + 1
    make_files(SEED_URL)
    assert client.get(f"{SEED_URL}.pdf").status_code == 404
    assert client.get(f"{SEED_URL}.xlsx").status_code == 200
    assert list(links_in(soup(client, SEED_URL))) == [f"{SEED_URL}.xlsx", f"{SEED_URL}.csv"]


def test_the_hero_offers_the_kit_with_types_and_sizes(content, client, settings):
    page = soup(client, SEED_URL)
    before = links_in(page)
    assert not page.select(".files a[download]")
    assert before == {f"{SEED_URL}.pdf": "PDF", f"{SEED_URL}.xlsx": "Excel", f"{SEED_URL}.csv": "CSV"}
    make_files(SEED_URL)
    page = soup(client, SEED_URL)
    texts = links_in(page)
    assert len(page.select(".files a[download]")) == 3
    sizes = {made.file.path: artifact_store.size(made.url) for made in _files(settings)}
    for path, type in before.items():
        assert texts[path] == f"{type}, {sizes[path] / 1000:.0f} kB"


def test_only_the_roi_workbook_is_offered_if_kit_md_is_missing(content, client):
    (content / "kit.md").unlink()
    current.reset()
    assert links_in(soup(client, SEED_URL)) == {}
    assert links_in(soup(client, "/resources/roi-calculator")) == {"/resources/roi-calculator.xlsx": "Excel"}


def test_the_bank_offers_files_with_all_questions_and_files_for_each_competency(content, client):
    page = soup(client, BANK_URL)
    panel = page.select_one("#files")
    assert [link["href"] for link in panel.select("a")] == [f"{BANK_URL}.{suffix}" for suffix in ("pdf", "xlsx", "csv")]
    assert panel.name == "aside" and panel.find("h2")
    groups = page.select(".question-group")
    assert all(f"{BANK_URL}/{group['id']}.pdf" in links_in(group) for group in groups) and len(groups) == 10


def test_links_to_files_say_what_the_files_are_about(content, client):
    page = soup(client, f"{BANK_URL}?role=machine-learning-engineer")
    role, *groups = page.select(".files")
    assert [link.get_text() for link in page.select("#files ul a")] == ["PDF", "Excel", "CSV"]
    assert role.find(string=True).strip() == "interview kit: Machine Learning Engineer"
    names = [link.get_text() for group in groups for link in group.select("a")]
    assert names[:2] == ["PDF: Ownership", "Excel: Ownership"]
    assert len(names) == len(set(names)) == 30


@pytest.mark.parametrize("hero", ["", "## HERO SECTION\n\n# Questions\n\nFifty questions.\n\n"])
def test_ids_are_unique_on_a_page_with_two_question_banks(content, client, hero):
    (content / "two.md").write_text(f"# Two\n\n{hero}" + bank("FIRST QUESTIONS") + bank("SECOND QUESTIONS"))
    ids = [element["id"] for element in soup(client, "/two").select("[id]")]
    assert len(ids) == len(set(ids)) and "files" in ids


def test_without_kit_md_a_call_to_action_for_the_bank_leads_to_its_page(content, client):
    (content / "kit.md").unlink()
    current.reset()
    (call,) = (link for link in soup(client, SEED_URL).select("a.button") if "Question Bank" in link.get_text())
    assert call["href"] == BANK_URL
    assert soup(client, BANK_URL).select_one(".downloads, #files") is None
    edit(content / "pricing.md", "## FAQ", f"See [the files]({BANK_URL}#files).\n\n## FAQ")
    current.reset()
    assert [each.rule for each in current.get_library().all_problems if "#files" in each.message] == ["broken-anchor"]


def bank(heading):
    groups = (f"### {heading} {name}\n\n**1. Why?**\n\n" for name in "ABCDE")
    return f"## {heading}\n\n{''.join(groups)}"


def test_a_call_to_action_for_the_bank_on_a_role_page_leads_to_a_panel_with_the_roles_kit(content, client):
    (call,) = (link for link in soup(client, SEED_URL).select("a.button") if "Question Bank" in link.get_text())
    assert call["href"] == f"{BANK_URL}?role=machine-learning-engineer#files"
    offered = links_in(soup(client, call["href"].partition("#")[0]))
    assert {f"{BANK_URL}.pdf", f"{SEED_URL}.pdf", f"{SEED_URL}.xlsx"} <= set(offered)
    assert f"{SEED_URL}.pdf" not in links_in(soup(client, f"{BANK_URL}?role=nobody"))


def test_a_call_to_action_for_a_file_shows_its_type_and_size(content, client, settings):
    edit(content / "pricing.md", "## FAQ", "**[Download the Kit → /hire/machine-learning-engineer.xlsx]**\n\n## FAQ")
    make_files(SEED_URL)
    assert not [each for each in current.get_library().all_problems if each.rule in ("missing-file", "broken-link")]
    (call,) = soup(client, "/pricing").select("a.button[download]")
    size = artifact_store.size(next(each.url for each in _files(settings) if each.file.suffix == ".xlsx"))
    assert call["href"] == f"{SEED_URL}.xlsx"
    assert call.get_text() == f"Download the Kit (Excel, {size / 1000:.0f} kB)"


def test_a_call_to_action_for_a_file_in_the_content_folder_shows_its_type_and_size(content, client):
    (content / "files").mkdir(exist_ok=True)
    (content / "files" / "guide.pdf").write_bytes(b"%PDF" + bytes(31_299))
    edit(content / "pricing.md", "## FAQ", "**[Download the Guide → /files/guide.pdf]**\n\n## FAQ")
    (call,) = soup(client, "/pricing").select("a.button[download]")
    assert call.get_text() == "Download the Guide (PDF, 31 kB)"


def test_llms_txt_lists_the_files(content, client, settings):
    text = client.get("/llms.txt").content.decode()
    assert f"  - [interview kit (PDF)]({settings.SITE_URL}{SEED_URL}.pdf)" in text
    assert f"  - [question bank: Ownership (PDF)]({settings.SITE_URL}{BANK_URL}/ownership.pdf)" in text
    visible = current.visible_pages()
    files = [file for page in visible.searchable_pages() for file in visible.library.files_of(page)]
    assert len(files) > 40
    assert [file.path for file in files if (f"({settings.SITE_URL}{file.path})" in text) == file.is_picture] == []


def _files(settings):
    library = current.get_library()
    return kit_files(library, library.pages[SEED_URL], settings.SITE_URL)
