"""Let the kernel kill this process when its parent ends.

`python -m pages.end_with_parent <parent's process ID> <program>` does the same for any Python program.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2); this option survives exec


def end_with_parent(parent: int) -> None:
    """Let the kernel kill this process when its parent ends. `parent` is the parent's process ID."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # the parent ended before this prctl call
        os._exit(1)


if __name__ == "__main__":
    end_with_parent(int(sys.argv[1]))
    os.execv(sys.executable, [sys.executable, *sys.argv[2:]])  # noqa: S606
