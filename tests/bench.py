"""`make bench`: what the site costs, measured now, on this machine.

Times are medians; growth is the ratio of a text's time to that of one half as long: 2 is linear, 4 would be square.
"""

import gzip
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import brotli
import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from django.test import Client

from pages.content import blocks, document, library
from pages.content.problems import Source

from .conftest import ROOT, SEED, SEED_URL

RUNS = 7
HOSTILE = {
    "asterisks": "*",
    "bold, never closed": "**a ",
    "brackets": "[",
    "links, never closed": "[a](",
    "backticks": "`a``",
    "pipes": "|a",
    "quotes": "> ",
    "list items": "- a\n",
    "nested list": "- ",
    "table rows": "|x|y|z|\n",
    "comments, never closed": "<!-- ",
    "spaces": " " * 50 + "x",
    "calls to action": "**[a]** ",
    "arrows": "→/",
    "phone numbers": "+91 89624 ",
    "addresses": "a@b.co ",
    "labels": "**a:** b\n",
    "headings": "## A 5%\n",
}


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """Milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def read(text: str) -> document.Page:
    return document.read(Source("bench.md", text), "/bench", document.Settings({}))


def grown(text: Callable[[int], str], sizes: tuple[int, ...], runs: int = RUNS) -> None:
    times = [median(lambda size=size: read(text(size)), runs) for size in sizes]
    growth = [after / before for before, after in pairwise(times)]
    print("".join(f"{time:>9.1f}" for time in times) + "   growth" + "".join(f"{ratio:>6.2f}" for ratio in growth))


def check(count: int) -> tuple[float, int]:
    """Seconds that the content check takes for so many documents, and how many it says that it read."""
    with TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        (content / "hire").mkdir(parents=True)
        seed = SEED.read_text()
        (content / "site.toml").write_text((SEED.parent.parent / "site.toml").read_text())
        for number in range(count):
            text = seed.replace(SEED_URL, f"/hire/role-{number}").replace("Title: ", f"Title: {number} ")
            text = text.replace("Description: ", f"Description: {number} ")
            (content / "hire" / f"role-{number}.md").write_text(text)
        command = [sys.executable, "manage.py", "check_content"]
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "CONTENT_DIR": str(content)}
        start = time.perf_counter()
        said = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False).stdout
        return time.perf_counter() - start, int(said.splitlines()[-1].split()[0])


def main() -> None:
    seed = SEED.read_text()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{python}, {os.cpu_count()} cores, {platform.machine()}\n")

    print("Reading, ms")
    print(f"  {'the seed: Markdown alone':<28}{median(lambda: blocks.parse(seed)):>9.1f}")
    print(f"  {'the seed: whole page':<28}{median(lambda: read(seed)):>9.1f}")
    body = seed[seed.index("## THE ML") :]
    print(f"  {'the seed 1, 2, 4, 8 times':<28}", end="")
    grown(lambda times: seed + body * (times - 1), (1, 2, 4, 8))

    print("\nReading hostile texts of 8, 16 and 32 thousand characters, ms")
    for name, unit in HOSTILE.items():
        print(f"  {name:<28}", end="")
        grown(lambda size, unit=unit: (unit * (size // len(unit) + 1))[:size], (8_000, 16_000, 32_000), runs=3)

    print("\nChecking all documents, s")
    for count in (10, 100, 1_000, 10_000):
        seconds, read_documents = check(count)
        each = f"{1000 * seconds / read_documents:.1f} ms each"
        print(
            f"  {f'{read_documents:,} documents':<28}{seconds:>9.1f}   {each}"
            + ("   budget 10.0" if count == 1_000 else "")
        )

    client = Client()
    page = client.get(SEED_URL).content
    print("\nThe seed's page")
    print(f"  {'render, ms':<28}{median(lambda: client.get(SEED_URL), 30):>9.1f}")
    print(f"  {'bytes':<28}{len(page):>9,}")
    print(f"  {'bytes in brotli 11':<28}{len(brotli.compress(page, quality=11)):>9,}   budget 12,000")
    print(f"  {'bytes in gzip 9':<28}{len(gzip.compress(page, 9)):>9,}   budget 13,000")

    folder = SEED.parent.parent
    print(f"\nLooking for changed files, ms   {median(lambda: library.scan(folder)):>9.2f}")


if __name__ == "__main__":
    main()
