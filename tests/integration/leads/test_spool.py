"""Where leads wait when the database fails: nothing torn passes, nothing whole is lost, nothing is brought back
twice."""

import os
import re
import stat
import subprocess
import sys
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import DataError, IntegrityError, OperationalError

from leads import spool as spooling
from leads.submissions import from_json

from .conftest import in_parallel, submission


def lines(path):
    return [line for line in path.read_text().split("\n") if line]


def files(folder):
    return sorted(path.name for path in folder.glob("*.jsonl"))


def keys(kept):
    return [each.key for each in kept]


def test_what_is_appended_is_handed_over_once_in_its_order(spool):
    sent = [submission(number) for number in range(5)]
    for each in sent:
        spooling.append(each)
    assert spooling.pending_count() == 5
    kept = []
    assert spooling.replay(kept.append) == 5
    assert kept == sent
    assert spooling.pending_count() == 0
    assert spooling.replay(kept.append) == 0
    assert files(spool) == []


def test_an_empty_spool_is_no_trouble(spool):
    assert (spooling.pending_count(), spooling.set_aside_count(), spooling.replay(lambda each: None)) == (0, 0, 0)


def test_nobody_else_reads_it(spool):
    spooling.append(submission())
    assert stat.S_IMODE(spool.stat().st_mode) == 0o700
    assert stat.S_IMODE((spool / "leads.jsonl").stat().st_mode) == 0o600
    (spool / "leads.jsonl").write_text("torn")
    spooling.replay(lambda each: None)
    assert stat.S_IMODE((spool / "aside.jsonl").stat().st_mode) == 0o600


def test_many_append_at_once_and_no_record_runs_into_another():
    in_parallel(lambda number: spooling.append(submission(number)), 20)
    kept = []
    assert spooling.replay(kept.append) == 20
    assert len(set(keys(kept))) == 20


def test_what_is_appended_while_another_replays_is_handed_over_the_next_time():
    kept = []

    def keep(each):
        kept.append(each)
        if len(kept) == 1:
            spooling.append(submission(2))

    spooling.append(submission(1))
    assert spooling.replay(keep) == 1
    assert spooling.pending_count() == 1
    assert spooling.replay(keep) == 1
    assert kept == [submission(1, sent_at=kept[0].sent_at), submission(2, sent_at=kept[1].sent_at)]


def test_one_replays_at_a_time_and_the_other_does_nothing():
    spooling.append(submission())
    begun, free, kept = Event(), Event(), []

    def keep(each):
        begun.set()
        free.wait(10)
        kept.append(each)

    first = Thread(target=spooling.replay, args=(keep,))
    first.start()
    assert begun.wait(10)
    assert spooling.replay(kept.append) == 0
    free.set()
    first.join(10)
    assert len(kept) == 1


# After a crash


@pytest.mark.parametrize("end", [1, 20, -20, -1])
def test_a_record_that_was_cut_off_is_put_aside_and_harms_no_other(spool, caplog, end):
    spooling.append(submission(1))
    whole = (spool / "leads.jsonl").read_bytes()
    with (spool / "leads.jsonl").open("ab") as file:
        file.write(whole.strip(b"\n")[:end])
    spooling.append(submission(2))
    kept = []
    assert spooling.replay(kept.append) == 2
    assert [each.opening for each in kept] == ["opening-1", "opening-2"]
    assert spooling.set_aside_count() == 1
    assert "example.com" not in caplog.text


def test_a_record_that_lacks_its_last_newline_alone_is_whole(spool):
    spooling.append(submission(1))
    path = spool / "leads.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    spooling.append(submission(2))
    assert spooling.replay(lambda each: None) == 2


@pytest.mark.parametrize("junk", [b"\x00" * 4096, b"\xff\xfe\n\x80", b"{}\n[]\n7\n", b'{"fields": []}\n'])
def test_what_a_broken_disk_leaves_is_put_aside(spool, junk):
    spooling.append(submission(1))
    with (spool / "leads.jsonl").open("ab") as file:
        file.write(junk)
    spooling.append(submission(2))
    assert spooling.replay(lambda each: None) == 2
    assert spooling.set_aside_count() > 0


def test_what_was_taken_and_not_kept_is_handed_over_again(spool):
    for number in range(3):
        spooling.append(submission(number))

    def dies(each):
        if each.opening == "opening-1":
            raise OperationalError("gone")
        kept.append(each)

    kept = []
    with pytest.raises(OperationalError):
        spooling.replay(dies)
    assert spooling.pending_count() == 3
    spooling.append(submission(3))
    again = []
    assert spooling.replay(again.append) == 4
    assert [each.opening for each in again] == [f"opening-{number}" for number in range(4)]
    assert files(spool) == []


def test_what_was_put_aside_is_so_once_however_long_the_database_is_gone(spool, caplog):
    def gone(each):
        raise OperationalError("gone")

    spooling.append(submission(1))
    (spool / "leads.jsonl").write_text("\ntorn \xe9\n" + (spool / "leads.jsonl").read_text())
    for _ in range(3):
        with pytest.raises(OperationalError):
            spooling.replay(gone)
    assert spooling.set_aside_count() == len(caplog.records) == 1
    assert spooling.replay(lambda each: None) == 1


