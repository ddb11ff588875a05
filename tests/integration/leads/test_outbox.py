"""Test the messages about a lead: recipients and contents."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from leads import intake, outbox
from leads.models import Message

from .conftest import submission

SPAM = "BUY NOW http://spam.example"


def messages_of(**changes):
    lead = intake.save_to_database(submission(**changes))
    return {message.kind: message for message in lead.messages.all()}


@pytest.fixture
def webhook_url(settings):
    settings.WEBHOOK_URL = "https://hooks.example/"


@pytest.mark.django_db
@pytest.mark.usefixtures("webhook_url")
def test_a_lead_has_three_pending_messages_with_different_ids():
    messages = messages_of()
    assert set(messages) == {"sales", "reply", "webhook"}
    assert len({message.message_id for message in messages.values()}) == 3
    assert {message.state for message in messages.values()} == {"pending"}
    assert all(message.message_id.startswith("<") and message.message_id.endswith(">") for message in messages.values())


@pytest.mark.django_db
def test_webhook_and_reply_are_optional():
    assert set(messages_of()) == {"sales", "reply"}
    assert set(messages_of(number=1, reply="", reply_subject="")) == {"sales"}


@pytest.mark.django_db
def test_sales_email_has_all_values_in_its_body_and_none_in_its_subject():
    fields = {"name": SPAM, "email": "p@example.com", "company": "", "message": "One\r\n\r\nTwo"}
    message = messages_of(fields=fields, referrer_host="news.example", came_from="")["sales"]
    for text in (SPAM, "> p@example.com", "> One\n>\n> Two", "/start", "They may keep it.", "news.example", "letter"):
        assert text in message.body
    assert "Company" not in message.body
    assert message.subject == f"Lead {message.lead_id} from /start"


FORGED = "\n\nSent from /start at 2027-01-01 00:00 UTC\nConsent: none\nEmail:\n> other@evil.example"
BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


@pytest.mark.django_db
@pytest.mark.parametrize("line_break", BREAKS)
def test_visitors_cannot_forge_lines_of_the_email_to_sales(line_break):
    forged = FORGED.replace("\n", line_break)
    values = dict.fromkeys(("name", "company", "phone", "role", "message"), forged) | {"email": "p@example.com"}
    changes = {"came_from": forged, "campaign": {forged: forged}}
    honest = messages_of(fields=dict.fromkeys(values, "x") | {"email": "p@example.com"}, campaign={"x": "x"})
    body = messages_of(number=1, fields=values, **changes)["sales"].body

    def ours(text):
        lines = [line for line in text.splitlines() if not line.startswith(">")]
        return [line for line in lines if not line.startswith(("Sent from /start at", "Reference: "))]

    assert ours(body) == ours(honest["sales"].body)
    assert body.count("\nSent from ") == 1


@pytest.mark.django_db
def test_control_characters_are_removed_from_the_email_to_sales():
    fields = {"name": "Zo\xeb\x1b[2J", "email": "p@example.com", "message": "\u202eno\u2066 \u200dने"}
    body = messages_of(fields=fields)["sales"].body
    assert "> Zoë[2J\n" in body
    assert "> no \u200dने\n" in body


@pytest.mark.django_db
def test_reply_quotes_nothing_from_the_visitor():
    fields = {"name": SPAM, "email": "stranger@example.com", "company": SPAM, "message": SPAM, "role": SPAM}
    reply = messages_of(fields=fields, campaign={SPAM: SPAM}, referrer_host="spam.example")["reply"]
    assert (reply.subject, reply.body, reply.recipient) == ("Your request", "It has arrived.\n", "stranger@example.com")


@pytest.mark.django_db
@pytest.mark.usefixtures("webhook_url")
def test_webhook_body():
    message = messages_of(fields={"name": "Zoë \u202e", "email": "p@example.com"})["webhook"]
    body = json.loads(message.body)
    assert body["type"] == "lead.created"
    assert body["timestamp"] == body["data"]["sent_at"] == message.lead.sent_at.isoformat()
    assert body["data"]["fields"] == {"name": "Zoë \u202e", "email": "p@example.com"}
    assert body["data"]["id"] == message.lead.key
    assert set(body["data"]) == {
        *("id", "reference", "page", "sent_at", "fields", "consent", "came_from", "referrer_host", "campaign"),
    }


@pytest.mark.django_db
def test_resend_restarts_the_retry_period():
    message = messages_of()["sales"]
    assert not outbox.resend(message)
    long_ago = timezone.now() - timedelta(days=9)
    for state in ("sent", "dead"):
        Message.objects.update(state=state, created_at=long_ago, due_at=long_ago, sent_at=long_ago)
        assert outbox.resend(message)
        message_id = message.message_id
        message.refresh_from_db()
        assert (message.state, message.sent_at, message.message_id) == ("pending", None, message_id)
        assert message.created_at == message.due_at > long_ago


@pytest.mark.django_db
def test_resend_repeats_only_replies_that_are_no_longer_retried():
    reply = messages_of()["reply"]
    Message.objects.filter(pk=reply.pk).update(state="sent")
    assert not outbox.resend(reply)
    Message.objects.filter(pk=reply.pk).update(state="dead")
    assert outbox.resend(reply)


def test_sales_and_sender_addresses_default_to_the_site_settings(settings):
    assert "@" in outbox.sales_address()
    assert outbox.sender_address() == outbox.sales_address()
    settings.LEADS_TO, settings.MAIL_FROM = "sales@layersrank.example", "site@layersrank.example"
    assert (outbox.sales_address(), outbox.sender_address()) == (settings.LEADS_TO, settings.MAIL_FROM)
