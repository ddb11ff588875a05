"""Replacing files. A replaced file keeps its mode, and its owner and group, if the process may set them."""

import os
import stat

import pytest

from pages.atomic_files import replace_file, write_file


def test_the_group_is_kept_even_if_the_owner_cannot_be_kept(tmp_path, monkeypatch):
    """If a colleague owns a document, the site may have permission to read it only through the group."""
    set_groups = []

    def fchown(descriptor, owner, group):
        if owner != -1:
            raise PermissionError(1, "Operation not permitted")
        set_groups.append(group)

    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o640)
    monkeypatch.setattr(os, "fchown", fchown)
    with replace_file(path, keep_mode=True) as file:
        file.write(b"new")
    assert set_groups == [path.stat().st_gid]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_file_is_written_in_a_new_folder_and_replaced(tmp_path):
    path = tmp_path / "new" / "file"
    for data in (b"old", b"new"):
        write_file(path, data)
        assert path.read_bytes() == data and stat.S_IMODE(path.stat().st_mode) == 0o644
    assert list(path.parent.iterdir()) == [path]


def test_after_an_error_the_old_file_stays_and_no_other_file_is_left(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fchmod", lambda descriptor, mode: os.close(-1))
    with pytest.raises(OSError, match="Bad file descriptor"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old" and list(tmp_path.iterdir()) == [path]
