"""Measure the CPU time and memory of this process and of other processes."""

import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

Rows = Iterator[tuple[str, str, str]]

TICKS = os.sysconf("SC_CLK_TCK")


def median_ms(work: Callable[[], object], runs: int = 7) -> float:
    """Return the median CPU time of `work` in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def spread(values: list[float], format_spec: str = ",.0f") -> str:
    """Format the median of `values`, followed by their minimum and maximum."""
    return f"{statistics.median(values):{format_spec}} ({min(values):{format_spec}} to {max(values):{format_spec}})"


def cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cpu_seconds_with_ended_children(process: int) -> float:
    """Return the CPU seconds of a process and of its child processes that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def megabytes(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def children(process: int) -> list[int]:
    pids = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError):  # the thread has ended in the meantime
            pids += [int(child) for child in (thread / "children").read_text().split()]
    return pids


def say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)
