"""Pages with a form: opened, sent, thanked for; and what is sent to them that is no form of theirs."""

import json
import logging
import re
from secrets import token_urlsafe
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from leads import form_tokens, intake, spool
from leads.models import Lead, Message
from pages.repository import current

from .conftest import CONTACT, START, TYPED, in_parallel, plain, sent, ticket, typed

SEED = "/hire/machine-learning-engineer"
HUGE_TEXT = "x" * 5_001

committed = pytest.mark.django_db(transaction=True)


def form_of(answer):
    """What a browser would send of the page's form, by name."""
    form = BeautifulSoup(answer.content, "html.parser").select_one("form.asked-for")
    controls = form.select("input:not([type=checkbox]), textarea")
    return {each["name"]: each.get("value", each.get_text().strip("\r\n")) for each in controls}


def title_of(answer):
    return BeautifulSoup(answer.content, "html.parser").title.string


def is_thanks(answer):
    return answer.status_code == 303 and bool(re.fullmatch(r"/start\?sent=[\w:.-]+#sent", answer["Location"]))


# Opening


@pytest.mark.parametrize("url", [START, CONTACT])
def test_opening_a_form_asks_no_database(client, url):
    answer = client.get(url)  # the test has none
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_a_page_with_a_form_sets_one_cookie_and_the_others_none(client):
    cookie = client.get(START).cookies
    assert set(cookie) == {"csrftoken"}
    assert cookie["csrftoken"]["httponly"]
    assert cookie["csrftoken"]["samesite"] == "Lax"
    assert not cookie["csrftoken"]["max-age"]
    for path in (SEED, "/", "/privacy", "/search?q=x", "/no-such-page", "/robots.txt"):
        answer = Client().get(path)
        assert not answer.cookies
        assert "Cookie" not in answer.get("Vary", "")


def test_two_openings_are_two(client):
    first, second = (form_tokens.read(form_of(client.get(START))["ticket"]) for _ in range(2))
    assert first.opening != second.opening


@pytest.mark.parametrize(
    ("referrer", "role"),
    [
        (f"http://testserver{SEED}", "Machine Learning Engineer"),
        (f"http://testserver{SEED}?utm_source=x", "Machine Learning Engineer"),
        ("http://testserver/hire", ""),
        ("http://testserver/pricing", ""),
        ("http://testserver/hire/no-such-role", ""),
        (f"https://evil.example{SEED}", ""),
        ("", ""),
    ],
)
def test_the_role_is_the_page_s_that_the_visitor_comes_from(client, referrer, role):
    assert form_of(client.get(START, headers={"Referer": referrer}))["role"] == role


