"""Check the links in `kit.md`, which are in every interview kit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from . import document
from .content_folder import KIT_FILE, Stamp, display_path
from .link_graph import LinkGraph
from .problems import Problem, Source
from .text_files import load_text


def read_source(folder: Path, stamps: Mapping[Path, Stamp], max_bytes: int) -> Source | None:
    """Return the text of `kit.md`, or None if the file is missing or can't be read."""
    path = folder / KIT_FILE
    text = load_text(folder, path, max_bytes, []) if path in stamps else None
    return None if text is None else Source(display_path(folder, path), text)


def check_kit_links(source: Source, graph: LinkGraph) -> Iterator[Problem]:
    """Yield the problems of the links in `kit.md`. Relative links start at the home page."""
    yield from graph.check_links(document.read(source, "/", document.Settings({})))
