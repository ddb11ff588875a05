"""The texts of the last valid `site.toml` and `facts.toml`, stored in DATA_DIR for use after a restart.

All releases of the site share these files.
"""

from __future__ import annotations

import logging
import os
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from .. import sealed_files

logger = logging.getLogger(__name__)


def read(name: str) -> str:
    """Return the stored text of the file `name`, or "" if there is none."""
    try:
        return sealed_files.read(_path(name)).decode()
    except (OSError, sealed_files.Damaged):
        return ""


def write(name: str, text: str) -> None:
    """Store the `text` of the file `name`, unless it is stored already. If the disk is full, log the error."""
    if not text or text == read(name):
        return
    try:
        with sealed_files.replace(_path(name)) as file:
            file.write(text.encode())
    except OSError as error:
        logger.error("a copy of %s for the next restart can't be stored: %s", name, error.strerror)


def _path(name: str) -> Path:
    """Return the path of the stored file, which is different for each content folder."""
    data_dir: Path = settings.DATA_DIR
    return data_dir / f"valid-{name}-{sha256(os.fsencode(settings.CONTENT_DIR)).hexdigest()[:12]}"
