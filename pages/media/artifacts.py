"""Makes what must exist ahead of visitors: one thing at a time, whichever process asks, and nothing twice."""

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
    """Something that stands at an address which holds the hash of all that it is made of."""

    @property
    def address(self) -> str: ...

    def make(self) -> bytes: ...


# What there is to make: each gives, for a library, the things of its kind.
KINDS: tuple[Callable[[Library], Iterable[Artifact]], ...] = (image_encoding.image_artifacts, cards_of)

# Which of them stands at an address.
FINDERS: tuple[Callable[[Library, str], Artifact | None], ...] = (image_encoding.image_artifact_at, card_at)

# Long enough for another process that waits for the lock to have its turn, with what its visitor waits for.
PAUSE = 0.01

_FULL = (errno.ENOSPC, errno.EDQUOT)

_expected: tuple[Library, Mapping[str, Artifact]] | None = None


def expected(library: Library) -> Mapping[str, Artifact]:
    """Everything that must exist for `library`, by address; listed once a library."""
    global _expected
    known = _expected
    if known is None or known[0] is not library:
        listed = {made.address: made for kind in KINDS for made in kind(library)}
        known = _expected = library, listed
    return known[1]


def find(library: Library, address: str) -> Artifact | None:
    """What must exist at `address`, without listing all that must."""
    return next(filter(None, (find(library, address) for find in FINDERS)), None)


def build(listed: Mapping[str, Artifact]) -> Iterator[str]:
    """Makes what is missing, and gives the address of each thing as it is made. What fails is logged, and left for
    another time; raises OSError where the disk is full, and nothing else can be made."""
    missing = [made for address, made in listed.items() if not artifact_store.exists(address)]
    for made in missing:
        try:
            is_new = make(made)
        except Exception as error:  # what broken files and drawing make go wrong has no end
            if isinstance(error, OSError) and error.errno in _FULL:
                raise
            logger.exception("%s could not be made", made.address)
            continue
        if is_new:
            yield made.address
        sleep(PAUSE)
    with artifact_store.lock():
        artifact_store.sweep(listed)


def make(made: Artifact) -> bool:
    """Whether it was still to be made; afterwards it stands in the store."""
    with artifact_store.lock():
        if artifact_store.exists(made.address):
            return False
        artifact_store.write(made.address, made.make())
        return True
