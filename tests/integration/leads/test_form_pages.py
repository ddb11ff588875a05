"""Test form pages: opening, submitting, the thank-you page, errors, and malformed requests."""

import json
import logging
import re
from secrets import token_urlsafe
from time import time
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from leads import form_tokens, intake, spool, unsent_forms, views
from leads.form_tokens import FormToken
from leads.forms import OLD_HONEYPOT_NAME, LeadForm, is_blank
from leads.models import Lead, Message
from pages.repository import current

from .conftest import CONTACT, FORM_DATA, START, form_data, form_token, in_parallel, submit, submit_invalid, text_of

SEED = "/hire/machine-learning-engineer"
HUGE_TEXT = "x" * 5_001
HONEYPOT = LeadForm.honeypot_name

committed = pytest.mark.django_db(transaction=True)


def form_values(response):
    """Return the names and values that a browser would submit."""
    form = BeautifulSoup(response.content, "html.parser").select_one("form.lead-form")
    controls = form.select("input:not([type=checkbox]), textarea")
    return {each["name"]: each.get("value", each.get_text().strip("\r\n")) for each in controls}


def title_of(response):
    return BeautifulSoup(response.content, "html.parser").title.string


def is_thanks(response, url=START):
    location = response.get("Location", "")
    return response.status_code == 303 and bool(re.fullmatch(rf"{url}\?sent=[\w:.-]+#sent", location))


# Opening


@pytest.mark.parametrize("url", [START, CONTACT])
def test_form_page_needs_no_database(client, url):
    response = client.get(url)  # This test has no django_db mark, so a query would make it fail.
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_only_form_pages_set_a_cookie(client):
    cookie = client.get(START).cookies
    assert set(cookie) == {"csrftoken"}
    assert cookie["csrftoken"]["httponly"]
    assert cookie["csrftoken"]["samesite"] == "Lax"
    assert not cookie["csrftoken"]["max-age"]
    for path in (SEED, "/", "/privacy", "/search?q=x", "/no-such-page", "/robots.txt"):
        response = Client().get(path)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")


def test_a_form_gets_a_new_id_each_time_it_is_opened(client):
    first, second = (form_tokens.load(form_values(client.get(START))["form_token"]) for _ in range(2))
    assert first.opening != second.opening


@pytest.mark.parametrize(
    ("slug", "role"),
    [
        ("machine-learning-engineer", "Machine Learning Engineer"),
        ("no-such-role", ""),
        ("Machine Learning Engineer", ""),
        ("../pricing", ""),
        ("/machine-learning-engineer", ""),
        ("\x00<b>", ""),
        ("", ""),
    ],
)
def test_role_is_prefilled_only_with_the_name_of_a_role_page(client, slug, role):
    assert form_values(client.get(START, {"role": slug}))["role"] == role


def test_links_on_a_role_page_carry_the_role_to_the_form(client):
    page = BeautifulSoup(client.get(SEED).content, "html.parser")
    links = {link["href"] for link in page.select(".site-header .button, .actions .button")}
    assert {link for link in links if link.startswith(START)} == {f"{START}?role=machine-learning-engineer"}


def test_forms_leave_the_header_button_except_on_its_own_page(client):
    def buttons(url):
        page = BeautifulSoup(client.get(url).content, "html.parser")
        return [link["href"] for link in page.select(".site-header .button")]

    assert (buttons(CONTACT), buttons(START)) == ([START], [])


def test_form_suggests_the_roles(client):
    page = BeautifulSoup(client.get(START).content, "html.parser")
    assert page.select_one("input[name=role]")["list"] == "input-roles"
    roles = [option.text for option in page.select("datalist#input-roles option")]
    assert "Machine Learning Engineer" in roles
    assert roles == sorted(roles)
    assert not BeautifulSoup(client.get(CONTACT).content, "html.parser").select("datalist")


