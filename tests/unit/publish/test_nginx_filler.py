"""Which addresses the publisher requests to fill nginx's cache."""

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
