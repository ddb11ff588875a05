"""Test the rate limits for leads and replies, also with parallel workers and spooled leads."""

from datetime import timedelta
from random import shuffle

import pytest
from django.utils import timezone

from leads import intake
from leads.models import Lead, Message, Quarantine

from .conftest import in_parallel, submission

NOW = timezone.now()
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def limits(settings):
    settings.LEAD_LIMITS = {"client": 3, "recipient": 2, "total": 5}


def save(*submissions):
    """Save the submissions. Return a reason for each held-back lead, and an empty string for each other lead."""
    return [intake.save_to_database(each).quarantine for each in submissions]


def lead_count(quarantine=Quarantine.NONE):
    return Lead.objects.filter(quarantine=quarantine).count()


def alerts():
    return [message.subject for message in Message.objects.filter(kind=Message.Kind.ALARM)]


@pytest.mark.django_db
def test_leads_per_client_and_hour_are_limited():
    sent = [submission(number, client="one", sent_at=NOW + number * SECOND) for number in range(5)]
    assert save(*sent) == ["", "", "", "client-cap", "client-cap"]
    assert save(submission(6, client="another", sent_at=NOW + 6 * SECOND)) == [""]
    assert save(submission(7, client="one", sent_at=NOW + HOUR + SECOND / 2)) == [""]
    assert save(submission(8, client="one", sent_at=NOW + HOUR + SECOND / 2)) == ["client-cap"]


@pytest.mark.django_db
def test_leads_per_mailbox_and_day_are_limited():
    emails = ["p.riya@gmail.com", "PRIYA+1@gmail.com", "priya@googlemail.com"]
    sent = [submission(number, email=email, sent_at=NOW + number * HOUR) for number, email in enumerate(emails)]
    assert save(*sent) == ["", "", "recipient-cap"]
    assert save(submission(4, email="priya@gmail.com", sent_at=NOW + DAY + SECOND)) == [""]


@pytest.mark.django_db
def test_leads_per_hour_are_limited_across_all_clients():
    assert save(*[submission(number, sent_at=NOW) for number in range(7)]) == [""] * 5 + ["global-cap"] * 2


@pytest.mark.django_db
def test_held_back_leads_have_no_messages_except_one_alert(settings):
    settings.WEBHOOK_URL = "https://hooks.example/"
    save(*[submission(number, client="one", sent_at=NOW + number * SECOND) for number in range(5)])
    assert lead_count(Quarantine.CLIENT) == 2
    assert not Message.objects.filter(lead__quarantine=Quarantine.CLIENT).exists()
    assert len(alerts()) == 1


@pytest.mark.django_db
def test_each_limit_sends_one_alert_per_hour_without_personal_data():
    save(*[submission(number, client="one") for number in range(6)])
    save(*[submission(number) for number in range(10, 20)])
    assert sorted(alerts()) == [
        "Leads are held back: too many leads from one network address",
        "Leads are held back: too many leads in total",
    ]
    for alert in Message.objects.filter(kind=Message.Kind.ALARM):
        assert "example.com" not in alert.body + alert.recipient
        assert alert.lead is None
    Message.objects.update(created_at=timezone.now() - HOUR - SECOND)
    save(*[submission(number) for number in range(20, 30)])
    assert len(alerts()) == 3


@pytest.mark.django_db
def test_spam_does_not_count_toward_limits():
    save(*[submission(number, client="one", suspicion="honeypot") for number in range(9)])
    assert save(submission(10, client="one")) == [""]
    assert alerts() == []


@pytest.mark.django_db
def test_limit_counts_leads_that_are_saved_out_of_order():
    sent = [submission(number, client="one", sent_at=NOW - number * SECOND) for number in range(5)]
    assert save(*sent) == ["", "", "", "client-cap", "client-cap"]


@pytest.mark.django_db
def test_limit_counts_a_spooled_lead_at_its_submission_time():
    save(*[submission(number, client="one", sent_at=NOW) for number in range(3)])
    assert save(submission(4, client="one", sent_at=NOW - 2 * HOUR)) == [""]


@pytest.mark.django_db
def test_limit_counts_a_spooled_lead_together_with_later_leads():
    save(*[submission(number, client="one", sent_at=NOW) for number in range(3)])
    assert save(submission(4, client="one", sent_at=NOW - HOUR / 2)) == ["client-cap"]


@pytest.mark.django_db(transaction=True)
def test_limit_is_exact_with_parallel_workers():
    order = list(range(20))
    shuffle(order)
    in_parallel(
        lambda number: intake.save_to_database(submission(number, sent_at=NOW + order[number] * SECOND / 100)), 20
    )
    assert (lead_count(), lead_count(Quarantine.ALL)) == (5, 15)
    assert Message.objects.filter(kind=Message.Kind.SALES).count() == 5
    assert len(alerts()) == 1


# Replies


def replies():
    return Message.objects.filter(kind=Message.Kind.REPLY)


@pytest.mark.django_db
def test_at_most_one_reply_is_sent_per_mailbox_and_day(settings):
    settings.LEAD_LIMITS["recipient"] = 100
    for number, email in enumerate(["priya@gmail.com", "p.riya+2@gmail.com", "PRIYA@googlemail.com"]):
        intake.save_to_database(submission(number, email=email, sent_at=NOW + number * HOUR))
    assert replies().count() == 1
    replies().update(state=Message.State.SENT, sent_at=NOW)
    intake.save_to_database(submission(4, email="priya@gmail.com", sent_at=NOW + DAY + HOUR))
    assert replies().count() == 2


@pytest.mark.django_db
def test_pending_reply_prevents_another_reply(settings):
    settings.LEAD_LIMITS["recipient"] = 100
    for number in range(3):
        intake.save_to_database(submission(number, email="priya@example.com", sent_at=NOW + 2 * number * DAY))
    assert replies().count() == 1


@pytest.mark.django_db
def test_limit_counts_a_delayed_reply_at_the_time_of_sending(settings):
    settings.LEAD_LIMITS["recipient"] = 100
    intake.save_to_database(submission(0, email="priya@example.com", sent_at=NOW - 3 * DAY))
    replies().update(state=Message.State.SENT, created_at=NOW - 3 * DAY, sent_at=NOW - HOUR)
    intake.save_to_database(submission(1, email="priya@example.com", sent_at=NOW))
    assert replies().count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_workers_create_only_one_reply_per_mailbox(settings):
    settings.LEAD_LIMITS = {"client": 100, "recipient": 100, "total": 100}
    in_parallel(lambda number: intake.save_to_database(submission(number, email=f"priya+{number}@example.com")), 12)
    assert (lead_count(), replies().count()) == (12, 1)
