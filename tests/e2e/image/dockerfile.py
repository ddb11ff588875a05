"""Reads a Dockerfile: stages, and in each the instructions as they stand. What it does not know, it refuses."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field

KNOWN = frozenset(
    "FROM ARG ENV WORKDIR COPY RUN USER VOLUME EXPOSE HEALTHCHECK CMD ENTRYPOINT".split()  # noqa: SIM905
)
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class Unknown(Exception):
    """Something that a container engine may know, and the replay does not."""


@dataclass(frozen=True)
class Instruction:
    keyword: str
    flags: dict[str, str]
    rest: str
    line: int

    @property
    def words(self) -> list[str]:
        """The rest as a command or a list: as JSON, or parted by spaces."""
        return json.loads(self.rest) if self.rest.startswith("[") else shlex.split(self.rest)

    @property
    def command(self) -> list[str]:
        """The rest as what is run: as JSON, or for a shell."""
        return json.loads(self.rest) if self.rest.startswith("[") else ["/bin/sh", "-c", self.rest]

    def __str__(self) -> str:
        flags = "".join(f" --{name}={value}" for name, value in self.flags.items())
        return f"{self.keyword}{flags} {self.rest}"


@dataclass(frozen=True)
class Stage:
    name: str
    base: str
    instructions: list[Instruction] = field(default_factory=list)


def read(text: str) -> list[Stage]:
    stages: list[Stage] = []
    for number, line in _lines(text):
        instruction = _instruction(number, line)
        if instruction.keyword == "FROM":
            match instruction.words:
                case [base]:
                    stages.append(Stage(str(len(stages)), base))
                case [base, word, name] if word.upper() == "AS":
                    stages.append(Stage(name, base))
                case _:
                    raise Unknown(f"line {number}: {line}")
        elif stages:
            stages[-1].instructions.append(instruction)
        else:
            raise Unknown(f"line {number}: {line} before any FROM")
    return stages


def expand(text: str, variables: dict[str, str]) -> str:
    return VARIABLE.sub(lambda found: variables.get(found[1] or found[2], ""), text)


def pairs(instruction: Instruction) -> dict[str, str]:
    """What ENV says."""
    words = instruction.words
    if not all("=" in word for word in words):
        raise Unknown(f"line {instruction.line}: {instruction}")
    return dict(word.split("=", 1) for word in words)


def _lines(text: str) -> list[tuple[int, str]]:
    """Instructions with the number of their first line; comments and empty lines left away."""
    found: list[tuple[int, str]] = []
    goes_on = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#") or (not line.strip() and not goes_on):
            if re.match(r"#\s*(syntax|escape|check)\s*=", line):
                raise Unknown(f"line {number}: {line}")
            continue
        part = line.rstrip()
        ends = not part.endswith("\\")
        part = part.removesuffix("\\").strip()
        if goes_on:
            first, before = found.pop()
            found.append((first, f"{before} {part}"))
        else:
            found.append((number, part))
        goes_on = not ends
    return found


def _instruction(number: int, line: str) -> Instruction:
    keyword, _, rest = line.partition(" ")
    if keyword.upper() not in KNOWN or "<<" in rest:
        raise Unknown(f"line {number}: {line}")
    flags = {}
    while found := re.match(r"\s*--([a-z-]+)=(\S+)\s+", rest):
        flags[found[1]] = found[2]
        rest = rest[found.end() :]
    allowed = {"COPY": {"from"}, "HEALTHCHECK": {"interval", "timeout", "start-period"}}.get(keyword.upper(), set())
    if flags.keys() - allowed or (rest.startswith("--") and keyword.upper() != "RUN"):
        raise Unknown(f"line {number}: {line}")
    return Instruction(keyword.upper(), flags, rest.strip(), number)
