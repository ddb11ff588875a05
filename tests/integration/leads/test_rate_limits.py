"""Test the rate limits, also with parallel workers and spooled leads.

The limits apply to replies, but not to emails to sales.
"""

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
    settings.LEAD_LIMITS = {"client": 3, "/56": 4, "/48": 5, "total": 6, "token": 2, "notifications": 100}


def save(*submissions):
    """Save the submissions. Return a list that says for each lead whether it gets a reply."""
    return [intake.save_to_database(each).messages.filter(kind=Message.Kind.REPLY).exists() for each in submissions]


def replies():
    return Message.objects.filter(kind=Message.Kind.REPLY)


def alerts():
    return [message.subject for message in Message.objects.filter(kind=Message.Kind.ALARM)]


@pytest.mark.django_db
def test_replies_per_client_and_hour_are_limited():
    sent = [submission(number, client="one", sent_at=NOW + number * SECOND) for number in range(5)]
    assert save(*sent) == [True] * 3 + [False] * 2
    assert save(submission(6, client="another", sent_at=NOW + 6 * SECOND)) == [True]
    assert save(submission(7, client="one", sent_at=NOW + HOUR + SECOND / 2)) == [True]
    assert save(submission(8, client="one", sent_at=NOW + HOUR + SECOND / 2)) == [False]


@pytest.mark.django_db
def test_replies_per_ipv6_network_of_48_or_56_bits_are_limited():
    def send(number, client):
        return save(submission(number, client=client, sent_at=NOW))

    assert [send(number, f"a.b.{number}") for number in range(5)] == [[True]] * 4 + [[False]]
    assert [send(number, f"a.c.{number}") for number in range(5, 7)] == [[True], [False]]
    assert send(7, "ab.b.0") == [True]
    assert alerts() == [
        "Replies to visitors are paused: too many leads from one /56 network",
        "Replies to visitors are paused: too many leads from one /48 network",
    ]


@pytest.mark.django_db
def test_replies_per_hour_are_limited_across_all_clients():
    assert save(*[submission(number, sent_at=NOW) for number in range(8)]) == [True] * 6 + [False] * 2


@pytest.mark.django_db
def test_one_client_cannot_use_up_the_limit_of_all_clients():
    save(*[submission(number, client="one", sent_at=NOW) for number in range(20)])
    assert save(submission(30, client="another", sent_at=NOW)) == [True]


@pytest.mark.django_db
def test_sales_is_notified_of_every_lead_over_a_limit(settings):
    settings.WEBHOOK_URL = "https://hooks.example/"
    save(*[submission(number, client="one", email="owner@example.com", sent_at=NOW) for number in range(20)])
    save(submission(20, email="owner@example.com", sent_at=NOW))
    assert not Lead.objects.held_back().exists()
    for kind in (Message.Kind.SALES, Message.Kind.WEBHOOK):
        assert Message.objects.filter(kind=kind).values("lead").distinct().count() == 21


@pytest.mark.django_db
def test_each_exceeded_limit_sends_one_alert_per_hour_without_personal_data():
    save(*[submission(number, client="one") for number in range(6)])
    save(*[submission(number) for number in range(10, 20)])
    assert sorted(alerts()) == [
        "Replies to visitors are paused: too many leads from one network address",
        "Replies to visitors are paused: too many leads in total",
    ]
    for alert in Message.objects.filter(kind=Message.Kind.ALARM):
        assert "example.com" not in alert.body + alert.recipient
        assert alert.lead is None
    Message.objects.update(created_at=timezone.now() - HOUR - SECOND)
    save(*[submission(number) for number in range(20, 30)])
    assert len(alerts()) == 3


@pytest.mark.django_db
def test_leads_without_a_reply_cause_no_alert():
    assert not any(save(*[submission(number, client="one", reply="", reply_subject="") for number in range(9)]))
    assert alerts() == []


@pytest.mark.django_db
def test_spam_does_not_count_toward_limits():
    save(*[submission(number, client="one", suspicion="honeypot") for number in range(9)])
    assert save(submission(10, client="one")) == [True]
    assert alerts() == []


