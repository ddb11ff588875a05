"""Check the links in `kit.md`, which are in every interview kit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from . import document
from .content_folder import KIT_FILE, Stamp, display_path
from .link_graph import LinkGraph
from .problems import Problem, Source
from .text_files import load_text


def check_kit_links(folder: Path, stamps: Mapping[Path, Stamp], graph: LinkGraph, max_bytes: int) -> Iterator[Problem]:
    """Yield the problems of the links in `kit.md`. Relative links start at the home page."""
    path = folder / KIT_FILE
    text = load_text(folder, path, max_bytes, []) if path in stamps else None
    if text is None:
        return
    page = document.read(Source(display_path(folder, path), text), "/", document.Settings({}))
    # `check_content --fix` changes only pages.
    yield from (replace(problem, edits=()) for problem in graph.check_links(page))
