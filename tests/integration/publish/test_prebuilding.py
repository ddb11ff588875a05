"""Pages with a planned change are rendered in advance. The new pages replace the old ones at the time of the change."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from pages import clock
from pages.publish import manifest, manifest_entry
from pages.publish.manifest import ManifestReader
from pages.publish.publisher import Publisher
from pages.publish.release import manifest_path, search_index_path
from pages.publish.watcher import Watcher
from pages.repository import current
from pages.search import index

from ...support.marketer import document

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BANNER = '\n[banner]\ntext = "Closed today"\nfrom = "2030-01-01 13:00"\nuntil = "2030-01-01 14:00"\n'
FORM = """\
| Field | Name | Required | Help |
|---|---|---|---|
| Work email | email | yes | |

**Button:** Register

**Consent:** You may store this.

**Thanks:** **We got it** We will reply.
"""
LISTS = ("/", "/fairs", "/sitemap.xml", "/llms.txt")


@pytest.fixture
def now(monkeypatch):
    """The time of the fake clock, as the only element of a list, so that tests can change it."""
    now = [NOON]

    class Clock(datetime):
        @classmethod
        def now(cls, zone):
            return now[0]

    monkeypatch.setattr(clock, "datetime", Clock)
    monkeypatch.setattr(manifest, "time", lambda: now[0].timestamp())
    return now


@pytest.fixture
def write(content, monkeypatch, now):
    """A function that writes a page. The site has a home page, a hub and a page about prices."""
    monkeypatch.setattr(manifest_entry, "compress", lambda body, is_quick: {"identity": body})
    for path in content.rglob("*.md"):
        if path.name != "kit.md":
            path.unlink()
    site = content / "site.toml"
    site.write_text('name = "Site"\ndescription = "A site."\nheader = ["/fairs"]\nfooter = ["/pricing"]\n')
    (content / "fairs").mkdir()

    def write_page(path, body="Words.", meta=""):
        text = document(path, path.rpartition("/")[2].title(), body, meta)
        (content / f"{path}.md").write_text(text)

    write_page("index", "See [the expo](/fairs/expo).")
    write_page("fairs/index", "**Pages under:** /fairs")
    write_page("fairs/other")
    write_page("pricing", "Prices.")
    return write_page


@pytest.fixture
def site(write):
    """The publisher, and a worker that reads its manifest."""
    with closing(Site()) as site:
        yield site


class Site:
    def __init__(self):
        self.rendered = []
        self.reader = ManifestReader(manifest_path())
        self.start()

    def start(self, should_interrupt=lambda: False, previous=None):
        self.publisher = Publisher(should_interrupt, previous)
        prerenderer = self.publisher._prerenderer
        render = prerenderer.render
        prerenderer.render = lambda path: self.rendered.append(path) or render(path)

    def close(self):
        self.reader.close()
        self.publisher.close()

    def publish(self):
        self.rendered.clear()
        assert self.publisher.publish(current.visible_pages())

    def prebuild(self):
        self.rendered.clear()
        return self.publisher.prebuild(current.visible_pages())

    def get(self, path):
        """Return the stored response that a worker sends now, or None if Django has to answer."""
        self.reader._next_poll = 0
        entry = self.reader.get(path)
        return entry and entry.body("identity").decode()

    def shows(self, text, *paths):
        return [path for path in paths if text in self.get(path)]


def test_a_banner_appears_on_all_pages_at_once_and_ends_at_once_without_the_publisher(write, site, content, now):
    (content / "site.toml").write_text((content / "site.toml").read_text() + BANNER)
    pages = ("/", "/fairs", "/fairs/other", "/pricing")
    site.publish()
    assert site.prebuild() and site.shows("Closed today", *pages) == []
    assert set(pages) <= set(site.rendered)
    now[0] = NOON + HOUR - timedelta(milliseconds=1)
    assert site.shows("Closed today", *pages) == []
    now[0] = NOON + HOUR
    assert site.shows("Closed today", *pages) == [*pages]
    site.publish()
    assert site.rendered == [], "the publisher only takes over what it has prebuilt"
    assert site.prebuild() and site.shows("Closed today", *pages) == [*pages]
    now[0] = NOON + 2 * HOUR
    assert site.shows("Closed today", *pages) == []
    site.publish()
    assert site.rendered == [] and not site.prebuild()


def test_a_page_comes_and_goes_together_with_all_lists_and_links(write, site, now):
    write("fairs/expo", meta="Publish: 2030-01-01 13:00\nExpires: 2030-01-01 14:00\n")
    site.publish()
    site.prebuild()
    assert site.get("/fairs/expo") is None and site.shows("/fairs/expo", *LISTS) == []
    now[0] = NOON + HOUR
    assert "<h1>Expo</h1>" in site.get("/fairs/expo") and site.shows("/fairs/expo", *LISTS) == [*LISTS]
    site.publish()
    assert [path for path in site.rendered if path.startswith("/fairs")] == []
    with closing(index.open_for_reading(search_index_path())) as database:
        assert "/fairs/expo" in index.urls(database)
    site.prebuild()
    now[0] = NOON + 2 * HOUR
    assert site.get("/fairs/expo") is None and site.shows("/fairs/expo", *LISTS) == []
    site.publish()
    with closing(index.open_for_reading(search_index_path())) as database:
        assert "/fairs/expo" not in index.urls(database)


def test_pages_that_do_not_change_are_not_rendered(write, site):
    write("pricing", meta="Expires: 2030-01-01 13:00\n")
    write("terms")
    site.publish()
    site.prebuild()
    assert "/fairs/other" in site.rendered, "the footer of all pages has the price page"
    site.rendered.clear()
    assert site.prebuild() and site.rendered == []


def test_an_edit_before_the_change_never_brings_an_old_text_back(write, site, content, now):
    (content / "site.toml").write_text((content / "site.toml").read_text() + BANNER)
    site.publish()
    site.prebuild()
    write("pricing", "New prices.")
    site.publish()
    now[0] = NOON + HOUR
    assert site.get("/pricing") is None, "Django answers, because the prebuilt page is outdated"
    assert site.shows("Closed today", "/", "/fairs") == ["/", "/fairs"]
    now[0] = NOON
    site.prebuild()
    assert site.rendered == ["/pricing"]
    now[0] = NOON + HOUR
    assert "New prices." in site.get("/pricing") and "Closed today" in site.get("/pricing")


def test_a_page_that_gets_a_form_before_it_goes_live_is_not_sent_without_the_form(write, site, now):
    meta = "Publish: 2030-01-01 13:00\n"
    write("fairs/expo", "Meet us.", meta)
    site.publish()
    site.prebuild()
    write("fairs/expo", FORM, meta)
    site.publish()
    site.prebuild()
    now[0] = NOON + HOUR
    assert site.get("/fairs/expo") is None, "Django renders each form itself"
    site.publish()
    assert site.get("/fairs/expo") is None


def test_another_time_in_meta_replaces_the_prebuilt_responses(write, site, now):
    write("fairs/expo", meta="Publish: 2030-01-01 13:00\n")
    site.publish()
    site.prebuild()
    write("fairs/expo", meta="Publish: 2030-01-01 15:00\n")
    site.publish()
    site.prebuild()
    now[0] = NOON + 2 * HOUR
    assert site.get("/fairs/expo") is None
    now[0] = NOON + 3 * HOUR
    assert site.get("/fairs/expo")


def test_a_restart_before_the_change_loses_nothing(write, site, content, now):
    (content / "site.toml").write_text((content / "site.toml").read_text() + BANNER)
    site.publish()
    site.prebuild()
    site.publisher.close()
    site.start(lambda: True, current.get_library())  # this publisher is interrupted before it renders a page
    site.publisher.publish(current.visible_pages())
    assert site.shows("Closed today", "/", "/pricing") == []
    now[0] = NOON + HOUR
    assert site.shows("Closed today", "/", "/pricing") == ["/", "/pricing"]


@pytest.mark.parametrize("hours", [1, 5])
def test_a_site_that_was_stopped_during_the_change_starts_with_the_right_pages(write, site, now, hours):
    write("fairs/expo", meta="Publish: 2030-01-01 13:00\nTitle: Expo | Site\n")
    site.publish()
    site.prebuild()
    site.close()
    now[0] = NOON + hours * HOUR
    with closing(ManifestReader(manifest_path())) as worker:
        assert worker.get("/fairs/expo")
    with closing(Publisher(previous=current.get_library())) as publisher:
        assert "/fairs/expo" in publisher.manifest.entries and publisher.manifest.change_at is None


def test_documents_that_changed_while_the_site_was_stopped_are_not_prebuilt(write, site, now):
    write("fairs/expo", meta="Publish: 2030-01-01 13:00\n")
    site.publish()
    site.prebuild()
    before = current.get_library()
    site.publisher.close()
    write("fairs/expo", "Newer words.", meta="Publish: 2030-01-01 13:00\n")
    site.start(lambda: True, before)
    site.publisher.publish(current.visible_pages())
    now[0] = NOON + HOUR
    assert site.get("/fairs/expo") is None


def test_a_clock_that_is_set_back_brings_the_earlier_pages_back(write, site, content, now):
    (content / "site.toml").write_text((content / "site.toml").read_text() + BANNER)
    watcher = Watcher(content, reload=False)
    site.publish()
    site.prebuild()
    now[0] = NOON + HOUR
    assert site.shows("Closed today", "/") == ["/"]
    now[0] = NOON
    assert site.shows("Closed today", "/") == []
    now[0] = NOON + HOUR
    site.publish()
    watcher.start(current.visible_pages())
    assert not watcher.has_changes()
    now[0] = NOON
    watcher._next_poll = 0
    assert watcher.has_changes()
    site.publish()
    assert site.shows("Closed today", "/", "/pricing") == []


def test_a_clock_that_is_set_forward_is_noticed(write, site, content, now):
    (content / "site.toml").write_text((content / "site.toml").read_text() + BANNER)
    watcher = Watcher(content, reload=False)
    watcher.start(current.visible_pages())
    assert not watcher.has_changes()
    now[0] = NOON + 30 * HOUR
    watcher._next_poll = 0
    assert watcher.has_changes()


def test_an_interrupted_prebuilding_continues(write, site, content, now):
    (content / "site.toml").write_text((content / "site.toml").read_text() + BANNER)
    site.publish()
    publisher = site.publisher
    assert not publisher._prebuilder.prebuild(current.visible_pages(), publisher._fingerprints, lambda: True)
    assert len(site.rendered) > 1
    first = site.rendered[-1]
    site.prebuild()
    assert first not in site.rendered and "/pricing" in site.rendered


def test_the_card_and_the_files_of_a_page_are_made_before_it_goes_live(write, site):
    questions = "## SAMPLE QUESTIONS\n\n**1. Why?**\n\n*What this reveals:* Care."
    write("fairs/expo", questions, meta="Publish: 2030-01-01 13:00\n")
    site.publish()
    before = site.publisher.artifacts(current.visible_pages())
    site.prebuild()
    added = site.publisher.artifacts(current.visible_pages()).keys() - before.keys()
    assert {url.rpartition(".")[2] for url in added} >= {"png", "kit"}


def test_caches_keep_no_page_longer_than_it_stays_the_same(write, site, content, now):
    (content / "site.toml").write_text((content / "site.toml").read_text() + BANNER + 'pages = ["/pricing"]\n')
    write("fairs/expo", meta="Expires: 2030-01-01 16:00\n")
    site.publish()
    ends = {path: site.publisher.manifest.entries[path].changes_at for path in (*LISTS, "/fairs/expo", "/pricing")}
    assert ends == {
        **dict.fromkeys((*LISTS, "/fairs/expo"), (NOON + 4 * HOUR).timestamp()),
        "/pricing": (NOON + HOUR).timestamp(),
    }
    site.prebuild()
    now[0] = NOON + HOUR
    site.get("/pricing")
    assert site.reader.get("/pricing").changes_at == (NOON + 2 * HOUR).timestamp()
    headers = dict(site.reader.get("/pricing").headers)
    assert headers["cache-control"].endswith("stale-if-error=604800"), "the front limits it for each request"


def test_after_a_clock_is_set_back_no_worker_sends_a_page_that_is_not_right_yet(write, site, content, now):
    """Django answers in place of the stored responses, until the publisher has rendered them again."""
    (content / "site.toml").write_text((content / "site.toml").read_text() + BANNER)
    write("fairs/expo", meta="Publish: 2030-01-01 15:00\n")
    write("terms", meta="Expires: 2030-01-01 16:00\n")
    for hours in (1, 2, 3, 4):
        now[0] = NOON + hours * HOUR
        site.publish()  # render each change only at its time: nothing is prebuilt
    paths = ("/", "/fairs", "/fairs/other", "/pricing", "/sitemap.xml", "/llms.txt")
    assert all(map(site.get, paths))
    for hours in (3.5, 2.5, 1.5, 0):
        now[0] = NOON + hours * HOUR
        assert site.get("/terms") is None, "it is not published any more"
        assert site.get("/sitemap.xml") is None, "the sitemap changed at each of these times"
        assert [path for path in ("/pricing", "/fairs/other") if site.get(path)] == (
            ["/pricing", "/fairs/other"] if hours > 2 else []
        )
        assert (site.get("/fairs/expo") is None) == (hours < 3)
    site.publish()
    assert all(map(site.get, paths)) and site.shows("/fairs/expo", *LISTS) == []
    assert site.get("/terms") and site.shows("Closed today", "/", "/pricing") == []


def test_a_publisher_that_starts_after_the_clock_was_set_back_keeps_only_what_is_right(write, site, now):
    write("fairs/expo", meta="Publish: 2030-01-01 13:00\n")
    now[0] = NOON + HOUR
    site.publish()
    site.publisher.close()
    now[0] = NOON
    site.start()
    assert "/pricing" in site.publisher.manifest.entries and "/fairs/expo" not in site.publisher.manifest.entries


def test_a_feed_link_is_right_after_the_clock_was_set_back(write, site, now):
    write("fairs/first", meta="Author: A. Writer\nDate: 2030-01-01\nPublish: 2030-01-01 13:00\n")
    now[0] = NOON + HOUR
    site.publish()
    assert "/fairs/feed.xml" in site.get("/fairs")
    now[0] = NOON
    assert [path for path in ("/", "/fairs", "/fairs/other") if "feed.xml" in (site.get(path) or "")] == []
