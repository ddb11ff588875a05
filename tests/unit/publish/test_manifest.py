"""The table of what is published: one writes, others follow."""

from contextlib import closing

import pytest

from pages import atomic_files
from pages.publish import manifest
from pages.publish.manifest import Entry, ManifestReader, ManifestWriter

HTML = (("content-type", "text/html"), ("vary", "Accept-Encoding"))
PLAIN = (("content-type", "text/plain"),)


def entry(digest, headers=HTML, reads_query=False):
    return Entry(digest, {"br": 1, "identity": 2}, headers, reads_query)


def shown(following):
    following.refresh()
    return {path: (each.digest, each.headers, each.reads_query) for path, each in following.entries.items()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "releases" / "one" / "manifest"


@pytest.fixture
def writing(path):
    with closing(ManifestWriter(path)) as writing:
        yield writing


@pytest.fixture
def following(path):
    with closing(ManifestReader(path)) as following:
        yield following


def test_what_is_written_is_followed(writing, following):
    assert shown(following) == {}
    writing.put("/a", entry("1"))
    writing.put("/ü \n", entry("2", PLAIN, reads_query=True))
    assert shown(following) == {"/a": ("1", HTML, False), "/ü \n": ("2", PLAIN, True)}
    assert following.entries["/a"].sizes == {"br": 1, "identity": 2}
    writing.put("/a", entry("3"))
    writing.remove("/ü \n")
    assert shown(following) == {"/a": ("3", HTML, False)}


def test_the_same_headers_are_held_once(writing, following):
    for number in range(100):
        writing.put(f"/{number}", entry(str(number), tuple(map(tuple, HTML))))
    following.refresh()
    assert len({id(each.headers) for each in following.entries.values()}) == 1


def test_a_line_counts_when_it_is_whole(path, writing, following):
    writing.put("/a", entry("1"))
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        with closing(ManifestReader(path)) as other:
            assert shown(other) == {}
            with path.open("ab") as file:
                file.write(whole[end:])
            assert shown(other) == {"/a": ("1", HTML, False)}


def test_the_next_writer_goes_on_from_what_stood_there(path, writing, following):
    writing.put("/a", entry("1"))
    writing.put("/a", entry("2"))
    writing.put("/b", entry("3", PLAIN))
    with path.open("ab") as file:
        file.write(b'["entry","/torn')
    before = shown(following)
    with closing(ManifestWriter(path)) as next_one:
        assert path.read_bytes().count(b"\n") == 4  # two kinds of headers, two paths
        assert shown(following) == before
        next_one.remove("/a")
        assert shown(following) == {"/b": ("3", PLAIN, False)}


def test_many_writers_one_after_the_other_are_all_noticed(path, following):
    for number in range(20):
        with closing(ManifestWriter(path)) as writing:
            writing.put("/a", entry(str(number)))
        assert shown(following) == {"/a": (str(number), HTML, False)}


def test_a_file_that_vanishes_takes_nothing_with_it(path, writing, following):
    writing.put("/a", entry("1"))
    before = shown(following)
    path.unlink()
    assert shown(following) == before


def test_it_looks_now_and_then(writing, following, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(manifest, "monotonic", lambda: now[0])
    assert following.get("/a") is None
    writing.put("/a", entry("1"))
    assert following.get("/a") is None
    now[0] += manifest.POLL_SECONDS
    assert following.get("/a").digest == "1"


def test_half_a_line_of_a_full_disk_is_an_error_and_misleads_nobody(tmp_path, monkeypatch):
    path = tmp_path / "manifest"
    with closing(ManifestWriter(path)) as writing, closing(ManifestReader(path)) as following:
        writing.put("/a", entry("a"))
        file = writing._file

        class Full:
            def write(self, data):
                return file.write(data[: len(data) // 2])

        monkeypatch.setattr(writing, "_file", Full())
        with pytest.raises(OSError, match="No space left"):
            writing.put("/b", entry("b"))
        monkeypatch.setattr(writing, "_file", file)
        following.refresh()
        assert set(following.entries) == {"/a"}
        with closing(ManifestWriter(path)) as another:
            another.put("/c", entry("c"))
            following.refresh()
            assert set(following.entries) == {"/a", "/c"}


def test_a_file_that_could_not_be_written_leaves_the_old_one_and_nothing_else(tmp_path):
    path = tmp_path / "manifest"
    path.write_text("old")
    with pytest.raises(TypeError), atomic_files.replace_file(path) as file:
        file.write("no bytes")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
