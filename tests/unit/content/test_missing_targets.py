"""The checker says why the target of a link or an image is missing, and what to write instead."""

import pytest

from pages.content import library
from tests.support.content_samples import document_text

PAGE_RULES = {"few-links-in", "no-links-out", "repeated-title", "repeated-description", "misplaced-file"}


def problems_in(folder):
    """Return the problems of `folder`. Leave out PAGE_RULES, because short sample documents break these rules."""
    return [problem for problem in library.load(folder).all_problems if problem.rule not in PAGE_RULES]


def problem_of(folder):
    [problem] = problems_in(folder)
    assert problem.message.endswith(".") and problem.help
    return problem


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("www.example.com", "https://www.example.com"),
        ("www.example.dev/a?b=c#d", "https://www.example.dev/a?b=c#d"),
        ("example.com", "https://example.com"),
        ("example.co.in/report.pdf", "https://example.co.in/report.pdf"),
        ("info@example.com", "mailto:info@example.com"),
        ("+918962412726", "tel:+918962412726"),
        ("<+91 89624 12726>", "tel:+918962412726"),
    ],
)
def test_the_help_suggests_the_missing_scheme_of_a_url(write, target, url):
    problem = problem_of(write(a=document_text("/a", body=f"[It]({target})")))
    assert (problem.rule, problem.help) == ("broken-link", f"Did you mean {url}?")
    assert "/" + target.strip("<>").partition("?")[0] in problem.message


@pytest.mark.parametrize(
    ("target", "url"),
    [("b.md", "/b"), ("/hire/c.md#x-1", "/hire#x-1"), ("hire/c.md", "/hire"), ("../content/nothing.md", "")],
)
def test_the_help_for_a_link_to_a_document_suggests_the_url_of_the_page(write, target, url):
    folder = write(
        a=document_text("/a", body=f"[It]({target})"),
        b=document_text("/b"),
        named={"hire/c.md": document_text("/hire")},
    )
    problem = problem_of(folder)
    assert problem.rule == "broken-link" and ".md”" in problem.message
    assert problem.help.startswith(f"Did you mean {url}?" if url else "Write the page's URL")


def test_the_help_suggests_the_url_for_a_document_in_the_same_folder(write):
    files = {"hire/index.md": document_text("/hire", body="[It](b.md)"), "hire/b.md": document_text("/hire/b")}
    assert problem_of(write(named=files)).help == "Did you mean /hire/b?"


@pytest.mark.parametrize("files", [{"files/demo.mov": b"film"}, {}], ids=["the file exists", "no file"])
def test_the_message_names_a_file_type_that_the_site_does_not_serve(write, files):
    problem = problem_of(write(named={"a.md": document_text("/a", body="[It](/files/demo.mov)"), **files}))
    assert problem.rule == "missing-file"
    assert problem.message == "No page has the URL /files/demo.mov, and the site doesn't serve .mov files."
    assert ".pdf" in problem.help


@pytest.mark.parametrize(
    ("target", "help"),
    [
        ("/files/card.pdf", "Put the file at this path, or link to a page."),
        ("/files/Price-List.PDF", "Did you mean /files/price-list.pdf?"),
        ("/files/price-lst.pdf", "Did you mean /files/price-list.pdf?"),
        ("/files/.hidden.pdf", "Rename the file or the folder."),
        (
            "/files/link.pdf",
            "Put the file itself, not a link to it, in the content folder. Also let the site read the file.",
        ),
        ("/static/card.pdf", "Move the file to another folder, such as images/ or files/."),
    ],
)
def test_the_help_for_a_missing_file_depends_on_the_cause(write, target, help):
    named = {
        "a.md": document_text("/a", body=f"[It]({target})"),
        "files/price-list.pdf": b"%PDF",
        "files/.hidden.pdf": b"",
    }
    folder = write(named=named)
    (folder / "files" / "link.pdf").symlink_to("/etc/hostname")
    [problem] = [each for each in problems_in(folder) if each.rule == "missing-file"]
    assert (problem.path, problem.help) == ("content/a.md", help)


def test_a_link_to_a_missing_page_whose_url_has_a_period_is_reported(write):
    assert problem_of(write(a=document_text("/a", body="[It](/hire/c-2.0)"))).rule == "broken-link"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("images/x.png", "The image /images/x.png is not in the content folder."),
        ("demo.mp3", "The image /demo.mp3 is not shown. Pages don't show .mp3 files."),
        ("files/card.pdf", "The image /files/card.pdf is not shown. Pages don't show .pdf files."),
        ("/b", "The image /b is not shown. Pages don't show files whose names have no extension."),
        ("www.example.com/x.png",
         "The image www.example.com/x.png is on another site. Pages show only images from this site."),
        ("HTTPS://example.com/x.png",
         "The image HTTPS://example.com/x.png is on another site. Pages show only images from this site."),
        ("%2F%2F%5B.png", "The image ///[.png is not in the content folder."),
    ],
)  # fmt: skip
def test_an_image_that_is_not_shown_is_reported(write, source, message):
    files = {"demo.mp3": b"song", "files/card.pdf": b"%PDF", "b.md": document_text("/b")}
    problem = problem_of(write(named={"a.md": document_text("/a", body=f"![It]({source})"), **files}))
    assert (problem.rule, problem.message) == ("missing-image", message)