def test_head_request(client):
    response = client.head(START)
    assert response.status_code == 200
    assert response.content == b""
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_unsupported_methods_get_405_and_an_allow_header(client, method):
    response = client.generic(method, START, b"email=x", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"
    assert client.generic(method, SEED)["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", [SEED, "/", "/privacy"])
def test_page_without_a_form_refuses_post(client, path):
    response = client.post(path, form_data())
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD"


# Sending


@committed
def test_lead_is_saved_with_campaign_and_referrer(client):
    page = client.get(f"{START}?utm_source=letter&utm_medium=post", headers={"Referer": "https://news.example/a?b"})
    issued = form_tokens.load(form_values(page)["form_token"])
    token = form_token(campaign=issued.campaign, referrer_host=issued.referrer_host)
    response = submit(client, form_token=token)
    assert is_thanks(response)
    lead = Lead.objects.get()
    assert lead.fields == {name: FORM_DATA[name] for name in ("name", "email", "company", "role")}
    assert lead.campaign == {"utm_source": "letter", "utm_medium": "post"}
    assert (lead.page, lead.referrer_host, lead.came_from, lead.quarantine) == (START, "news.example", "", "")
    assert lead.consent == form_tokens.load(form_token()).consent
    assert re.fullmatch(r"[0-9a-f]{64}", lead.client)
    assert set(lead.messages.values_list("kind", flat=True)) == {"sales", "reply"}


@committed
def test_saved_consent_is_the_text_the_visitor_saw(client, content):
    document = content / "start.md"

    def set_consent(text):
        document.write_text(re.sub(r"\*\*Consent:\*\* .*", f"**Consent:** {text}", document.read_text()))

    set_consent("The first wording.")
    first = form_values(client.get(START))["form_token"]
    assert form_tokens.load(first).consent == "The first wording."
    set_consent("The second.")
    second = form_values(submit_invalid(client, form_token=first, email="priya"))["form_token"]
    assert is_thanks(submit(client, form_token=first))
    assert is_thanks(submit(client, form_token=second, email="another@example.com"))
    assert [lead.consent for lead in Lead.objects.order_by("pk")] == ["The first wording.", "The second."]


@committed
def test_thank_you_page_can_be_reloaded(client):
    location = submit(client)["Location"]
    for _ in range(2):
        response = client.get(location)
        assert response.status_code == 200
        assert title_of(response).startswith("Sent: ")
        soup = BeautifulSoup(response.content, "html.parser")
        assert soup.select_one("h1#sent")["tabindex"] == "-1"
        assert soup.h1.text == current.visible_pages().page(START).form.confirmation
        assert soup.select_one(".reference").text == Lead.objects.get().reference
        assert len(soup.select(".sent .next-steps li")) == 3
        assert soup.select_one(".beside-form address a")["href"].startswith("mailto:")
        assert len(soup.select("main h1, main section")) == 1
        assert not soup.select("form.lead-form")
        assert "no-store" in response["Cache-Control"]
    assert Lead.objects.count() == 1


@pytest.mark.parametrize("value", ["", "1", "a:b:c", "x" * 9_000, "\x00", "é"])
def test_invalid_thank_you_token_shows_the_form(client, value):
    response = client.get(START, {"sent": value})
    assert form_values(response)["form_token"]
    assert not BeautifulSoup(response.content, "html.parser").select("#sent")


@committed
def test_thank_you_token_is_valid_for_one_page_only(client):
    token = parse_qs(urlsplit(submit(client)["Location"]).query)["sent"][0]
    assert not BeautifulSoup(client.get(CONTACT, {"sent": token}).content, "html.parser").select("#sent")


@committed
def test_double_click_creates_one_lead(client):
    first, second = submit(client), submit(client)
    assert is_thanks(first)
    assert is_thanks(second)
    assert Lead.objects.count() == 1
    assert client.get(first["Location"]).content == client.get(second["Location"]).content


@committed
def test_parallel_identical_posts_create_one_lead():
    data = form_data()
    responses = in_parallel(lambda number: Client().post(START, data), 20)
    assert all(map(is_thanks, responses))
    assert Lead.objects.count() == 1
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["reply", "sales"]
    assert spool.pending_count() == 0
    pages = {Client().get(response["Location"]).content for response in responses[:3]}
    assert len(pages) == 1


@committed
@pytest.mark.parametrize("name", ["name", "company", "role"])
def test_unusual_characters_are_saved(client, name):
    text = "\U0001f469\u200d\U0001f3ed '; -- \\u0000 %s {{ x }} <b> \u202e നമ\x01"
    assert is_thanks(submit(client, **{name: text}))
    assert Lead.objects.get().fields[name] == text
    assert spool.pending_count() == 0


# Leads that are held back


@committed
@pytest.mark.parametrize(
    ("changes", "quarantine"),
    [
        ({HONEYPOT: "http://spam.example"}, "honeypot"),
        ({HONEYPOT: "\x00"}, "honeypot"),
        ({OLD_HONEYPOT_NAME: "http://spam.example"}, "honeypot"),
        ({"form_token": 0.5}, "too-fast"),
        ({"form_token": -3600}, "too-fast"),
        ({"form_token": 0, HONEYPOT: "x"}, "honeypot"),
    ],
)
def test_suspicious_leads_are_held_back_but_their_senders_see_the_thank_you_page(
    client, monkeypatch, changes, quarantine
):
    now = time()
    # Stop the clock, because a busy machine may take seconds between form_token() and submit().
    monkeypatch.setattr(views, "time", lambda: now)
    if "form_token" in changes:
        # The parameter holds the form's age in seconds. Submit the token of a form that is this old.
        changes = changes | {"form_token": form_token(changes["form_token"])}
    suspicious, normal = submit(client, **changes), submit(client, email="normal@example.com")
    assert is_thanks(suspicious)
    assert {**suspicious.headers, "Location": ""} == {**normal.headers, "Location": ""}
    assert len(suspicious["Location"]) == len(normal["Location"])
    thanks = [
        re.sub(rb"[0-9A-F]{4}-[0-9A-F]{4}", b"", client.get(each["Location"]).content) for each in (suspicious, normal)
    ]
    assert thanks[0] == thanks[1]
    lead = Lead.objects.exclude(quarantine="").get()
    assert lead.quarantine == quarantine
    assert not lead.messages.exists()


@committed
def test_senders_of_leads_over_a_limit_see_the_thank_you_page(client, settings):
    settings.LEAD_LIMITS = settings.LEAD_LIMITS | {"client": 1, "token": 3}
    responses = [submit(client, email=f"visitor{number}@example.com") for number in range(4)]
    assert all(map(is_thanks, responses))
    assert Message.objects.filter(kind="sales").count() == 3
    assert Message.objects.filter(kind="reply").count() == 1
    assert Lead.objects.filter(quarantine="token-cap").count() == 1


@committed
def test_forged_client_addresses_are_ignored(settings):
    settings.LEAD_LIMITS = settings.LEAD_LIMITS | {"client": 2, "token": 99}
    for number in range(5):
        for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
            headers = {name: f"198.51.100.{number}"}
            Client().post(START, form_data(email=f"{name}{number}@example.com"), headers=headers)
    assert Message.objects.filter(kind="reply").count() == 2
    assert Lead.objects.values("client").distinct().count() == 1


# After an error, the form keeps the visitor's input


def keeps_values(response):
    return {**form_values(response), "form_token": ""} == {
        **{name: value for name, value in FORM_DATA.items() if name != "consent"},
        "form_token": "",
        HONEYPOT: "",
        "csrfmiddlewaretoken": form_values(response)["csrfmiddlewaretoken"],
    }


@committed
@pytest.mark.parametrize("forged", ["", "x", "{token}xx", "xx{token}"])
def test_invalid_form_token_shows_the_form_again(client, forged):
    response = submit_invalid(client, form_token=forged.format(token=form_token()))
    assert response.status_code == 200
    assert title_of(response).startswith("Error: ")
    assert "was not sent" in text_of(response.content)
    assert keeps_values(response)


@committed
def test_form_older_than_a_day_is_refused_but_its_values_and_token_are_kept(client, monkeypatch):
    consent = current.visible_pages().page(START).form.consent_text
    opened = FormToken("the-first", time() - 86_500, SEED, "", {"utm_source": "letter"}, consent)

    def sign_at(seconds_ago):
        with monkeypatch.context() as patched:
            patched.setattr("django.core.signing.time.time", lambda: now - seconds_ago)
            return str(opened)

    now = time()
    assert is_thanks(submit(client, form_token=sign_at(86_000), email="another@example.com"))
    response = submit_invalid(client, form_token=sign_at(86_401))
    assert title_of(response).startswith("Error: ")
    assert "It was open for too long, so it was not sent." in text_of(response.content)
    assert keeps_values(response)
    assert Lead.objects.count() == 1
    assert form_tokens.load(form_values(response)["form_token"]) == opened
    assert is_thanks(client.post(START, form_values(response) | {"consent": "on"}))
    lead = Lead.objects.latest("pk")
    assert (lead.opening, lead.came_from, lead.quarantine) == ("the-first", SEED, "")


@committed
@pytest.mark.parametrize("token", ["", "signed with another key"])
def test_immediate_retry_after_an_invalid_token_is_not_held_back(client, token):
    values = form_values(submit_invalid(client, form_token=token))
    assert is_thanks(client.post(START, values | {"consent": "on"}))
    assert Lead.objects.get().quarantine == ""


@committed
def test_token_is_kept_while_errors_are_corrected(client):
    consent = current.visible_pages().page(START).form.consent_text
    token = form_tokens.load(form_token(opening="the-first", consent=consent))
    response = submit_invalid(client, form_token=str(token), email="priya")
    assert form_tokens.load(form_values(response)["form_token"]) == token


def test_post_without_a_csrf_token_is_refused_but_its_values_are_kept():
    client = Client(enforce_csrf_checks=True)
    response = client.post(START, form_data(form_token=form_token(opening="mine")))
    assert response.status_code == 403
    assert title_of(response).startswith("Error: ")
    assert "was not sent" in text_of(response.content)
    assert "info@the-algo.com" in text_of(response.content)
    assert keeps_values(response)
    assert response["Cache-Control"] == "private, no-cache"  # with no-store, the Back button would lose the values
    assert "Cookie" not in response.get("Vary", "")
    assert form_tokens.load(form_values(response)["form_token"]).opening == "mine"


@committed
def test_retry_after_a_csrf_failure_succeeds():
    client = Client(enforce_csrf_checks=True)
    values = form_values(client.post(START, form_data(form_token="")))
    assert is_thanks(client.post(START, values | {"consent": "on"}))
    assert Lead.objects.get().quarantine == ""


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver:81", "http://testserver.evil.example"]
)
def test_post_from_another_origin_is_refused(origin):
    client = Client(enforce_csrf_checks=True)
    token = form_values(client.get(START))["csrfmiddlewaretoken"]
    response = client.post(START, form_data(csrfmiddlewaretoken=token), headers={"Origin": origin})
    assert response.status_code == 403


