"""Run a Python program that the kernel kills when its parent ends: `python -m pages.end_with_parent <program> …`."""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2); this option survives exec

if __name__ == "__main__":
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])  # noqa: S606
