"""Test that symbolic links are followed inside the content folder, and never out of it."""

import os

import pytest

from pages.content import content_folder, file_checks, library
from pages.content.content_folder import RefusedFile, find_file, read_bytes, scan, stamp_hash
from tests.support.sample_images import camera_jpeg

DOCUMENT = "# A\n## {url}\n\n## A SECTION\n\nWords.\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "content"
    (folder / "hire").mkdir(parents=True)
    (folder / "site.toml").write_text('name = "Acme"\n')
    (folder / "a.md").write_text(DOCUMENT.format(url="/a"))
    (folder / "hire" / "b.md").write_text(DOCUMENT.format(url="/hire/b"))
    return folder


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.md"
    path.write_text("SECRET_KEY=1\n")
    return path


def refusals(folder):
    return {
        problem.path: problem.message for problem in library.load(folder).problems if problem.rule == "unreadable-file"
    }


def test_a_symbolic_link_to_a_document_outside_the_folder_is_refused(folder, secret):
    (folder / "environ.md").symlink_to("/proc/self/environ")
    (folder / "secret.md").symlink_to(secret)
    (folder / "hire" / "up.md").symlink_to("../../secret.md")
    (folder / "etc").symlink_to("/etc")
    content = library.load(folder)
    assert set(content.pages) == {"/a", "/hire/b"}
    assert "lead out of the content folder" in refusals(folder)["content/environ.md"]
    assert set(refusals(folder)) == {f"content/{path}" for path in ("environ.md", "secret.md", "hire/up.md", "etc")}


def test_a_symbolic_link_to_settings_outside_the_folder_is_refused(folder, secret):
    (folder / "site.toml").unlink()
    (folder / "site.toml").symlink_to(secret)
    assert library.load(folder).site.name == "LayersRank"
    assert list(refusals(folder)) == ["content/site.toml"]


def test_a_document_that_became_a_symbolic_link_after_the_scan_is_refused(folder, secret):
    stamps = scan(folder)
    lazy = library.load(folder, lazy=True)
    (folder / "a.md").unlink()
    (folder / "a.md").symlink_to(secret)
    assert "/a" not in library.load(folder, stamps=stamps).pages
    with pytest.raises(LookupError):
        lazy.pages["/a"].full  # noqa: B018
    with pytest.raises(RefusedFile):
        read_bytes(folder, folder / "a.md")


def test_a_folder_that_became_a_symbolic_link_after_the_scan_is_refused(folder, tmp_path):
    stamps = scan(folder)
    (folder / "hire").rename(tmp_path / "hire")
    (folder / "hire").symlink_to(tmp_path / "hire")
    assert set(library.load(folder, stamps=stamps).pages) == {"/a"}


def test_a_symbolic_link_to_a_hidden_file_is_refused(folder):
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("url = https://token@example.com\n")
    (folder / "config.md").symlink_to(".git/config")
    (folder / "files").symlink_to(".git")
    assert set(refusals(folder)) == {"content/config.md", "content/files"}


@pytest.mark.parametrize("name", ["pipe.md", "pipe.png"])
def test_reading_never_waits_for_a_named_pipe(folder, name):
    os.mkfifo(folder / ".pipe")
    os.mkfifo(folder / "other.md")
    (folder / name).symlink_to(".pipe")
    (folder / "linked.md").symlink_to("other.md")
    content = library.load(folder)
    assert set(content.pages) == {"/a", "/hire/b"}
    assert set(refusals(folder)) == {f"content/{name}", "content/linked.md", "content/other.md"}
    stamps = {path: content_folder.Stamp(1, 1, 1) for path in (folder / "other.md", folder / "a.md")}
    assert set(library.load(folder, stamps=stamps).pages) == {"/a"}  # other.md became a pipe after the scan


def test_a_broken_symbolic_link_is_reported_without_hiding_other_files(folder):
    (folder / "loop").symlink_to("loop")
    (folder / "nothing.md").symlink_to("not-there.md")
    (folder / "hire" / "through-a-file.md").symlink_to("b.md/x")
    content = library.load(folder)
    assert set(content.pages) == {"/a", "/hire/b"} and content.site.name == "Acme"
    assert set(refusals(folder)) == {"content/loop", "content/nothing.md", "content/hire/through-a-file.md"}


