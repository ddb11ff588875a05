"""Password hashing that doesn't slow down the site."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.contrib.auth.hashers import PBKDF2PasswordHasher

# With this niceness, hashing gets a tenth of the processor time that a competing request gets. With a niceness of 19,
# no login would finish on a busy machine.
NICENESS = 10


def _lower_priority() -> None:
    with suppress(OSError):  # only Linux has a priority for each thread
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


# One hash takes about a quarter of a second of processor time.
_executor = ThreadPoolExecutor(1, "password-hasher", _lower_priority)


class LowPriorityHasher(PBKDF2PasswordHasher):
    """Hashes one password at a time, in a thread of low priority.

    Other threads keep running, because hashing doesn't hold Python's GIL.
    """

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        return _executor.submit(super().encode, password, salt, iterations).result()
