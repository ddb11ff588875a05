"""A replaced file keeps its mode. It also keeps its owner and group, if the process may set them."""

import os
import stat

from pages.atomic_files import replace_file


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