@pytest.mark.parametrize("image", ["/files/card.pdf", "/images/nothing.png"])
def test_the_image_for_shared_links_must_be_an_existing_image_file(write, image):
    files = {"files/card.pdf": b"%PDF", "a.md": document_text("/a", meta=f"Image: {image}")}
    assert problem_of(write(named=files)).rule == "missing-image"


def test_an_image_for_shared_links_may_be_percent_encoded(write):
    files = {"images/a b.svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>'}
    assert problems_in(write(named=files | {"a.md": document_text("/a", meta="Image: /images/a%20b.svg")})) == []


@pytest.mark.parametrize("target", ["HTTPS://example.com", "MailTo:a@example.com", "//example.com", "http://[x"])
def test_links_to_other_sites_are_not_checked(write, target):
    assert problems_in(write(a=document_text("/a", body=f"[It]({target})"))) == []


@pytest.mark.parametrize(
    "target", ["https://", "https:example.com", "http:/example.com", "//", "mailto:", "tel:", "tel:x"]
)
def test_an_incomplete_url_is_reported(write, target):
    problem = problem_of(write(a=document_text("/a", body=f"[It]({target})")))
    assert (problem.rule, problem.column) == ("broken-link", 2)
    assert problem.message == f"This link leads to {target}, which is not a whole URL."


@pytest.mark.parametrize("link", ["[It]()", "[It](<>)", "[It]( )", "**[It]()**", "![It]()"])
def test_a_link_or_image_without_a_url_is_reported(write, link):
    problem = problem_of(write(a=document_text("/a", body=link)))
    assert (problem.rule, problem.column) == ("broken-link", link.index("]") + 1)


@pytest.mark.parametrize(
    ("target", "help"),
    [
        ("/Search", "Did you mean /search?"),
        ("/sitemap.xml/", "Did you mean /sitemap.xml?"),
        ("/livez", "Link to a page, or remove the link."),
        ("/static/a.css", "Link to a page, or remove the link."),
    ],
)
def test_a_link_to_a_reserved_url_gets_special_advice(write, target, help):
    problem = problem_of(write(a=document_text("/a", body=f"[It](<{target}>)")))
    assert (problem.rule, problem.help) == ("broken-link", help)


def test_advice_names_site_toml_only_for_targets_from_that_file(write):
    site = '[calls_to_action]\n"Do" = "/nothing"\n'
    body = "**[Do]** and [it](/nöthing), [it](/nothing) and [it][b]\n\nWords.\n\n[b]: /some"
    problems = problems_in(write(named={"site.toml": site, "a.md": document_text("/a", body=body)}))
    assert ["site.toml" in problem.help for problem in problems] == [False, False, False, True]


def test_a_link_to_an_old_url_is_reported(write):
    folder = write(a=document_text("/a", body="[B](/old)"), b=document_text("/b", meta="Aliases: /old"))
    assert (problem_of(folder).rule, problem_of(folder).help) == ("link-spelling", "Write /b")


def test_a_page_list_with_only_drafts_is_reported_as_empty(write):
    hub = document_text("/hire", body="**Pages under:** /hire")
    folder = write(named={"hire/index.md": hub, "hire/b.md": document_text("/hire/b", meta="Status: draft")})
    assert problem_of(folder).message == "No published page is under /hire, so this list is empty."


def test_a_call_to_action_can_lead_to_a_file_whose_name_has_capitals(write):
    site = '[calls_to_action]\n"Get It" = "/files/Card.pdf"\n"Begin" = "/A/"\n'
    body = "**[Get It]**\n\n**[Begin]**"
    folder = write(named={"site.toml": site, "files/Card.pdf": b"%PDF", "a.md": document_text("/a", body=body)})
    assert problems_in(folder) == []


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("http://localhost:8000/b?x=1#y", "/b?x=1#y"),
        ("http://127.0.0.1:8000/b", "/b"),
        ("http://0.0.0.0:8000", "/"),
        ("https://localhost#y", "/#y"),
    ],
)
def test_a_link_to_the_preview_is_reported(write, target, path):
    problem = problem_of(write(a=document_text("/a", body=f"[It]({target})")))
    assert (problem.rule, problem.help) == ("broken-link", f"Write {path}")


@pytest.mark.parametrize("target", ["https://localhost.example.com/b", "https://127.example.com", "tel:+918962412726"])
def test_other_external_urls_are_not_reported(write, target):
    assert problems_in(write(a=document_text("/a", body=f"[It]({target})"))) == []


def test_a_path_that_begins_at_the_projects_folder_has_a_suggestion(write):
    files = {"a.md": document_text("/a", body="[It](/content/files/b.pdf)"), "files/b.pdf": b"%PDF-"}
    assert problem_of(write(named=files)).help == "Did you mean /files/b.pdf?"


@pytest.mark.parametrize("target", ["file:///Users/priya/b.png", "C:\\b.png"])
def test_a_file_of_the_writers_computer_has_a_suggestion(write, target):
    problem = problem_of(write(a=document_text("/a", body=f"[It]({target})")))
    assert problem.rule == "link-scheme" and "/files/price-list.pdf" in problem.help
    problem = problem_of(write(a=document_text("/a", body=f"![It]({target})")))
    assert problem.rule == "link-scheme" and problem.help.startswith("Save the image as a file in images/")
