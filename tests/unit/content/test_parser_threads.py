"""Threads that parse documents at the same time, in a process that has just started."""

import subprocess
import sys

import pytest

from ...conftest import ROOT

SCRIPT = r"""
import sys, threading
from pages.content.markdown import tokenize

TEXT = "| a | b |\n|---|---|\n| [x](/y) | <https://e.example/ä> |\n\n- *one* **two** `c`\n\n> q\n"
sys.setswitchinterval(1e-6)
barrier, results = threading.Barrier(8), set()

def parse():
    barrier.wait()
    try:
        results.add(repr([(token.type, token.as_dict()) for token in tokenize(TEXT)[0]]))
    except Exception as error:
        results.add(repr(error))

threads = [threading.Thread(target=parse) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(len(results))
"""


@pytest.mark.parametrize("attempt", range(12))
def test_threads_can_share_the_parser_even_for_the_first_document(attempt):
    """If the caches weren't filled at import, some threads would get an IndexError or different tokens."""
    result = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "1\n", result.stdout
