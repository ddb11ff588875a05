"""The form of a document as Django checks it, and as visitors and their browsers get it."""

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict

from leads.forms import KINDS, LeadForm
from pages.content.sections.form import NAMES
from pages.repository import current

from .conftest import CONTACT, START, TYPED, sent


def asked(url=START):
    return current.visible_pages().page(url).form


def filled(url=START, **changes):
    data = QueryDict(mutable=True)
    data.update({"message": "Four words of hello", **TYPED, **changes})
    return LeadForm(asked(url), data)


def errors_of(name, value, url=START):
    return filled(url, **{name: value}).errors.get(name, [])


def test_every_name_that_a_document_can_ask_for_has_a_kind():
    assert set(KINDS) == set(NAMES)


def test_a_form_that_is_filled_in_is_valid_and_says_what_was_typed():
    form = filled()
    assert form.is_valid()
    assert form.sent == {name: TYPED[name] for name in ("name", "email", "company", "role")}
    assert not form.is_trapped


@pytest.mark.parametrize("name", ["name", "email", "company", "role", "consent"])
def test_what_is_missing_is_named_in_words_that_say_what_to_do(name):
    form = filled(**{name: ""})
    assert list(form.errors) == [name]
    (message,) = form.errors[name]
    assert message.startswith(("“", "Enter ", "Tick "))


def test_what_is_optional_may_be_left_empty():
    form = filled(CONTACT, company="", phone="")
    assert form.is_valid()
    assert form.sent["phone"] == ""


@pytest.mark.parametrize(
    "address",
    [
        "priya@gmail.com",
        "priya.raman+jobs@mail.example.co.in",
        "o'brien@example.com",
        "priya@xn--bcher-kva.example",
        "priya@bücher.example",
        " priya@example.com ",
    ],
)
def test_every_usual_address_is_welcome(address):
    assert errors_of("email", address) == []


@pytest.mark.parametrize(
    "address",
    [
        "priya",
        "priya@",
        "@example.com",
        "priya@example",
        "priya@example..com",
        "priya raman@example.com",
        "priya@example.com, sales@example.com",
        "priya@example.com\nBcc: all@example.com",
        "priya@example.com\r\nBcc: all@example.com",
        # What breaks a header's line, where mail libraries split lines as Python does.
        '"\x0b"@example.com',
        '"\x0c"@example.com',
        '"\x1c"@example.com',
        '"quoted"@example.com',
        "<priya@example.com>",
        # Hosts that only this site's own mail server may know.
        "root@localhost",
        "priya@[127.0.0.1]",
        "priya@[IPv6:::1]",
        # No mail server can be asked for these.
        "priya@" + "İ" * 60 + ".example",
        "priya@" + "a" * 64 + ".example",
        "p" * 243 + "@example.com",
        "priya@example.com\x00",
    ],
)
def test_what_cannot_be_written_to_is_refused(address):
    assert errors_of("email", address)


def test_the_message_for_a_wrong_address_shows_a_right_one():
    assert "@" in errors_of("email", "priya")[0]
    assert "example.com" in errors_of("email", "priya")[0]


@pytest.mark.parametrize("name", ["name", "company", "role"])
def test_what_is_too_long_is_refused_by_its_label_and_with_the_limit(name):
    longest = KINDS[name][2]
    assert errors_of(name, "x" * longest) == []
    (message,) = errors_of(name, "x" * (longest + 1))
    label = next(field.label for field in asked().fields if field.name == name)
    assert label in message
    assert str(longest) in message


def test_browsers_cut_nothing_off_that_is_too_long():
    """They would do it without a word."""
    assert "maxlength" not in str(LeadForm(asked(CONTACT))["message"]) + str(LeadForm(asked())["name"])


def test_a_field_of_one_line_stays_one_line():
    form = filled(name="Priya\r\nConsent: none", company="North\x0bwind\u2028Ltd")
    assert form.is_valid()
    assert form.sent["name"] == "Priya Consent: none"
    assert form.sent["company"] == "North wind Ltd"


def test_a_message_keeps_its_lines():
    form = filled(CONTACT, message="One\r\n\r\nTwo ")
    assert form.is_valid()
    assert form.sent["message"] == "One\r\n\r\nTwo"


