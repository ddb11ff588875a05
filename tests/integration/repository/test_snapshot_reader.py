"""Workers read the snapshot that the publisher writes."""

import errno
from pathlib import Path

from pages.content import library
from pages.repository import snapshot
from pages.repository.snapshot import SnapshotReader
from tests.support.content_samples import page_text


def test_a_snapshot_that_could_not_be_opened_is_read_later(tmp_path, monkeypatch):
    folder, path = tmp_path / "content", tmp_path / "snapshot"
    folder.mkdir()
    (folder / "one.md").write_text(page_text("One", "/one"))
    reader = SnapshotReader(path, folder)
    assert list(reader.current().pages) == ["/one"]
    (folder / "two.md").write_text(page_text("Two", "/two"))
    snapshot.write(path, library.load(folder))

    def refuse(path, mode):
        raise OSError(errno.EMFILE, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        assert list(reader.current().pages) == ["/one"]
    assert list(reader.current().pages) == ["/one", "/two"]


def test_a_damaged_snapshot_is_read_only_once(tmp_path, caplog):
    folder, path = tmp_path / "content", tmp_path / "snapshot"
    folder.mkdir()
    path.write_bytes(b"damaged")
    reader = SnapshotReader(path, folder)
    assert not reader.current().pages and not reader.current().pages
    assert caplog.text.count("snapshot is damaged") == 1
