"""Test the Django form that a document defines: validation, error messages and HTML."""

import re

import pytest
from bs4 import BeautifulSoup
from django.http import QueryDict

from leads.forms import FIELD_TYPES, OLD_HONEYPOT_NAME, LeadForm
from pages.content.anchors import RESERVED_ANCHORS
from pages.content.sections.form import NAMES
from pages.repository import current

from .conftest import CONTACT, FORM_DATA, START, submit_invalid

# Zero-width characters, a byte order mark, text direction marks, Hangul fillers, an empty Braille pattern, variation
# selectors, Unicode tag characters, control characters and spaces.
INVISIBLE_TEXTS = [
    "\u200b",
    "\u200b \u200d\u200c",
    "\ufeff\u2060",
    "\u202e\u202c",
    "\u00ad\u034f",
    "\u115f\u1160\u3164\uffa0",
    "\u2800",
    "\ufe0f",
    "\U000e0041\U000e0100",
    "\x01\x7f",
    "\u3000\u2003\u00a0",
]


def definition(url=START):
    return current.visible_pages().page(url).form


def filled_form(url=START, **changes):
    data = QueryDict(mutable=True)
    data.update({"message": "Four words of hello", **FORM_DATA, **changes})
    return LeadForm(definition(url), data)


def errors_of(name, value, url=START):
    return filled_form(url, **{name: value}).errors.get(name, [])


def test_every_field_name_has_a_type():
    assert set(FIELD_TYPES) == set(NAMES)


def test_complete_form_is_valid():
    form = filled_form()
    assert form.is_valid()
    assert form.values == {name: FORM_DATA[name] for name in ("name", "email", "company", "role")}
    assert not form.is_honeypot_filled


def test_value_without_a_visible_character_counts_as_missing():
    for value in INVISIBLE_TEXTS:
        for name in ("name", "company", "role"):
            assert list(filled_form(**{name: value}).errors) == [name]
        assert list(filled_form(CONTACT, message=value).errors) == ["message"]
        assert list(filled_form(email=value).errors) == ["email"]
        form = filled_form(CONTACT, phone=value)
        assert form.is_valid()
        assert form.values["phone"] == ""


@pytest.mark.parametrize("name", ["name", "email", "company", "role", "consent"])
def test_error_for_a_missing_value_says_what_to_do(name):
    form = filled_form(**{name: ""})
    assert list(form.errors) == [name]
    (message,) = form.errors[name]
    assert message.startswith(("Enter ", "Check "))


def test_optional_fields_may_be_empty():
    form = filled_form(CONTACT, company="", phone="")
    assert form.is_valid()
    assert form.values["phone"] == ""


@pytest.mark.parametrize(
    "address",
    [
        "priya@gmail.com",
        "priya.raman+jobs@mail.example.co.in",
        "o'brien@example.com",
        "priya@xn--bcher-kva.example",
        "priya@bücher.example",
        "priya@straße.example",
        "priya@नमस्ते.example",
        " priya@example.com ",
    ],
)
def test_ordinary_addresses_are_valid(address):
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
        # Mail libraries would end a header line at these characters, because they use str.splitlines.
        '"\x0b"@example.com',
        '"\x0c"@example.com',
        '"\x1c"@example.com',
        '"quoted"@example.com',
        "<priya@example.com>",
        # Hosts that may be inside the site's own network.
        "root@localhost",
        "priya@[127.0.0.1]",
        "priya@[IPv6:::1]",
        # Invalid domains, an address that is too long, and a NUL byte.
        "priya@" + "İ" * 60 + ".example",
        "priya@" + "a" * 64 + ".example",
        "p" * 243 + "@example.com",
        "priya@example.com\x00",
    ],
)
def test_unusable_addresses_are_invalid(address):
    assert errors_of("email", address)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("jörg@example.com", "only the letters a to z"),
        ("priya@☃.example", "not a domain name"),
        ("priya@" + "ü" * 64 + ".example", "not a domain name"),
    ],
)
def test_an_address_that_email_cannot_reach_is_refused_with_the_reason(address, reason):
    (message,) = errors_of("email", address)
    assert reason in message


def test_invalid_email_message_shows_the_format():
    assert "name@example.com" in errors_of("email", "priya")[0]


@pytest.mark.parametrize("name", ["name", "company", "role"])
def test_too_long_value_is_reported_with_label_and_limit(name):
    max_length = FIELD_TYPES[name].max_length
    assert errors_of(name, "x" * max_length) == []
    (message,) = errors_of(name, "x" * (max_length + 1))
    label = next(field.label for field in definition().fields if field.name == name)
    assert label in message
    assert str(max_length) in message


def test_form_fields_have_no_maxlength_attribute():
    """With maxlength, browsers would silently truncate pasted text."""
    assert "maxlength" not in str(LeadForm(definition(CONTACT))["message"]) + str(LeadForm(definition())["name"])


def test_newlines_in_single_line_fields_become_spaces():
    form = filled_form(name="Priya\r\nConsent: none", company="North\x0bwind\u2028Ltd")
    assert form.is_valid()
    assert form.values["name"] == "Priya Consent: none"
    assert form.values["company"] == "North wind Ltd"


