"""Test `content_log` with real git repositories."""

import io
import os
import subprocess

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from pages.repository import content_history, git_commands

PAGE = "# {name}\n## {url}\n\n## META\n\n```\nTitle: {name}\n```\n\n## FAQ\n\n{words}\n"
WORDS = "\n".join(f"Line {number} of this page." for number in range(12))


class Repository:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True)

    def git(self, *arguments, day="2026-01-02", author="Asha Rao"):
        when = f"{day}T12:00:00+00:00"
        names = {f"GIT_{who}_NAME": author for who in ("AUTHOR", "COMMITTER")}
        emails = {f"GIT_{who}_EMAIL": "x@a.example" for who in ("AUTHOR", "COMMITTER")}
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull}
        env = os.environ | names | emails | dates
        return subprocess.run(["git", *arguments], cwd=self.folder.parent, env=env, check=True, capture_output=True)

    def write(self, path, url, words=WORDS, name="A page"):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(PAGE.format(url=url, words=words, name=name))

    def commit(self, day="2026-01-02", author="Asha Rao"):
        self.git("add", "--all", ".")
        self.git("commit", "--quiet", "--message", "x", day=day, author=author)


@pytest.fixture
def repository(tmp_path, settings):
    settings.CONTENT_DIR = tmp_path / "project" / "content"
    repository = Repository(settings.CONTENT_DIR)
    repository.git("init", "--quiet", "--initial-branch", "main")
    (repository.folder / "site.toml").write_text("[calls_to_action]\n")
    repository.write("index.md", "/", words="Home.")
    repository.write("pricing.md", "/pricing")
    repository.commit("2026-01-02")
    return repository