@committed
@pytest.mark.parametrize("origin", ["http://testserver", "http://127.0.0.1:8000", "https://localhost"])
def test_post_from_any_host_of_the_site_is_accepted(origin):
    client = Client(enforce_csrf_checks=True)
    token = form_values(client.get(START))["csrfmiddlewaretoken"]
    assert is_thanks(client.post(START, form_data(csrfmiddlewaretoken=token), headers={"Origin": origin}))


@committed
def test_page_shows_an_error_and_keeps_values_if_nothing_can_be_saved(client, settings, tmp_path, monkeypatch, caplog):
    def fail(submission):
        raise OperationalError("gone")

    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = tmp_path / "file"
    monkeypatch.setattr(intake, "save_to_database", fail)
    monkeypatch.setattr(unsent_forms, "_save_within_limits", fail)
    response = submit(client)
    assert response.status_code == 503
    assert title_of(response).startswith("Error: ")
    text = text_of(response.content)
    assert "was not saved" in text
    assert "info@the-algo.com" in text
    assert keeps_values(response)


@committed
def test_thank_you_page_is_shown_if_only_the_database_fails(client, monkeypatch):
    def fail(submission):
        raise OperationalError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(intake, "save_to_database", fail)
        assert is_thanks(submit(client))
    assert (Lead.objects.count(), spool.pending_count()) == (0, 1)
    spool.replay(intake.save_to_database)
    assert is_thanks(submit(client))
    assert Lead.objects.count() == 1