@pytest.mark.skipif(os.getuid() == 0, reason="root may open every folder")
def test_an_unreadable_folder_is_reported_without_hiding_other_files(folder):
    (folder / "hire").chmod(0)
    try:
        assert set(library.load(folder).pages) == {"/a"}
        assert set(refusals(folder)) == {"content/hire"}
    finally:
        (folder / "hire").chmod(0o755)


def test_a_file_that_cannot_be_opened_does_not_hide_other_files(folder, monkeypatch):
    def fail(entry):
        if entry.name == "a.md":
            raise PermissionError(13, "Permission denied")
        return original(entry)

    original = content_folder._stamp_file
    monkeypatch.setattr(content_folder, "_stamp_file", fail)
    content = library.load(folder)
    assert set(content.pages) == {"/hire/b"} and content.site.name == "Acme"
    assert refusals(folder) == {"content/a.md": "The site can't open this file: Permission denied."}


@pytest.mark.skipif(os.getuid() == 0, reason="root may open every file")
def test_unreadable_files_are_reported_without_hiding_other_files(folder):
    (folder / "p.jpg").write_bytes(camera_jpeg())
    (folder / "d.pdf").write_text("%PDF")
    for name in ("p.jpg", "d.pdf", "a.md"):
        (folder / name).chmod(0)
    (folder / "hire").chmod(0o400)  # the folder can be listed, but its files can't be opened
    try:
        assert library.load(folder).site.name == "Acme"
        assert set(refusals(folder)) == {f"content/{name}" for name in ("p.jpg", "d.pdf", "a.md", "hire/b.md")}
        closed = content_folder.closed_paths(folder, scan(folder))
        assert set(closed) == {folder / name for name in ("p.jpg", "d.pdf", "a.md", "hire/b.md")}
    finally:
        (folder / "hire").chmod(0o755)


def test_unreadable_files_and_links_are_in_closed_paths_but_broken_links_are_not(folder, tmp_path, monkeypatch):
    """The test replaces the permission check, because root may open every file."""
    (folder / "hidden").symlink_to("hire")
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "nothing.md").symlink_to("not-there.md")
    (folder / "outside.md").symlink_to(tmp_path)
    monkeypatch.setattr(content_folder, "is_readable", lambda path: path.name == "site.toml")
    closed = {path.name for path in content_folder.closed_paths(folder, scan(folder))}
    assert closed == {"a.md", "b.md", "hidden"}
    (help,) = (problem.help for problem in library.load(folder).problems if problem.path == "content/hidden")
    assert help == file_checks.PERMISSION_HELP


def test_file_names_with_line_breaks_or_invalid_utf_8_are_escaped_in_messages(folder):
    for name in (b"caf\xe9.md", b"two\nlines.md", b"caf\xe9.pdf", b"caf\xe9.jpg", b"\x1b[2J.md"):
        (folder / os.fsdecode(name)).write_bytes(b"")
    (folder / "é.md").write_text("")
    content = library.load(folder)
    assert set(content.pages) == {"/a", "/hire/b"}
    paths = {problem.path for problem in content.problems if problem.rule == "empty-document"}
    assert paths == {r"content/caf\xe9.md", r"content/two\nlines.md", r"content/\x1b[2J.md", "content/é.md"}
    assert all("\n".join(map(str, content.all_problems)).encode().splitlines())


def test_symbolic_links_between_folders_are_followed_once(folder):
    (folder / "hire" / "up").symlink_to("..")
    (folder / "again").symlink_to("hire")
    for name in "xyz":
        (folder / name).mkdir()
        for other in "xyz":
            (folder / name / f"to-{other}").symlink_to(f"../{other}")
    assert set(library.load(folder).pages) == {"/a", "/hire/b"}
    assert "content/again" in refusals(folder) and "content/hire/up" in refusals(folder)


def test_a_symbolic_link_inside_the_folder_is_followed(folder):
    (folder / "c.md").symlink_to("hire/c.txt")
    (folder / "hire" / "c.txt").write_text(DOCUMENT.format(url="/c"))
    assert set(library.load(folder).pages) == {"/a", "/c", "/hire/b"}


