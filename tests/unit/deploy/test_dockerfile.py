"""What can be said of the image without building it; `make image-test` builds it, and says the rest."""

import fcntl
import os
import re
from pathlib import Path

import pytest

from ...conftest import ROOT
from ...e2e.image import context
from ...e2e.image.build import Build, Failed, Image
from ...e2e.image.dockerfile import Unknown, expand, pairs, read

STAGES = read((ROOT / "Dockerfile").read_text())
ALL = [instruction for stage in STAGES for instruction in stage.instructions]
LAST = STAGES[-1].instructions
PIN = re.compile(r"^\s*([\w.-]+)(?:\[\w+\])?==([\w.]+)", re.M)


def of(keyword: str, instructions=ALL):
    return [instruction for instruction in instructions if instruction.keyword == keyword]


def test_each_stage_stands_on_the_one_base():
    assert [stage.base for stage in STAGES] == ["python:3.13-slim", "base", "base", "packages", "base"]


def test_each_step_is_a_script_that_stops_at_what_fails():
    assert of("RUN")
    for instruction in of("RUN"):
        assert re.fullmatch(r"sh deploy/image/[a-z]+\.sh", instruction.rest)
        script = (ROOT / instruction.words[1]).read_text()
        assert script.startswith("#!/bin/sh\n")
        assert "\nset -eu\n" in script
    named = {instruction.words[1] for instruction in of("RUN")}
    assert named == {path.relative_to(ROOT).as_posix() for path in (ROOT / "deploy" / "image").iterdir()}


def test_it_runs_as_a_user_that_is_named_by_number_and_not_root():
    (user,) = of("USER")
    assert user in LAST
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user.rest)
    assert LAST.index(user) > max(map(LAST.index, of("RUN", LAST) + of("COPY", LAST)))
    assert f"--uid {user.rest.partition(':')[0]} " in (ROOT / "deploy" / "image" / "data.sh").read_text()


def test_no_secret_stands_in_it():
    settings = {name: value for instruction in of("ENV") for name, value in pairs(instruction).items()}
    settings |= dict(instruction.rest.partition("=")[::2] for instruction in of("ARG"))
    assert not [name for name in settings if re.search("KEY|SECRET|PASSWORD|TOKEN|DATABASE_URL", name)]
    assert settings["PRODUCTION"] == "1"
    assert settings["DATA_DIR"] == "/data"


def test_the_last_stage_takes_what_was_made_and_of_the_project_itself_a_step_alone():
    copied = of("COPY", LAST)
    assert [instruction.flags.get("from", instruction.words[0]) for instruction in copied] == [
        "deploy/image/client.sh",
        "packages",
        "site",
    ]
    assert [len(of(keyword, LAST)) for keyword in ("VOLUME", "HEALTHCHECK", "CMD")] == [1, 1, 1]


def test_what_is_installed_is_pinned_by_its_hashes():
    text = (ROOT / "requirements.txt").read_text()
    entries = re.split(r"\n(?=\w)", text[text.index("\nasgiref") + 1 :])
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( \\\n    --hash=sha256:[0-9a-f]{64})+\n?", entry) for entry in entries)

    def pins(name: str) -> dict[str, str]:
        found = PIN.findall((ROOT / name).read_text())
        return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in found}

    extra = {"psycopg-binary": pins("requirements.in")["psycopg"]}  # which psycopg[binary] means
    assert pins("requirements.txt") == pins("requirements.in") | extra
    assert "://" not in text


def test_a_build_is_given_git_and_what_the_site_is_made_of():
    ignored = context.Ignored((ROOT / ".dockerignore").read_text())
    given = ".git .git/HEAD content/index.md deploy/image/site.sh pages/content/library.py requirements.txt"
    kept_back = ".venv .venv/bin/python var/secret_key tests/conftest.py README.md .ci/run Makefile .env"
    assert not [path for path in given.split() if ignored(path)]
    assert not [path for path in [*kept_back.split(), "pages/__pycache__/x.pyc", "x/__pycache__"] if not ignored(path)]


