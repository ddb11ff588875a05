"""The editor opens, checks and saves parts of documents, for browsers on this machine only."""

import json
import os
import stat

import pytest
from django.test import RequestFactory

from pages.content import unfinished_saves
from pages.development import page_context
from pages.development.editor import part_files, views
from pages.repository import current

META = "## META\n\n```\nTitle: A title\nDescription: A description that is long enough for search results.\n```\n"
TEXT = f"# A page\n## /a\n\n{META}\n---\n\n## One\n\nOld words.\n\n---\n\n## Two\n\nMore words, [B](/b).\n"
OTHER = f"# B\n## /b\n\n{META.replace('A title', 'Another title')}\n## One\n\nSee [A](/a).\n"
SITE = 'name = "Site"\noffer = "Free"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(unfinished_saves, "HOLD_SECONDS", 0)
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "a.md").write_text(TEXT)
    (folder / "b.md").write_text(OTHER)
    (folder / "site.toml").write_text(SITE)
    settings.CONTENT_DIR, settings.DATA_DIR = folder, tmp_path / "data"
    settings.DEBUG = settings.CONTENT_RELOAD = True
    settings.ALLOWED_HOSTS = ["*"]
    current.reset()
    yield folder
    current.reset()


def request_for(address="127.0.0.1", host="127.0.0.1:8000", **headers):
    return RequestFactory(headers=headers).get("/a", REMOTE_ADDR=address, HTTP_HOST=host)


def post(view, *, address="127.0.0.1", host="127.0.0.1:8000", body=None, headers=None, **form):
    form = {"document": "content/a.md", "name": "## One", "number": 0} | form
    headers = {"X-Editor": "1", "Host": host} | (headers or {})
    request = RequestFactory().post(
        "/", json.dumps(form) if body is None else body, content_type=headers.pop("Content-Type", "application/json"),
        REMOTE_ADDR=address, headers={name: value for name, value in headers.items() if value},
    )  # fmt: skip
    response = view(request)
    return response.status_code, json.loads(response.content)


def open_part(**form):
    status, part = post(views.open_part, **form)
    assert status == 200
    return part


def save(text, digest="", **form):
    return post(views.save_part, text=text, digest=digest or open_part(**form)["digest"], **form)


# Who may edit


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "LOCALHOST", "[::1]:8000"])
def test_a_browser_on_this_machine_can_edit(address, host):
    assert open_part(address=address, host=host)["text"] == "## One\n\nOld words."


REFUSED = {
    "another machine": {"address": "192.168.1.7"},
    "another machine over IPv6": {"address": "fe80::1%eth0"},
    "an unknown address": {"address": ""},
    "DNS rebinding": {"host": "attacker.example:8000"},
    "a name that only begins like a local one": {"host": "localhost.attacker.example"},
    "this machine's network address": {"host": "192.168.1.5:8000"},
    "a broken host": {"host": "localhost:8000@x"},
    "a proxy": {"headers": {"X-Forwarded-For": "203.0.113.9"}},
    "a proxy with the standard header": {"headers": {"Forwarded": "for=203.0.113.9"}},
    "no header of the editor": {"headers": {"X-Editor": ""}},
    "a form of another site": {"headers": {"Content-Type": "text/plain"}},
    "another site": {"headers": {"Origin": "https://attacker.example"}},
    "another port of this machine": {"headers": {"Origin": "http://127.0.0.1:3000"}},
    "a page without an origin": {"headers": {"Origin": "null"}},
    "a link on another site": {"headers": {"Sec-Fetch-Site": "cross-site"}},
    "another site of this machine": {"headers": {"Sec-Fetch-Site": "same-site"}},
}


@pytest.mark.parametrize("view", [views.open_part, views.check_part, views.save_part])
@pytest.mark.parametrize("request_of", REFUSED.values(), ids=REFUSED)
def test_nobody_else_can_edit(folder, view, request_of):
    status, answer = post(view, text="x", digest="x", **request_of)
    assert status == 403
    assert list(answer) == ["message"]
    assert (folder / "a.md").read_text() == TEXT


