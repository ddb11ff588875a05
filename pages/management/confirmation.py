"""Ask for confirmation in the terminal."""

from __future__ import annotations

import sys

from django.core.management.base import CommandError


def confirm(question: str) -> bool:
    """Ask a question, and return whether the answer is yes. Raises CommandError if there is no terminal.

    Ctrl-C and Ctrl-D mean no.
    """
    if not sys.stdin.isatty():
        raise CommandError("Nothing was changed. To make these changes, add --yes.")
    try:
        answer = input(f"{question} [y/N] ")
    except (EOFError, KeyboardInterrupt):
        return False
    return answer.strip().lower() in ("y", "yes")
