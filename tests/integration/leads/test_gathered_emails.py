"""Test the emails to sales in a flood of leads.

In each hour, the first leads get one email each. Later leads share emails.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from leads import email_bodies, intake, outbox, outbox_worker
from leads.models import Attempt, Lead, Message
from leads.outbox_worker import OutboxWorker

from .conftest import SALES, in_parallel, submission

HOUR = timedelta(hours=1)
NOW = datetime(2027, 3, 31, 12, 7, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def limits(settings):
    settings.LEAD_LIMITS = settings.LEAD_LIMITS | {"notifications": 2}


def save_leads(*numbers, **changes):
    return [intake.save_to_database(submission(number, reply="", **changes)) for number in numbers]


def gathered():
    return Message.objects.filter(kind=Message.Kind.GATHERED)


def make_due():
    gathered().update(due_at=timezone.now())


def bodies(mail_server):
    return [mail.get_content() for mail in mail_server.received_by(SALES)]


@pytest.mark.django_db
def test_messages_about_leads_over_the_limit_are_due_together_within_15_minutes(monkeypatch):
    for now, due in ((NOW, NOW.replace(minute=15, second=0)), (NOW + HOUR, NOW.replace(hour=13, minute=15, second=0))):
        monkeypatch.setattr(outbox.timezone, "now", lambda now=now: now)
        first = Lead.objects.count()
        leads = save_leads(*range(first, first + 5))
        kinds = [lead.messages.get().kind for lead in leads]
        assert kinds == ["sales"] * 2 + ["gathered"] * 3
        assert {lead.messages.get().due_at for lead in leads[2:]} == {due}


@pytest.mark.django_db
def test_gathered_leads_are_sent_in_one_email(mail_server):
    save_leads(*range(5))
    assert OutboxWorker().run_once() == (2, 0)
    make_due()
    assert OutboxWorker().run_once() == (3, 0)
    assert OutboxWorker().run_once() == (0, 0)
    assert len(mail_server.emails) == 3
    (mail,) = [mail for mail in mail_server.received_by(SALES) if mail["Subject"] == "3 leads"]
    assert mail["Reply-To"] is None
    for lead in Lead.objects.order_by("pk")[2:]:
        assert f"Lead {lead.pk} from /start" in mail.get_content().splitlines()
        assert f"> {lead.email}" in mail.get_content().splitlines()
    assert set(gathered().values_list("state", flat=True)) == {"sent"}
    assert Attempt.objects.count() == 5


@pytest.mark.django_db
def test_single_gathered_lead_is_sent_as_an_ordinary_sales_email(mail_server):
    save_leads(*range(3))
    make_due()
    assert OutboxWorker().run_once() == (3, 0)
    mail = mail_server.received_by(SALES)[-1]
    assert mail["Subject"] == f"Lead {Lead.objects.latest('pk').pk} from /start"
    assert mail["Reply-To"] == "visitor2@example.com"


@pytest.mark.django_db
def test_failed_email_is_retried_with_all_of_its_leads(mail_server):
    save_leads(*range(2))
    OutboxWorker().run_once()
    save_leads(*range(2, 6))
    make_due()
    mail_server.responses = {"DATA": "451 later"}
    assert OutboxWorker().run_once() == (0, 4)
    assert gathered().values("due_at").distinct().count() == 1
    mail_server.responses = {}
    make_due()
    assert OutboxWorker().run_once() == (4, 0)
    assert mail_server.received_by(SALES)[-1]["Subject"] == "4 leads"


@pytest.mark.django_db
def test_emails_about_many_leads_have_a_maximum_size(mail_server, monkeypatch):
    monkeypatch.setattr(outbox_worker, "MAX_GATHERED", 2)
    monkeypatch.setattr(email_bodies, "MAX_EXCERPT_LENGTH", 150)
    fields = {"name": "x" * 200, "email": "p@example.com", "message": "end"}
    save_leads(*range(2))
    save_leads(*range(2, 5), fields=fields)
    make_due()
    assert OutboxWorker().run_once() == (5, 0)
    subjects = sorted(mail["Subject"].split(" from")[0] for mail in mail_server.received_by(SALES)[2:])
    assert subjects == ["2 leads", f"Lead {Lead.objects.latest('pk').pk}"]
    (body,) = [text for text in bodies(mail_server) if "2 leads" in text]
    assert body.count("Read the rest in the admin") == 2
    assert "> end" not in body


@pytest.mark.django_db
def test_deleted_lead_is_in_no_email(mail_server):
    save_leads(*range(5))
    Lead.objects.filter(email="visitor3@example.com").delete()
    make_due()
    assert OutboxWorker().run_once() == (4, 0)
    assert not [body for body in bodies(mail_server) if "visitor3" in body]


@pytest.mark.django_db(transaction=True)
def test_parallel_workers_send_one_email(mail_server):
    save_leads(*range(12))
    make_due()
    outcomes = in_parallel(lambda number: OutboxWorker().run_once(), 4)
    assert sum(sent for sent, _ in outcomes) == 12
    assert sorted(mail["Subject"].split(" ", 1)[1] for mail in mail_server.received_by(SALES))[-1] == "leads"
    assert len(mail_server.emails) == 3


@pytest.mark.django_db
def test_gathered_email_can_be_sent_again(mail_server):
    save_leads(*range(3))
    make_due()
    OutboxWorker().run_once()
    assert outbox.resend(gathered().get())
    assert OutboxWorker().run_once() == (1, 0)
