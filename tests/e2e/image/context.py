"""What a build is given of the project: all that .dockerignore leaves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path


class Ignored:
    """Patterns as .dockerignore has them; the last one that fits decides."""

    def __init__(self, text: str) -> None:
        lines = [line.strip() for line in text.splitlines()]
        self._rules = [
            (line.startswith("!"), _pattern(line.removeprefix("!").strip("/")))
            for line in lines
            if line and not line.startswith("#")
        ]

    def __call__(self, path: str) -> bool:
        """`path` is relative to the context; what is in a folder goes with it unless it is named itself."""
        ignored = False
        for keeps, pattern in self._rules:
            if pattern.fullmatch(path):
                ignored = not keeps
        return ignored


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", text)
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(known.get(part, re.escape(part)) for part in parts) + "(?:/.*)?")


def copy(project: Path, to: Path) -> None:
    """Times of change stay, owners do not: a build has them all belong to root. Of who may read them there is the least
    that a clone can have."""
    ignored = Ignored((project / ".dockerignore").read_text())
    for folder, folders, files in os.walk(project):
        at = Path(folder).relative_to(project)
        for name in [*folders, *files]:
            path = at / name
            if ignored(path.as_posix()):
                # Nothing in it can be named again: no rule here names what is in an ignored folder.
                if name in folders:
                    folders.remove(name)
            elif (project / path).is_dir() and not (project / path).is_symlink():
                (to / path).mkdir(parents=True, exist_ok=True)
            else:
                (to / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(project / path, to / path, follow_symlinks=False)
                if not (to / path).is_symlink():
                    (to / path).chmod((to / path).stat().st_mode & 0o700)


def is_full_clone(project: Path) -> bool:
    command = ["git", "-C", str(project), "rev-parse", "--is-shallow-repository"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return (project / ".git").is_dir() and asked.stdout.strip() == "false"


def commit(folder: Path) -> None:
    """Makes `folder` a repository of its own, with one commit."""
    shutil.rmtree(folder / ".git", ignore_errors=True)
    (folder / ".git").unlink(missing_ok=True)
    who = ("-c", "user.name=image-test", "-c", "user.email=image-test@localhost")
    for arguments in (("init", "--quiet"), ("add", "--all"), (*who, "commit", "--quiet", "--message", "All of it")):
        subprocess.run(["git", "-C", str(folder), *arguments], check=True)
