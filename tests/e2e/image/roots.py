"""Roots to replay a build in, and commands in them: namespaces, mounts and chroot, as root. No container engine."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

SUITE = "trixie"
PACKAGES = "ca-certificates,netbase,tzdata,python3,python3-pip,python3-venv"

# What the official image has for PATH, before a Dockerfile says more.
PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"

# How this machine reaches other ones; an engine lends its own in the same way.
LENT = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")


def base(folder: Path) -> Path:
    """Debian with its Python, made to look like python:3.13-slim where a Dockerfile can tell. Kept for the next run."""
    root = folder / f"base-{SUITE}"
    if not root.exists():
        new = folder / f".base-{SUITE}-{os.getpid()}"
        try:
            run = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(new)]
            subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
            (new / "usr/local/bin/python").symlink_to("/usr/bin/python3")
            for path in new.rglob("usr/lib/python3*/EXTERNALLY-MANAGED"):
                path.unlink()
            # The official image has no bytecode of the standard library, and none of what apt leaves.
            left = [new / "var/cache/apt/archives", *new.glob("var/lib/apt/lists/*")]
            for path in [*new.glob("usr/lib/python3.*/**/__pycache__"), *left]:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            new.rename(root)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return root


def copy(source: Path, to: Path) -> None:
    """With owners, devices and times, and sharing blocks where the disk can."""
    subprocess.run(["cp", "-a", "--reflink=auto", f"{source}/.", str(to)], check=True)


def within(
    root: Path,
    command: Sequence[str],
    *,
    variables: Mapping[str, str],
    workdir: str,
    user: str = "0:0",
    mounts: Sequence[str] = (),
) -> list[str]:
    """The command line that runs `command` in `root` as the first process of namespaces of its own, after `mounts`.
    All ends with it."""
    set_up = ["set -e", f"mount -t proc proc {root}/proc", *mounts]
    inside = inner(root, command, variables=variables, workdir=workdir, user=user)
    unshare = ["unshare", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child=SIGKILL"]
    return [*unshare, "sh", "-c", "\n".join([*set_up, f"exec {shlex.join(inside)}"])]


def inner(
    root: Path, command: Sequence[str], *, variables: Mapping[str, str], workdir: str, user: str = "0:0"
) -> list[str]:
    settings = [f"{name}={value}" for name, value in variables.items()]
    go = ["sh", "-c", 'cd "$0" && exec "$@"', workdir, *command]
    return ["chroot", f"--userspec={user}", str(root), "/usr/bin/env", "-i", *settings, *go]


def lend(root: Path) -> list[str]:
    """The mounts for a step of the build, which may ask the network."""
    mounts = []
    for name in LENT:
        if Path(name).exists():
            to = Path(f"{root}{name}")
            to.parent.mkdir(parents=True, exist_ok=True)
            mounts += [f"[ -e {to} ] || touch {to}", f"mount --bind {os.path.realpath(name)} {to}"]
    return mounts
