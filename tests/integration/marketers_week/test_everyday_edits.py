"""Edits of existing pages: rename, delete, change prices and questions, add files, and paste from other programs."""

import pytest

from tests.support.marketer import DESCRIPTION, FIRST_LINE, Marketer
from tests.support.sample_images import camera_jpeg, photo, saved

ENGINEER = "hire/data-engineer.md"


@pytest.fixture
def full_site(content, client):
    """A marketer with the sample site, which has role pages, plans, a question bank and interview kits."""
    return Marketer(content, client)


# Rename, move and delete


def test_rename_a_page(marketer):
    marketer.edit(ENGINEER, "# Hire Data Engineer\n", "# Hire Data Platform Engineer\n")
    assert marketer.problems() == []
    assert marketer.text("/hire/data-engineer", "h1") == "Hire Data Platform Engineer"
    assert "Data Platform Engineer" in marketer.text("/hire", ".cards")


def test_give_a_page_another_url(marketer):
    text = (marketer.folder / ENGINEER).read_text()
    (marketer.folder / ENGINEER).unlink()
    text = text.replace("## /hire/data-engineer", "## /hire/platform-engineer")
    marketer.write(
        "hire/platform-engineer.md", text.replace("Description:", "Aliases: /hire/data-engineer\nDescription:")
    )
    assert {problem.rpartition(" ")[2] for problem in marketer.problems()} == {"link-spelling"}
    marketer.run("check_content", "--fix")
    assert marketer.problems() == []
    response = marketer.get("/hire/data-engineer")
    assert (response.status_code, response["Location"]) == (301, "/hire/platform-engineer")
    assert marketer.page("/pricing").select("main a[href='/hire/platform-engineer']")
    assert "/hire/data-engineer<" not in marketer.get("/sitemap.xml").text


def test_give_a_page_in_the_header_another_url(marketer):
    text = (marketer.folder / "pricing.md").read_text().replace("## /pricing", "## /prices")
    (marketer.folder / "pricing.md").unlink()
    marketer.write("prices.md", text.replace("Description:", "Aliases: /pricing\nDescription:"))
    marketer.run("check_content", "--fix")
    assert marketer.problems() == []
    assert "/pricing" not in (marketer.folder / "site.toml").read_text()
    assert marketer.text("/", "header a[href='/prices']") == "Pricing"


def test_delete_a_page(full_site):
    assert full_site.problems() == []
    full_site.edit("kit.md", "**Last line.**", "[Try it](/start).")
    (full_site.folder / "start.md").unlink()
    broken = [problem for problem in full_site.problems() if problem.endswith(" broken-link")]
    assert full_site.get("/start").status_code == 404
    for path in ("about.md", "kit.md", "privacy.md", "site.toml"):
        assert any(problem.startswith(f"{path}:") for problem in broken), f"no link in {path} is named"
    for path in {problem.partition(":")[0] for problem in broken}:
        text = (full_site.folder / path).read_text()
        lines = {int(problem.split(":")[1]) for problem in broken if problem.startswith(f"{path}:")}
        assert all("/start" in text.split("\n")[line - 1] for line in lines)


def test_replace_a_deleted_page(marketer):
    (marketer.folder / ENGINEER).unlink()
    marketer.write_page("hire/data-analyst", meta="Aliases: /hire/data-engineer\n", name="Hire Data Analyst")
    marketer.run("check_content", "--fix")
    assert marketer.problems() == []
    assert marketer.get("/hire/data-engineer")["Location"] == "/hire/data-analyst"


# Prices, weights and questions


def test_change_a_price(full_site):
    full_site.edit("pricing.md", "| Growth | ₹1,800 | Hiring 5–20 people |", "| Growth | ₹1,900 | Hiring 5–20 people |")
    assert full_site.problems() == ["pricing.md:34: fact-drift"]
    full_site.edit("pricing.md", "| Growth | ₹1,900 | Hiring 5–20 people |", "| Growth | ₹1,800 | Hiring 5–20 people |")
    full_site.run("change_fact", "price.growth", "₹1,900", "--yes")
    assert full_site.problems() == []
    assert "₹1,900" in full_site.text("/pricing", ".plans") and "₹1,800" not in full_site.text("/pricing", ".plans")


def test_change_the_weights_of_a_role(full_site):
    path = "hire/machine-learning-engineer.md"
    line = (full_site.folder / path).read_text().split("\n").index("### Technical Dimension (45%)") + 1
    full_site.edit(path, "Technical Dimension (45%)", "Technical Dimension (50%)")
    [report] = full_site.reports()
    assert full_site.problems() == [f"{path}:{line}: dimension-weights"] and "45%" in report["help"]
    full_site.edit(path, "Behavioral Dimension (35%)", "Behavioral Dimension (30%)")
    assert full_site.problems() == []
    shown = full_site.text("/hire/machine-learning-engineer")
    assert "50%" in shown and "30%" in shown and "45%" not in shown


def test_add_a_question(full_site):
    path = "hire/machine-learning-engineer.md"
    new = "**6. What would you measure first?**\n\n*What this reveals:* Judgment.\n\n"
    full_site.edit(path, "**[Get all 50 questions →", f"{new}**[Get all 50 questions →")
    assert full_site.problems() == []
    assert full_site.page("/hire/machine-learning-engineer").select_one("#question-6")
    assert "What would you measure first?" in full_site.text("/hire/machine-learning-engineer")