def test_a_dockerfile_is_read_as_it_stands():
    stages = read(
        "# a comment\nFROM a AS one\nENV A=b C=$A/${A}d\n\nFROM one\nRUN true && \\\n    # why\n    false\n"
        'COPY --from=one /x y/\nCMD ["a", "b c"]\nHEALTHCHECK --timeout=3s CMD curl x\n'
    )
    assert [(stage.name, stage.base) for stage in stages] == [("one", "a"), ("1", "one")]
    assert pairs(stages[0].instructions[0]) == {"A": "b", "C": "$A/${A}d"}
    run, copied, command, health = stages[1].instructions
    assert run.command == ["/bin/sh", "-c", "true && false"]
    assert (copied.flags, copied.words) == ({"from": "one"}, ["/x", "y/"])
    assert command.command == ["a", "b c"]
    assert (health.flags, health.rest) == ({"timeout": "3s"}, "CMD curl x")
    assert expand("$A/${A}d$B", {"A": "b"}) == "b/bd"


@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nONBUILD RUN true",
        "FROM a\nADD x y",
        "FROM a\nRUN <<END\ntrue\nEND",
        "FROM a\nCOPY --chmod=700 x y",
        "FROM --platform=linux/amd64 a",
        "RUN true",
        "# syntax=docker/dockerfile:1\nFROM a",
        "FROM a AS",
    ],
)
def test_what_the_replay_does_not_know_it_refuses(text):
    with pytest.raises(Unknown):
        read(text)


def test_files_are_copied_as_an_engine_does(tmp_path):
    given = tmp_path / "context"
    (given / "folder" / "in it").mkdir(parents=True)
    for name in ("a", "b", "folder/c", "folder/in it/d"):
        (given / name).write_text(name)
    steps = ["WORKDIR /site", "COPY a .", "COPY a x", "COPY a b y/", "COPY folder .", "COPY folder z", "COPY . all"]
    (stage,) = read("\n".join(["FROM a", *steps, "WORKDIR sub", "COPY a ."]))
    root = tmp_path / "root"
    root.mkdir()
    build, image = Build([stage], given, {}, tmp_path), Image(root)
    for step in stage.instructions:
        build.step(image, step)
    there = {path.relative_to(root / "site").as_posix() for path in root.rglob("*") if path.is_file()}
    assert there == {
        *("a", "x", "y/a", "y/b", "c", "in it/d", "z/c", "z/in it/d", "sub/a"),
        *("all/a", "all/b", "all/folder/c", "all/folder/in it/d"),
    }
    assert image.workdir == "/site/sub"
    with pytest.raises(Failed):
        build.step(image, read("FROM a\nCOPY nowhere .")[0].instructions[0])


def test_the_context_is_what_is_not_ignored(tmp_path):
    project, to = tmp_path / "project", tmp_path / "to"
    for name in ("keep/a", "keep/__pycache__/b", "other/c", "d", "e"):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (project / ".dockerignore").write_text("# all but\n*\n!keep\n!e\n**/__pycache__\n")
    context.copy(project, to)
    assert {path.relative_to(to).as_posix() for path in to.rglob("*") if path.is_file()} == {"keep/a", "e"}


def test_what_was_made_with_the_image_is_brought_to_where_the_site_writes(tmp_path):
    from deploy.prepare import bring

    made, folder = tmp_path / "made", tmp_path / "data" / "build"
    for name in ("pages/ab/ab12-br", "social/x.jpg", "releases/1/manifest", "releases/1/lock", ".lock"):
        path = made / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"made {name}")
    bring(made, folder)
    assert files(folder) == files(made) - {Path(".lock")}
    (folder / "social/x.jpg").write_text("")  # what a power failure leaves
    (folder / "releases/1/manifest").write_text("newer")
    (folder / "own").write_text("the site's")
    bring(made, folder)
    assert (folder / "social/x.jpg").read_text() == "made social/x.jpg"
    assert (folder / "releases/1/manifest").read_text() == "newer"
    assert (folder / "own").exists()
    bring(made, made)
    bring(tmp_path / "nowhere", folder)


def test_nothing_takes_the_place_of_what_another_replica_publishes(tmp_path):
    from deploy.prepare import bring

    made, folder = tmp_path / "made", tmp_path / "data" / "build"
    for name in ("pages/ab/ab12-br", "releases/1/manifest", "releases/1/lock"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(f"made {name}")
    (folder / "releases" / "1").mkdir(parents=True)
    with (folder / "releases/1/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        number = os.fstat(lock.fileno()).st_ino
        bring(made, folder)
        assert files(folder) == {Path("pages/ab/ab12-br"), Path("releases/1/lock")}
    bring(made, folder)
    assert files(folder) == files(made)
    assert (folder / "releases/1/lock").stat().st_ino == number


def files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
