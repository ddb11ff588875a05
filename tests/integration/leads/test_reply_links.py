"""Test the form that sends the links to a role's interview kit by email."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from leads.models import Lead, Message
from pages.http import roles
from pages.kits.kit_files import kit_files
from pages.media import artifact_store
from pages.repository import current
from tests.support.kits import kit_document

from .conftest import submit, submit_invalid

FORM_URL = "/kit-by-email"
FORM = """# Interview Kit by Email
## /kit-by-email

## GET THE LINKS

| Field | Name | Required | Help |
|---|---|---|---|
| Email | email | yes | |
| Role | role | yes | |

**Button:** Email me the links

**Consent:** You may keep my address.

**Thanks:** **Your links are on their way**

**Reply subject:** Your interview kit

**Reply:** You asked for a kit.

**Reply files:** Here are the links:
"""
ROLE_URL = "/hire/data-engineer"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def site(content, settings):
    """A site with kits and the form. Links in emails start with SITE_URL."""
    settings.SITE_URL = "https://www.example.com"
    (content / "kit-by-email.md").write_text(FORM)
    (content / "kit.md").write_text(kit_document() + f"\n## BY EMAIL\n\n[Email me the links]({FORM_URL})\n")
    return content


def follow(client, response):
    return client.get(response["Location"].partition("#")[0]).content


def reply():
    return Message.objects.get(kind=Message.Kind.REPLY)


@pytest.mark.parametrize("role", ["Data Engineer", "data  engineer"])
def test_the_email_has_the_links_to_the_roles_files(client, role):
    assert submit(client, FORM_URL, role=role).status_code == 303
    assert reply().subject == "Your interview kit"
    assert (
        "You asked for a kit.\n\nHere are the links:\n"
        "PDF: https://www.example.com/hire/data-engineer.pdf\n"
        "Excel: https://www.example.com/hire/data-engineer.xlsx\n"
        "CSV: https://www.example.com/hire/data-engineer.csv\n\nYour reference: "
    ) in reply().body


def test_a_file_that_cannot_be_made_is_neither_in_the_email_nor_on_the_page(client, settings):
    library = current.get_library()
    for file in kit_files(library, library.pages[ROLE_URL], settings.SITE_URL):
        artifact_store.write(file.url, b"" if file.file.suffix == ".pdf" else b"content")
    page = BeautifulSoup(follow(client, submit(client, FORM_URL)), "html.parser")
    assert ".pdf" not in reply().body and "/hire/data-engineer.xlsx" in reply().body
    assert [link["href"] for link in page.select(".sent .files a")] == [f"{ROLE_URL}.xlsx", f"{ROLE_URL}.csv"]


def test_the_links_are_on_the_next_page_even_without_an_email(client):
    for role in ("Data Engineer", "Backend Engineer"):
        page = BeautifulSoup(follow(client, submit(client, FORM_URL, role=role)), "html.parser")
        path = f"/hire/{role.lower().replace(' ', '-')}"
        assert [link["href"] for link in page.select(".files a")] == [f"{path}.pdf", f"{path}.xlsx", f"{path}.csv"]
    assert Message.objects.filter(kind=Message.Kind.REPLY).count() == 1


def test_an_unknown_role_gets_no_email_and_a_message(client):
    page = BeautifulSoup(submit_invalid(client, FORM_URL, role="https://evil.example Welder").content, "html.parser")
    assert page.select_one("#problems a")["href"] == "#input-role"
    field = page.select_one("[name=role]")
    assert field.name == "select" and field["aria-invalid"] == "true" and not field.select("[selected]")
    messages = [page.find(id=each).get_text() for each in field["aria-describedby"].split()]
    assert any("Choose a role from the list." in each for each in messages)
    assert not Lead.objects.exists() and not Message.objects.exists()


def test_an_address_gets_at_most_one_email_with_links_per_day(client):
    for role in ("Data Engineer", "Backend Engineer"):
        submit(client, FORM_URL, role=role)
    assert Lead.objects.count() == 2
    assert Message.objects.filter(kind=Message.Kind.REPLY).count() == 1


def test_a_lead_that_is_held_back_gets_no_email(client):
    submit(client, FORM_URL, x7k="spam")
    assert Lead.objects.held_back().count() == 1 and not Message.objects.exists()


def test_a_roles_page_offers_the_links_by_email_beside_the_files(client):
    page = BeautifulSoup(client.get(ROLE_URL).content, "html.parser")
    links = [(link["href"], link.get_text()) for link in page.select(".files a")]
    assert [href for href, _ in links] == [
        *(f"{ROLE_URL}{suffix}" for suffix in (".pdf", ".xlsx", ".csv")),
        f"{FORM_URL}?role=data-engineer",
    ]
    assert links[-1][1] == "Email me the links"
    assert "Set-Cookie" not in client.get(ROLE_URL)


def test_the_form_knows_the_role_of_the_page_that_the_visitor_came_from(client):
    page = BeautifulSoup(client.get(f"{FORM_URL}?role=data-engineer").content, "html.parser")
    assert [option.text for option in page.select("[name=role] [selected]")] == ["Data Engineer"]


def test_visitors_choose_a_role_from_a_list(client):
    page = BeautifulSoup(client.get(FORM_URL).content, "html.parser")
    first, *roles = page.select("select[name=role] option")
    assert (first["value"], first.text) == ("", "Choose a role")
    assert "Data Engineer" in [role["value"] for role in roles] and not page.select("datalist")
    page = BeautifulSoup(submit_invalid(client, FORM_URL, role="").content, "html.parser")
    assert page.select_one("#problems a").text == "Choose a role"
    page = BeautifulSoup(submit_invalid(client, FORM_URL, email="", role="Data Engineer").content, "html.parser")
    assert page.select_one("[name=role] [selected]").text == "Data Engineer"


def test_visitors_type_the_role_if_a_list_would_be_too_long(client, monkeypatch):
    monkeypatch.setattr(roles, "MAX_SUGGESTIONS", 2)
    page = BeautifulSoup(client.get(FORM_URL).content, "html.parser")
    assert page.select_one("input[name=role]")["list"] == "input-roles"
    assert len(page.select("datalist option")) == 2


def test_pages_offer_only_files_if_there_is_no_form(site):
    (site / "kit-by-email.md").unlink()
    page = BeautifulSoup(Client().get(ROLE_URL).content, "html.parser")
    assert len(page.select(".files a")) == 3
