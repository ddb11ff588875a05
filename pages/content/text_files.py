"""Read text files in the content folder: documents and `site.toml`."""

from __future__ import annotations

from pathlib import Path

from . import content_folder, file_checks
from .content_folder import FileTooLarge, RefusedFile, display_path
from .problems import Problem
from .text_versions import text_digest

BYTE_ORDER_MARK = "\ufeff"


def load_text(folder: Path, path: Path, max_bytes: int, problems: list[Problem]) -> str | None:
    """Return a file's text with plain newlines and no byte order mark. On failure, add a problem and return None."""
    shown_path = display_path(folder, path)
    try:
        raw = content_folder.read_bytes(folder, path, max_bytes)
    except OSError as error:
        message = f"The site can't read this file: {error.strerror}."
        problems.append(file_checks.unreadable(shown_path, message, file_checks.PERMISSION_HELP))
        return None
    except RefusedFile as error:
        problems.append(file_checks.unreadable(shown_path, f"{error}.", file_checks.LINK_HELP))
        return None
    except FileTooLarge:
        message = f"This file is larger than {max_bytes / 1_000_000:g} MB, so the site doesn't read it."
        help = "Shorten the document, or split it into several pages."
        problems.append(Problem(shown_path, 1, 1, "document-too-large", message, help))
        return None
    try:
        return normalize(raw.decode())
    except UnicodeDecodeError as error:
        valid = normalize(raw[: error.start].decode())
        line, column = valid.count("\n") + 1, len(valid) - (valid.rfind("\n") + 1) + 1
        message = (
            f"This file is not on the site. It contains the byte {raw[error.start]:#04x}, which is not valid UTF-8."
        )
        help = "Save the file as plain text with UTF-8 encoding."
        source_line = normalize(raw.decode(errors="replace")).split("\n")[line - 1]
        problems.append(Problem(shown_path, line, column, "unreadable-file", message, help, source_line))
        return None


def normalize(text: str) -> str:
    """Return a file's `text` with plain newlines and without a byte order mark."""
    return text.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")


def has_same_text(folder: Path, path: Path, digest: str, max_bytes: int) -> bool:
    """Return whether the file at `path` still has the text with this `digest` (see `text_digest`)."""
    text = load_text(folder, path, max_bytes, [])
    return text is not None and text_digest(text) == digest
