"""Artifacts: files that are generated before visitors request them, such as images and social cards.

A lock makes sure that only one process at a time generates artifacts, and that no artifact is generated twice.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from time import sleep
from typing import Protocol

from ..content.library import Library
from . import artifact_store, image_encoding
from .social_cards import card_at, cards_of

logger = logging.getLogger(__name__)


class Artifact(Protocol):
    """A generated file. An artifact's URL contains a hash of all inputs of the artifact."""

    @property
    def url(self) -> str: ...

    def render(self) -> bytes: ...


# Each function returns all artifacts of one kind in a library.
SOURCES: tuple[Callable[[Library], Iterable[Artifact]], ...] = (image_encoding.image_artifacts, cards_of)

# Each function finds an artifact of one kind by its URL.
FINDERS: tuple[Callable[[Library, str], Artifact | None], ...] = (image_encoding.image_artifact_at, card_at)

# Pause between artifacts. Another process can then acquire the lock, and create an artifact that a visitor waits for.
PAUSE_SECONDS = 0.01

_DISK_FULL = (errno.ENOSPC, errno.EDQUOT)

_cache: tuple[Library, Mapping[str, Artifact]] | None = None


def all_artifacts(library: Library) -> Mapping[str, Artifact]:
    """Return all artifacts of `library`, keyed by URL. The result is cached for the latest library."""
    global _cache
    cached = _cache
    if cached is None or cached[0] is not library:
        artifacts = {artifact.url: artifact for source in SOURCES for artifact in source(library)}
        cached = _cache = library, artifacts
    return cached[1]


def find(library: Library, url: str) -> Artifact | None:
    """Return the artifact at `url`, or None. Unlike `all_artifacts`, this function doesn't create all social cards."""
    return next(filter(None, (find(library, url) for find in FINDERS)), None)


def build(artifacts: Mapping[str, Artifact]) -> Iterator[str]:
    """Generate the missing `artifacts`, and yield the URL of each. Then delete old files that aren't in `artifacts`.

    If an artifact can't be generated, log the error and continue. But if the disk is full, raise OSError, because no
    other artifact could be stored either.
    """
    missing = [artifact for url, artifact in artifacts.items() if not artifact_store.exists(url)]
    for artifact in missing:
        try:
            is_new = ensure_exists(artifact)
        except Exception as error:  # Pillow raises many kinds of errors for broken files
            if isinstance(error, OSError) and error.errno in _DISK_FULL:
                raise
            logger.exception("the file %s could not be generated", artifact.url)
            continue
        if is_new:
            yield artifact.url
        sleep(PAUSE_SECONDS)
    with artifact_store.lock():
        artifact_store.sweep(artifacts)


def ensure_exists(artifact: Artifact) -> bool:
    """Generate and store `artifact` unless it exists. Return whether it was generated."""
    with artifact_store.lock():
        if artifact_store.exists(artifact.url):
            return False
        artifact_store.write(artifact.url, artifact.render())
        return True
