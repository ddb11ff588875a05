"""Progress messages of long builds."""

from pages.publish import progress
from pages.publish.progress import Progress


def test_a_long_build_reports_how_much_is_finished(monkeypatch):
    monkeypatch.setattr(progress, "INTERVAL_SECONDS", 0)
    messages = []
    builds = Progress(messages.append, "Published {} of {} pages", 10_000)
    for _ in range(1_200):
        builds.advance()
    assert messages[-1] == "Published 1,200 of 10,000 pages"


def test_a_short_build_reports_nothing():
    messages = []
    Progress(messages.append, "Published {} of {} pages", 1).advance()
    assert messages == []
