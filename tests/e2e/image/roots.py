"""Create root file systems, and run commands in them with namespaces, mounts and chroot. Needs root privileges."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

SUITE = "trixie"
PACKAGES = "ca-certificates,netbase,tzdata,python3,python3-pip,python3-venv"

# PATH of the official image.
PATH = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"

# This machine's network configuration, which build steps need. A container engine would provide its own configuration.
NETWORK_FILES = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")


def base(folder: Path) -> Path:
    """Return a Debian root file system that can replace python:3.13.15-slim-trixie. Create it if it doesn't exist."""
    root = folder / f"base-{SUITE}"
    if not root.exists():
        new = folder / f".base-{SUITE}-{os.getpid()}"
        try:
            command = ["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(new)]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            (new / "usr/local/bin/python").symlink_to("/usr/bin/python3")
            for path in new.rglob("usr/lib/python3*/EXTERNALLY-MANAGED"):
                path.unlink()
            # Remove the standard library's bytecode and apt's files, which the official image doesn't contain.
            apt_files = [new / "var/cache/apt/archives", *new.glob("var/lib/apt/lists/*")]
            for path in [*new.glob("usr/lib/python3.*/**/__pycache__"), *apt_files]:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            new.rename(root)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    return root


def copy(source: Path, target: Path) -> None:
    """Copy a folder, including owners, device files and times. Share disk blocks if the file system supports it."""
    subprocess.run(["cp", "-a", "--reflink=auto", f"{source}/.", str(target)], check=True)


def isolated_command(
    root: Path,
    command: Sequence[str],
    *,
    variables: Mapping[str, str],
    workdir: str,
    user: str = "0:0",
    mounts: Sequence[str] = (),
) -> list[str]:
    """Return a command line that runs `command` in `root` as process 1 of new namespaces.

    `mounts` are shell commands that run first. When process 1 ends, all other processes end, too.
    """
    set_up = ["set -e", f"mount -t proc proc {root}/proc", *mounts]
    inside = chroot_command(root, command, variables=variables, workdir=workdir, user=user)
    unshare = ["unshare", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child=SIGKILL"]
    return [*unshare, "sh", "-c", "\n".join([*set_up, f"exec {shlex.join(inside)}"])]


def chroot_command(
    root: Path, command: Sequence[str], *, variables: Mapping[str, str], workdir: str, user: str = "0:0"
) -> list[str]:
    """Return a command line that runs `command` in `root` with only the environment variables in `variables`."""
    environment = [f"{name}={value}" for name, value in variables.items()]
    change_folder = ["sh", "-c", 'cd "$0" && exec "$@"', workdir, *command]
    return ["chroot", f"--userspec={user}", str(root), "/usr/bin/env", "-i", *environment, *change_folder]


def network_mounts(root: Path) -> list[str]:
    """Return shell commands that mount this machine's network configuration into `root`, for a build step."""
    mounts = []
    for name in NETWORK_FILES:
        if Path(name).exists():
            target = Path(f"{root}{name}")
            target.parent.mkdir(parents=True, exist_ok=True)
            mounts += [f"[ -e {target} ] || touch {target}", f"mount --bind {os.path.realpath(name)} {target}"]
    return mounts
