"""Run git in the content folder, with a time limit, and read old versions of files."""

from __future__ import annotations

import subprocess
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from time import monotonic

from ..content.text_files import normalize

MAX_TEXT_BYTES = 1_000_000

# Settings of the user must not change the output that the callers parse.
_SETTINGS = ("log.showSignature=false", "log.showRoot=true", "i18n.logOutputEncoding=UTF-8", "core.quotePath=false")
_GIT = ("git", "--no-optional-locks", *(argument for setting in _SETTINGS for argument in ("-c", setting)))


def run(folder: Path, *arguments: str, ends: float, data: bytes | None = None) -> bytes | None:
    """Return the output of git, or None if git fails, is missing, or hasn't finished at the time `ends`.

    `ends` is compared with `time.monotonic()`. `data` is passed to git as standard input.
    """
    timeout = max(ends - monotonic(), 0.1)
    try:
        completed = subprocess.run(  # noqa: S603
            [*_GIT, *arguments], cwd=folder, input=data, capture_output=True, check=False, timeout=timeout
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return completed.stdout if completed.returncode == 0 else None


def run_text(folder: Path, *arguments: str, ends: float) -> str | None:
    """Return the output of git as text. Return None in the same cases as `run`."""
    raw = run(folder, *arguments, ends=ends)
    return raw.decode(errors="replace") if raw is not None else None


def read_blobs(folder: Path, blobs: Collection[str], ends: float) -> dict[str, str]:
    """Return the texts of `blobs`, keyed by their ids.

    Missing blobs, blobs that aren't UTF-8, and blobs with more than MAX_TEXT_BYTES are left out.
    """
    wanted = "".join(f"{blob}\n" for blob in sorted(blobs)).encode()
    raw = run(folder, "cat-file", "--batch", "--buffer", ends=ends, data=wanted) or b""
    texts: dict[str, str] = {}
    position = 0
    while (end := raw.find(b"\n", position)) != -1:
        name, *rest = raw[position:end].decode().split(" ")
        position = end + 1
        if len(rest) != 2:  # the blob is missing
            continue
        size = int(rest[1])
        if size <= MAX_TEXT_BYTES:
            with suppress(UnicodeDecodeError):
                texts[name] = normalize(raw[position : position + size].decode())
        position += size + 1
    return texts
