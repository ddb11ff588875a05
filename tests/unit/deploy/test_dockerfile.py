"""The image, as far as it can be tested without building it. `make image-test` tests the rest."""

import fcntl
import os
import re
from pathlib import Path

from ...conftest import ROOT

LINES = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
LAST = LINES[max(number for number, line in enumerate(LINES) if line.startswith("FROM")) :]
PIN = re.compile(r"^\s*([\w.-]+)(?:\[\w+\])?==([\w.]+)", re.M)


def of(keyword: str, lines=LINES) -> list[str]:
    """Return the arguments of all instructions with this keyword."""
    return [line.removeprefix(f"{keyword} ") for line in lines if line.startswith(f"{keyword} ")]


def test_all_build_stages_share_one_base_image():
    (base, *others) = of("FROM")
    assert base == "python:3.13.15-slim-trixie AS base"
    names = {line.split()[-1] for line in of("FROM")}
    assert others and all(line.split()[0] in names for line in others)


def test_each_run_instruction_calls_scripts_that_stop_on_errors():
    scripts = {command.strip() for line in of("RUN") for command in line.split("&&")}
    assert scripts
    for script in scripts:
        assert re.fullmatch(r"sh deploy/image/[a-z]+\.sh", script)
        text = (ROOT / script.split()[1]).read_text()
        assert text.startswith("#!/bin/sh\n")
        assert "\nset -eu\n" in text
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "deploy" / "image").iterdir()}
    assert {script.split()[1] for script in scripts} == files


def test_the_container_runs_as_a_numeric_user_other_than_root():
    (user,) = of("USER", LAST)
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    after = LAST[LAST.index(f"USER {user}") :]
    assert not of("RUN", after) and not of("COPY", after)
    assert f"--uid {user.partition(':')[0]} " in (ROOT / "deploy" / "image" / "data.sh").read_text()


def test_it_contains_no_secret():
    settings = dict(word.partition("=")[::2] for line in of("ENV") + of("ARG") for word in line.split())
    assert not [name for name in settings if re.search("KEY|SECRET|PASSWORD|TOKEN|DATABASE_URL", name)]
    assert settings["PRODUCTION"] == "1"
    assert settings["DATA_DIR"] == "/data"


def test_the_last_stage_copies_only_results_and_its_own_scripts():
    assert [re.sub("^--from=", "", line).split()[0] for line in of("COPY", LAST)] == [
        "client",
        "deploy/image/libraries.sh",
        "packages",
        "deploy/sbom.py",
        "deploy/image/sbom.sh",
        "site",
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


def test_files_built_into_the_image_are_copied_to_build_dir(tmp_path):
    from deploy.prepare import copy_build

    source, folder = tmp_path / "source", tmp_path / "data" / "build"
    parsed = "releases/1/parsed-pages/ab12"  # not copied, because only builds use parsed pages
    for name in ("pages/ab/ab12-br", "social/x.jpg", "releases/1/manifest", "releases/1/lock", ".lock", parsed):
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"built {name}")
    copy_build(source, folder)
    assert files(folder) == files(source) - {Path(".lock"), Path(parsed)}
    (folder / "social/x.jpg").write_text("")  # a power failure can leave an empty file
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
