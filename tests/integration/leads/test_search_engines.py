"""Test IndexNow: what is announced to search engines, when, and how often."""

import json
import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from layersrank_site.checks import check_startup
from leads import indexnow_transport, outbox_worker, search_engines
from leads.health import status
from leads.models import AnnouncedPages, Attempt, Message
from leads.outbox_worker import INDEXNOW, OutboxWorker
from leads.transports import SendError
from pages.http import crawler_files
from pages.publish import live_pages
from pages.publish.live_pages import LivePages
from pages.repository import current

from .conftest import in_parallel, outbox_message
from .misbehaving_servers import MISBEHAVIORS, running

SITE, KEY = "https://www.layersrank.example", "0123456789abcdef"
PAGE = "# A page\n## {url}\n\n## META\n\n```\nTitle: A page\nDescription: A page.\n{meta}```\n\n{body}\n"


@pytest.fixture
def receiver(webhook_receiver, settings, tmp_path):
    """A server that receives the requests to IndexNow."""
    settings.DATA_DIR = tmp_path / "data"  # this folder has no records of pages from other tests
    settings.WEBHOOK_URL = ""
    settings.SITE_URL, settings.INDEXNOW_KEY = SITE, KEY
    settings.INDEXNOW_URL = webhook_receiver.url.replace("/leads", "/indexnow")
    webhook_receiver.status = 200
    return webhook_receiver


@pytest.fixture
def write(content):
    for path in content.rglob("*.md"):
        path.unlink()

    def write_page(url, body="Words.", meta=""):
        path = content / f"{url.strip('/')}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE.format(url=url, meta=meta, body=body))
        return path

    for name in "abc":
        write_page(f"/{name}")
    return write_page


def publish():
    live_pages.record(current.visible_pages())


def announced(receiver):
    """Return the paths in each request so far, and forget the requests."""
    requests = [request.data for request in receiver.requests]
    receiver.requests.clear()
    return [[url.removeprefix(SITE) for url in request["urlList"]] for request in requests]


@pytest.mark.django_db
def test_changes_are_announced_once_after_the_publish(receiver, write):
    worker = OutboxWorker()
    publish()
    assert worker.run_once() == (0, 0)  # the first run only remembers the pages
    write("/b", "Other words.")
    write("/d")
    write("/c").unlink()
    publish()
    assert worker.run_once() == (1, 0)
    [request] = receiver.requests
    assert request.headers["content-type"] == "application/json" and request.path.startswith("/indexnow")
    assert request.data == {
        "host": "www.layersrank.example",
        "key": KEY,
        "keyLocation": f"{SITE}/{KEY}.txt",
        "urlList": [f"{SITE}/b", f"{SITE}/c", f"{SITE}/d"],
    }
    assert worker.run_once() == OutboxWorker().run_once() == (0, 0)


@pytest.mark.django_db
def test_a_renamed_page_is_announced_under_both_addresses(receiver, write):
    publish()
    OutboxWorker().run_once()
    write("/b").unlink()
    write("/renamed", meta="Aliases: /b\n")
    publish()
    OutboxWorker().run_once()
    assert announced(receiver) == [["/b", "/renamed"]]


@pytest.mark.django_db
def test_drafts_future_pages_and_noindex_pages_are_never_announced(receiver, write):
    write("/was-hidden", meta="Robots: noindex\n")
    publish()
    worker = OutboxWorker()
    worker.run_once()
    write("/draft", meta="Status: draft\n")
    write("/later", meta="Publish: 2126-01-01\n")
    write("/hidden", meta="Robots: noindex\n")
    write("/copy", meta="Canonical: https://elsewhere.example/\n")
    write("/a", meta="Robots: noindex\n")
    publish()
    worker.run_once()
    assert announced(receiver) == []
    write("/draft")
    write("/hidden", "Other words.", meta="Robots: noindex\n")
    write("/was-hidden")
    publish()
    worker.run_once()
    assert announced(receiver) == [["/draft", "/was-hidden"]]


@pytest.mark.django_db
def test_a_restart_or_another_release_announces_nothing(receiver, write, tmp_path, settings):
    publish()
    OutboxWorker().run_once()
    live_pages.path().unlink()  # a new container with an empty disk lacks this file, too
    publish()
    assert OutboxWorker().run_once() == (0, 0)
    assert announced(receiver) == []


@pytest.mark.django_db
def test_an_older_state_of_another_replica_is_ignored(receiver, write):
    old = LivePages(1_000.0, {"/a": "1"})
    new = LivePages(2_000.0, {"/a": "2"})
    for live in (old, new, old, new, old):
        search_engines.enqueue_changes(live)
    assert [json.loads(message.body) for message in Message.objects.all()] == [[f"{SITE}/a"]]


@pytest.mark.django_db(transaction=True)
def test_two_replicas_announce_a_change_once(receiver, write):
    publish()
    OutboxWorker().run_once()
    write("/b", "Other words.")
    publish()
    outcomes = in_parallel(lambda number: OutboxWorker().run_once(), 4)
    assert sum(sent for sent, _ in outcomes) == 1
    assert announced(receiver) == [["/b"]]


