"""The admin: at a path from the environment, for whoever may, and with what a lead's keeper needs."""

import logging
import re
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from leads import intake
from leads.models import Lead, Message
from leads.outbox_worker import OutboxWorker
from tests.conftest import ROOT

from .conftest import in_parallel, plain, submission

LEADS, MESSAGES = "/desk/leads/lead/", "/desk/leads/message/"
PASSWORD = "a password of more than twelve letters"
WRONG = "another one"


@pytest.fixture
def admin(admin_client):
    return admin_client


def store(*numbers, **changes):
    return [intake.save_to_database(submission(number, **changes)) for number in numbers]


def acted(client, action, *leads, url=LEADS):
    answer = client.post(url, {"action": action, "_selected_action": [each.pk for each in leads]}, follow=True)
    assert answer.status_code == 200
    return plain(answer.content)


# Where it is


def test_it_is_nowhere_unless_the_environment_names_its_path():
    code = (
        "import django; django.setup(); from django.urls import resolve; "
        "print(resolve('/admin/').func.__name__, resolve('/').func.__name__)"
    )
    env = {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "SECRET_KEY": "k" * 60, "PATH": ""}
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["document", "document"]


def test_its_path_is_found_without_the_slash_at_its_end(client):
    answer = client.get("/desk")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")


def test_no_page_leads_there_and_no_robot_is_told(client):
    for path in ("/robots.txt", "/sitemap.xml", "/start", "/"):
        assert b"desk" not in client.get(path).content


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/desk/", LEADS, MESSAGES, LEADS + "1/change/", "/desk/auth/user/"])
def test_nobody_gets_in_without_logging_in(client, url, django_user_model):
    assert client.get(url).headers["Location"].startswith("/desk/login/")
    django_user_model.objects.create_user("visitor", password=PASSWORD)
    assert client.login(request=client.get("/desk/login/").wsgi_request, username="visitor", password=PASSWORD)
    assert client.get(url).headers["Location"].startswith("/desk/login/")


# The login


def login(client, name="keeper", password=PASSWORD, **headers):
    return client.post("/desk/login/", {"username": name, "password": password, "next": LEADS}, headers=headers)


@pytest.mark.django_db
def test_after_five_wrong_passwords_the_right_one_is_not_asked_for_any_more(django_user_model, caplog):
    caplog.set_level(logging.DEBUG)
    django_user_model.objects.create_superuser("keeper", password=PASSWORD)
    client = Client()
    assert [login(client, password=WRONG).status_code for _ in range(5)] == [200] * 4 + [429]
    assert login(client).status_code == 429
    assert login(Client(), **{"X-Forwarded-For": "1.2.3.4"}).status_code == 429
    assert login(Client(REMOTE_ADDR="198.51.100.7")).status_code == 302  # its owner, from elsewhere
    assert "keeper" not in " ".join(record.getMessage() for record in caplog.records if record.name != "axes.attempts")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("\x00", {}),
        ("x" * 5_000, {}),
        ("\U0001f469" * 200, {}),
        ("keeper", {"User-Agent": "x" * 5_000}),
        ("keeper", {"X-Forwarded-For": "garbage"}),
        ("keeper", {"Accept": "x" * 5_000}),
    ],
)
def test_no_odd_login_breaks_it(settings, name, headers):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert login(Client(), name, WRONG, **headers).status_code in (200, 429)


# Looking


