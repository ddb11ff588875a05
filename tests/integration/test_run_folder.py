"""The temporary folder of a test run."""

import os
import signal
import subprocess
import sys

from ..conftest import ROOT

PROGRAM = """
import os, signal, subprocess, sys
from tests.conftest import pytest_configure
import tests.settings
pytest_configure()
subprocess.run([sys.executable, "-c", "import os, tests.settings; os._exit(1)"])
print([len(os.listdir(folder)) for folder in os.scandir(os.environ["TMPDIR"])], flush=True)
os.kill(os.getpid(), signal.SIGTERM)
"""


def test_a_stopped_run_deletes_the_folders_of_all_its_processes(tmp_path):
    env = {name: value for name, value in os.environ.items() if name != "TEST_RUN_FOLDER"} | {"TMPDIR": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert result.stdout == "[2]\n", result.stderr
    assert result.returncode == -signal.SIGINT
    assert list(tmp_path.iterdir()) == []