def config_map(folder, revision, word):
    """Write a revision of a ConfigMap as Kubernetes does: new files in a hidden folder, and links to them."""
    hidden = folder / f"..2026_{revision}"
    (hidden / "hire").mkdir(parents=True)
    (hidden / "site.toml").write_text('name = "Acme"\n')
    (hidden / "a.md").write_text(DOCUMENT.format(url="/a").replace("Words", word))
    (hidden / "hire" / "b.md").write_text(DOCUMENT.format(url="/hire/b"))
    (hidden / "p.jpg").write_bytes(camera_jpeg())
    (hidden / "d.pdf").write_text("%PDF")
    (folder / "..data_tmp").symlink_to(hidden.name)
    (folder / "..data_tmp").replace(folder / "..data")
    for name in ("site.toml", "a.md", "hire", "p.jpg", "d.pdf"):
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(f"..data/{name}")


def test_each_revision_of_a_config_map_is_read(tmp_path):
    folder = tmp_path / "content"
    folder.mkdir()
    config_map(folder, 1, "First")
    content = library.load(folder)
    assert set(content.pages) == {"/a", "/hire/b"} and content.site.name == "Acme"
    assert content.pictures["/p.jpg"].width
    assert find_file(folder, "/d.pdf") and find_file(folder, "/p.jpg")
    assert refusals(folder) == {}
    before = stamp_hash(folder)
    config_map(folder, 2, "Other")
    assert stamp_hash(folder) != before
    assert "Other" in library.load(folder, content).pages["/a"].plain_text


@pytest.mark.parametrize(
    "path", ["/..data/d.pdf", "/..2026_1/d.pdf", "/hire/../..data/d.pdf", "/d.pdf/", "//..data/d.pdf"]
)
def test_internal_folders_of_a_config_map_are_not_served(tmp_path, path):
    folder = tmp_path / "content"
    folder.mkdir()
    config_map(folder, 1, "First")
    assert find_file(folder, path) is None


def test_the_content_folder_may_be_a_symbolic_link_whose_target_is_replaced(folder, tmp_path):
    current = tmp_path / "current"
    current.symlink_to("content")
    content = library.load(current)
    assert content.pages["/a"].path == "current/a.md"
    stamps = scan(current)
    folder.rename(tmp_path / "old")
    folder.mkdir()
    # The new file has the same name, size and modification time as the old file. Unpacking an archive can create
    # such a file.
    (folder / "a.md").write_text(DOCUMENT.format(url="/a").replace("Words", "Other"))
    status = (tmp_path / "old" / "a.md").stat()
    os.utime(folder / "a.md", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert scan(current) != stamps
    after = library.load(current, content)
    assert list(after.pages) == ["/a"] and "Other" in after.pages["/a"].plain_text


def test_a_symbolic_link_to_a_download_outside_the_folder_is_not_found(folder, secret):
    (folder / "secret.pdf").symlink_to(secret)
    (folder / "loop.pdf").symlink_to("loop.pdf")
    assert find_file(folder, "/secret.pdf") is None
    assert find_file(folder, "/loop.pdf") is None


@pytest.mark.parametrize("path", ["/static/d.pdf", "/social/d.pdf", "/Search/d.pdf"])
def test_a_file_at_a_reserved_url_is_reported_but_not_served(folder, path):
    file = folder / path[1:]
    file.parent.mkdir()
    file.write_text("%PDF")
    assert find_file(folder, path) is None
    assert [(problem.path, problem.rule) for problem in library.load(folder).problems if problem.rule == "bad-url"] == [
        (f"content{path}", "bad-url")
    ]


def test_a_document_above_the_size_limit_is_not_read(folder):
    (folder / "a.md").write_text("# A\n\n" + "x" * 96)
    assert "/a" in library.load(folder, max_document_bytes=101).pages
    content = library.load(folder, max_document_bytes=100)
    (problem,) = (problem for problem in content.problems if problem.rule == "document-too-large")
    assert "/a" not in content.pages and problem.path == "content/a.md"
    with (folder / "hire" / "b.md").open("wb") as file:
        file.truncate(1 << 40)  # the file has one terabyte of zero bytes
    assert "/hire/b" not in library.load(folder).pages
