"""Changes that belong together are all written or not at all, even if a write fails or the user presses Ctrl-C."""

import pytest

from pages.content import file_changes
from pages.content.file_changes import FileChange


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("failing", range(4))
def test_interrupted_changes_are_undone(tmp_path, monkeypatch, error, failing):
    edited, moved, deleted = (tmp_path / name for name in ("edited.md", "moved.md", "deleted.md"))
    for path in (edited, moved, deleted):
        path.write_bytes(b"before")
    changes = [
        FileChange(edited, b"before", b"after"),
        FileChange(moved, b"before", b"after", target=tmp_path / "folder" / "moved.md"),
        FileChange(deleted, b"before", None),
    ]
    write, written = file_changes._write, []

    def fail_once(path, raw, *, keep_mode):
        written.append(path)
        if len(written) == failing + 1:
            raise error
        write(path, raw, keep_mode=keep_mode)

    monkeypatch.setattr(file_changes, "_write", fail_once)
    with pytest.raises(error):
        file_changes.apply(tmp_path, changes)
    files = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert files == dict.fromkeys(("edited.md", "moved.md", "deleted.md"), b"before")
