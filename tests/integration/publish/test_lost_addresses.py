"""Test the rule lost-address with real git repositories: addresses that were live, and now answer “Page not found”."""

import io
import os
import subprocess

import pytest
from django.core.management import call_command

from pages.content import library
from pages.publish import lost_addresses, release
from pages.publish.publisher import Publisher
from pages.repository import current, git_commands, past_addresses
from tests.support.content_samples import DESCRIPTION

WORDS = "\n".join(f"Line {number} of this page." for number in range(12))


def document(name, url, meta="", words=WORDS):
    meta = f"Title: {name}\nDescription: {name}: {DESCRIPTION}\n{meta}"
    return f"# {name}\n## {url}\n\n## META\n\n```\n{meta}```\n\n{words}\n"


class Repository:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True)
        self.write("index", "/")
        (folder / "site.toml").write_text("[calls_to_action]\n")

    def git(self, *arguments, day="2026-01-02"):
        when = f"{day}T12:00:00+00:00"
        names = {f"GIT_{who}_{what}": "x@a.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        env = (
            os.environ | names | {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull}
        )
        return subprocess.run(["git", *arguments], cwd=self.folder.parent, env=env, check=True, capture_output=True)

    def start(self):
        self.git("init", "--quiet")
        self.commit()

    def commit(self, day="2026-01-02"):
        self.git("add", "--all", ".")
        self.git("commit", "--quiet", "--message", "x", day=day)

    def write(self, name, url, meta="", words=WORDS):
        path = self.folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document(name, url, meta, words))
        return path

    def move(self, old, new, url):
        self.write(new, url)
        (self.folder / f"{old}.md").unlink()

    def lost(self):
        return lost_addresses.check_lost_addresses(library.load(self.folder))


@pytest.fixture
def repository(tmp_path, settings):
    settings.CONTENT_DIR = tmp_path / "project" / "content"
    settings.BUILD_DIR, settings.DATA_DIR = tmp_path / "build", tmp_path / "data"
    current.reset()
    yield Repository(settings.CONTENT_DIR)
    current.reset()


def check(*arguments):
    out = io.StringIO()
    try:
        call_command("check_content", *arguments, stdout=out)
    except SystemExit:
        return out.getvalue(), 1
    return out.getvalue(), 0


def test_a_deleted_page_is_reported_with_its_commit_and_both_fixes(repository):
    repository.write("old", "/old")
    repository.start()
    (repository.folder / "old.md").unlink()
    repository.commit("2026-02-03")
    commit = repository.git("rev-parse", "HEAD").stdout.decode()[:8]
    output, status = check()
    assert status == 1
    assert (
        "content/redirects.toml:1:1: error: lost-address\n"
        f"   /old was live until commit {commit} of 2026-02-03 deleted content/old.md. "
        "Now it answers “Page not found”.\n"
        '   help: Write "/old" = "/new-address" or "/old" = "gone" in redirects.toml. Or bring the page back.'
    ) in output
    for mend in ('"/old" = "/"', '"/old" = "gone"', '"/*" = "gone"\n"/ol/*" = "/"\n"/old" = "gone"'):
        (repository.folder / "redirects.toml").write_text(f"{mend}\n")
        assert repository.lost() == []


@pytest.mark.parametrize("is_committed", [True, False])
@pytest.mark.parametrize("is_staged", [True, False])
def test_fix_adds_the_alias_of_a_moved_page(repository, is_committed, is_staged):
    repository.write("old", "/old")
    repository.start()
    repository.move("old", "new", "/new")
    if is_committed:
        repository.commit()
    elif is_staged:
        repository.git("add", "--all")
    [problem] = repository.lost()
    assert (problem.path, problem.line, problem.rule) == ("content/new.md", 2, "lost-address")
    assert "Now the page has the URL /new, and /old answers" in problem.message
    assert ("that isn't committed yet" in problem.message) is not is_committed
    assert "+Aliases: /old" in check("--fix")[0]
    assert repository.lost() == []
    assert library.load(repository.folder).aliases == {"/old": "/new"}


def test_fix_adds_the_alias_in_front_matter(repository):
    front_matter = f"---\ntitle: Old\ndescription: {DESCRIPTION}\n---\n\n# Old\n\n{WORDS}\n"
    old = repository.folder / "old.md"
    old.write_text(front_matter)
    repository.start()
    old.rename(old.with_name("new.md"))
    repository.commit()
    assert len(repository.lost()) == 1
    check("--fix")
    assert repository.lost() == [] and library.load(repository.folder).aliases == {"/old": "/new"}