def test_a_head_is_answered_as_a_get_without_its_words(client):
    answer = client.head(START)
    assert answer.status_code == 200
    assert answer.content == b""
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_other_methods_are_refused_and_told_which_there_are(client, method):
    answer = client.generic(method, START, b"email=x", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, POST"
    assert client.generic(method, SEED)["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", [SEED, "/", "/privacy"])
def test_a_page_without_a_form_takes_nothing(client, path):
    answer = client.post(path, typed())
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


# Sending


@committed
def test_a_lead_is_kept_with_how_the_visitor_came(client):
    page = client.get(f"{START}?utm_source=letter&utm_medium=post", headers={"Referer": "https://news.example/a?b"})
    opened = form_tokens.read(form_of(page)["ticket"])
    answer = sent(client, ticket=ticket(**{name: getattr(opened, name) for name in ("campaign", "referrer_host")}))
    assert is_thanks(answer)
    lead = Lead.objects.get()
    assert lead.fields == {name: TYPED[name] for name in ("name", "email", "company", "role")}
    assert lead.campaign == {"utm_source": "letter", "utm_medium": "post"}
    assert (lead.page, lead.referrer_host, lead.came_from, lead.quarantine) == (START, "news.example", "", "")
    assert lead.consent == form_tokens.read(ticket()).consent
    assert re.fullmatch(r"[0-9a-f]{64}", lead.client)
    assert set(lead.messages.values_list("kind", flat=True)) == {"sales", "reply"}


@committed
def test_the_consent_that_is_kept_is_the_one_that_was_read(client, content):
    document = content / "start.md"

    def says(wording):
        document.write_text(re.sub(r"\*\*Consent:\*\* .*", f"**Consent:** {wording}", document.read_text()))

    says("The first wording.")
    opened = form_of(client.get(START))["ticket"]
    assert form_tokens.read(opened).consent == "The first wording."
    says("The second.")
    shown_again = form_of(sent(client, ticket=opened, email="priya"))["ticket"]
    assert is_thanks(sent(client, ticket=opened))
    assert is_thanks(sent(client, ticket=shown_again, email="another@example.com"))
    assert [lead.consent for lead in Lead.objects.order_by("pk")] == ["The first wording.", "The second."]


@committed
def test_the_thanks_are_the_documents_and_can_be_reloaded(client):
    location = sent(client)["Location"]
    for _ in range(2):
        answer = client.get(location)
        assert answer.status_code == 200
        assert title_of(answer).startswith("Sent: ")
        soup = BeautifulSoup(answer.content, "html.parser")
        assert str(current.visible_pages().page(START).form.thanks) in answer.content.decode()
        assert soup.select_one("#sent")["tabindex"] == "-1"
        assert not soup.select("form.asked-for")
        assert "no-store" in answer["Cache-Control"]
    assert Lead.objects.count() == 1


@pytest.mark.parametrize("value", ["", "1", "a:b:c", "x" * 9_000, "\x00", "é"])
def test_nobody_is_thanked_who_sent_nothing(client, value):
    answer = client.get(START, {"sent": value})
    assert form_of(answer)["ticket"]
    assert not BeautifulSoup(answer.content, "html.parser").select("#sent")


@committed
def test_the_thanks_of_one_page_are_not_another_s(client):
    token = parse_qs(urlsplit(sent(client)["Location"]).query)["sent"][0]
    assert not BeautifulSoup(client.get(CONTACT, {"sent": token}).content, "html.parser").select("#sent")


@committed
def test_a_double_click_and_a_reload_are_one_lead_and_the_same_thanks(client):
    first, second = sent(client), sent(client)
    assert is_thanks(first)
    assert is_thanks(second)
    assert Lead.objects.count() == 1
    assert client.get(first["Location"]).content == client.get(second["Location"]).content


@committed
def test_twenty_parallel_posts_of_the_same_are_one_lead_and_twenty_thanks():
    same = typed()
    answers = in_parallel(lambda number: Client().post(START, same), 20)
    assert all(map(is_thanks, answers))
    assert Lead.objects.count() == 1
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["reply", "sales"]
    assert spool.pending_count() == 0
    pages = {Client().get(answer["Location"]).content for answer in answers[:3]}
    assert len(pages) == 1


@committed
@pytest.mark.parametrize("name", ["name", "company", "role"])
def test_words_that_cannot_break_anything(client, name):
    words = "\U0001f469\u200d\U0001f3ed '; -- \\u0000 %s {{ x }} <b> \u202e നമ\x01"
    assert is_thanks(sent(client, **{name: words}))
    assert Lead.objects.get().fields[name] == words
    assert spool.pending_count() == 0


# What is caught looks like success


@committed
@pytest.mark.parametrize(
    ("changes", "quarantine"),
    [
        ({"website": "http://spam.example"}, "honeypot"),
        ({"website": "\x00"}, "honeypot"),
        ({"ticket": 0.5}, "too-fast"),
        ({"ticket": -3600}, "too-fast"),
        ({"ticket": 0, "website": "x"}, "honeypot"),
    ],
)
def test_what_is_caught_looks_like_success_and_is_kept_and_told_to_nobody(client, changes, quarantine):
    if "ticket" in changes:
        changes = changes | {"ticket": ticket(changes["ticket"])}
    caught, honest = sent(client, **changes), sent(client, email="honest@example.com")
    assert is_thanks(caught)
    assert {**caught.headers, "Location": ""} == {**honest.headers, "Location": ""}
    assert len(caught["Location"]) == len(honest["Location"])
    assert client.get(caught["Location"]).content == client.get(honest["Location"]).content
    held = Lead.objects.exclude(quarantine="").get()
    assert held.quarantine == quarantine
    assert not held.messages.exists()


@committed
def test_over_a_cap_it_looks_like_success_too(client, settings):
    settings.LEAD_CAPS = {"client": 1, "recipient": 9, "all": 9}
    answers = [sent(client, email=f"visitor{number}@example.com") for number in range(3)]
    assert all(map(is_thanks, answers))
    assert Lead.objects.filter(quarantine="client-cap").count() == 2


@committed
def test_a_forged_address_of_the_sender_counts_for_nothing(settings):
    settings.LEAD_CAPS = {"client": 2, "recipient": 9, "all": 99}
    for number in range(5):
        for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded"):
            headers = {name: f"198.51.100.{number}"}
            Client().post(START, typed(email=f"{name}{number}@example.com"), headers=headers)
    assert Lead.objects.filter(quarantine="").count() == 2
    assert Lead.objects.values("client").distinct().count() == 1


# What is wrong is said, and what was typed is kept


def shows_what_was_typed(answer):
    return {**form_of(answer), "ticket": ""} == {
        **{name: value for name, value in TYPED.items() if name != "consent"},
        "ticket": "",
        "website": "",
        "csrfmiddlewaretoken": form_of(answer)["csrfmiddlewaretoken"],
    }


@pytest.mark.parametrize("forged", ["", "x", "{ticket}xx", "xx{ticket}"])
def test_a_form_of_another_key_is_asked_for_once_more_with_all_that_was_typed(client, forged):
    answer = sent(client, ticket=forged.format(ticket=ticket()))
    assert answer.status_code == 400
    assert title_of(answer).startswith("Error: ")
    assert "was not sent" in plain(answer.content)
    assert shows_what_was_typed(answer)


@committed
@pytest.mark.parametrize("ticket", ["", "of another key"])
def test_whoever_sends_it_again_at_once_is_not_taken_for_a_program(client, ticket):
    again = form_of(sent(client, ticket=ticket))
    assert is_thanks(client.post(START, again | {"consent": "on"}))
    assert Lead.objects.get().quarantine == ""


def test_a_ticket_goes_on_from_one_mistake_to_the_next(client):
    before = form_tokens.read(ticket(opening="the-first", consent=current.visible_pages().page(START).form.wording))
    answer = sent(client, ticket=str(before), email="priya")
    assert form_tokens.read(form_of(answer)["ticket"]) == before


def test_a_post_without_its_token_is_refused_and_what_was_typed_is_kept():
    client = Client(enforce_csrf_checks=True)
    answer = client.post(START, typed(ticket=ticket(opening="mine")))
    assert answer.status_code == 403
    assert title_of(answer).startswith("Error: ")
    assert "was not sent" in plain(answer.content)
    assert "info@the-algo.com" in plain(answer.content)
    assert shows_what_was_typed(answer)
    assert "no-store" in answer["Cache-Control"]
    assert form_tokens.read(form_of(answer)["ticket"]).opening == "mine"


@committed
def test_what_was_refused_for_its_token_is_taken_when_it_is_sent_once_more():
    client = Client(enforce_csrf_checks=True)
    again = form_of(client.post(START, typed(ticket="")))
    assert is_thanks(client.post(START, again | {"consent": "on"}))
    assert Lead.objects.get().quarantine == ""


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver:81", "http://testserver.evil.example"]
)
def test_a_post_from_another_site_is_refused(origin):
    client = Client(enforce_csrf_checks=True)
    token = form_of(client.get(START))["csrfmiddlewaretoken"]
    answer = client.post(START, typed(csrfmiddlewaretoken=token), headers={"Origin": origin})
    assert answer.status_code == 403


