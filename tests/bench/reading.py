"""Measure how the times for parsing and checking a document grow with its length. Also measure `make check`.

Growth is the time for a text, divided by the time for a text half as long: 2 if linear, 4 if quadratic.
"""

import math
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from pages.content import autofix, blocks, content_folder, library

from ..conftest import ROOT, SEED
from .measure import Rows, median_ms, say
from .scaling import write

RUNS = 7
SIZES = (8_000, 16_000, 32_000)

# Each string is repeated until the text has the wanted length. In a pair, only the second string is repeated.
CONSTRUCTS: dict[str, str | tuple[str, str]] = {
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
    "URLs in quotes": "“https://b.co/a.”\n\n",
    "labels": "**a:** b\n",
    "headings": "## A 5%\n",
    "headings that skip a level": "## A\n#### B\n",
    "HTML tags": "<b> ",
    "HTML tags, never closed": "<b ",
    "comments": "<!-- a -->",
    "TODOs": "TODO|",
    "links to missing pages": "[a](/b) ",
    "links to missing headings": "[a](#b) ",
    "links with capitals": "[a](/A) ",
    "links that say nothing": "[here](/a) ",
    "images without a description": "![](/a.png) ",
    "rows with too few cells": ("|a|b|c|\n|-|-|-|\n", "|x|\n"),
    "unnumbered questions": ("## SAMPLE QUESTIONS\n", "**7. a?**\n\n"),
    "META, unknown keys": ("## META\n```\n", "Abc: d\n"),
    "META, one key many times": ("## META\n```\n", "Title: a\n"),
    "META, a long value": ("## META\n```\nTitle: a\n", " a\n"),
    "META, aliases": ("## META\n```\nAliases: /a", ", /b c"),
    "META, never closed": "## META\n```\nTitle: a\n---\n",
    "front matter, quotes": ("---\ntitle: [", '"\\'),
    "front matter, spaces": ("---\na: b\n", "a  "),
    "front matter, list items": ("---\ntags:\n", "- a\n"),
    "front matter, never closed": "---\na: b\n",
}


def text_of(construct: str | tuple[str, str], size: int) -> str:
    before, unit = construct if isinstance(construct, tuple) else ("", construct)
    return (before + unit * (size // len(unit) + 1))[:size]


def backtick_runs(size: int) -> str:
    """Return runs of backticks. Each run has a different length, so that no run closes another."""
    return "".join("e" + "`" * length for length in range(1, math.isqrt(2 * size)))[:size]


def parse(text: str) -> object:
    return blocks.parse(text)


def check(folder: Path, text: str) -> None:
    """Do the work of `check_content --fix` for one document: find problems, format messages, and fix the text."""
    (folder / "a.md").write_text(text, encoding="utf-8")
    content = library.load(folder)
    "\n".join(map(str, content.all_problems))
    autofix.apply_edits(text, autofix.edits_by_document(content.all_problems).get(f"{folder.name}/a.md", ()))


def growth_of(work: Callable[[str], object], text: Callable[[int], str], sizes: tuple[int, ...], runs: int) -> str:
    times = [median_ms(partial(work, text(size)), runs) for size in sizes]
    growth = ", ".join(f"{after / before:.2f}" for before, after in pairwise(times))
    return ", ".join(f"{each:.1f}" for each in times) + f" ms, growth {growth}"


def check_site(count: int) -> tuple[float, float, int]:
    """Check the sample site with `count` more documents (see `write`). Check it again after the edit of one document.

    Return the seconds of both checks, and how many documents the command reports.
    """
    with TemporaryDirectory() as folder:
        content = Path(folder) / "content"
        write(content, count)
        time.sleep(2)  # Wait until the files are old enough for the cache (see `read_cache._MIN_AGE`).
        command = [sys.executable, "manage.py", "check_content"]
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings", "CONTENT_DIR": str(content)}
        env["BUILD_DIR"] = str(Path(folder) / "build")

        def run() -> tuple[float, str]:
            start = time.perf_counter()
            output = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False).stdout
            return time.perf_counter() - start, output

        first, output = run()
        edited = content / "hire" / "role-0.md"
        edited.write_text(f"{edited.read_text()}\nA new sentence.\n")
        return first, run()[0], int(output.splitlines()[-1].split()[0])


def rows(folder: Path) -> Rows:
    seed = SEED.read_text()
    body = seed[seed.index("## THE ML") :]
    hostile = {name: partial(text_of, construct) for name, construct in CONSTRUCTS.items()}
    yield (
        "machine learning page, repeated 1, 2, 4, 8 times",
        "parsed: " + growth_of(parse, lambda times: seed + body * (times - 1), (1, 2, 4, 8), RUNS),
        "checked: " + growth_of(partial(check, folder), lambda times: seed + body * (times - 1), (1, 2, 4, 8), RUNS),
    )
    for name, text in (hostile | {"backticks, runs of different lengths": backtick_runs}).items():
        say(name)
        yield (
            f"8,000, 16,000, 32,000 characters of {name}",
            "parsed: " + growth_of(parse, text, SIZES, 3),
            "checked: " + growth_of(partial(check, folder), text, SIZES, 3),
        )
    for count in (10, 100, 1_000, 10_000):
        say(f"checking {count:,} documents")
        seconds, after_edit, documents = check_site(count)
        each = 1000 * seconds / documents
        budget = "; budget 10.0 s" if count == 1_000 else ""
        yield (
            f"`make check` with {documents:,} documents",
            f"{seconds:.1f} s",
            f"{each:.1f} ms per document{budget}; {after_edit:.1f} s after the edit of one document",
        )
    scan = median_ms(lambda: content_folder.stamp_hash(SEED.parent.parent))
    yield "one check for changed files", f"{scan:.2f} ms", ""
