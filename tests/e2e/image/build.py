"""Run a Dockerfile's steps, each stage in its own root file system."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from time import monotonic

from . import roots
from .dockerfile import Instruction, Stage, Unsupported, expand, parse_env


class StepFailed(Exception):
    """A step of the Dockerfile failed. The exception's message contains the step's output."""


@dataclass
class Image:
    root: Path
    variables: dict[str, str] = field(default_factory=lambda: {"PATH": roots.PATH})
    arguments: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "0:0"
    command: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    volumes: list[str] = field(default_factory=list)


class Build:
    """`context` is the folder that COPY reads. `bases` maps each base image to its root file system."""

    def __init__(self, stages: list[Stage], context: Path, bases: dict[str, Path], folder: Path) -> None:
        self._stages, self._context, self._bases, self._folder = stages, context, bases, folder
        self.images: dict[str, Image] = {}

    def run_all(self, report: Callable[[str], None]) -> Image:
        """Run all stages, and return the last stage's image."""
        for stage in self._stages:
            image = self._start(stage)
            for instruction in stage.instructions:
                start = monotonic()
                self.run_step(image, instruction)
                if (seconds := monotonic() - start) > 0.5:
                    report(f"{stage.name}: {instruction} ({seconds:.1f} s)")
            self.images[stage.name] = image
        return image

    def copy_image(self, name: str, folder: str) -> Image:
        """Copy a finished stage's image, to run other steps in it."""
        image = self.images[name]
        root = self._folder / folder
        roots.copy(image.root, root)
        return replace(image, root=root)

    def _start(self, stage: Stage) -> Image:
        root = self._folder / f"stage-{stage.name}"
        root.mkdir()
        if stage.base in self.images:
            base = self.images[stage.base]
            roots.copy(base.root, root)
            return replace(base, root=root, variables=dict(base.variables), arguments={}, volumes=[*base.volumes])
        if stage.base not in self._bases:
            raise Unsupported(f"FROM {stage.base}: there is no replacement for this image")
        roots.copy(self._bases[stage.base], root)
        return Image(root)

    def run_step(self, image: Image, instruction: Instruction) -> None:
        variables = image.arguments | image.variables
        match instruction.keyword:
            case "ARG":
                name, _, value = instruction.rest.partition("=")
                image.arguments[name] = expand(value, variables)
            case "ENV":
                image.variables |= {name: expand(value, variables) for name, value in parse_env(instruction).items()}
            case "WORKDIR":
                image.workdir = str(PurePosixPath(image.workdir) / expand(instruction.rest, variables))
                _path(image, image.workdir).mkdir(parents=True, exist_ok=True)
            case "COPY":
                self._copy(image, instruction)
            case "RUN":
                self._run(image, instruction)
            case "USER":
                image.user = instruction.rest
            case "VOLUME":
                image.volumes += instruction.words
            case "EXPOSE":
                pass
            case "HEALTHCHECK":
                word, _, rest = instruction.rest.partition(" ")
                if word != "CMD":
                    raise Unsupported(f"line {instruction.line}: {instruction}")
                image.health = Instruction("CMD", {}, rest.strip(), instruction.line).command
            case "CMD":
                image.command = instruction.command
            case "ENTRYPOINT":
                image.entrypoint = instruction.command
            case _:
                raise Unsupported(f"line {instruction.line}: {instruction}")

    def _copy(self, image: Image, instruction: Instruction) -> None:
        *names, last = (expand(word, image.arguments | image.variables) for word in instruction.words)
        stage = instruction.flags.get("from")
        if stage is not None and stage not in self.images:
            raise Unsupported(f"line {instruction.line}: {instruction}")
        source = self.images[stage].root if stage is not None else self._context
        target = _path(image, str(PurePosixPath(image.workdir) / last))
        for name in names:
            if re.search(r"[*?\[]|\.\.", name):
                raise Unsupported(f"line {instruction.line}: {instruction}")
            path = source / name.lstrip("/")
            if not path.exists():
                raise StepFailed(f"{instruction}: {name} doesn't exist")
            if path.is_dir():  # Like Docker, copy the folder's contents, but not the folder itself.
                target.mkdir(parents=True, exist_ok=True)
                roots.copy(path, target)
            else:
                is_folder = last.endswith("/") or len(names) > 1 or target.is_dir()
                file = target / path.name if is_folder else target
                file.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, file, follow_symlinks=False)

    def _run(self, image: Image, instruction: Instruction) -> None:
        command = roots.isolated_command(
            image.root,
            instruction.command,
            variables={"HOME": "/root", **image.arguments, **image.variables},
            workdir=image.workdir,
            user=image.user,
            mounts=roots.network_mounts(image.root),
        )
        process = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if process.returncode:
            raise StepFailed(f"{instruction} ended with status {process.returncode}:\n{process.stdout}{process.stderr}")


def _path(image: Image, path: str) -> Path:
    return image.root / path.lstrip("/")
