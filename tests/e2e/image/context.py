"""The build context: the project without the files that .dockerignore excludes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path


class IgnoreRules:
    """The patterns of a .dockerignore file. The last pattern that matches a path decides if the path is ignored."""

    def __init__(self, text: str) -> None:
        lines = [line.strip() for line in text.splitlines()]
        self._rules = [
            (line.startswith("!"), _pattern(line.removeprefix("!").strip("/")))
            for line in lines
            if line and not line.startswith("#")
        ]

    def matches(self, path: str) -> bool:
        """Return True if `path` (relative to the context) is ignored.

        A pattern that matches a folder also matches the folder's contents.
        """
        is_ignored = False
        for is_exception, pattern in self._rules:
            if pattern.fullmatch(path):
                is_ignored = not is_exception
        return is_ignored


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", text)
    wildcards = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(wildcards.get(part, re.escape(part)) for part in parts) + "(?:/.*)?")


def copy(project: Path, target: Path) -> None:
    """Copy the build context and its modification times. As in a build, root owns the copy.

    Remove all permissions for group and others, as if the repository had been cloned with umask 077.
    """
    rules = IgnoreRules((project / ".dockerignore").read_text())
    for folder, folders, files in os.walk(project):
        at = Path(folder).relative_to(project)
        for name in [*folders, *files]:
            path = at / name
            if rules.matches(path.as_posix()):
                # Skip an ignored folder: no `!` pattern in .dockerignore matches a path inside such a folder.
                if name in folders:
                    folders.remove(name)
            elif (project / path).is_dir() and not (project / path).is_symlink():
                (target / path).mkdir(parents=True, exist_ok=True)
            else:
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(project / path, target / path, follow_symlinks=False)
                if not (target / path).is_symlink():
                    (target / path).chmod((target / path).stat().st_mode & 0o700)


def is_full_clone(project: Path) -> bool:
    command = ["git", "-C", str(project), "rev-parse", "--is-shallow-repository"]
    git = subprocess.run(command, capture_output=True, text=True, check=False)
    return (project / ".git").is_dir() and git.stdout.strip() == "false"


def create_commit(folder: Path) -> None:
    """Replace the git repository in `folder` with a new one that has a single commit."""
    shutil.rmtree(folder / ".git", ignore_errors=True)
    (folder / ".git").unlink(missing_ok=True)
    author = ("-c", "user.name=image-test", "-c", "user.email=image-test@localhost")
    for arguments in (("init", "--quiet"), ("add", "--all"), (*author, "commit", "--quiet", "--message", "Everything")):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)