def test_fix_also_corrects_the_links_to_a_moved_page(repository):
    repository.write("old", "/old")
    linking = repository.write("linking", "/linking", words="See [the old page](/old).")
    repository.start()
    repository.move("old", "new", "/new")
    check("--fix")
    assert "[the old page](/new)" in linking.read_text()


def test_fix_follows_a_page_through_several_moves(repository):
    repository.write("a", "/a", "Aliases: /ancient\n")
    repository.start()
    for old, new in (("a", "b"), ("b", "c"), ("c", "d")):
        repository.move(old, new, f"/{new}")
        repository.commit()
    assert sorted(problem.message.split()[0] for problem in repository.lost()) == ["/a", "/ancient", "/b", "/c"]
    check("--fix")
    assert repository.lost() == []
    assert set(library.load(repository.folder).aliases.values()) == {"/d"}
    assert (repository.folder / "d.md").read_text().count("Aliases") == 1


def test_a_new_url_in_the_same_file_is_a_move(repository):
    repository.write("page", "/old")
    repository.start()
    repository.write("page", "/page")
    repository.commit()
    assert [problem.path for problem in repository.lost()] == ["content/page.md"]
    repository.write("page", "/page", words="Only other words.")
    repository.commit()
    check("--fix")
    assert library.load(repository.folder).aliases == {"/old": "/page"}


def test_a_url_without_a_url_line_comes_from_the_file(repository):
    path = repository.folder / "guide" / "old.md"
    path.parent.mkdir()
    path.write_text(f"# Old\n\n## META\n\n```\nTitle: Old\nDescription: {DESCRIPTION}\n```\n\n{WORDS}\n")
    repository.start()
    path.rename(path.with_name("new.md"))
    repository.commit()
    [problem] = repository.lost()
    assert problem.message.startswith("/guide/old was live") and problem.path == "content/guide/new.md"


@pytest.mark.parametrize(
    "meta", ["Status: draft\n", "Publish: 2026-03-01 09:00 +00:00\n"], ids=["draft", "scheduled for later"]
)
def test_a_page_that_was_never_live_is_not_lost(repository, meta):
    repository.write("old", "/old", meta)
    repository.write("other", "/other", meta)
    repository.start()
    repository.move("old", "new", "/new")
    (repository.folder / "other.md").unlink()
    repository.commit("2026-02-01")
    assert repository.lost() == []


def test_a_scheduled_page_that_went_live_is_lost(repository):
    repository.write("old", "/old", "Publish: 2026-01-15 09:00 +00:00\n")
    repository.start()
    (repository.folder / "old.md").unlink()
    repository.commit("2026-02-01")
    assert [problem.message.split()[0] for problem in repository.lost()] == ["/old"]


def test_a_live_page_that_became_a_draft_is_reported_apart(repository):
    repository.write("old", "/old")
    repository.start()
    repository.write("old", "/old", "Status: draft\n")
    output, _ = check()
    assert "Now the page is a draft." in output.partition("Not live yet")[0]


@pytest.mark.parametrize("line", ["Status: draft\n", "Publish: 2999-12-01 09:00 +05:30\n"])
def test_a_renamed_page_that_became_a_draft_needs_no_further_alias(repository, line):
    repository.write("old", "/old")
    repository.start()
    repository.move("old", "new", "/new")
    repository.write("new", "/new", "Aliases: /old\n")
    repository.commit()
    draft = repository.write("new", "/new", f"Aliases: /old\n{line}")
    text = draft.read_text()
    messages = {problem.message.split()[0]: problem for problem in repository.lost()}
    assert set(messages) == {"/old", "/new"}
    for problem in messages.values():
        assert problem.help.startswith("Publish the page.") and not problem.edits
    check("--fix")
    assert draft.read_text() == text


def test_fix_adds_only_missing_aliases(repository):
    repository.write("page", "/oldest")
    repository.start()
    for url, meta in (("/old", ""), ("/page", "Aliases: /old\n"), ("/page", "Aliases: /old\nStatus: draft\n")):
        repository.write("page", url, meta)
        repository.commit()
    assert {problem.message.split()[0] for problem in repository.lost()} == {"/oldest", "/old", "/page"}
    check("--fix")
    assert "\nAliases: /oldest, /old\n" in (repository.folder / "page.md").read_text()


