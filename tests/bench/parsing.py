"""Measure how parsing time grows with the length of hostile texts, and how long `make check` takes.

Growth is the parsing time of a text, divided by the time for a text half as long. 2 is linear growth, 4 is quadratic.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from pages.content import content_folder, document
from pages.content.problems import Source

from ..conftest import ROOT, SEED, SEED_URL
from .measure import Rows, median_ms, say

RUNS = 7
CONSTRUCTS = {
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


def parse(text: str) -> document.Page:
    return document.read(Source("bench.md", text), "/bench", document.Settings({}))


def growth_of(text: Callable[[int], str], sizes: tuple[int, ...], runs: int = RUNS) -> tuple[str, str]:
    times = [median_ms(lambda size=size: parse(text(size)), runs) for size in sizes]
    growth = ", ".join(f"{after / before:.2f}" for before, after in pairwise(times))
    return ", ".join(f"{each:.1f}" for each in times) + " ms", f"growth {growth}"


def check(count: int) -> tuple[float, int]:
    """Return how many seconds `check_content` takes for `count` documents, and how many documents it reports."""
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
        output = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False).stdout
        return time.perf_counter() - start, int(output.splitlines()[-1].split()[0])


def rows(folder: Path) -> Rows:
    seed = SEED.read_text()
    body = seed[seed.index("## THE ML") :]
    yield (
        "machine learning page, repeated 1, 2, 4, 8 times, parsed",
        *growth_of(lambda times: seed + body * (times - 1), (1, 2, 4, 8)),
    )
    for name, unit in CONSTRUCTS.items():
        say(name)
        sizes = (8_000, 16_000, 32_000)
        yield (
            f"8,000, 16,000, 32,000 characters of {name}, parsed",
            *growth_of(lambda size, unit=unit: (unit * (size // len(unit) + 1))[:size], sizes, runs=3),
        )
    for count in (10, 100, 1_000, 10_000):
        say(f"checking {count:,} documents")
        seconds, documents = check(count)
        each = 1000 * seconds / documents
        budget = "; budget 10.0 s" if count == 1_000 else ""
        yield (
            f"`make check` with {documents:,} documents",
            f"{seconds:.1f} s",
            f"{each:.1f} ms per document{budget}",
        )
    scan = median_ms(lambda: content_folder.stamp_hash(SEED.parent.parent))
    yield "one check for changed files", f"{scan:.2f} ms", ""