def log(*arguments):
    out = io.StringIO()
    call_command("content_log", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_each_commit_is_listed_with_its_day_author_and_changes(repository):
    repository.write("pricing.md", "/pricing", WORDS.replace("Line 3 of", "Row 3 of"))
    (repository.folder / "facts.toml").write_text('[price]\nvalue = "₹2,600"\n')
    (repository.folder / "images").mkdir()
    (repository.folder / "images" / "a.png").write_bytes(b"\x89PNG\xff")
    (repository.folder / "README.md").write_text("A guide, which is no page.")
    repository.commit("2026-02-03", author="Bodhi Sen")
    first, *rest = log().split("\n\n")
    lines = first.splitlines()
    assert lines[0].startswith("2026-02-03, Bodhi Sen (")
    assert lines[1:] == [
        "  Facts",
        "    - “price” was added: “₹2,600”.",
        "  Pictures and files",
        "    - images/a.png was added.",
        "  /pricing",
        "    - The section “FAQ” was reworded: “page. Line 3” is now “page. Row 3”.",
    ]
    assert rest[0].startswith("2026-01-02, Asha Rao (") and "  /\n    - The page was added.\n" in rest[0]


def test_markdown_for_a_release_note(repository):
    repository.git("tag", "v1")
    repository.write("pricing.md", "/pricing", name="What it costs_now")
    repository.commit("2026-02-03", author="Bodhi_Sen")
    assert log("--since", "v1", "--format", "markdown").splitlines() == [
        "## 3 February 2026, Bodhi\\_Sen",
        "",
        "- **/pricing**",
        "  - The page's name is now “What it costs\\_now”. Before, it was “A page”.",
        "  - META: “Title” is now “What it costs\\_now”. Before, it was “A page”.",
        "",
    ]


def test_the_log_of_one_page_follows_renames(repository):
    repository.write("hire/plans.md", "/hire/plans")
    (repository.folder / "pricing.md").unlink()
    repository.commit("2026-02-03")
    repository.write("index.md", "/", words="Another home.")
    repository.commit("2026-02-04")
    found = log("/hire/plans")
    assert "The URL is now /hire/plans. Before, it was /pricing." in found
    assert "2026-01-02" in found and "The page was added." in found
    assert "2026-02-04" not in found and "  /\n" not in found


def test_the_log_of_a_deleted_page(repository):
    (repository.folder / "pricing.md").unlink()
    repository.commit("2026-02-03")
    assert log("/pricing/").count("/pricing\n") == 2
    assert "The page was deleted." in log("/pricing")


def test_since_a_date_or_a_tag(repository):
    repository.git("tag", "v1")
    repository.write("index.md", "/", words="Another home.")
    repository.commit("2026-02-03")
    for since in ("v1", "2026-01-03", "HEAD~1"):
        assert log("--since", since).count(", Asha Rao (") == 1
    assert "No change of the content was found" in log("--since", "HEAD")
    assert "No change of /pricing was found" in log("/pricing", "--since", "v1")


def test_the_last_line_names_the_files_whose_changes_are_not_committed(repository):
    (repository.folder / "facts.toml").write_text("")
    repository.commit()
    assert "Not committed yet" not in log()
    repository.write("pricing.md", "/pricing", words="Other words.")
    repository.write("neu/über.md", "/neu", words="New words.")
    (repository.folder / "facts.toml").unlink()
    repository.write("index.md", "/", words="Staged words.")
    repository.git("add", "content/index.md")
    (repository.folder / "README.md").write_text("A guide, which is no page.")
    (repository.folder.parent / "code.py").write_text("1")
    last = "Not committed yet, so not listed: the changes in facts.toml, index.md, neu/über.md, pricing.md."
    for arguments in ((), ("--format", "markdown"), ("--since", "HEAD")):
        assert log(*arguments).splitlines()[-1] == last
    assert log("/pricing").splitlines()[-1] == "Not committed yet, so not listed: the changes in pricing.md."


@pytest.mark.parametrize("since", ["yesterday", "--output=x", "v9", "2026-13-40"])
def test_a_wrong_date_is_refused(repository, since):
    with pytest.raises(CommandError, match=r"is neither a date nor a commit\. Write a date such as 2026-11-01"):
        log(f"--since={since}")


def test_a_page_without_a_slash_is_refused(repository):
    with pytest.raises(CommandError, match="Write it with a slash"):
        log("pricing")


def test_a_merge_is_not_listed_but_its_commits_are(repository):
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.write("topic.md", "/topic")
    repository.commit("2026-02-03", author="Bodhi Sen")
    repository.git("checkout", "--quiet", "main")
    repository.write("index.md", "/", words="Another home.")
    repository.commit("2026-02-04")
    repository.git("merge", "--quiet", "--no-edit", "topic", day="2026-02-05")
    found = log()
    assert "2026-02-05" not in found
    assert found.count("2026-02-03, Bodhi Sen") == found.count("2026-02-04, Asha Rao") == 1


def test_a_shallow_clone_does_not_claim_that_every_page_was_added(repository, tmp_path, settings):
    repository.write("index.md", "/", words="Another home.")
    repository.commit("2026-02-03")
    repository.git("clone", "--quiet", "--depth", "1", f"file://{repository.folder.parent}", str(tmp_path / "clone"))
    settings.CONTENT_DIR = tmp_path / "clone" / "content"
    assert "No change of the content was found" in log()


def test_the_number_of_commits_and_files_is_limited(repository, monkeypatch):
    for number in range(5):
        repository.write(f"p{number}.md", f"/p{number}", words=f"{number} {WORDS}")
    repository.commit("2026-02-03")
    monkeypatch.setattr(content_history, "MAX_FILES", 2)
    assert "  3 more files\n" in log()
    monkeypatch.setattr(content_history, "MAX_COMMITS", 1)
    found = log()
    assert "2026-01-02" not in found and "There are older changes, which are not listed." in found


def test_without_git_the_command_says_what_to_do(repository, monkeypatch):
    monkeypatch.setattr(git_commands, "_GIT", ("no-such-program",))
    with pytest.raises(CommandError, match=r"git is missing or has no commits there\. Install git"):
        log()


def test_outside_of_a_repository(tmp_path, settings, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    settings.CONTENT_DIR = tmp_path / "content"
    settings.CONTENT_DIR.mkdir()
    for arguments in ((), ("--since", "2026-01-01"), ("--since", "v1")):
        with pytest.raises(CommandError, match=r"There is no history of .*content"):
            log(*arguments)


def test_a_slow_git_ends_with_a_message(repository, monkeypatch):
    monkeypatch.setattr(content_history, "TIMEOUT_SECONDS", -1)
    monkeypatch.setattr(git_commands, "_GIT", ("sleep", "60", ";"))
    with pytest.raises(CommandError, match="Choose a later date with --since"):
        log()