@committed
@pytest.mark.parametrize("origin", ["http://testserver", "http://127.0.0.1:8000", "https://localhost"])
def test_a_post_from_any_host_of_the_site_is_taken_behind_a_proxy_with_tls_too(origin):
    client = Client(enforce_csrf_checks=True)
    token = form_of(client.get(START))["csrfmiddlewaretoken"]
    assert is_thanks(client.post(START, typed(csrfmiddlewaretoken=token), headers={"Origin": origin}))


@committed
def test_when_nothing_can_be_written_that_is_said_and_what_was_typed_is_kept(
    client, settings, tmp_path, monkeypatch, caplog
):
    def gone(submission):
        raise OperationalError("gone")

    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = tmp_path / "file"
    monkeypatch.setattr(intake, "save_to_database", gone)
    answer = sent(client)
    assert answer.status_code == 503
    assert title_of(answer).startswith("Error: ")
    words = plain(answer.content)
    assert "could not keep" in words
    assert "info@the-algo.com" in words
    assert shows_what_was_typed(answer)


@committed
def test_when_only_the_database_fails_the_visitor_is_thanked(client, monkeypatch):
    def gone(submission):
        raise OperationalError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(intake, "save_to_database", gone)
        assert is_thanks(sent(client))
    assert (Lead.objects.count(), spool.pending_count()) == (0, 1)
    spool.replay(intake.save_to_database)
    assert is_thanks(sent(client))
    assert Lead.objects.count() == 1


# What no browser sends