@pytest.mark.django_db
def test_limit_counts_leads_that_are_saved_out_of_order():
    sent = [submission(number, client="one", sent_at=NOW - number * SECOND) for number in range(5)]
    assert save(*sent) == [True] * 3 + [False] * 2


@pytest.mark.django_db
def test_limit_counts_a_spooled_lead_at_its_submission_time():
    save(*[submission(number, client="one", sent_at=NOW) for number in range(3)])
    assert save(submission(4, client="one", sent_at=NOW - 2 * HOUR)) == [True]


@pytest.mark.django_db
def test_limit_counts_a_spooled_lead_together_with_later_leads():
    save(*[submission(number, client="one", sent_at=NOW) for number in range(3)])
    assert save(submission(4, client="one", sent_at=NOW - HOUR / 2)) == [False]


@pytest.mark.django_db(transaction=True)
def test_limit_is_exact_with_parallel_workers():
    order = list(range(20))
    shuffle(order)
    in_parallel(
        lambda number: intake.save_to_database(submission(number, sent_at=NOW + order[number] * SECOND / 100)), 20
    )
    assert (Lead.objects.accepted().count(), replies().count()) == (20, 6)
    assert Message.objects.filter(kind=Message.Kind.SALES).count() == 20
    assert len(alerts()) == 1


# One opened form


@pytest.mark.django_db
def test_leads_from_one_opened_form_are_limited():
    sent = [submission(number, opening="one", sent_at=NOW - number * DAY) for number in range(4)]
    quarantines = [intake.save_to_database(each).quarantine for each in (*sent, sent[0])]
    assert quarantines == ["", "", "token-cap", "token-cap", ""]
    assert not Message.objects.filter(lead__quarantine=Quarantine.TOKEN).exists()
    assert alerts() == []


@pytest.mark.django_db
def test_posts_with_one_token_do_not_use_up_the_reply_limits():
    save(*[submission(number, opening="one", sent_at=NOW) for number in range(200)])
    assert save(submission(200, sent_at=NOW)) == [True]
    assert Message.objects.filter(kind=Message.Kind.SALES).count() == 3


@pytest.mark.django_db
def test_suspicious_posts_count_toward_the_limit_of_their_token():
    save(*[submission(number, opening="one", suspicion="too-fast") for number in range(2)])
    assert intake.save_to_database(submission(3, opening="one")).quarantine == "token-cap"


# One reply per mailbox


@pytest.mark.django_db
def test_at_most_one_reply_is_sent_per_mailbox_and_day():
    for number, email in enumerate(["priya@gmail.com", "p.riya+2@gmail.com", "PRIYA@googlemail.com"]):
        intake.save_to_database(submission(number, email=email, sent_at=NOW + number * HOUR))
    assert replies().count() == 1
    replies().update(state=Message.State.SENT, sent_at=NOW)
    intake.save_to_database(submission(4, email="priya@gmail.com", sent_at=NOW + DAY + HOUR))
    assert replies().count() == 2


@pytest.mark.django_db
def test_pending_reply_prevents_another_reply():
    for number in range(3):
        intake.save_to_database(submission(number, email="priya@example.com", sent_at=NOW + 2 * number * DAY))
    assert replies().count() == 1


@pytest.mark.django_db
def test_limit_counts_a_delayed_reply_at_the_time_of_sending():
    intake.save_to_database(submission(0, email="priya@example.com", sent_at=NOW - 3 * DAY))
    replies().update(state=Message.State.SENT, created_at=NOW - 3 * DAY, sent_at=NOW - HOUR)
    intake.save_to_database(submission(1, email="priya@example.com", sent_at=NOW))
    assert replies().count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_workers_create_only_one_reply_per_mailbox(settings):
    settings.LEAD_LIMITS = dict.fromkeys(settings.LEAD_LIMITS, 100)
    in_parallel(lambda number: intake.save_to_database(submission(number, email=f"priya+{number}@example.com")), 12)
    assert (Lead.objects.count(), replies().count()) == (12, 1)
