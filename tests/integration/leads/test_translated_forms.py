"""Forms on pages in other languages."""

import pytest
from bs4 import BeautifulSoup

from leads.models import Lead, Message
from pages.content.site_words import WORDS

from ..http.test_other_languages import FORM, META, write
from .conftest import form_token

URL = "/hi/form"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def form(content):
    write(content, URL, META.format(language="hi"), FORM)
    translations = "".join(f'"{text}" = "हि {text}"\n' for text in WORDS)
    with (content / "site.toml").open("a") as file:
        file.write(f"\n[translations.hi]\n{translations}")


def test_errors_are_in_the_language_of_the_page(client, form):
    response = client.post(URL, {"form_token": form_token(), "email": "x", "message": "m" * 6000}, follow=True)
    page = BeautifulSoup(response.content, "html.parser")
    assert page.title.text == "हि Error: मशीन"
    assert page.select_one(".error-summary h2").text == "हि There is a problem"
    assert [" ".join(error.text.split()) for error in page.select(".field .error")] == [
        "हि Error: हि Enter an email address in the format name@example.com",
        "हि Error: हि Shorten “संदेश” to 5000 characters or fewer",
        "हि Error: हि Check the box to let us store your details and reply to you",
    ]
    assert page.select_one(".unit").text == "हि optional"


def test_a_reply_and_its_page_are_in_the_language_of_the_page(client, form):
    data = {"form_token": form_token(), "email": "a@example.com", "message": "", "consent": "on"}
    page = BeautifulSoup(client.post(URL, data, follow=True).content, "html.parser")
    assert page.title.text == "हि Sent: मशीन" and page.select_one(".eyebrow").text.strip() == "हि SENT"
    [lead] = Lead.objects.all()
    [reply] = Message.objects.filter(lead=lead, subject="विषय")
    assert f"हि Your reference: {lead.reference}" in reply.body and "Your reference" in reply.body
