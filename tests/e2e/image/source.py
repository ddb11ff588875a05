"""Copy the project's files, to build an image from them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

AUTHOR = ("-c", "user.name=image-test", "-c", "user.email=image-test@localhost")


def copy(project: Path, target: Path) -> None:
    """Copy the repository and all files that git doesn't ignore. Commit the uncommitted changes in the copy.

    `target` must not exist. The build needs a full clone. If `project` is not a full clone, the copy gets a new
    repository with a single commit.
    """
    listing = ["git", "-C", str(project), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listing, capture_output=True, text=True, check=True).stdout.split("\0"):
        if name and (path := project / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target / name, follow_symlinks=False)
    if is_full_clone(project):
        shutil.copytree(project / ".git", target / ".git", symlinks=True)
    else:
        subprocess.run(["git", "-C", str(target), "init", "--quiet"], check=True)
    commit(target, "Everything")


def commit(folder: Path, message: str) -> None:
    """Commit all changes in a repository."""
    for arguments in (("add", "--all"), (*AUTHOR, "commit", "--quiet", "--allow-empty", "--message", message)):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)


def is_full_clone(project: Path) -> bool:
    command = ["git", "-C", str(project), "rev-parse", "--is-shallow-repository"]
    git = subprocess.run(command, capture_output=True, text=True, check=False)
    return (project / ".git").is_dir() and git.stdout.strip() == "false"
