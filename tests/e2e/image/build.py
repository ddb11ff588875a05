"""Replays a Dockerfile's steps, each stage in a root of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from time import monotonic

from . import roots
from .dockerfile import Instruction, Stage, Unknown, expand, pairs


class Failed(Exception):
    """A step ended with something else than 0; says what it printed."""


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
    """`context` is the folder that COPY takes from; `bases` has the root that stands in for each image."""

    def __init__(self, stages: list[Stage], context: Path, bases: dict[str, Path], folder: Path) -> None:
        self._stages, self._context, self._bases, self._folder = stages, context, bases, folder
        self.images: dict[str, Image] = {}

    def all(self, say: Callable[[str], None]) -> Image:
        for stage in self._stages:
            image = self._begin(stage)
            for instruction in stage.instructions:
                start = monotonic()
                self.step(image, instruction)
                if (seconds := monotonic() - start) > 0.5:
                    say(f"{stage.name}: {instruction} ({seconds:.1f} s)")
            self.images[stage.name] = image
        return image

    def copy_of(self, name: str, to: str) -> Image:
        """A finished stage once more, to do something else to it."""
        there = self.images[name]
        root = self._folder / to
        roots.copy(there.root, root)
        return replace(there, root=root)

    def _begin(self, stage: Stage) -> Image:
        root = self._folder / f"stage-{stage.name}"
        root.mkdir()
        if stage.base in self.images:
            known = self.images[stage.base]
            roots.copy(known.root, root)
            return replace(known, root=root, variables=dict(known.variables), arguments={}, volumes=[*known.volumes])
        if stage.base not in self._bases:
            raise Unknown(f"FROM {stage.base}: nothing stands in for this image")
        roots.copy(self._bases[stage.base], root)
        return Image(root)

    def step(self, image: Image, instruction: Instruction) -> None:
        known = image.arguments | image.variables
        match instruction.keyword:
            case "ARG":
                name, _, value = instruction.rest.partition("=")
                image.arguments[name] = expand(value, known)
            case "ENV":
                image.variables |= {name: expand(value, known) for name, value in pairs(instruction).items()}
            case "WORKDIR":
                image.workdir = str(PurePosixPath(image.workdir) / expand(instruction.rest, known))
                _at(image, image.workdir).mkdir(parents=True, exist_ok=True)
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
                    raise Unknown(f"line {instruction.line}: {instruction}")
                image.health = Instruction("CMD", {}, rest.strip(), instruction.line).command
            case "CMD":
                image.command = instruction.command
            case "ENTRYPOINT":
                image.entrypoint = instruction.command
            case _:
                raise Unknown(f"line {instruction.line}: {instruction}")

    def _copy(self, image: Image, instruction: Instruction) -> None:
        *names, last = (expand(word, image.arguments | image.variables) for word in instruction.words)
        stage = instruction.flags.get("from")
        if stage is not None and stage not in self.images:
            raise Unknown(f"line {instruction.line}: {instruction}")
        source = self.images[stage].root if stage is not None else self._context
        to = _at(image, str(PurePosixPath(image.workdir) / last))
        for name in names:
            if re.search(r"[*?\[]|\.\.", name):
                raise Unknown(f"line {instruction.line}: {instruction}")
            path = source / name.lstrip("/")
            if not path.exists():
                raise Failed(f"{instruction}: there is no {name}")
            if path.is_dir():  # what is in it goes, and it does not
                to.mkdir(parents=True, exist_ok=True)
                roots.copy(path, to)
            else:
                is_folder = last.endswith("/") or len(names) > 1 or to.is_dir()
                target = to / path.name if is_folder else to
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, target, follow_symlinks=False)

    def _run(self, image: Image, instruction: Instruction) -> None:
        command = roots.within(
            image.root,
            instruction.command,
            variables={"HOME": "/root", **image.arguments, **image.variables},
            workdir=image.workdir,
            user=image.user,
            mounts=roots.lend(image.root),
        )
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"{instruction} ended with {done.returncode}:\n{done.stdout}{done.stderr}")


def _at(image: Image, path: str) -> Path:
    return image.root / path.lstrip("/")
