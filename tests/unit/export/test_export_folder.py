"""The folder of a static export: what is written, kept, deleted and refused."""

import json
import signal
import subprocess
import sys

import pytest

from pages.export.export_folder import LIST_NAME, ExportFolder, FolderRefused
from tests.support.waiting import PATIENCE

from ...conftest import ROOT


def export(folder, **files):
    output = ExportFolder(folder)
    for name, text in files.items():
        output.write(name.replace("__", "/"), text.encode())
    output.finish()
    output.close()
    return output


def names(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {LIST_NAME}


def test_only_changes_are_written_and_files_that_are_gone_are_deleted(tmp_path):
    folder = tmp_path / "new"
    assert export(folder, a="1", b__c="2", b__d="3").written == ["a", "b/c", "b/d"]
    before = (folder / "a").stat().st_mtime_ns
    output = export(folder, a="1", e="4")
    assert (output.written, output.deleted) == (["e"], ["b/c", "b/d"])
    assert (folder / "a").stat().st_mtime_ns == before
    assert names(folder) == {"a", "e"} and not (folder / "b").exists()
    assert export(folder, a="5", e="4").written == ["a"]


def test_a_changed_or_missing_file_is_written_again(tmp_path):
    export(tmp_path, a="1", b="2")
    (tmp_path / "a").unlink()
    (tmp_path / "b").write_text("cut off")
    assert export(tmp_path, a="1", b="2").written == ["a", "b"]


@pytest.mark.parametrize("is_exported", [False, True])
def test_a_folder_with_other_files_is_refused(tmp_path, is_exported):
    if is_exported:
        export(tmp_path, a="1")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "mine.jpg").write_text("a photo")
    with pytest.raises(FolderRefused, match=r"photos/mine\.jpg"):
        ExportFolder(tmp_path)
    assert names(tmp_path) == {"photos/mine.jpg"} | ({"a"} if is_exported else set())


def test_a_file_in_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "file").write_text("text")
    with pytest.raises(FolderRefused, match="not a folder"):
        ExportFolder(tmp_path / "file")


def test_an_export_after_an_interrupted_one_completes_it(tmp_path):
    export(tmp_path, a="1", old="2")
    interrupted = ExportFolder(tmp_path)
    interrupted.write("a", b"3")
    interrupted.write("b", b"4")
    interrupted.close()
    with (tmp_path / LIST_NAME).open("ab") as file:
        file.write(b'["c", ')  # the export was killed while it wrote a line
    output = export(tmp_path, a="3", b="4")
    assert (output.written, output.deleted) == (["a", "b"], ["old"])


@pytest.mark.parametrize("name", ["../outside", "/outside", "", LIST_NAME])
def test_no_file_outside_the_folder_is_written_or_deleted(tmp_path, name):
    folder = tmp_path / "export"
    output = ExportFolder(folder)
    with pytest.raises(FolderRefused):
        output.write(name, b"text")
    output.close()
    (tmp_path / "outside").write_text("text")
    with (folder / LIST_NAME).open("a") as file:
        file.write(json.dumps([name, ""]) + "\n")
    assert export(folder, a="1").deleted == []
    assert (tmp_path / "outside").exists()


KILLED_EXPORT = """
import os, signal, sys
from pathlib import Path
from pages.export.export_folder import ExportFolder
output = ExportFolder(Path(sys.argv[1]))
os.replace = lambda source, target: os.kill(os.getpid(), signal.SIGKILL)
output.write("folder/a", b"1")
"""


def test_an_export_after_a_killed_one_removes_its_unfinished_file(tmp_path):
    command = [sys.executable, "-c", KILLED_EXPORT, str(tmp_path)]
    assert subprocess.run(command, cwd=ROOT, timeout=PATIENCE).returncode == -signal.SIGKILL
    assert len(names(tmp_path)) == 1 and "folder/a" not in names(tmp_path)
    export(tmp_path, b="2")
    assert names(tmp_path) == {"b"} and not (tmp_path / "folder").exists()


def test_two_exports_into_the_same_folder_do_not_run_at_once(tmp_path):
    first = ExportFolder(tmp_path)
    with pytest.raises(FolderRefused, match="Another export is writing into"):
        ExportFolder(tmp_path)
    first.close()
    export(tmp_path, a="1")


def test_two_addresses_with_the_same_file_are_refused(tmp_path):
    output = ExportFolder(tmp_path)
    output.write("a.html", b"1")
    with pytest.raises(FolderRefused, match=r"a\.html"):
        output.write("a.html", b"2")
