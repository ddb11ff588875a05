"""The question bank: its index by competency, and the CSV download."""

import csv
import io

import pytest
from bs4 import BeautifulSoup

from pages.repository import current

from ...support.kits import make_files

GROUP = """### {name}

**{number}. What did {name} ask of you?**

*What this reveals:* Whether {name} was "lived", not read.

*Red flags:* Blames
others, says =1+1.

"""
HEAD = "# Bank\n## /resources/bank\n\n## META\n\n```\nTitle: Bank\nDescription: A bank.\n```\n\n## SAMPLE QUESTIONS\n\n"
NAMES = ("Ownership", "Judgment", "Candor", "Learning", "Délivery")


@pytest.fixture
def bank(content):
    def write_bank(names=NAMES, more=""):
        groups = [GROUP.format(name=name, number=number) for number, name in enumerate(names, 1)]
        (content / "resources").mkdir(exist_ok=True)
        (content / "resources" / "bank.md").write_text(HEAD + "".join(groups) + more)
        return content

    return write_bank


def test_a_question_bank_with_many_groups_has_an_index(bank, client):
    bank()
    page = BeautifulSoup(client.get("/resources/bank").content, "html.parser")
    index = page.find("nav", class_="bank-index")
    links = [link["href"] for link in index.select("li a")]
    assert links == ["#sample-questions", "#ownership", "#judgment", "#candor", "#learning", "#délivery"]
    assert all(page.find(id=link[1:]) for link in links)
    assert [group["id"] for group in page.select(".question-group")] == [link[1:] for link in links[1:]]


def test_notes_on_red_flags_stand_beside_the_question(bank, client):
    bank()
    page = BeautifulSoup(client.get("/resources/bank").content, "html.parser")
    question = page.find(id="question-1")
    assert question.select_one(".note").get_text() == 'What this reveals: Whether Ownership was "lived", not read.'
    flag = question.select_one(".signs > .flag")
    assert " ".join(flag.get_text().split()) == "Red flags: Blames others, says =1+1."
    assert question.select_one(".note").find_next(class_="flag") is flag


def test_the_level_is_above_the_question_and_the_follow_up_below(bank, client):
    bank(more="**6. Why?**\n\n*Level:* Senior\n\n*Red flags:* Blames others.\n\n*Follow-up:* Who agreed?\n")
    page = BeautifulSoup(client.get("/resources/bank").content, "html.parser")
    (question,) = (item.select_one("div") for item in page.select("#question-6"))
    assert [part.get_text() for part in question.select("p")] == ["Level: Senior", "Why?", "Follow-up: Who agreed?"]
    assert question.select_one(".level").find(string="Senior") and question.select_one(".note.next-question")
    assert all(name in page.find("style").string for name in (".level{", ".next-question{"))


def test_only_questions_of_a_bank_can_be_ticked(bank, client):
    bank()
    page = BeautifulSoup(client.get("/resources/bank").content, "html.parser")
    labels = [label.get_text(" ", strip=True) for label in page.select("form label:has([type=checkbox])")]
    assert labels == [f"{number}. Print" for number in range(1, 6)]
    bank(NAMES[:4])
    page = BeautifulSoup(client.get("/resources/bank").content, "html.parser")
    assert page.select_one("[type=checkbox], .print-tray") is None and page.select_one(".signs > .flag")


def test_few_groups_have_no_index(bank, client):
    bank(NAMES[:4])
    page = BeautifulSoup(client.get("/resources/bank").content, "html.parser")
    assert page.find("nav", class_="bank-index") is None and len(page.select(".question-group")) == 4
    assert not any(file.part for file in current.get_library().pages["/resources/bank"].files)


def test_the_csv_has_every_question_with_its_notes(bank, client):
    bank()
    make_files("/resources/bank", ".csv")
    response = client.get("/resources/bank.csv")
    assert (response.status_code, response["Content-Type"]) == (200, "text/csv; charset=utf-8")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0] == ["number", "competency", "question", "What this reveals", "Red flags"]
    assert rows[5] == [
        "5",
        "Délivery",
        "What did Délivery ask of you?",
        'Whether Délivery was "lived", not read.',
        "Blames others, says =1+1.",
    ]
    assert len(rows) == 6


def test_a_document_can_link_to_the_csv(bank):
    bank(more="## MORE\n\n[The table](/resources/bank.csv), [another](/resources/other.csv)\n")
    missing = [each.message for each in current.get_library().all_problems if each.rule == "missing-file"]
    assert len(missing) == 1 and "/resources/other.csv" in missing[0]


def test_the_csv_of_a_draft_is_not_served(bank, client):
    document = bank() / "resources" / "bank.md"
    document.write_text(document.read_text().replace("Title: Bank", "Title: Bank\nStatus: draft"))
    assert client.get("/resources/bank.csv").status_code == 404