def test_only_post_is_allowed():
    for view in (views.open_part, views.check_part, views.save_part):
        assert view(RequestFactory().get("/")).status_code == 405
        assert view.csrf_exempt  # the editor's own header replaces the CSRF token


@pytest.mark.parametrize(("address", "host"), [("192.168.1.7", "127.0.0.1"), ("127.0.0.1", "192.168.1.5")])
def test_only_this_machine_sees_pencils(monkeypatch, address, host):
    monkeypatch.setattr(page_context.apps, "is_installed", lambda name: True)
    library = current.get_library()
    page = library.pages["/a"]

    def labels(request):
        context = page_context.development_context(request, "pages/page.html", page, library)
        placed = [
            *context.get("pencils_above_page", ()),
            *(each for *_, row in context["placed_sections"] for each in row),
        ]
        assert ("edited_document" in context) == bool(placed)
        return [pencil.label for pencil in placed]

    assert labels(request_for(address, host)) == []
    assert labels(request_for()) == ["Edit name and URL", "Edit META", "Edit section One", "Edit section Two"]


# Opening and checking


def test_an_opened_part_has_its_place_and_its_problems(folder):
    (folder / "a.md").write_text(TEXT.replace("Old words.", "[Old](/nowhere) words."))
    part = open_part()
    assert (part["name"], part["number"], part["label"], part["line"]) == ("## One", 0, "One", 13)
    [problem] = part["problems"]
    assert (problem["line"], problem["rule"], problem["level"]) == (15, "broken-link", "error")
    assert open_part(name="## Two")["problems"] == []


def test_typed_text_is_checked_without_being_saved(folder):
    digest = open_part()["digest"]
    text = "## One\n\n\nNew [words](/nowhere).\n\n- a [b](/none)"
    status, answer = post(views.check_part, text=text, digest=digest)
    assert status == 200
    assert [(each["line"], each["rule"]) for each in answer["problems"]] == [(16, "broken-link"), (18, "broken-link")]
    assert (folder / "a.md").read_text() == TEXT
    assert post(views.check_part, text=text, digest="old") == (200, {"problems": None})


def test_unknown_documents_and_parts_are_refused(folder, tmp_path):
    (tmp_path / "secret.md").write_text("# Secret\n\n## One\n")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    for document in ("content/site.toml", "content/link.md", "content/../secret.md", "../secret.md", "secret.md",
                     str(folder / "a.md"), "/etc/passwd", "content/none.md", ""):  # fmt: skip
        status, answer = post(views.open_part, document=document)
        assert (status, list(answer)) == (404, ["message"])
    for part in ({"name": "## Three"}, {"number": 1}, {"number": "0"}):
        assert post(views.open_part, **part)[0] == 404


@pytest.mark.parametrize("body", [" ", "{", "[]", "1", "{}", '{"document": 1}', '{"x": 1}', b"\xff", "[" * 100_000])
def test_malformed_requests_are_refused(body):
    assert post(views.save_part, body=body)[0] == 400


def test_values_of_the_wrong_type_are_refused():
    assert post(views.save_part, text=["x"])[0] == 400


# Saving


def test_saving_writes_exactly_the_lines_of_the_part(folder):
    path = folder / "a.md"
    raw = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").rstrip().encode()
    path.write_bytes(raw)
    path.chmod(0o640)
    status, answer = save("## One\n\nNew words.\n\nÉ")
    assert status == 200
    assert path.read_bytes() == raw.replace(b"Old words.", "New words.\r\n\r\nÉ".encode())
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert answer["part"]["text"] == "## One\n\nNew words.\n\nÉ"
    assert answer["part"]["digest"] == open_part()["digest"]
    assert sorted(os.listdir(folder)) == ["a.md", "b.md", "site.toml"]


def test_saving_the_same_text_does_not_touch_the_file(folder):
    before = (folder / "a.md").stat()
    assert save(open_part()["text"])[0] == 200
    assert (folder / "a.md").stat() == before


def test_meta_and_the_first_lines_can_be_saved(folder):
    assert save(META.strip().replace("A title", "Better"), name="## META")[0] == 200
    assert save("# A better page\n## /better", name="# A page")[0] == 200
    expected = TEXT.replace("A title", "Better").replace("# A page\n## /a\n", "# A better page\n## /better\n")
    assert (folder / "a.md").read_text() == expected
    assert current.get_library().pages["/better"].meta.title == "Better"