@pytest.mark.django_db
def test_many_addresses_are_sent_in_several_requests(receiver, monkeypatch):
    monkeypatch.setattr(search_engines, "MAX_URLS", 2)
    search_engines.enqueue_changes(LivePages(1.0, {}))
    search_engines.enqueue_changes(LivePages(2.0, dict.fromkeys(("/1", "/2", "/3", "/4", "/5"), "x")))
    assert OutboxWorker().run_once() == (3, 0)
    assert sorted(announced(receiver)) == [["/1", "/2"], ["/3", "/4"], ["/5"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "site"),
    [("", SITE), (KEY, "http://www.layersrank.example"), (KEY, "https://localhost"), (KEY, "https://127.0.0.1:8443")],
)
def test_without_a_key_or_a_public_site_nothing_is_announced(receiver, write, settings, key, site):
    settings.INDEXNOW_KEY, settings.SITE_URL = key, site
    publish()
    OutboxWorker().run_once()
    write("/b", "Other words.")
    publish()
    assert OutboxWorker().run_once() == (0, 0)
    assert not AnnouncedPages.objects.exists() and receiver.requests == []


@pytest.mark.django_db
@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_busy_or_broken_server_is_asked_again_later(receiver, code):
    receiver.status = code
    outbox_message(
        Message.Kind.INDEXNOW, lead=None, body='["x"]', created_at=timezone.now(), due_at=timezone.now()
    ).save()
    worker = OutboxWorker()
    assert worker.run_once() == (0, 1)
    message = Message.objects.get()
    assert message.state == "pending" and message.due_at > timezone.now()
    assert INDEXNOW in worker.paused_until
    receiver.status = 202
    worker.paused_until.clear()
    Message.objects.update(due_at=timezone.now())
    assert worker.run_once() == (1, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (400, "Check INDEXNOW_URL"),
        (403, f"Check that {SITE}/{KEY}.txt shows INDEXNOW_KEY"),
        (422, "Check that SITE_URL"),
    ],
)
def test_a_refusal_is_logged_with_what_to_do_and_raises_no_alarm(receiver, caplog, code, advice):
    receiver.status = code
    outbox_message(
        Message.Kind.INDEXNOW, lead=None, body='["x"]', created_at=timezone.now(), due_at=timezone.now()
    ).save()
    caplog.set_level(logging.ERROR, logger=outbox_worker.__name__)
    OutboxWorker().run_once()
    assert Message.objects.get().state == "dead"
    assert advice in caplog.text and str(code) in caplog.text
    assert len(Attempt.objects.get().error) < 500
    assert status()["dead_letters"] == 0


@pytest.mark.parametrize("misbehavior", MISBEHAVIORS)
def test_a_misbehaving_server_does_not_hold_up_the_worker(misbehavior, settings, short_timeouts):
    settings.INDEXNOW_KEY = KEY
    with running(misbehavior) as port:
        settings.INDEXNOW_URL = f"http://127.0.0.1:{port}/indexnow"
        with pytest.raises(SendError) as caught:
            indexnow_transport.send(outbox_message(Message.Kind.INDEXNOW, body="[]"))
    assert caught.value.unreachable


def test_redirects_are_not_followed(receiver):
    receiver.status, receiver.headers = 307, {"Location": receiver.url}
    with pytest.raises(SendError, match="307"):
        indexnow_transport.send(outbox_message(Message.Kind.INDEXNOW, body="[]"))
    assert len(receiver.requests) == 1


def test_an_announcement_that_waits_while_the_key_is_removed_is_dropped(receiver, settings):
    settings.INDEXNOW_KEY = ""
    with pytest.raises(SendError, match="not set any more") as caught:
        indexnow_transport.send(outbox_message(Message.Kind.INDEXNOW, body="[]"))
    assert caught.value.permanent and receiver.requests == []


@pytest.mark.django_db
def test_old_announcements_are_deleted(receiver):
    now = timezone.now()
    values = {"lead": None, "state": "sent", "created_at": now, "due_at": now}
    for days in (1, 31):
        sent = {"message_id": f"<{days}>", "sent_at": now - timedelta(days=days)}
        outbox_message(Message.Kind.INDEXNOW, **values, **sent).save()
    search_engines.enqueue_changes(LivePages(1.0, {}))
    assert [message.message_id for message in Message.objects.all()] == ["<1>"]


def test_the_key_file_shows_exactly_the_key(rf, settings):
    settings.INDEXNOW_KEY = KEY
    response = crawler_files.indexnow_key(rf.get(f"/{KEY}.txt"))
    assert response.content == KEY.encode() and response["Content-Type"].startswith("text/plain")


def startup_errors():
    return [error for error in check_startup() if "INDEXNOW" in error.msg]


@pytest.mark.parametrize("key", ["short", "a" * 129, "under_score", "slash/12345", "ümlaut-12", "dots.12345"])
def test_an_invalid_key_is_refused(settings, key):
    settings.INDEXNOW_KEY, settings.SITE_URL = key, SITE
    [error] = startup_errors()
    assert "which is not a key of IndexNow" in error.msg and "openssl rand -hex 16" in error.hint


@pytest.mark.parametrize("key", ["", "12345678", "a-B-0" * 25])
def test_a_valid_key_is_accepted(settings, key):
    settings.INDEXNOW_KEY, settings.SITE_URL = key, SITE
    assert startup_errors() == []


@pytest.mark.parametrize("site", ["https://localhost", "http://www.layersrank.example"])
def test_a_key_without_a_public_site_is_refused_except_in_development(settings, site):
    settings.INDEXNOW_KEY, settings.SITE_URL = KEY, site
    [error] = startup_errors()
    assert "which search engines can't reach" in error.msg
    settings.DEBUG = True
    assert startup_errors() == []


def test_an_invalid_address_of_the_server_is_refused(settings):
    settings.INDEXNOW_URL = "api.indexnow.org"
    [error] = startup_errors()
    assert error.msg == "INDEXNOW_URL is “api.indexnow.org”, which is not an http or https URL."