def test_message_keeps_its_line_breaks():
    form = filled_form(CONTACT, message="One\r\n\r\nTwo ")
    assert form.is_valid()
    assert form.values["message"] == "One\r\n\r\nTwo"


@pytest.mark.parametrize(
    "name", ["प्रिया रमण", "മലയാളം\u200d", "‮evil‬", "👩🏽‍🏭 Priya", "José", "<b>Priya</b>", "{{ 7 }}", "\u0301", "\ue000"]
)
def test_names_are_saved_unchanged(name):
    form = filled_form(name=name)
    assert form.is_valid()
    assert form.values["name"] == name


@pytest.mark.parametrize("value", ["http://spam.example", " ", "0"])
@pytest.mark.parametrize("name", [LeadForm.honeypot_name, OLD_HONEYPOT_NAME])
def test_any_value_in_the_honeypot_field_is_detected(name, value):
    form = filled_form(**{name: value})
    assert form.is_valid()
    assert form.is_honeypot_filled


def test_fields_that_are_not_in_the_document_are_ignored():
    form = filled_form(phone="123", anything="else")
    assert form.is_valid()
    assert "phone" not in form.values
    assert "anything" not in form.values


def test_consent_sent_as_false_counts_as_missing():
    assert errors_of("consent", "false")


# HTML


@pytest.fixture
def page(client):
    return BeautifulSoup(client.get(START).content, "html.parser")


def test_fields_have_autocomplete_and_input_type_attributes(client):
    soup = BeautifulSoup(client.get(CONTACT).content, "html.parser")
    expected = {"name": "name", "email": "email", "company": "organization", "phone": "tel"}
    assert {name: soup.find(attrs={"name": name})["autocomplete"] for name in expected} == expected
    assert soup.find(attrs={"name": "email"})["type"] == "email"
    assert soup.find(attrs={"name": "phone"})["type"] == "tel"
    assert soup.find(attrs={"name": "message"}).name == "textarea"


def test_fields_have_labels_and_hints(page):
    form = page.select_one("form.lead-form")
    for control in form.select("input:not([type=hidden]), textarea"):
        assert form.select_one(f"label[for={control['id']}]").get_text(strip=True)
        for description in control.get("aria-describedby", "").split():
            assert form.find(id=description)
    hints = [each["id"] for each in form.select(".hint")]
    assert hints
    assert hints == [each["aria-describedby"] for each in form.select("[aria-describedby]")]


def test_honeypot_is_hidden_from_people_and_password_managers(page):
    honeypot = page.find(attrs={"name": LeadForm.honeypot_name})
    assert honeypot["tabindex"] == "-1"
    assert honeypot.find_parent(attrs={"aria-hidden": "true"})
    assert honeypot["autocomplete"] == "off"
    # 1Password, LastPass, Bitwarden and Dashlane ignore fields with these attributes.
    assert honeypot.has_attr("data-1p-ignore")
    assert honeypot["data-lpignore"] == "true"
    assert honeypot.has_attr("data-bwignore")
    assert honeypot["data-form-type"] == "other"
    # Browsers autofill a field whose name or id contains a word such as “web”, “url” or “zip”.
    assert not re.search("[a-z]{2}", f"{honeypot['id'].removeprefix('input-')} {honeypot['name']}")
    assert honeypot["id"] in RESERVED_ANCHORS


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"email": "priya"}, {"name": "", "role": ""}, {"consent": ""}])
def test_error_summary_has_a_link_to_each_invalid_field(client, changes):
    response = submit_invalid(client, **changes)
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.title.string.startswith("Error: ")
    summary = soup.select_one(".error-summary")
    assert summary["role"] == "alert"
    assert summary["tabindex"] == "-1"
    form = soup.select_one("form.lead-form")
    assert form["action"].partition("#")[2] == summary["id"]
    assert summary.parent == form.parent and summary.find_next_sibling("form") == form
    links = {link["href"].removeprefix("#"): link.get_text() for link in summary.select("li a")}
    controls = {control["id"]: control for control in soup.select("[aria-invalid=true]")}
    assert {control["name"] for control in controls.values()} == set(changes)
    assert links.keys() == controls.keys()
    for name, control in controls.items():
        descriptions = [soup.find(id=each) for each in control["aria-describedby"].split()]
        assert all(descriptions)
        assert " ".join(descriptions[-1].get_text().split()) == f"Error: {links[name]}"


@pytest.mark.django_db
def test_only_the_first_error_of_a_field_is_shown(client):
    soup = BeautifulSoup(submit_invalid(client, email="p" * 300).content, "html.parser")
    assert len(soup.select(".error-summary li")) == len(soup.select(".field .error")) == 1
    assert len(soup.select("#input-email_error")) == 1


@pytest.mark.django_db
def test_entered_values_are_kept_and_escaped_after_an_error(client):
    response = submit_invalid(client, email="priya", name='"><script>alert(1)</script>', company="North & Wind")
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.find(attrs={"name": "email"})["value"] == "priya"
    assert soup.find(attrs={"name": "name"})["value"] == '"><script>alert(1)</script>'
    assert soup.find(attrs={"name": "company"})["value"] == "North & Wind"
    assert soup.find(attrs={"name": "consent"}).has_attr("checked")
    assert b"<script>alert" not in response.content