def test_move_a_section(full_site):
    path = full_site.folder / "pricing.md"
    parts = path.read_text().split("\n---\n\n")
    [faq] = [part for part in parts if part.startswith("## FAQ")]
    parts.remove(faq)
    parts.insert(3, faq)
    path.write_text("\n---\n\n".join(parts))
    assert full_site.problems() == []
    headings = [heading.text.strip() for heading in full_site.page("/pricing").main.select("h2")]
    assert headings.index("FAQ") < headings.index("What a round of candidates costs")


# Files


def test_offer_a_pdf(marketer):
    marketer.write_page("pricing", "Print [the price list](/files/prices.pdf).")
    assert marketer.problems() == [f"pricing.md:{FIRST_LINE}: missing-file"]
    marketer.write("files/prices.pdf", b"%PDF-1.7\n")
    assert marketer.problems() == []
    response = marketer.get("/files/prices.pdf")
    assert (response["Content-Type"], response.getvalue()) == ("application/pdf", b"%PDF-1.7\n")


def test_add_a_photo_with_a_caption(marketer):
    marketer.write("images/panel.jpg", camera_jpeg(640, 480))
    marketer.write_page("pricing", '![A panel of four](images/panel.jpg "A panel in Pune")')
    assert marketer.problems() == []
    figure = marketer.page("/pricing").select_one("main figure")
    assert figure.select_one("img[alt='A panel of four'][width][height]")
    assert figure.figcaption.text.strip() == "A panel in Pune"
    marketer.edit("pricing.md", "![A panel of four]", "![]")
    assert marketer.problems() == [f"pricing.md:{FIRST_LINE}: image-alt"]


def test_choose_the_image_for_shared_links(marketer):
    marketer.write("images/card.png", saved(photo(1200, 630), "PNG"))
    marketer.write_page("pricing", meta="Image: /images/card.png\n")
    assert marketer.problems() == []
    shared = {
        url: marketer.page(url).select_one("meta[property='og:image']")["content"] for url in ("/pricing", "/start")
    }
    assert "card" in shared["/pricing"] and "card" not in shared["/start"].rpartition("/")[2]


# Text from other programs


def test_paste_from_a_word_processor(marketer):
    pasted = "It’s “ready”…\u00a0Read on – it’s\u00a0short.\n\n•\u00a0One price\n•\u00a0No contract"
    marketer.write_page("pricing", pasted)
    assert marketer.problems() == [f"pricing.md:{FIRST_LINE + 2}: broken-markdown"]
    [report] = marketer.reports()
    assert "- " in report["help"] or "`-`" in report["help"]
    assert "• One price" in marketer.text("/pricing") and "It’s “ready”…" in marketer.text("/pricing")
    marketer.write_page("pricing", pasted.replace("•\u00a0", "- "))
    assert marketer.problems() == []
    assert [item.text for item in marketer.page("/pricing").select("main .prose li")] == ["One price", "No contract"]


def test_a_document_from_windows(marketer):
    """The document begins with a byte order mark. Its lines end with a carriage return and a line feed."""
    text = (marketer.folder / "pricing.md").read_bytes().replace(b"\n", b"\r\n")
    marketer.write("pricing.md", b"\xef\xbb\xbf" + text)
    assert marketer.problems() == []
    assert marketer.text("/pricing", "h1") == "Pricing"


def test_a_document_that_notepad_saved(marketer):
    marketer.write("press.md.txt", (marketer.folder / "pricing.md").read_text())
    [report] = marketer.reports()
    assert marketer.problems() == ["press.md.txt:1: misplaced-file"] and "press.md" in report["help"]


def test_use_a_document_with_the_front_matter_of_another_tool(marketer):
    settings = (
        f"---\ntitle: Pricing\ndescription: {DESCRIPTION}\ndate: 2025-01-01\nauthor: Asha Rao\ntags: [prices]\n---\n\n"
    )
    body = (marketer.folder / "pricing.md").read_text().partition("## IN SHORT")[2]
    marketer.write("pricing.md", f"{settings}# Pricing\n## /pricing\n\n## IN SHORT{body}")
    assert marketer.problems() == ["pricing.md:6: unknown-meta-key"]
    assert marketer.page("/pricing").title.text == "Pricing"
    marketer.edit("pricing.md", "tags: [prices]\n", "")
    assert marketer.problems() == []
    assert "tags" not in marketer.text("/pricing") and "Asha Rao" in marketer.text("/pricing")


def test_use_a_draft_of_another_tool(marketer):
    marketer.write(
        "news.md", f"---\ntitle: News\ndescription: {DESCRIPTION}\ndraft: true\n---\n\n# News\n\nTODO: words\n"
    )
    assert marketer.problems() == []
    assert marketer.get("/news").status_code == 404


# Links


def test_add_a_phone_number_and_an_email_address(marketer):
    marketer.write_page("pricing", "Call +91 89624 12726, or write to sales@example.com.")
    assert marketer.problems() == []
    page = marketer.page("/pricing").main
    assert page.select("a[href='tel:+918962412726']") and page.select("a[href='mailto:sales@example.com']")


def test_add_a_button_with_a_note(marketer):
    marketer.write_page("pricing", "**[Book a Demo → https://cal.example.com/demo]** — 20 minutes")
    assert marketer.problems() == []
    assert marketer.text("/pricing", "main a.button[href='https://cal.example.com/demo']") == "Book a Demo"
    assert "20 minutes" in marketer.text("/pricing")


def test_answer_a_common_question(marketer):
    marketer.write_page("pricing", "Words.\n\n## FAQ\n\n**Is it free?**\nFive assessments are.")
    assert marketer.problems() == []
    assert marketer.text("/pricing", "details") == "Is it free? Five assessments are."
    assert "FAQPage" in marketer.get("/pricing").text
