"""The image, as far as it can be tested without building it. `make image-test` tests the rest."""

import fcntl
import os
import re
from pathlib import Path

import pytest

from ...conftest import ROOT
from ...e2e.image import context
from ...e2e.image.build import Build, Image, StepFailed
from ...e2e.image.dockerfile import Unsupported, expand, parse, parse_env

STAGES = parse((ROOT / "Dockerfile").read_text())
ALL = [instruction for stage in STAGES for instruction in stage.instructions]
LAST = STAGES[-1].instructions
PIN = re.compile(r"^\s*([\w.-]+)(?:\[\w+\])?==([\w.]+)", re.M)


def of(keyword: str, instructions=ALL):
    return [instruction for instruction in instructions if instruction.keyword == keyword]


def test_all_build_stages_share_one_base_image():
    assert [stage.base for stage in STAGES] == ["python:3.13.15-slim-trixie", "base", "base", "packages", "base"]


def test_each_run_instruction_calls_a_script_that_stops_on_errors():
    assert of("RUN")
    for instruction in of("RUN"):
        assert re.fullmatch(r"sh deploy/image/[a-z]+\.sh", instruction.rest)
        script = (ROOT / instruction.words[1]).read_text()
        assert script.startswith("#!/bin/sh\n")
        assert "\nset -eu\n" in script
    scripts = {instruction.words[1] for instruction in of("RUN")}
    assert scripts == {path.relative_to(ROOT).as_posix() for path in (ROOT / "deploy" / "image").iterdir()}


def test_the_container_runs_as_a_numeric_user_other_than_root():
    (user,) = of("USER")
    assert user in LAST
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user.rest)
    assert LAST.index(user) > max(map(LAST.index, of("RUN", LAST) + of("COPY", LAST)))
    assert f"--uid {user.rest.partition(':')[0]} " in (ROOT / "deploy" / "image" / "data.sh").read_text()


def test_it_contains_no_secret():
    settings = {name: value for instruction in of("ENV") for name, value in parse_env(instruction).items()}
    settings |= dict(instruction.rest.partition("=")[::2] for instruction in of("ARG"))
    assert not [name for name in settings if re.search("KEY|SECRET|PASSWORD|TOKEN|DATABASE_URL", name)]
    assert settings["PRODUCTION"] == "1"
    assert settings["DATA_DIR"] == "/data"


def test_the_last_stage_copies_only_results_and_its_own_script():
    copied = of("COPY", LAST)
    assert [instruction.flags.get("from", instruction.words[0]) for instruction in copied] == [
        "deploy/image/client.sh",
        "packages",
        "site",
    ]
    assert [len(of(keyword, LAST)) for keyword in ("VOLUME", "HEALTHCHECK", "CMD")] == [1, 1, 1]


def test_requirements_are_pinned_with_hashes():
    text = (ROOT / "requirements.txt").read_text()
    entries = re.split(r"\n(?=\w)", text[text.index("\nasgiref") + 1 :])
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+( \\\n    --hash=sha256:[0-9a-f]{64})+\n?", entry) for entry in entries)

    def pins(name: str) -> dict[str, str]:
        versions = PIN.findall((ROOT / name).read_text())
        return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in versions}

    extra = {"psycopg-binary": pins("requirements.in")["psycopg"]}  # the extra of psycopg[binary]
    assert pins("requirements.txt") == pins("requirements.in") | extra
    assert "://" not in text


def test_the_build_context_contains_only_the_code_and_the_git_folder():
    rules = context.IgnoreRules((ROOT / ".dockerignore").read_text())
    included = ".git .git/HEAD content/index.md deploy/image/site.sh pages/content/library.py requirements.txt"
    excluded = ".venv .venv/bin/python var/secret_key tests/conftest.py README.md .ci/run Makefile .env"
    assert not [path for path in included.split() if rules.matches(path)]
    assert not [
        path for path in [*excluded.split(), "pages/__pycache__/x.pyc", "x/__pycache__"] if not rules.matches(path)
    ]