PAGES = [
    "/desk/",
    LEADS,
    LEADS + "?q=northwind",
    LEADS + "{lead}/change/",
    LEADS + "{lead}/delete/",
    LEADS + "{lead}/history/",
    MESSAGES,
    MESSAGES + "{message}/change/",
    "/desk/auth/user/",
    "/desk/auth/user/add/",
    "/desk/axes/accessattempt/",
    "/desk/password_change/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("url", PAGES)
def test_every_page_works_under_the_sites_policy(admin, url):
    (lead,) = store(0)
    answer = admin.get(url.format(lead=lead.pk, message=lead.messages.first().pk))
    assert answer.status_code == 200
    soup = BeautifulSoup(answer.content, "html.parser")
    assert [script for script in soup.select("script") if script.get_text(strip=True) and not script.get("type")] == []
    assert soup.select("style") == soup.select("[style]") == []
    assert not re.search(rb"\son(click|load|submit|change)=", answer.content)
    sources = [each.get("src") or each.get("href") for each in soup.select("script[src], link[href], img[src]")]
    assert [source for source in sources if not source.startswith("/")] == []
    assert "'self'" in answer["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_lead_shows_what_was_sent_and_how_it_was_told(admin, mailing):
    (lead,) = store(0)
    mailing.answers = {"RCPT": "550 no such mailbox"}
    OutboxWorker().run_once()
    page = plain(admin.get(f"{LEADS}{lead.pk}/change/").content)
    for words in ("visitor0@example.com", "Welder", "utm_source", "They may keep it.", "refused the address (550)"):
        assert words in page


@pytest.mark.django_db
def test_nothing_can_be_changed_or_added(admin):
    (lead,) = store(0)
    assert b'name="email"' not in admin.get(f"{LEADS}{lead.pk}/change/").content
    assert admin.post(f"{LEADS}{lead.pk}/change/", {"email": "else@example.com"}).status_code == 403
    assert admin.get(f"{LEADS}add/").status_code == admin.get(f"{MESSAGES}add/").status_code == 403
    lead.refresh_from_db()
    assert lead.email == "visitor0@example.com"


@pytest.mark.django_db
def test_leads_are_found_and_filtered(admin):
    store(0, 1)
    store(2, suspicion="honeypot")
    Message.objects.filter(lead__email="visitor1@example.com").update(state="dead")

    def found(query):
        return set(re.findall(r"visitor\d", admin.get(LEADS + query).content.decode()))

    assert found("") == {"visitor0", "visitor1", "visitor2"}
    assert found("?q=visitor1%40example.com") == {"visitor1"}
    assert found("?q=NORTHWIND") == {"visitor0", "visitor1", "visitor2"}
    assert found("?q=nobody") == set()
    assert found("?held=yes") == found("?quarantine__exact=honeypot") == {"visitor2"}
    assert found("?held=no") == {"visitor0", "visitor1"}
    assert found("?messages__state__exact=dead") == {"visitor1"}
    assert found("?page=%2Fcontact") == set()
    assert admin.get(f"{MESSAGES}?state__exact=dead").status_code == 200


@pytest.mark.django_db
def test_words_of_visitors_are_words(admin):
    evil = "<script>alert(1)</script>"
    (lead,) = store(0, fields={"name": evil, "email": "e@example.com", "company": evil, "message": evil})
    for url in (LEADS, f"{LEADS}{lead.pk}/change/"):
        assert evil.encode() not in admin.get(url).content


# Doing


@pytest.mark.django_db
def test_what_is_restored_is_told_once(admin, mailing):
    (held,) = store(0, suspicion="too-fast")
    assert "Restored: 1" in acted(admin, "restore", held)
    assert "Restored: 0" in acted(admin, "restore", held)
    assert sorted(held.messages.values_list("kind", flat=True)) == ["reply", "sales"]
    assert OutboxWorker().run_once() == (2, 0)
    held.refresh_from_db()
    assert held.quarantine == ""


@pytest.mark.django_db(transaction=True)
def test_what_two_restore_at_once_is_told_once(admin_user):
    leads = store(0, 1, 2, suspicion="honeypot")

    def restore(number):
        client = Client()
        client.force_login(admin_user, "django.contrib.auth.backends.ModelBackend")
        return acted(client, "restore", *leads)

    in_parallel(restore, 3)
    assert Message.objects.filter(kind="sales").count() == 3


@pytest.mark.django_db
def test_what_was_never_held_back_is_not_told_again_by_restoring_it(admin):
    (lead,) = store(0)
    assert "Restored: 0" in acted(admin, "restore", lead)
    assert lead.messages.count() == 2


@pytest.mark.django_db
def test_what_was_sent_is_sent_again_to_sales_and_receivers_but_not_to_the_visitor(admin, mailing, hooking):
    (lead,) = store(0)
    assert "To be sent again: 0" in acted(admin, "resend", lead)  # it is to be sent anyway
    OutboxWorker().run_once()
    assert "To be sent again: 2" in acted(admin, "resend", lead)
    assert OutboxWorker().run_once() == (2, 0)
    assert (len(mailing.mails), len(hooking.hooks)) == (3, 2)
    assert len(mailing.to("visitor0@example.com")) == 1


@pytest.mark.django_db
def test_a_message_that_was_given_up_is_sent_again(admin, mailing):
    (lead,) = store(0)
    Message.objects.update(state="dead")
    assert "To be sent again: 2" in acted(admin, "resend", *lead.messages.all(), url=MESSAGES)
    assert OutboxWorker().run_once() == (2, 0)


@pytest.mark.django_db
def test_a_lead_can_be_deleted_for_who_asks_for_it(admin):
    (lead,) = store(0)
    answer = admin.post(f"{LEADS}{lead.pk}/delete/", {"post": "yes"}, follow=True)
    assert answer.status_code == 200
    assert not Lead.objects.exists()
    assert not Message.objects.exists()
    assert "example.com" not in plain(admin.get("/desk/").content)


@pytest.mark.django_db
def test_every_action_needs_the_token(admin_user):
    (held,) = store(0, suspicion="honeypot")
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user, "django.contrib.auth.backends.ModelBackend")
    assert client.post(LEADS, {"action": "restore", "_selected_action": [held.pk]}).status_code == 403
    assert not Message.objects.exists()