@pytest.mark.parametrize(
    "name", ["प्रिया रमण", "മലയാളം\u200d", "‮evil‬", "👩🏽‍🏭 Priya", "José", "<b>Priya</b>", "{{ 7 }}"]
)
def test_names_are_kept_as_people_write_them(name):
    form = filled(name=name)
    assert form.is_valid()
    assert form.sent["name"] == name


@pytest.mark.parametrize("value", ["http://spam.example", " ", "0"])
def test_whatever_stands_where_people_see_nothing_is_a_trap_that_snapped(value):
    form = filled(website=value)
    assert form.is_valid()
    assert form.is_trapped


def test_a_field_that_the_document_does_not_ask_for_is_not_read():
    form = filled(phone="123", anything="else")
    assert form.is_valid()
    assert "phone" not in form.sent
    assert "anything" not in form.sent


def test_no_consent_is_no_consent():
    assert errors_of("consent", "false")


# As browsers get it


@pytest.fixture
def page(client):
    return BeautifulSoup(client.get(START).content, "html.parser")


def test_browsers_can_fill_it_in_and_bring_the_right_keyboard(client):
    soup = BeautifulSoup(client.get(CONTACT).content, "html.parser")
    expected = {"name": "name", "email": "email", "company": "organization", "phone": "tel"}
    assert {name: soup.find(attrs={"name": name})["autocomplete"] for name in expected} == expected
    assert soup.find(attrs={"name": "email"})["type"] == "email"
    assert soup.find(attrs={"name": "phone"})["type"] == "tel"
    assert soup.find(attrs={"name": "message"}).name == "textarea"


def test_every_field_has_a_label_and_knows_its_hint(page):
    form = page.select_one("form.asked-for")
    for control in form.select("input:not([type=hidden]), textarea"):
        assert form.select_one(f"label[for={control['id']}]").get_text(strip=True)
        for described in control.get("aria-describedby", "").split():
            assert form.find(id=described)
    hints = [each["id"] for each in form.select(".hint")]
    assert hints
    assert hints == [each["aria-describedby"] for each in form.select("[aria-describedby]")]


def test_the_trap_is_out_of_everybodys_way(page):
    trap = page.find(attrs={"name": "website"})
    assert trap["tabindex"] == "-1"
    assert trap["autocomplete"] == "off"
    assert trap.find_parent(attrs={"aria-hidden": "true"})


@pytest.mark.parametrize("wrong", [{"email": "priya"}, {"name": "", "role": ""}, {"consent": ""}])
def test_the_summary_links_to_each_field_that_is_wrong_and_the_message_stands_beside_it(client, wrong):
    answer = sent(client, **wrong)
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.content, "html.parser")
    assert soup.title.string.startswith("Error: ")
    summary = soup.select_one(".error-summary")
    assert summary["role"] == "alert"
    form = soup.select_one("form.asked-for")
    assert form["action"].partition("#")[2] == form["id"]
    assert summary in form.find_all(recursive=False)
    links = {link["href"].removeprefix("#"): link.get_text() for link in summary.select("li a")}
    controls = {control["id"]: control for control in soup.select("[aria-invalid=true]")}
    assert {control["name"] for control in controls.values()} == set(wrong)
    assert links.keys() == controls.keys()
    for name, control in controls.items():
        described = [soup.find(id=each) for each in control["aria-describedby"].split()]
        assert all(described)
        assert described[-1].get_text() == f"Error: {links[name]}"


def test_a_field_with_two_mistakes_is_told_one_of_them(client):
    soup = BeautifulSoup(sent(client, email="p" * 300).content, "html.parser")
    assert len(soup.select(".error-summary li")) == len(soup.select(".field .error")) == 1
    assert len(soup.select("#input-email_error")) == 1


def test_what_was_typed_is_kept(client):
    answer = sent(client, email="priya", name='"><script>alert(1)</script>', company="North & Wind")
    soup = BeautifulSoup(answer.content, "html.parser")
    assert soup.find(attrs={"name": "email"})["value"] == "priya"
    assert soup.find(attrs={"name": "name"})["value"] == '"><script>alert(1)</script>'
    assert soup.find(attrs={"name": "company"})["value"] == "North & Wind"
    assert soup.find(attrs={"name": "consent"}).has_attr("checked")
    assert b"<script>alert" not in answer.content
