"""Check the shipped content (content/).

The content's words, pages and prices can change, so these tests mention none of them.
"""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from bs4 import BeautifulSoup

from pages.content.sections.questions import Questions
from pages.repository import current

from ...conftest import ROOT
from ...support.copy_words import missing

# The parts of a document that define a form or calculator: its table, and labeled lines such as `**Button:**`. The page
# doesn't show these lines as sentences: the site makes fields, buttons, emails and the thank-you text from them.
SETTINGS = re.compile(
    r"^\| (?:Field|Input) \|.*(?:\n\|.*)*"
    r"|^\*\*(?:Button|Consent|Thanks|Reference|Meanwhile|Reply(?: subject| files| signature| disclaimer)?):\*\*"
    r".*(?:\n.+)*",
    re.M,
)


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """Serve content/ unchanged, with a separate build folder."""
    from django.test import override_settings

    build = tmp_path_factory.mktemp("shipped") / "build"
    with override_settings(CONTENT_DIR=ROOT / "content", BUILD_DIR=build, CONTENT_RELOAD=False):
        current.reset()
        yield current.visible_pages()
    current.reset()


@pytest.fixture(scope="module")
def responses(shipped):
    from django.test import Client

    client = Client()
    return {page.url: client.get(page.url) for page in shipped.pages()}


@pytest.fixture(scope="module")
def soups(responses):
    return {url: BeautifulSoup(response.content, "html.parser") for url, response in responses.items()}


def test_every_page_is_served(responses):
    assert {url: response.status_code for url, response in responses.items() if response.status_code != 200} == {}


def test_no_sentence_is_lost_between_document_and_page(shipped, responses):
    for page in shipped.pages():
        document = (ROOT / "content" / Path(page.path).relative_to("content")).read_text()
        assert missing(SETTINGS.sub("", document), responses[page.url].content.decode()) == [], page.url


def test_the_checker_reports_every_page_with_a_dead_link(soups, client, shipped):
    """A dead link makes `make check` fail. This test fails only if the checker misses a dead link."""
    statuses: dict[str, int] = {}
    dead: set[str] = set()
    for url, soup in soups.items():
        for link in soup.select("main a[href^='/'], main a[href^='#']"):
            path, anchor = urldefrag(link["href"])
            path = path or url
            if path in soups:
                is_dead = bool(anchor) and not soups[path].find(id=unquote(anchor))
            else:
                statuses[path] = statuses.get(path) or client.get(path).status_code
                is_dead = statuses[path] not in (200, 503)  # 503: the publisher makes the file later
            if is_dead:
                dead.add(url)
    reported = {problem.path for problem in shipped.library.all_problems if problem.level == "error"}
    assert {url for url in dead if shipped.page(url).path not in reported} == set()


def test_the_checker_reports_every_repeated_title(soups, shipped):
    titles = Counter(soup.title.text for soup in soups.values())
    repeated = {title for title, count in titles.items() if count > 1}
    reported = {problem.path for problem in shipped.library.all_problems if problem.rule == "repeated-title"}
    pages = {url for url, soup in soups.items() if soup.title.text in repeated}
    assert {url for url in pages if shipped.page(url).path not in reported} == set()


def test_every_page_has_one_headline_and_unique_ids(soups):
    for url, soup in soups.items():
        assert len(soup.find_all("h1")) == 1, url
        ids = Counter(element["id"] for element in soup.select("[id]"))
        assert [name for name, count in ids.items() if count > 1] == [], url


def test_no_question_or_answer_is_on_two_pages(shipped):
    """Each role needs its own questions, so that candidates for one role can't prepare with the page of another."""
    places: dict[str, set[str]] = {}
    for page in shipped.pages():
        groups = (group for section in page.full.sections if isinstance(section, Questions) for group in section.groups)
        for question in (question for group in groups for question in group.questions):
            for text in (question.plain, *(note.plain for note in question.notes if not note.is_level)):
                places.setdefault(text, set()).add(page.url)
    assert {text: urls for text, urls in places.items() if len(urls) > 1} == {}