# Malformed requests


@committed
def test_too_many_fields_are_refused(client):
    many = "&".join(f"f{number}=1" for number in range(5_000))
    form = "application/x-www-form-urlencoded"
    assert client.generic("POST", START, many, content_type=form).status_code == 400
    assert client.get(f"{START}?{many}").status_code == 400
    assert submit_invalid(client, CONTACT, message=HUGE_TEXT).status_code == 200


@committed
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", json.dumps(FORM_DATA)),
        ("text/plain", "email=x"),
        ("", ""),
        ("application/x-www-form-urlencoded", b"email=\xff\xfe&form_token=\xed\xa0\x80"),
        ("application/x-www-form-urlencoded; charset=utf-16", "email=x"),
        ("application/x-www-form-urlencoded; charset=no-such", "email=x"),
        ("multipart/form-data", "nothing"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=\xff\r\n\r\n\xff\r\n--x--",
        ),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
    ],
)
def test_malformed_bodies_are_refused(client, content_type, body):
    response = client.generic("POST", START, body, content_type=content_type)
    assert response.status_code == 400 or response["Location"].startswith(f"{START}?unsent=")
    assert not Lead.objects.exists()


@committed
@pytest.mark.parametrize("charset", ["utf-7", "utf-8", "unicode_escape", "utf-16"])
def test_request_charset_is_ignored(charset):
    parts = {**form_data(), "name": "+2AA- \\ud800"}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts.items()
    )
    content_type = f"multipart/form-data; boundary=x; charset={charset}"
    response = Client().generic("POST", START, body + "--x--\r\n", content_type=content_type)
    assert is_thanks(response)
    assert Lead.objects.get().name == "+2AA- \\ud800"


