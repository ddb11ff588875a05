"""A full build outside the running site, as in `manage.py build_pages`."""

import pytest

from pages.content import document
from pages.media import artifacts
from pages.publish import manifest_entry, progress
from pages.publish.full_build import publish_all
from pages.publish.publisher import Publisher
from pages.repository import current

KEPT = ("index.md", "about.md", "pricing.md")


class Killed(Exception):
    pass


@pytest.fixture
def small_site(content, monkeypatch):
    for path in content.rglob("*.md"):
        if path.name not in KEPT:
            path.unlink()
    monkeypatch.setattr(current, "_is_lazy", current._is_lazy)  # undo the full build's change after the test
    monkeypatch.setattr(artifacts, "build", lambda artifacts: iter(artifacts))
    return content


def test_a_killed_build_is_continued(small_site, monkeypatch):
    """The next build neither checks the same documents again, nor compresses the same responses again."""
    checked, compressed = [], []
    read = document.read

    def record_read(source, *arguments, check=True):
        checked.extend([source.path] if check else [])
        return read(source, *arguments, check=check)

    def compress(body, is_quick):
        if len(compressed) == 5:
            raise Killed
        assert body not in compressed
        compressed.append(body)
        return {"br": b"br", "gzip": b"gzip", "identity": body}

    monkeypatch.setattr(document, "read", record_read)
    monkeypatch.setattr(manifest_entry, "compress", compress)
    with pytest.raises(Killed), publish_all(print):
        pass
    assert len(checked) == len(set(checked)) and any(path.endswith("pricing.md") for path in checked)
    compressed.append(b"")  # the next build isn't killed
    checked.clear()
    with publish_all(print) as publisher:
        assert {"/", "/about", "/pricing"} <= publisher.manifest.entries.keys()
    assert checked == []


def test_a_full_build_reports_pages_and_files(small_site, monkeypatch):
    messages = []
    monkeypatch.setattr(progress, "INTERVAL_SECONDS", 0)
    monkeypatch.setattr(manifest_entry, "compress", lambda body, is_quick: {"identity": body})
    with publish_all(messages.append) as publisher:
        assert isinstance(publisher, Publisher)
    assert any(message.startswith("Published 1 of ") for message in messages)
    assert any(message.endswith(" images, social cards and downloads") for message in messages)
