"""Load `redirects.toml`. If the file is not valid TOML, keep the last valid redirects.

If only some lines have mistakes, leave out these lines and keep the other lines, because lines don't depend on each
other. So this module doesn't use `TomlFile`, which would replace the whole file by its last valid version.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from . import redirects
from .content_folder import display_path
from .problems import Problem, Source
from .redirects import Redirects
from .text_files import load_text

REDIRECTS_FILE = "redirects.toml"
MAX_REDIRECTS_BYTES = 1_000_000  # more than 10,000 lines

_CONSEQUENCE = "Until you fix this file, the site uses the last valid redirects."


def load_redirects(folder: Path, previous: Redirects, problems: list[Problem]) -> Redirects:
    """Return the redirects in `redirects.toml`, and add the file's problems to `problems`.

    If the file can't be read or is not valid TOML, return `previous`. If `previous` is empty, parse each line
    separately, and return the redirects of the lines that are valid TOML.
    """
    path = folder / REDIRECTS_FILE
    found: list[Problem] = []
    text = load_text(folder, path, MAX_REDIRECTS_BYTES, found)
    source = Source(display_path(folder, path), text or "")
    if text is not None and (read := redirects.parse(source, found)):
        problems += found
        return read
    problems += [problem._replace(message=f"{problem.message} {_CONSEQUENCE}") for problem in found]
    return replace(previous if previous.lines else redirects.parse_valid_lines(source), is_outdated=True)
