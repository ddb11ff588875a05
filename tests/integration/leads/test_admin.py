"""Test the admin: its path, the login, the pages and the actions."""

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

from .conftest import in_parallel, submission, text_of

LEADS, MESSAGES = "/desk/leads/lead/", "/desk/leads/message/"
PASSWORD = "a password of more than twelve letters"
WRONG_PASSWORD = "another one"


@pytest.fixture
def admin(admin_client):
    return admin_client


def save_leads(*numbers, **changes):
    return [intake.save_to_database(submission(number, **changes)) for number in numbers]


def run_action(client, action, *objects, url=LEADS):
    response = client.post(url, {"action": action, "_selected_action": [each.pk for each in objects]}, follow=True)
    assert response.status_code == 200
    return text_of(response.content)


# Path


def test_admin_is_disabled_if_admin_path_is_unset():
    code = (
        "import django; django.setup(); from django.urls import resolve; "
        "print(resolve('/admin/').func.__name__, resolve('/').func.__name__)"
    )
    env = {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "SECRET_KEY": "k" * 60, "PATH": ""}
    process = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    assert process.stdout.split() == ["document", "document"]


def test_path_without_trailing_slash_redirects(client):
    response = client.get("/desk")
    assert (response.status_code, response["Location"]) == (302, "/desk/")


def test_no_public_page_mentions_the_admin_path(client):
    for path in ("/robots.txt", "/sitemap.xml", "/start", "/"):
        assert b"desk" not in client.get(path).content


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/desk/", LEADS, MESSAGES, LEADS + "1/change/", "/desk/auth/user/"])
def test_pages_require_a_staff_login(client, url, django_user_model):
    assert client.get(url).headers["Location"].startswith("/desk/login/")
    django_user_model.objects.create_user("visitor", password=PASSWORD)
    assert client.login(request=client.get("/desk/login/").wsgi_request, username="visitor", password=PASSWORD)
    assert client.get(url).headers["Location"].startswith("/desk/login/")


# Login


def login(client, name="keeper", password=PASSWORD, **headers):
    return client.post("/desk/login/", {"username": name, "password": password, "next": LEADS}, headers=headers)


@pytest.mark.django_db
def test_a_user_is_locked_out_only_from_the_address_that_sent_five_wrong_passwords(django_user_model, caplog):
    caplog.set_level(logging.DEBUG)
    django_user_model.objects.create_superuser("keeper", password=PASSWORD)
    client = Client()
    assert [login(client, password=WRONG_PASSWORD).status_code for _ in range(5)] == [200] * 4 + [429]
    assert login(client).status_code == 429
    assert login(Client(), **{"X-Forwarded-For": "1.2.3.4"}).status_code == 429
    assert login(Client(REMOTE_ADDR="198.51.100.7")).status_code == 302  # another address
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
def test_malformed_login_requests_cause_no_error(settings, name, headers):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    assert login(Client(), name, WRONG_PASSWORD, **headers).status_code in (200, 429)


# Pages


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
def test_pages_comply_with_the_content_security_policy(admin, url):
    (lead,) = save_leads(0)
    response = admin.get(url.format(lead=lead.pk, message=lead.messages.first().pk))
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    assert [script for script in soup.select("script") if script.get_text(strip=True) and not script.get("type")] == []
    assert soup.select("style") == soup.select("[style]") == []
    assert not re.search(rb"\son(click|load|submit|change)=", response.content)
    sources = [each.get("src") or each.get("href") for each in soup.select("script[src], link[href], img[src]")]
    assert [source for source in sources if not source.startswith("/")] == []
    assert "'self'" in response["Content-Security-Policy"]


@pytest.mark.django_db
def test_lead_page_shows_fields_and_attempts(admin, mail_server):
    (lead,) = save_leads(0)
    mail_server.responses = {"RCPT": "550 no such mailbox"}
    OutboxWorker().run_once()
    page = text_of(admin.get(f"{LEADS}{lead.pk}/change/").content)
    for words in ("visitor0@example.com", "Welder", "utm_source", "They may keep it.", "rejected the recipient (550)"):
        assert words in page


@pytest.mark.django_db
def test_leads_and_messages_are_read_only(admin):
    (lead,) = save_leads(0)
    assert b'name="email"' not in admin.get(f"{LEADS}{lead.pk}/change/").content
    assert admin.post(f"{LEADS}{lead.pk}/change/", {"email": "else@example.com"}).status_code == 403
    assert admin.get(f"{LEADS}add/").status_code == admin.get(f"{MESSAGES}add/").status_code == 403
    lead.refresh_from_db()
    assert lead.email == "visitor0@example.com"


