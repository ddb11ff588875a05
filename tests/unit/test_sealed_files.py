"""Test that a sealed file can be read only if its content is unchanged."""

import os
import pickle

import pytest

from pages import sealed_files

CHANGES = {
    "empty": lambda data: b"",
    "shorter than a digest": lambda data: data[:7],
    "without its last byte": lambda data: data[:-1],
    "without its first byte": lambda data: data[1:],
    "zeros": lambda data: bytes(len(data)),
    "random": lambda data: os.urandom(len(data)),
    "one other bit": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "longer": lambda data: data + b"x",
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "file"


@pytest.mark.parametrize("data", [b"", b"x", b"text" * 1_000_000])
def test_written_content_is_read_back(path, data):
    with sealed_files.replace(path) as file:
        file.write(data[:3])
        file.write(data[3:])
    assert sealed_files.read(path) == data
    with path.open("rb") as file:
        sealed_files.check(file)
        assert file.read(len(data)) == data


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_file_is_refused(path, change):
    with sealed_files.replace(path) as file:
        pickle.dump({"a": 1}, file)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(sealed_files.Damaged):
        sealed_files.read(path)
    with path.open("rb") as file, pytest.raises(sealed_files.Damaged):
        sealed_files.check(file)


def test_a_missing_file_raises_an_os_error(path):
    with pytest.raises(FileNotFoundError):
        sealed_files.read(path)


def test_an_exception_while_writing_keeps_the_old_file(path):
    with sealed_files.replace(path) as file:
        file.write(b"old")
    with pytest.raises(TypeError), sealed_files.replace(path) as file:
        file.write("no bytes")
    assert sealed_files.read(path) == b"old"