@committed
def test_any_text_is_either_saved_unchanged_or_refused(settings, monkeypatch):
    settings.LEAD_LIMITS = dict.fromkeys(settings.LEAD_LIMITS, 10_000)
    monkeypatch.setattr(unsent_forms, "MAX_PER_NETWORK", 10_000)
    any_text = st.text(st.characters(codec="utf-8"), max_size=60)

    @given(any_text, any_text, any_text)
    @hypothesis_settings(max_examples=40, database=None)
    def post(name, company, message):
        opening = token_urlsafe()
        values = {"name": name, "company": company, "message": message}
        response = Client().post(CONTACT, form_data(form_token=form_token(opening=opening), **values))
        if is_thanks(response, CONTACT):
            fields = Lead.objects.latest("pk").fields
            assert fields["message"] == message.strip()
            assert fields["name"].split() == name.split()
            assert fields["company"].split() == ([] if is_blank(company) else company.split())
        else:
            assert response["Location"].startswith(f"{CONTACT}?unsent=")

    post()
    assert Lead.objects.exists()
    assert spool.pending_count() == 0


@committed
def test_uploaded_files_are_ignored(client, tmp_path):
    (tmp_path / "evil.html").write_text("<script>")
    with (tmp_path / "evil.html").open() as file:
        assert is_thanks(client.post(START, {**form_data(), "role": "x", "file": file}))
    assert set(Lead.objects.get().fields) == {"name", "email", "company", "role"}


@committed
def test_last_value_of_a_repeated_field_is_used(client):
    assert is_thanks(client.post(START, form_data() | {"role": ["first", "second"]}))
    assert Lead.objects.get().fields["role"] == "second"


# Log


@committed
def test_log_contains_no_personal_data(client, monkeypatch, caplog, settings, tmp_path):
    caplog.set_level(logging.DEBUG)
    values = {"email": "secret@secret.example", "name": "Secretia", "company": "Secretcorp", "role": "Secretrole"}
    secrets = [*values.values(), "203.0.113.77", "Secretagent"]
    visit = {"headers": {"User-Agent": "Secretagent"}, "REMOTE_ADDR": "203.0.113.77"}

    def post(sender=client, **changes):
        return sender.post(START, form_data(**values | changes), **visit)

    post()
    post(**{HONEYPOT: "x"})
    post(form_token="")
    post(consent="")
    post(sender=Client(enforce_csrf_checks=True))
    client.generic("POST", START, "secret@secret.example=1&" * 2_000, content_type="application/x-www-form-urlencoded")
    with monkeypatch.context() as patched:
        patched.setattr(intake.outbox, "enqueue", lambda lead: {}[lead.email])
        assert is_thanks(post(role="Secretrole 2"))
        (tmp_path / "file").write_text("")
        settings.SPOOL_DIR = tmp_path / "file"
        assert "?unsent=" in post(role="Secretrole 3")["Location"]
    records = [record for record in caplog.records if not record.name.startswith(("django.db", "asyncio"))]
    formatter = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    text = "\n".join(formatter.format(record) for record in records)
    assert [word for word in secrets if word in text] == []
    assert "lead" in text
