"""Which addresses the publisher requests to fill nginx's cache."""

import errno
import json
from types import SimpleNamespace

from pages.publish import nginx_filler
from pages.publish.manifest import ManifestReader, ManifestWriter
from pages.publish.nginx_filler import NginxFiller

HEADERS = (("content-type", "text/html"), ("cache-control", "public"))


def fill(filler):
    changed = filler.find_changed()
    filler.filled |= changed
    return {path: version is not None for path, version in changed.items()}


def test_changed_and_removed_addresses_are_requested_once(settings, tmp_path, monkeypatch):
    settings.BUILD_DIR = tmp_path / "build"
    monkeypatch.setattr("pages.publish.manifest.POLL_SECONDS", 0)
    writer = ManifestWriter(tmp_path / "manifest")
    writer.store("/", b"home", HEADERS)
    writer.store("/a", b"a", HEADERS)
    reader = ManifestReader(tmp_path / "manifest")
    filler = NginxFiller(reader, "http://nginx:8002", "a.example", tmp_path / "copies")
    assert fill(filler) == {}, "nothing is requested before everything is published"

    filler.published(("/social/a.png",))
    assert fill(filler) == {"/": True, "/a": True, "/social/a.png": True}
    assert fill(filler) == {}

    writer.store("/a", b"another text", HEADERS)
    writer.store("/", b"home", HEADERS, changes_at=2**31)
    assert fill(filler) == {"/": True, "/a": True}

    writer.remove("/a")
    assert fill(filler) == {"/a": False}
    assert fill(filler) == {}
    writer.store("/a", b"a", HEADERS)
    assert fill(filler) == {"/a": True}

    writer.remove("/a")
    monkeypatch.setattr(nginx_filler, "monotonic", lambda: 2**40)
    assert fill(filler) == {"/": True, "/a": False, "/social/a.png": True}, "everything is requested again"
    writer.close()
    reader.close()


class Nginx:
    """A connection to a fake nginx. `statuses` maps each path to the status of its response."""

    def __init__(self, statuses):
        self.statuses = statuses
        self.requested = []

    def request(self, method, path, headers):
        self.requested.append(path)

    def getresponse(self):
        return SimpleNamespace(status=self.statuses[self.requested[-1]], headers={}, read=lambda: b"")


def test_only_removed_addresses_that_still_have_an_answer_are_requested_again(tmp_path):
    filler = NginxFiller(ManifestReader(tmp_path / "manifest"), "http://nginx:8002", "a.example", tmp_path / "copies")
    filler.published(())
    nginx = Nginx({"/deleted": 404, "/moved": 301, "/down": 502})
    filler.filled = dict.fromkeys(nginx.statuses, "")
    filler.fill(nginx, filler.find_changed())
    assert set(nginx.requested) == set(nginx.statuses)
    assert filler.filled == {"/moved": None, "/down": ""}
    assert json.loads((tmp_path / "copies").read_text()) == ["/moved", "/down"]


def test_a_full_disk_does_not_interrupt_the_filling(tmp_path, monkeypatch, caplog):
    def refuse(path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pages.atomic_files.replace_file", refuse)
    filler = NginxFiller(ManifestReader(tmp_path / "manifest"), "http://nginx:8002", "a.example", tmp_path / "copies")
    filler.published(("/social/a.png",))
    filler.fill(Nginx({"/social/a.png": 200}), filler.find_changed())
    assert filler.find_changed() == {} and "No space left on device" in caplog.text