@pytest.mark.parametrize("error", [DataError("no"), IntegrityError("no"), AttributeError("no")])
def test_what_the_database_refuses_for_good_is_put_aside_and_the_rest_goes_on(spool, caplog, error):
    def keep(each):
        if each.opening == "opening-0":
            raise error
        kept.append(each)

    kept = []
    spooling.append(submission(0))
    spooling.append(submission(1))
    assert spooling.replay(keep) == 1
    assert len(kept) == 1
    assert spooling.set_aside_count() == 1
    assert from_json(lines(spool / "aside.jsonl")[0]).opening == "opening-0"
    assert caplog.records[0].levelname == "CRITICAL"
    assert "example.com" not in caplog.text


# A process that forks one of its own for each case, and says how it ended.
CASES = """
import os, resource, signal, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from leads import spool
from tests.leads.conftest import submission

def dies_at(step, number):
    calls, real = [], getattr(os, step)
    def deadly(*arguments, **named):
        calls.append(step)
        return os._exit(9) if len(calls) == number else real(*arguments, **named)
    setattr(os, step, deadly)

def has_room_for(size):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

def append():
    try:
        spool.append(submission(2))
    except OSError:
        os._exit(1)

def replay():
    spool.replay(lambda each: None)

for folder, prepare, act in eval(sys.argv[1]):
    settings.SPOOL_DIR = Path(folder)
    child = os.fork()
    if not child:
        prepare()
        act()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
ENDED, REFUSED, DIED = 0, 1, 9


def ends(*cases):
    """How each case ended: a folder, what is wrong there, and what is done, in the words of CASES."""
    said = ", ".join(f"({str(folder)!r}, lambda: {wrong}, {done})" for folder, wrong, done in cases)
    command = [sys.executable, "-c", CASES, f"[{said}]"]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    ended = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    return [int(line) for line in ended.stdout.split()]


@contextmanager
def folders(settings, tmp_path, names, count):
    """A spool for each name, with so many records in it; then what each holds at last, with one record more."""
    made = {name: tmp_path / name for name in names}
    for folder in made.values():
        settings.SPOOL_DIR = folder
        for number in range(count):
            spooling.append(submission(number))
    found = {}
    yield made, found
    for name, folder in made.items():
        settings.SPOOL_DIR = folder
        spooling.append(submission(9))
        kept = []
        spooling.replay(kept.append)
        found[name] = "".join(each.opening.removeprefix("opening-") for each in kept)


def test_a_crash_while_one_is_appended_harms_none_that_is_there(settings, tmp_path):
    steps = [("open", 1), ("write", 1), ("fsync", 1), ("fsync", 2), ("close", 1)]
    with folders(settings, tmp_path, [f"{step}{number}" for step, number in steps], 1) as (made, found):
        cases = [(made[f"{step}{number}"], f"dies_at({step!r}, {number})", "append") for step, number in steps]
        assert ends(*cases) == [DIED] * len(steps)
    assert {openings.replace("2", "") for openings in found.values()} == {"09"}
    assert "2" in found["fsync2"]


def test_a_crash_while_they_are_replayed_loses_none(settings, tmp_path):
    with folders(settings, tmp_path, ["rename", "unlink"], 3) as (made, found):
        assert ends(*((folder, f"dies_at({step!r}, 1)", "replay") for step, folder in made.items())) == [DIED] * 2
    assert found == {"rename": "0129", "unlink": "0129"}


# When the disk fails


def test_a_full_disk_is_told_and_harms_no_record(settings, tmp_path):
    with folders(settings, tmp_path, ["full", "free"], 1) as (made, found):
        size = (made["full"] / "leads.jsonl").stat().st_size
        wrong = {"full": size + 100, "free": 9 * size}
        cases = [(folder, f"has_room_for({wrong[name]})", "append") for name, folder in made.items()]
        assert ends(*cases) == [REFUSED, ENDED]
    assert found == {"full": "09", "free": "029"}


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_place_that_is_no_folder_is_told(settings, tmp_path, place):
    (tmp_path / "file").write_text("")
    settings.SPOOL_DIR = tmp_path / place
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        spooling.append(submission())
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        spooling.check_writable()


def test_the_check_says_nothing_where_all_is_well(spool):
    spooling.check_writable()
    assert spooling.pending_count() == 0


def test_of_what_a_full_disk_took_only_a_part_nothing_stays(spool, monkeypatch):
    spooling.append(submission())
    before = (spool / "leads.jsonl").read_bytes()
    write, tries = os.write, []

    def full(descriptor, data):
        tries.append(data)
        if len(tries) > 1:
            raise OSError(28, "No space left on device")
        return write(descriptor, data[:100])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space"):
            spooling.append(submission(1))
    assert (spool / "leads.jsonl").read_bytes() == before
    spooling.append(submission(2))
    assert (spooling.pending_count(), spooling.set_aside_count()) == (2, 0)
