"""A process of the worker pool: `python -m pages.publish.worker_process <parent's process ID> <is server>`.

`is server` is 1 or 0. With 1, this process configures its log like the other processes of the running site.

Reads calls from standard input, and writes their results to standard output (see `worker_pool`). The kernel kills this
process when its parent ends.
"""

import gc
import os
import pickle
import signal
import sys
from contextlib import suppress
from pathlib import Path

from .. import error_tracker
from ..end_with_parent import end_with_parent
from ..log import configure


def main(parent: int, *, is_server: bool) -> None:
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C interrupts the parent, which ends this process
    with suppress(OSError):  # if memory runs out, the kernel must kill this process, not the site
        Path("/proc/self/oom_score_adj").write_text("1000")
    calls, results = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # other output must not get between the results

    import django

    django.setup()

    from django.conf import settings

    if is_server:
        configure()
        error_tracker.start(settings.SENTRY_DSN)
    settings.CONTENT_RELOAD = False  # the parent looks for changed documents
    # With Python's own thresholds, the garbage collector takes 6% of the time, and finds little.
    gc.set_threshold(20_000, 50, 100)
    while True:
        try:
            # Unpickling the call is safe: only the parent can write to this process's standard input.
            function, argument = pickle.load(calls)  # noqa: S301
        except EOFError:
            return
        try:
            outcome = (True, function(argument))
        except Exception:  # the parent does the work itself, and then reports the exception
            outcome = (False, None)
        pickle.dump(outcome, results, pickle.HIGHEST_PROTOCOL)
        results.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), is_server=sys.argv[2] == "1")
