"""A Docker volume of a fixed size, which a check can fill."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .engine import Engine
from .filling import fill

SIZE = "400m"


class SmallVolume:
    """The volume `name`. Its files are in `folder`, a file system in memory."""

    def __init__(self, engine: Engine, name: str, folder: Path) -> None:
        self._engine, self._name, self._folder = engine, name, folder

    def create(self) -> None:
        self._folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(self._folder)], check=True)
        project, volume = self._name.split("_")
        # Compose uses an existing volume if these labels say that the volume belongs to its project.
        labels = [f"com.docker.compose.project={project}", f"com.docker.compose.volume={volume}"]
        options = ["type=none", "o=bind", f"device={self._folder}"]
        labels, options = [f"--label={each}" for each in labels], [f"--opt={each}" for each in options]
        self._engine.docker("volume", "create", *labels, *options, self._name)

    def remove(self) -> None:
        if self._folder.is_mount():
            subprocess.run(["umount", str(self._folder)], check=True)

    @contextmanager
    def filled(self) -> Iterator[None]:
        """Keep the volume full until the `with` block ends."""
        path = self._folder / "fill"
        try:
            fill(path)
            yield
        finally:
            path.unlink()