def test_a_renamed_section_stays_open_and_a_deleted_one_does_not(folder):
    _, answer = save("## Renamed\n\nWords.\n\n## Added\n\nWords.")
    assert answer["part"]["name"] == "## Renamed"
    _, answer = save("No heading.", name="## Added", digest=answer["part"]["digest"])
    assert answer["part"]["text"] == "## Renamed\n\nWords.\n\nNo heading."
    _, answer = save("", name="## Renamed", digest=answer["part"]["digest"])
    assert answer == {"part": None}
    assert (folder / "a.md").read_text() == TEXT.replace("## One\n\nOld words.", "")


def test_a_changed_file_is_not_overwritten(folder):
    digest = open_part()["digest"]
    changed = TEXT.replace("Old", "Their")
    (folder / "a.md").write_text(changed)
    status, answer = save("## One\n\nMine.", digest=digest)
    assert status == 409
    assert "changed" in answer["message"]
    assert answer["part"]["text"] == "## One\n\nTheir words."
    assert (folder / "a.md").read_text() == changed
    assert save("## One\n\nMine.", digest=answer["part"]["digest"])[0] == 200


def test_a_section_that_is_gone_is_reported(folder):
    digest = open_part()["digest"]
    (folder / "a.md").write_text(TEXT.replace("## One", "## Eins"))
    status, answer = save("## One\n\nMine.", digest=digest)
    assert (status, answer["part"]) == (409, None)


def test_a_file_that_changes_during_the_save_is_not_overwritten(folder, monkeypatch):
    digest = open_part()["digest"]
    edit = part_files.edit

    def edit_while_another_program_saves(*arguments):
        (folder / "a.md").write_text(TEXT + "\nTheirs.\n")
        return edit(*arguments)

    monkeypatch.setattr(part_files, "edit", edit_while_another_program_saves)
    assert save("## One\n\nMine.", digest=digest)[0] == 409
    assert (folder / "a.md").read_text() == TEXT + "\nTheirs.\n"
    assert sorted(path.name for path in folder.iterdir()) == ["a.md", "b.md", "site.toml"]


def test_a_file_that_becomes_a_link_out_of_the_folder_is_not_written(folder, tmp_path, monkeypatch):
    outside = tmp_path / "outside.md"
    outside.write_text(TEXT)
    digest = open_part()["digest"]
    edit = part_files.edit

    def edit_while_the_file_becomes_a_link(*arguments):
        (folder / "a.md").unlink()
        (folder / "a.md").symlink_to(outside)
        return edit(*arguments)

    monkeypatch.setattr(part_files, "edit", edit_while_the_file_becomes_a_link)
    assert save("## One\n\nMine.", digest=digest)[0] == 500
    assert outside.read_text() == TEXT


def test_a_link_within_the_folder_is_followed(folder):
    (folder / "a.md").rename(folder / ".a.md")
    (folder / ".a.md").rename(folder / "real.txt")
    (folder / "a.md").symlink_to("real.txt")
    assert save("## One\n\nMine.")[0] == 200
    assert (folder / "a.md").is_symlink()
    assert "Mine." in (folder / "real.txt").read_text()


def test_texts_that_cannot_be_saved_are_refused(folder, settings):
    status, answer = save("## One\n\nHalf a character: \ud83d")
    assert (status, "UTF-8" in answer["message"]) == (400, True)
    settings.MAX_DOCUMENT_BYTES = len(TEXT) + 100
    assert save("## One\n\n" + "x" * 200)[0] == 413
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    assert save("x" * 2000, digest="x")[0] == 413
    assert (folder / "a.md").read_text() == TEXT


def test_an_unwritable_file_is_reported(folder, monkeypatch):
    def fail(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(part_files, "replace_file", fail)
    status, answer = save("## One\n\nMine.")
    assert (status, "No space left" in answer["message"]) == (500, True)
    assert (folder / "a.md").read_text() == TEXT