@pytest.mark.django_db
def test_search_and_filters(admin):
    save_leads(0, 1)
    save_leads(2, suspicion="honeypot")
    Message.objects.filter(lead__email="visitor1@example.com").update(state="dead")

    def listed(query):
        return set(re.findall(r"visitor\d", admin.get(LEADS + query).content.decode()))

    assert listed("") == {"visitor0", "visitor1", "visitor2"}
    assert listed("?q=visitor1%40example.com") == {"visitor1"}
    assert listed("?q=NORTHWIND") == {"visitor0", "visitor1", "visitor2"}
    assert listed("?q=nobody") == set()
    Lead.objects.filter(email="visitor0@example.com").update(fields={"phone": "+91 731 4012"})
    assert listed("?q=731+4012") == {"visitor0"}
    assert listed("?held=yes") == listed("?quarantine__exact=honeypot") == {"visitor2"}
    assert listed("?held=no") == {"visitor0", "visitor1"}
    assert listed("?messages__state__exact=dead") == {"visitor1"}
    assert listed("?page=%2Fcontact") == set()
    assert admin.get(f"{MESSAGES}?state__exact=dead").status_code == 200


@pytest.mark.django_db
def test_visitor_text_is_escaped(admin):
    script = "<script>alert(1)</script>"
    (lead,) = save_leads(0, fields={"name": script, "email": "e@example.com", "company": script, "message": script})
    for url in (LEADS, f"{LEADS}{lead.pk}/change/"):
        assert script.encode() not in admin.get(url).content


# Actions


@pytest.mark.django_db
def test_releasing_a_lead_sends_its_messages_once(admin, mail_server):
    (lead,) = save_leads(0, suspicion="too-fast")
    assert "Leads released: 1" in run_action(admin, "release", lead)
    assert "Leads released: 0" in run_action(admin, "release", lead)
    assert sorted(lead.messages.values_list("kind", flat=True)) == ["reply", "sales"]
    assert OutboxWorker().run_once() == (2, 0)
    lead.refresh_from_db()
    assert lead.quarantine == ""


@pytest.mark.django_db(transaction=True)
def test_parallel_releases_create_each_message_once(admin_user):
    leads = save_leads(0, 1, 2, suspicion="honeypot")

    def release(number):
        client = Client()
        client.force_login(admin_user, "django.contrib.auth.backends.ModelBackend")
        return run_action(client, "release", *leads)

    in_parallel(release, 3)
    assert Message.objects.filter(kind="sales").count() == 3


@pytest.mark.django_db
def test_release_ignores_leads_that_are_not_held_back(admin):
    (lead,) = save_leads(0)
    assert "Leads released: 0" in run_action(admin, "release", lead)
    assert lead.messages.count() == 2


@pytest.mark.django_db
def test_resend_repeats_the_sales_email_and_webhook_but_not_the_reply(admin, mail_server, webhook_receiver):
    (lead,) = save_leads(0)
    assert "Messages queued: 0" in run_action(admin, "resend", lead)  # still pending
    OutboxWorker().run_once()
    assert "Messages queued: 2" in run_action(admin, "resend", lead)
    assert OutboxWorker().run_once() == (2, 0)
    assert (len(mail_server.emails), len(webhook_receiver.requests)) == (3, 2)
    assert len(mail_server.received_by("visitor0@example.com")) == 1


@pytest.mark.django_db
def test_resend_sends_a_message_that_is_no_longer_retried(admin, mail_server):
    (lead,) = save_leads(0)
    Message.objects.update(state="dead")
    assert "Messages queued: 2" in run_action(admin, "resend", *lead.messages.all(), url=MESSAGES)
    assert OutboxWorker().run_once() == (2, 0)


@pytest.mark.django_db
def test_deleting_a_lead_deletes_its_messages(admin):
    (lead,) = save_leads(0)
    response = admin.post(f"{LEADS}{lead.pk}/delete/", {"post": "yes"}, follow=True)
    assert response.status_code == 200
    assert not Lead.objects.exists()
    assert not Message.objects.exists()
    assert "example.com" not in text_of(admin.get("/desk/").content)


@pytest.mark.django_db
def test_actions_require_a_csrf_token(admin_user):
    (lead,) = save_leads(0, suspicion="honeypot")
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user, "django.contrib.auth.backends.ModelBackend")
    assert client.post(LEADS, {"action": "release", "_selected_action": [lead.pk]}).status_code == 403
    assert not Message.objects.exists()