def test_too_much_of_everything_is_refused(client):
    many = "&".join(f"f{number}=1" for number in range(5_000))
    form = "application/x-www-form-urlencoded"
    assert client.generic("POST", START, many, content_type=form).status_code == 400
    assert client.get(f"{START}?{many}").status_code == 400
    assert client.post(CONTACT, typed(message=HUGE_TEXT)).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", json.dumps(TYPED), 400),
        ("text/plain", "email=x", 400),
        ("", "", 400),
        ("application/x-www-form-urlencoded", b"email=\xff\xfe&ticket=\xed\xa0\x80", 400),
        ("application/x-www-form-urlencoded; charset=utf-16", "email=x", 400),
        ("application/x-www-form-urlencoded; charset=no-such", "email=x", 400),
        ("multipart/form-data", "nothing", 400),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=\xff\r\n\r\n\xff\r\n--x--",
            400,
        ),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken", 400),
    ],
)
def test_a_body_that_is_no_form_of_this_site_is_refused(client, content_type, body, status):
    assert client.generic("POST", START, body, content_type=content_type).status_code == status


@committed
@pytest.mark.parametrize("charset", ["utf-7", "utf-8", "unicode_escape", "utf-16"])
def test_no_encoding_brings_in_what_cannot_be_written(charset):
    parts = {**typed(), "name": "+2AA- \\ud800"}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in parts.items()
    )
    content_type = f"multipart/form-data; boundary=x; charset={charset}"
    answer = Client().generic("POST", START, body + "--x--\r\n", content_type=content_type)
    assert is_thanks(answer)
    assert Lead.objects.get().name == "+2AA- \\ud800"


@committed
def test_whatever_is_typed_it_is_kept_as_it_was_or_said_what_is_wrong(settings):
    settings.LEAD_CAPS = dict.fromkeys(settings.LEAD_CAPS, 10_000)
    typing = st.text(st.characters(codec="utf-8"), max_size=60)

    @given(typing, typing, typing)
    @hypothesis_settings(max_examples=40, database=None)
    def post(name, company, message):
        opening = token_urlsafe()
        words = {"name": name, "company": company, "message": message}
        answer = Client().post(CONTACT, typed(ticket=ticket(opening=opening), **words))
        if answer.status_code == 303:
            kept = Lead.objects.latest("pk").fields
            assert kept["message"] == message.strip()
            assert kept["name"].split() == name.split()
            assert kept["company"].split() == company.split()
        else:
            assert answer.status_code == 200
            assert title_of(answer).startswith("Error: ")

    post()
    assert Lead.objects.exists()
    assert spool.pending_count() == 0


@committed
def test_a_file_is_not_kept(client, tmp_path):
    (tmp_path / "evil.html").write_text("<script>")
    with (tmp_path / "evil.html").open() as file:
        assert is_thanks(client.post(START, {**typed(), "role": "x", "file": file}))
    assert set(Lead.objects.get().fields) == {"name", "email", "company", "role"}


@committed
def test_of_a_field_that_comes_twice_the_last_counts(client):
    assert is_thanks(client.post(START, typed() | {"role": ["first", "second"]}))
    assert Lead.objects.get().fields["role"] == "second"


# The log


@committed
def test_nothing_personal_stands_in_any_log(client, monkeypatch, caplog, settings, tmp_path):
    caplog.set_level(logging.DEBUG)
    said = {"email": "secret@secret.example", "name": "Secretia", "company": "Secretcorp", "role": "Secretrole"}
    secrets = [*said.values(), "203.0.113.77", "Secretagent"]
    visit = {"headers": {"User-Agent": "Secretagent"}, "REMOTE_ADDR": "203.0.113.77"}

    def post(sender=client, **changes):
        return sender.post(START, typed(**said | changes), **visit)

    post()
    post(website="x")
    post(ticket="")
    post(consent="")
    post(sender=Client(enforce_csrf_checks=True))
    client.generic("POST", START, "secret@secret.example=1&" * 2_000, content_type="application/x-www-form-urlencoded")
    with monkeypatch.context() as patched:
        patched.setattr(intake.outbox, "enqueue", lambda lead: {}[lead.email])
        assert is_thanks(post(role="Secretrole 2"))
        (tmp_path / "file").write_text("")
        settings.SPOOL_DIR = tmp_path / "file"
        assert post(role="Secretrole 3").status_code == 503
    ours = [record for record in caplog.records if not record.name.startswith(("django.db", "asyncio"))]
    formatter = logging.Formatter("%(levelname)s %(name)s: %(message)s")
    text = "\n".join(formatter.format(record) for record in ours)
    assert [word for word in secrets if word in text] == []
    assert "lead" in text
