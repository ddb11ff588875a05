"""Run the site's benchmarks on this machine (`make bench`).

Print the results as a Markdown table, and the progress to standard error. The benchmark with 10,000 documents takes
most of the time. To run only some benchmarks, name them: `make bench ARGS="serving"`.
"""

import os
import platform
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from . import building, counting, documents, kit_speed, reading, scaling, serving, through_nginx

MODULES = {
    "documents": documents,
    "kits": kit_speed,
    "serving": serving,
    "nginx": through_nginx,
    "counting": counting,
    "building": building,
    "scaling": scaling,
    "reading": reading,
}


def main() -> None:
    names = sys.argv[1:] or list(MODULES)
    if unknown := set(names) - set(MODULES):
        sys.exit(f"There is no benchmark {', '.join(sorted(unknown))}. Choose from: {', '.join(MODULES)}.")
    model = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line), ": unknown")
    print(f"{model.partition(': ')[2]}, {os.cpu_count()} cores, Python {platform.python_version()}", end="")
    print(f"; load average in the last minute: {os.getloadavg()[0]:.1f}\n", flush=True)
    print("| measurement | value | comparison and budget |\n|---|---|---|")
    with TemporaryDirectory() as folder:
        for name in names:
            for measurement, value, comparison in MODULES[name].rows(Path(folder)):
                print(f"| {measurement} | {value} | {comparison} |", flush=True)


if __name__ == "__main__":
    main()
