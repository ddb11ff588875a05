"""Who is told of a lead, and what."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from leads import intake, outbox
from leads.models import Message

from .conftest import submission

SPAM = "BUY NOW http://spam.example"


def told(**changes):
    lead = intake.save_to_database(submission(**changes))
    return {message.kind: message for message in lead.messages.all()}


@pytest.fixture
def hooked(settings):
    settings.WEBHOOK_URL = "https://hooks.example/"


@pytest.mark.django_db
@pytest.mark.usefixtures("hooked")
def test_of_a_lead_sales_the_visitor_and_the_receiver_are_told():
    messages = told()
    assert set(messages) == {"sales", "reply", "webhook"}
    assert len({message.message_id for message in messages.values()}) == 3
    assert {message.state for message in messages.values()} == {"pending"}
    assert all(message.message_id.startswith("<") and message.message_id.endswith(">") for message in messages.values())


@pytest.mark.django_db
def test_without_a_receiver_there_is_no_webhook_and_without_a_reply_in_the_document_none():
    assert set(told()) == {"sales", "reply"}
    assert set(told(number=1, reply="", reply_subject="")) == {"sales"}


@pytest.mark.django_db
def test_sales_read_all_that_was_sent_and_the_subject_holds_none_of_it():
    fields = {"name": SPAM, "email": "p@example.com", "company": "", "message": "One\r\n\r\nTwo"}
    message = told(fields=fields, referrer_host="news.example", came_from="")["sales"]
    for words in (SPAM, "p@example.com", "One\r\n\r\nTwo", "/start", "They may keep it.", "news.example", "letter"):
        assert words in message.body
    assert "Company" not in message.body
    assert message.subject == f"Lead {message.lead_id} from /start"


@pytest.mark.django_db
def test_the_visitor_reads_the_documents_words_alone():
    fields = {"name": SPAM, "email": "stranger@example.com", "company": SPAM, "message": SPAM, "role": SPAM}
    reply = told(fields=fields, campaign={SPAM: SPAM}, referrer_host="spam.example")["reply"]
    assert (reply.subject, reply.body, reply.recipient) == ("Your request", "It has arrived.\n", "stranger@example.com")


@pytest.mark.django_db
@pytest.mark.usefixtures("hooked")
def test_the_receiver_gets_the_lead_as_json():
    message = told(fields={"name": "Zoë \u202e", "email": "p@example.com"})["webhook"]
    said = json.loads(message.body)
    assert said["type"] == "lead.created"
    assert said["timestamp"] == said["data"]["sent_at"] == message.lead.sent_at.isoformat()
    assert said["data"]["fields"] == {"name": "Zoë \u202e", "email": "p@example.com"}
    assert said["data"]["id"] == message.lead.key
    assert set(said["data"]) == {
        *("id", "page", "sent_at", "fields", "consent", "came_from", "referrer_host", "campaign"),
    }


@pytest.mark.django_db
def test_what_ended_can_be_sent_again_and_its_time_begins_anew():
    message = told()["sales"]
    assert not outbox.resend(message)
    long_ago = timezone.now() - timedelta(days=9)
    for state in ("sent", "dead"):
        Message.objects.update(state=state, created_at=long_ago, due_at=long_ago, sent_at=long_ago)
        assert outbox.resend(message)
        before = message.message_id
        message.refresh_from_db()
        assert (message.state, message.sent_at, message.message_id) == ("pending", None, before)
        assert message.created_at == message.due_at > long_ago


@pytest.mark.django_db
def test_a_reply_that_was_sent_is_not_sent_again_but_one_that_was_given_up_is():
    reply = told()["reply"]
    Message.objects.filter(pk=reply.pk).update(state="sent")
    assert not outbox.resend(reply)
    Message.objects.filter(pk=reply.pk).update(state="dead")
    assert outbox.resend(reply)


def test_the_addresses_are_the_sites_own_unless_the_settings_name_others(settings):
    assert "@" in outbox.sales_address()
    assert outbox.sender_address() == outbox.sales_address()
    settings.LEADS_TO, settings.MAIL_FROM = "sales@layersrank.example", "site@layersrank.example"
    assert (outbox.sales_address(), outbox.sender_address()) == (settings.LEADS_TO, settings.MAIL_FROM)
