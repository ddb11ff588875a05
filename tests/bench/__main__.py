"""`make bench`: what the site costs, measured now, on this machine.

Prints one table, in Markdown, and on standard error how far it is. Most of its time goes into ten thousand documents.
With names of parts (`make bench ARGS="serving"`) only those are measured.
"""

import os
import platform
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from . import documents, reading, serving, sizes

PARTS = (documents, serving, sizes, reading)


def main() -> None:
    model = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), ": unknown")
    print(f"{model.partition(': ')[2]}, {os.cpu_count()} cores, Python {platform.python_version()}", end="")
    print(f"; {os.getloadavg()[0]:.1f} other processes ran on average in the minute before\n", flush=True)
    print("| what | measured | beside it |\n|---|---|---|")
    with TemporaryDirectory() as folder:
        for part in [part for part in PARTS if part.__name__.rpartition(".")[2] in sys.argv[1:]] or PARTS:
            for what, measured, beside in part.rows(Path(folder)):
                print(f"| {what} | {measured} | {beside} |", flush=True)


if __name__ == "__main__":
    main()