def test_edits_readmes_and_hidden_files_lose_nothing(repository):
    (repository.folder / "README.md").write_text(document("R", "/readme"))
    (repository.folder / ".old.md").write_text(document("H", "/hidden"))
    (repository.folder / "kit.md").write_text(document("K", "/kit"))
    repository.write("page", "/page")
    repository.start()
    for name in ("README.md", ".old.md", "kit.md"):
        (repository.folder / name).unlink()
    repository.write("page", "/page", words="New words.")
    repository.commit()
    assert repository.lost() == []


def test_a_page_that_came_back_is_not_lost(repository):
    repository.write("old", "/old")
    repository.start()
    (repository.folder / "old.md").unlink()
    repository.commit()
    repository.write("old", "/old")
    assert repository.lost() == []


def test_an_expired_page_is_not_lost(repository):
    repository.write("old", "/old")
    repository.start()
    repository.write("old", "/old", "Expires: 2026-01-03\n")
    repository.commit()
    assert repository.lost() == []


def test_without_a_repository_the_last_build_counts(repository):
    repository.write("old", "/old")
    publisher = Publisher()
    publisher.publish(current.visible_pages())
    publisher.close()
    assert repository.lost() == []
    (repository.folder / "old.md").unlink()
    [problem] = repository.lost()
    assert problem.message == "/old was live in the last build. Now it answers “Page not found”."
    assert release.manifest_path().exists()


def test_a_list_that_gets_shorter_loses_no_address(repository, monkeypatch):
    repository.write("news/index", "/news", words="**Pages under:** /news")
    repository.write("news/a", "/news/a", "Author: A. Writer\nDate: 2020-01-01\n")
    built = ["/news", "/news/page/2", "/news/a", "/gone/page/2", "/gone"]
    monkeypatch.setattr(lost_addresses, "built_addresses", lambda: built)
    assert [problem.message.split()[0] for problem in repository.lost()] == ["/gone"]


def test_without_a_repository_and_a_build_there_is_nothing_to_compare(repository):
    assert repository.lost() == []


def test_without_git_there_is_no_noise(repository, monkeypatch, tmp_path, capfd):
    repository.write("old", "/old")
    repository.start()
    (repository.folder / "old.md").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert repository.lost() == [] and capfd.readouterr().err == ""


def test_the_repository_of_another_owner_causes_no_noise(repository, monkeypatch, capfd):
    repository.write("old", "/old")
    repository.start()
    (repository.folder / "old.md").unlink()
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert repository.lost() == [] and capfd.readouterr().err == ""


def test_a_repository_without_commits_causes_no_noise(repository, capfd):
    repository.git("init", "--quiet")
    assert repository.lost() == [] and capfd.readouterr().err == ""


def test_a_shallow_clone_knows_only_its_own_commits(repository, tmp_path):
    repository.write("old", "/old")
    repository.start()
    (repository.folder / "old.md").unlink()
    repository.commit()
    repository.write("new", "/new")
    repository.commit()
    url = f"file://{repository.folder.parent}"
    for depth, expected in (("1", []), ("3", ["/old"])):
        clone = tmp_path / f"clone{depth}"
        repository.git("clone", "--quiet", "--depth", depth, url, str(clone))
        lost = lost_addresses.check_lost_addresses(library.load(clone / "content"))
        assert [problem.message.split()[0] for problem in lost] == expected


def test_a_slow_git_is_stopped(repository, monkeypatch):
    repository.write("old", "/old")
    repository.start()
    (repository.folder / "old.md").unlink()
    monkeypatch.setattr(past_addresses, "TIMEOUT_SECONDS", -1)
    monkeypatch.setattr(git_commands, "_GIT", ("sleep", "60", ";"))
    assert past_addresses.find_past_addresses(repository.folder, lambda url: False) is None


def test_many_moved_pages_are_all_found(repository):
    for number in range(30):
        repository.write(f"p{number}", f"/p{number}", words=f"{WORDS}\n{number}")
    repository.start()
    for number in range(30):
        (repository.folder / f"p{number}.md").unlink()
    repository.commit()
    assert len(repository.lost()) == 30
