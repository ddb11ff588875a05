"""Show and delete the data about one person, in the database, in the spool and in the set-aside file."""

import json
from io import StringIO
from threading import Event, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from leads import intake, person_data, spool
from leads.models import Attempt, Lead, Message
from tests.support.waiting import PATIENCE

from .conftest import submission

ADDRESS = "visitor0@example.com"

pytestmark = pytest.mark.django_db


def run(*arguments, **options):
    out, errors = StringIO(), StringIO()
    call_command("person", *arguments, stdout=out, stderr=errors, **options)
    return out.getvalue(), errors.getvalue()


@pytest.fixture
def data(spool_dir):
    """The leads, messages and spool records of two people. The set-aside file has a damaged record of each person."""
    for number in (0, 1):
        lead = intake.save_to_database(submission(number))
        Attempt.objects.create(message=lead.messages.first(), at=lead.kept_at)
        spool.append(submission(number, opening=f"spooled {number}"))
    (spool_dir / "leads.jsonl").rename(spool_dir / "taken-000001.jsonl")
    for number in (0, 1):
        spool.append(submission(number, opening=f"set aside {number}"))
    (spool_dir / "leads.jsonl").rename(spool_dir / "aside.jsonl")
    with (spool_dir / "aside.jsonl").open("ab") as file:
        file.write(b'\n{"torn": "VISITOR0@example.com, \xff\n{"torn": "visitor1@example.com"\n')
    for number in (0, 1):
        spool.append(submission(number, opening=f"new {number}"))
    return spool_dir


def test_the_export_has_all_data_about_the_person_and_no_data_about_others(data):
    out, errors = run(ADDRESS, "--export")
    exported = json.loads(out)
    (lead,) = exported["leads"]
    assert lead["email"] == ADDRESS and lead["fields"]["email"] == ADDRESS and lead["consent"]
    assert len(exported["messages"]) == Message.objects.filter(lead=lead["id"]).count() > 0
    assert len(exported["spool"]) == 4
    assert "visitor1" not in out.lower()
    assert "- leads: 1\n" in errors and "- records in the spool: 4" in errors
    assert Lead.objects.count() == 2


def test_deletion_removes_all_data_about_the_person_and_nothing_else(data):
    messages = Message.objects.exclude(lead__email=ADDRESS).count()
    out, _ = run(ADDRESS, "--delete", "--yes")
    assert out.startswith(f"Data about {ADDRESS}:\n- leads: 1\n") and out.endswith("The data was deleted.\n")
    assert not person_data.find(ADDRESS)
    assert Lead.objects.get().email == "visitor1@example.com"
    assert (Message.objects.count(), Attempt.objects.count()) == (messages, 1)
    text = b"".join(path.read_bytes() for path in data.glob("*.jsonl")).lower()
    assert b"visitor0" not in text and text.count(b"visitor1") >= 4
    assert spool.replay(intake.save_to_database) == 2
    assert run(ADDRESS, "--delete", "--yes")[0] == f"There is no data about {ADDRESS}.\n"


@pytest.mark.parametrize("spelling", ["Visitor0@EXAMPLE.com", "visitor0+jobs@example.com", " visitor0@example.com "])
def test_other_spellings_of_the_address_find_the_same_person(data, spelling):
    assert "- leads: 1\n- messages: " in run(spelling, "--export")[1]


@pytest.mark.parametrize("spelling", ["priya@bücher.example", "priya@BÜCHER.example", "priya@xn--bcher-kva.example"])
def test_a_domain_is_found_in_both_of_its_spellings(spool_dir, spelling):
    intake.save_to_database(submission(fields={"email": "priya@bücher.example"}))
    spool.append(submission(1, fields={"email": "priya@xn--bcher-kva.example"}))
    assert len(person_data.find(spelling).leads) == 1
    assert person_data.find(spelling).spool


def test_other_leads_that_mention_the_address_are_listed(spool_dir):
    fields = {"email": "friend@example.com", "message": f"Write to {ADDRESS.upper()} instead"}
    lead = intake.save_to_database(submission(fields=fields))
    out, _ = run(ADDRESS, "--delete", "--yes")
    assert f"There is no data about {ADDRESS}." in out
    assert f"Check these leads in the admin: {lead.pk}" in out
    assert Lead.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_backups_that_may_have_the_data_are_named(spool_dir, tmp_path):
    call_command("backup", str(tmp_path / "before"), stdout=StringIO())
    intake.save_to_database(submission())
    call_command("backup", str(tmp_path / "after"), stdout=StringIO())
    out, _ = run(ADDRESS, "--delete", "--yes")
    assert f"- {tmp_path / 'after'}, written at 20" in out
    assert f"{tmp_path / 'before'}," not in out


@pytest.mark.parametrize(("typed", "is_deleted"), [(ADDRESS, True), ("yes", False), ("", False)])
def test_deletion_asks_for_the_address(data, monkeypatch, typed, is_deleted):
    monkeypatch.setattr("builtins.input", lambda prompt: typed)
    if is_deleted:
        run(ADDRESS, "--delete")
    else:
        with pytest.raises(CommandError, match="nothing was deleted"):
            run(ADDRESS, "--delete")
    assert bool(person_data.find(ADDRESS)) is not is_deleted


def test_deletion_includes_a_lead_that_a_replay_saves_before_the_confirmation(data, monkeypatch):
    def replay(prompt):
        spool.replay(intake.save_to_database)
        return ADDRESS

    monkeypatch.setattr("builtins.input", replay)
    run(ADDRESS, "--delete")
    assert not person_data.find(ADDRESS)


def test_nothing_is_deleted_without_a_terminal(data, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match="Run the command in a terminal"):
        run(ADDRESS, "--delete")
    assert person_data.find(ADDRESS)


def test_command_waits_for_a_running_replay(data):
    """Without this wait, the command could miss a record that the replay is moving at the same time."""
    waiting, found = Event(), []
    thread = Thread(target=lambda: (waiting.set(), found.append(spool.find(lambda line: ADDRESS in line))))

    def save(submission):
        if thread.ident is None:
            thread.start()
            waiting.wait(PATIENCE)
            thread.join(0.2)
            assert not found

    spool.replay(save)
    thread.join(PATIENCE)
    assert list(found[0]) == ["aside.jsonl"]


def test_failures_are_reported_in_one_sentence(data, monkeypatch):
    with pytest.raises(CommandError, match="“nobody” is not a valid email address"):
        run("nobody", "--export")
    with pytest.raises(CommandError):
        run(ADDRESS)

    def fail(address):
        raise OperationalError("gone")

    monkeypatch.setattr(person_data, "find", fail)
    with pytest.raises(CommandError, match="the database can't be used"):
        run(ADDRESS, "--delete", "--yes")
