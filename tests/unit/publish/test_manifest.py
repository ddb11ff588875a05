"""The manifest of published responses: one process writes it, and many read it."""

from contextlib import closing

import pytest

from pages import atomic_files
from pages.publish import manifest
from pages.publish.manifest import Entry, ManifestReader, ManifestWriter

HTML = (("content-type", "text/html"), ("vary", "Accept-Encoding"))
PLAIN = (("content-type", "text/plain"),)


def entry(digest, headers=HTML, parameters=()):
    return Entry(digest, {"br": 1, "identity": 2}, headers, parameters)


def refreshed(reader):
    reader.refresh()
    return {path: (each.digest, each.headers, each.parameters) for path, each in reader.entries.items()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "releases" / "one" / "manifest"


@pytest.fixture
def writer(path):
    with closing(ManifestWriter(path)) as writer:
        yield writer


@pytest.fixture
def reader(path):
    with closing(ManifestReader(path)) as reader:
        yield reader


def test_a_reader_sees_the_changes_of_the_writer(writer, reader):
    assert refreshed(reader) == {}
    writer.put("/a", entry("1"))
    writer.put("/ü \n", entry("2", PLAIN, parameters=("role",)))
    assert refreshed(reader) == {"/a": ("1", HTML, ()), "/ü \n": ("2", PLAIN, ("role",))}
    assert reader.entries["/a"].sizes == {"br": 1, "identity": 2}
    writer.put("/a", entry("3"))
    writer.remove("/ü \n")
    assert refreshed(reader) == {"/a": ("3", HTML, ())}


def test_equal_headers_share_memory(writer, reader):
    for number in range(100):
        writer.put(f"/{number}", entry(str(number), tuple(map(tuple, HTML))))
    reader.refresh()
    assert len({id(each.headers) for each in reader.entries.values()}) == 1


def test_incomplete_lines_are_not_read(path, writer, reader):
    writer.put("/a", entry("1"))
    content = path.read_bytes()
    for end in range(len(content)):
        path.write_bytes(content[:end])
        with closing(ManifestReader(path)) as other:
            assert refreshed(other) == {}
            with path.open("ab") as file:
                file.write(content[end:])
            assert refreshed(other) == {"/a": ("1", HTML, ())}


def test_the_next_writer_keeps_existing_entries(path, writer, reader):
    writer.put("/a", entry("1"))
    writer.put("/a", entry("2"))
    writer.put("/b", entry("3", PLAIN))
    with path.open("ab") as file:
        file.write(b'["entry","/torn')
    before = refreshed(reader)
    with closing(ManifestWriter(path)) as next_writer:
        assert path.read_bytes().count(b"\n") == 4  # there is one line for each set of headers and for each path
        assert refreshed(reader) == before
        next_writer.remove("/a")
        assert refreshed(reader) == {"/b": ("3", PLAIN, ())}


def test_a_reader_sees_the_changes_of_consecutive_writers(path, reader):
    for number in range(20):
        with closing(ManifestWriter(path)) as writer:
            writer.put("/a", entry(str(number)))
        assert refreshed(reader) == {"/a": (str(number), HTML, ())}


def test_a_reader_keeps_its_entries_if_the_file_is_deleted(path, writer, reader):
    writer.put("/a", entry("1"))
    before = refreshed(reader)
    path.unlink()
    assert refreshed(reader) == before


def test_a_reader_has_no_entries_while_the_manifest_is_outdated(path, writer):
    writer.put("/", entry("a"))
    is_outdated = [True]
    with closing(ManifestReader(path, lambda: is_outdated[0])) as reader:
        assert refreshed(reader) == {}
        is_outdated[0] = False
        assert set(refreshed(reader)) == {"/"}


def test_a_reader_polls_at_most_once_per_poll_interval(writer, reader, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(manifest, "monotonic", lambda: now[0])
    assert reader.get("/a") is None
    writer.put("/a", entry("1"))
    assert reader.get("/a") is None
    now[0] += manifest.POLL_SECONDS
    assert reader.get("/a").digest == "1"


def test_a_partial_write_on_a_full_disk_raises_an_error_and_is_ignored_by_readers(tmp_path, monkeypatch):
    path = tmp_path / "manifest"
    with closing(ManifestWriter(path)) as writer, closing(ManifestReader(path)) as reader:
        writer.put("/a", entry("a"))
        file = writer._file

        class Full:
            def write(self, data):
                return file.write(data[: len(data) // 2])

        monkeypatch.setattr(writer, "_file", Full())
        with pytest.raises(OSError, match="No space left"):
            writer.put("/b", entry("b"))
        monkeypatch.setattr(writer, "_file", file)
        reader.refresh()
        assert set(reader.entries) == {"/a"}
        with closing(ManifestWriter(path)) as another:
            another.put("/c", entry("c"))
            reader.refresh()
            assert set(reader.entries) == {"/a", "/c"}


def test_a_failed_replacement_keeps_the_old_file(tmp_path):
    path = tmp_path / "manifest"
    path.write_text("old")
    with pytest.raises(TypeError), atomic_files.replace_file(path) as file:
        file.write("no bytes")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def damage(path, change):
    """Change the file in place."""
    data = change(path.read_bytes())
    with path.open("r+b") as file:
        file.truncate(len(data))
        file.write(data)


DAMAGES = {
    "one byte": lambda data: data[:90] + bytes([data[90] ^ 1]) + data[91:],
    "a valid line with another digest": lambda data: data.replace(b'"/a","1"', b'"/a","2"'),
    "a missing line": lambda data: b"".join(data.splitlines(keepends=True)[1:]),
    "a repeated line": lambda data: data + data.splitlines(keepends=True)[-1],
    "zeros": lambda data: bytes(len(data)),
    "zeros at the end": lambda data: data[:-20] + bytes(20),
    "no line end": lambda data: data.replace(b"\n", b" "),
    "nothing": lambda data: b"",
}


@pytest.fixture
def filled(writer):
    for number in range(3):
        writer.put(f"/{chr(ord('a') + number)}", entry(str(number + 1)))
    return writer


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_has_no_entries(path, filled, change):
    filled.close()
    damage(path, change)
    with closing(ManifestReader(path)) as reader:
        assert refreshed(reader) == {}
    with closing(ManifestWriter(path)) as writer:
        assert writer.entries == {}


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_the_writer_replaces_a_damaged_file(path, filled, reader, change):
    before = refreshed(reader)
    damage(path, change)
    assert refreshed(reader) == before
    assert not filled.is_intact()
    filled.repair()
    assert filled.is_intact()
    assert refreshed(reader) == before
    filled.put("/d", entry("4"))
    with closing(ManifestReader(path)) as another:
        assert refreshed(another) == refreshed(reader) == before | {"/d": ("4", HTML, ())}


@pytest.mark.parametrize("change", DAMAGES.values(), ids=DAMAGES)
def test_an_edit_repairs_a_damaged_file(path, filled, reader, change):
    before = refreshed(reader)
    damage(path, change)
    filled.remove("/c")
    del before["/c"]
    assert refreshed(reader) == before


def test_a_damaged_file_is_logged_once(path, filled, caplog):
    damage(path, DAMAGES["one byte"])
    with closing(ManifestReader(path)) as reader:
        for _ in range(3):
            reader.refresh()
    assert caplog.text.count("is damaged") == 1


# Upcoming entries


def at(monkeypatch, seconds):
    monkeypatch.setattr(manifest, "time", lambda: seconds)


def found(reader, *paths):
    reader._next_poll = 0
    return [entry and entry.digest for entry in map(reader.get, paths)]


def test_a_reader_switches_to_the_upcoming_entries_by_the_clock(writer, reader, monkeypatch):
    writer.put("/a", entry("1"))
    writer.put("/b", entry("2"))
    writer.expect_change(1000.0)
    writer.put_upcoming("/a", entry("3", PLAIN))
    writer.put_upcoming("/b", None)
    writer.put_upcoming("/c", entry("4"))
    paths = ("/a", "/b", "/c")
    for seconds, expected in ((999.9, ["1", "2", None]), (1000.0, ["3", None, "4"]), (999, ["1", "2", None])):
        at(monkeypatch, seconds)
        assert found(reader, *paths) == expected
    at(monkeypatch, 1000.1)
    writer.put("/d", entry("5"))
    assert found(reader, *paths, "/d") == ["3", None, "4", "5"]
    writer.apply_change()
    for seconds in (1000.2, 999):
        at(monkeypatch, seconds)
        assert found(reader, *paths) == ["3", None, "4"]
    assert (reader.upcoming, reader.change_at) == ({}, None)


def test_a_changed_or_removed_entry_forgets_what_was_prebuilt(writer, reader, monkeypatch):
    at(monkeypatch, 1000.0)
    writer.put("/a", entry("1"))
    writer.put("/b", entry("1"))
    writer.expect_change(1000.0)
    writer.put_upcoming("/a", entry("2"))
    writer.put_upcoming("/b", entry("2"))
    writer.put("/a", entry("3"))
    writer.remove("/b")
    assert found(reader, "/a", "/b") == [None, None]


def test_another_time_forgets_all_upcoming_entries(writer, reader, monkeypatch):
    at(monkeypatch, 3000.0)
    writer.put("/a", entry("1"))
    for change_at in (1000.0, 2000.0, None):
        writer.expect_change(change_at)
        assert found(reader, "/a") == ["1"] and reader.change_at == change_at
        writer.put_upcoming("/a", entry("2"))
    writer.expect_change(1000.0)
    assert found(reader, "/a") == ["1"]


@pytest.mark.parametrize(("seconds", "digest"), [(999, "1"), (1000, "2")])
def test_the_next_writer_keeps_upcoming_entries_and_applies_them_if_they_are_due(
    path, writer, reader, monkeypatch, seconds, digest
):
    writer.put("/a", entry("1"))
    writer.expect_change(1000.0)
    writer.put_upcoming("/a", entry("2"))
    writer.put_upcoming("/b", None)
    at(monkeypatch, seconds)
    with closing(ManifestWriter(path)) as next_writer:
        assert next_writer.entries["/a"].digest == digest
        assert next_writer.change_at == (1000.0 if seconds < 1000 else None)
    assert found(reader, "/a") == [digest]
    at(monkeypatch, 1000)
    assert found(reader, "/a") == ["2"]
