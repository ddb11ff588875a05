"""Reading: how it grows with a text's length, whatever the text; and the check of all documents.

Growth is the ratio of a text's time to that of one half as long: 2 is linear, 4 would be square.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from pages.content import content_folder, document, library
from pages.content.problems import Source

from ..conftest import ROOT, SEED, SEED_URL
from .measure import Rows, median_ms, say

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


def read(text: str) -> document.Page:
    return document.read(Source("bench.md", text), "/bench", document.Settings({}))


def grown(text: Callable[[int], str], sizes: tuple[int, ...], runs: int = RUNS) -> tuple[str, str]:
    times = [median_ms(lambda size=size: read(text(size)), runs) for size in sizes]
    growth = ", ".join(f"{after / before:.2f}" for before, after in pairwise(times))
    return ", ".join(f"{each:.1f}" for each in times) + " ms", f"growth {growth}"


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


def rows(folder: Path) -> Rows:
    seed = SEED.read_text()
    body = seed[seed.index("## THE ML") :]
    yield "the seed 1, 2, 4, 8 times over, read", *grown(lambda times: seed + body * (times - 1), (1, 2, 4, 8))
    for name, unit in HOSTILE.items():
        say(name)
        sizes = (8_000, 16_000, 32_000)
        yield (
            f"8, 16, 32 thousand letters of {name}, read",
            *grown(lambda size, unit=unit: (unit * (size // len(unit) + 1))[:size], sizes, runs=3),
        )
    for count in (10, 100, 1_000, 10_000):
        say(f"checking {count:,} documents")
        seconds, documents = check(count)
        each = 1000 * seconds / documents
        budget = "; budget 10.0 s" if count == 1_000 else ""
        yield (
            f"{documents:,} documents checked",
            f"{seconds:.1f} s",
            f"{each:.1f} ms each{budget}",
        )
    glance = median_ms(lambda: content_folder.stamp_hash(SEED.parent.parent))
    yield "looking for changed files", f"{glance:.2f} ms", ""
