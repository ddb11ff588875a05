"""What is let through: exactly as much as the caps say, counted by all workers together."""

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
def caps(settings):
    settings.LEAD_CAPS = {"client": 3, "recipient": 2, "all": 5}


def held(*submissions):
    return [intake.save_to_database(each).quarantine for each in submissions]


def kept(quarantine=Quarantine.NONE):
    return Lead.objects.filter(quarantine=quarantine).count()


def alarms():
    return [message.subject for message in Message.objects.filter(kind=Message.Kind.ALARM)]


@pytest.mark.django_db
def test_of_one_client_so_many_an_hour():
    sent = [submission(number, client="one", sent_at=NOW + number * SECOND) for number in range(5)]
    assert held(*sent) == ["", "", "", "client-cap", "client-cap"]
    assert held(submission(6, client="another", sent_at=NOW + 6 * SECOND)) == [""]
    assert held(submission(7, client="one", sent_at=NOW + HOUR + SECOND / 2)) == [""]
    assert held(submission(8, client="one", sent_at=NOW + HOUR + SECOND / 2)) == ["client-cap"]


@pytest.mark.django_db
def test_of_one_mailbox_so_many_a_day_however_it_is_written():
    written = ["p.riya@gmail.com", "PRIYA+1@gmail.com", "priya@googlemail.com"]
    sent = [submission(number, email=email, sent_at=NOW + number * HOUR) for number, email in enumerate(written)]
    assert held(*sent) == ["", "", "recipient-cap"]
    assert held(submission(4, email="priya@gmail.com", sent_at=NOW + DAY + SECOND)) == [""]


@pytest.mark.django_db
def test_of_everybody_so_many_an_hour():
    assert held(*[submission(number, sent_at=NOW) for number in range(7)]) == [""] * 5 + ["global-cap"] * 2


@pytest.mark.django_db
def test_what_is_held_back_is_kept_and_told_to_nobody_but_in_an_alarm(settings):
    settings.WEBHOOK_URL = "https://hooks.example/"
    held(*[submission(number, client="one", sent_at=NOW + number * SECOND) for number in range(5)])
    assert kept(Quarantine.CLIENT) == 2
    assert not Message.objects.filter(lead__quarantine=Quarantine.CLIENT).exists()
    assert len(alarms()) == 1


@pytest.mark.django_db
def test_an_alarm_comes_once_an_hour_for_each_cap_and_holds_no_visitors_words():
    held(*[submission(number, client="one") for number in range(6)])
    held(*[submission(number) for number in range(10, 20)])
    assert sorted(alarms()) == [
        "Leads are held back: too many from everywhere",
        "Leads are held back: too many from one network address",
    ]
    for alarm in Message.objects.filter(kind=Message.Kind.ALARM):
        assert "example.com" not in alarm.body + alarm.recipient
        assert alarm.lead is None
    Message.objects.update(created_at=timezone.now() - HOUR - SECOND)
    held(*[submission(number) for number in range(20, 30)])
    assert len(alarms()) == 3


@pytest.mark.django_db
def test_what_was_caught_as_spam_counts_for_nobody_and_alarms_nobody():
    held(*[submission(number, client="one", suspicion="honeypot") for number in range(9)])
    assert held(submission(10, client="one")) == [""]
    assert alarms() == []


@pytest.mark.django_db
def test_what_was_sent_earlier_and_written_later_counts_what_came_between():
    sent = [submission(number, client="one", sent_at=NOW - number * SECOND) for number in range(5)]
    assert held(*sent) == ["", "", "", "client-cap", "client-cap"]


@pytest.mark.django_db
def test_what_waited_in_the_spool_is_counted_by_the_time_when_it_was_sent():
    held(*[submission(number, client="one", sent_at=NOW) for number in range(3)])
    assert held(submission(4, client="one", sent_at=NOW - 2 * HOUR)) == [""]


@pytest.mark.django_db
def test_what_waited_in_the_spool_passes_no_cap_together_with_what_came_meanwhile():
    held(*[submission(number, client="one", sent_at=NOW) for number in range(3)])
    assert held(submission(4, client="one", sent_at=NOW - HOUR / 2)) == ["client-cap"]


@pytest.mark.django_db(transaction=True)
def test_in_parallel_too_it_is_exactly_as_much():
    order = list(range(20))
    shuffle(order)
    in_parallel(
        lambda number: intake.save_to_database(submission(number, sent_at=NOW + order[number] * SECOND / 100)), 20
    )
    assert (kept(), kept(Quarantine.ALL)) == (5, 15)
    assert Message.objects.filter(kind=Message.Kind.SALES).count() == 5
    assert len(alarms()) == 1


# Replies


def replies():
    return Message.objects.filter(kind=Message.Kind.REPLY)


@pytest.mark.django_db
def test_a_mailbox_gets_one_reply_a_day(settings):
    settings.LEAD_CAPS["recipient"] = 100
    for number, email in enumerate(["priya@gmail.com", "p.riya+2@gmail.com", "PRIYA@googlemail.com"]):
        intake.save_to_database(submission(number, email=email, sent_at=NOW + number * HOUR))
    assert replies().count() == 1
    replies().update(state=Message.State.SENT, sent_at=NOW)
    intake.save_to_database(submission(4, email="priya@gmail.com", sent_at=NOW + DAY + HOUR))
    assert replies().count() == 2


@pytest.mark.django_db
def test_a_reply_that_still_waits_is_the_only_one_or_they_would_come_together(settings):
    settings.LEAD_CAPS["recipient"] = 100
    for number in range(3):
        intake.save_to_database(submission(number, email="priya@example.com", sent_at=NOW + 2 * number * DAY))
    assert replies().count() == 1


@pytest.mark.django_db
def test_a_reply_that_was_sent_late_counts_from_then(settings):
    settings.LEAD_CAPS["recipient"] = 100
    intake.save_to_database(submission(0, email="priya@example.com", sent_at=NOW - 3 * DAY))
    replies().update(state=Message.State.SENT, created_at=NOW - 3 * DAY, sent_at=NOW - HOUR)
    intake.save_to_database(submission(1, email="priya@example.com", sent_at=NOW))
    assert replies().count() == 1


@pytest.mark.django_db(transaction=True)
def test_in_parallel_too_a_mailbox_gets_one_reply(settings):
    settings.LEAD_CAPS = {"client": 100, "recipient": 100, "all": 100}
    in_parallel(lambda number: intake.save_to_database(submission(number, email=f"priya+{number}@example.com")), 12)
    assert (kept(), replies().count()) == (12, 1)