def test_a_dockerfile_is_parsed():
    stages = parse(
        "# a comment\nFROM a AS one\nENV A=b C=$A/${A}d\n\nFROM one\nRUN true && \\\n    # why\n    false\n"
        'COPY --from=one /x y/\nCMD ["a", "b c"]\nHEALTHCHECK --timeout=3s CMD curl x\n'
    )
    assert [(stage.name, stage.base) for stage in stages] == [("one", "a"), ("1", "one")]
    assert parse_env(stages[0].instructions[0]) == {"A": "b", "C": "$A/${A}d"}
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
def test_an_unsupported_instruction_is_refused(text):
    with pytest.raises(Unsupported):
        parse(text)


def test_simulated_copy_instructions_work_as_in_a_container_engine(tmp_path):
    source = tmp_path / "context"
    (source / "folder" / "in it").mkdir(parents=True)
    for name in ("a", "b", "folder/c", "folder/in it/d"):
        (source / name).write_text(name)
    steps = ["WORKDIR /site", "COPY a .", "COPY a x", "COPY a b y/", "COPY folder .", "COPY folder z", "COPY . all"]
    (stage,) = parse("\n".join(["FROM a", *steps, "WORKDIR sub", "COPY a ."]))
    root = tmp_path / "root"
    root.mkdir()
    build, image = Build([stage], source, {}, tmp_path), Image(root)
    for step in stage.instructions:
        build.run_step(image, step)
    copied = {path.relative_to(root / "site").as_posix() for path in root.rglob("*") if path.is_file()}
    assert copied == {
        *("a", "x", "y/a", "y/b", "c", "in it/d", "z/c", "z/in it/d", "sub/a"),
        *("all/a", "all/b", "all/folder/c", "all/folder/in it/d"),
    }
    assert image.workdir == "/site/sub"
    with pytest.raises(StepFailed):
        build.run_step(image, parse("FROM a\nCOPY nowhere .")[0].instructions[0])


def test_the_build_context_has_all_files_that_are_not_ignored(tmp_path):
    project, target = tmp_path / "project", tmp_path / "target"
    for name in ("keep/a", "keep/__pycache__/b", "other/c", "d", "e"):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (project / ".dockerignore").write_text("# all but\n*\n!keep\n!e\n**/__pycache__\n")
    context.copy(project, target)
    assert {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()} == {"keep/a", "e"}


def test_files_built_into_the_image_are_copied_to_build_dir(tmp_path):
    from deploy.prepare import copy_build

    source, folder = tmp_path / "source", tmp_path / "data" / "build"
    for name in ("pages/ab/ab12-br", "social/x.jpg", "releases/1/manifest", "releases/1/lock", ".lock"):
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"built {name}")
    copy_build(source, folder)
    assert files(folder) == files(source) - {Path(".lock")}
    (folder / "social/x.jpg").write_text("")  # as after a power failure
    (folder / "releases/1/manifest").write_text("newer")
    (folder / "own").write_text("the site's")
    copy_build(source, folder)
    assert (folder / "social/x.jpg").read_text() == "built social/x.jpg"
    assert (folder / "releases/1/manifest").read_text() == "newer"
    assert (folder / "own").exists()
    copy_build(source, source)
    copy_build(tmp_path / "nowhere", folder)


def test_the_manifest_of_an_active_publisher_is_not_replaced(tmp_path):
    from deploy.prepare import copy_build

    source, folder = tmp_path / "source", tmp_path / "data" / "build"
    for name in ("pages/ab/ab12-br", "releases/1/manifest", "releases/1/lock"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(f"built {name}")
    (folder / "releases" / "1").mkdir(parents=True)
    with (folder / "releases/1/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        inode = os.fstat(lock.fileno()).st_ino
        copy_build(source, folder)
        assert files(folder) == {Path("pages/ab/ab12-br"), Path("releases/1/lock")}
    copy_build(source, folder)
    assert files(folder) == files(source)
    assert (folder / "releases/1/lock").stat().st_ino == inode


def files(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
