"""The commands in docs/operations.md, so that the checks run exactly what an operator runs."""

from __future__ import annotations

import re
from functools import cache
from textwrap import dedent

from ...conftest import ROOT
from .container import CheckFailed

PLAIN = "How do I deploy the plain container?"
PLAIN_DAILY = "How do I run the plain container day by day?"
COMPOSE = "How do I deploy with Compose?"
COMPOSE_DAILY = "How do I run Compose day by day?"
KUBERNETES = "When do I leave Compose for Kubernetes?"

_BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```$", re.M | re.S)


def commands(chapter: str, part: str = "") -> list[str]:
    """Return the blocks of shell commands in a chapter.

    `part` is a heading within the chapter, or the bold title of a numbered step. Raises CheckFailed if there are none.
    """
    text = _chapters()[chapter]
    if part:
        start = rf"^(?:### {re.escape(part)}\n|\d+\. \*\*{re.escape(part)}\.\*\*)"
        found = re.search(rf"{start}(.*?)(?=^### |^\d+\. \*\*|\Z)", text, re.M | re.S)
        text = found[1] if found else ""
    blocks = [dedent(match[2]) for match in _BLOCK.finditer(text)]
    if not blocks:
        raise CheckFailed(f"docs/operations.md has no commands under “{part or chapter}”")
    return blocks


@cache
def _chapters() -> dict[str, str]:
    text = (ROOT / "docs" / "operations.md").read_text()
    parts = re.split(r"^## (.+)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))
