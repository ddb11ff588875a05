"""The text of the last valid `site.toml`, stored in DATA_DIR, so that the site can use it after a restart.

All releases of the site share this file.
"""

from __future__ import annotations

import logging
import os
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from .. import sealed_files

logger = logging.getLogger(__name__)


def read() -> str:
    """Return the stored text, or "" if there is none."""
    try:
        return sealed_files.read(_path()).decode()
    except (OSError, sealed_files.Damaged):
        return ""


def write(text: str) -> None:
    """Store `text`, unless it is stored already. If the disk is full, log the error."""
    if not text or text == read():
        return
    try:
        with sealed_files.replace(_path()) as file:
            file.write(text.encode())
    except OSError as error:
        logger.error("the text of site.toml can't be stored for the next start: %s", error.strerror)


def _path() -> Path:
    """Return the file's path, which is different for each content folder."""
    data_dir: Path = settings.DATA_DIR
    return data_dir / f"valid-site-settings-{sha256(os.fsencode(settings.CONTENT_DIR)).hexdigest()[:12]}"
