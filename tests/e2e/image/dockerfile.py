"""A Dockerfile parser for the few instructions and flags that this project uses.

The parser refuses all other instructions and flags.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field

KEYWORDS = frozenset(
    "FROM ARG ENV WORKDIR COPY RUN USER VOLUME EXPOSE HEALTHCHECK CMD ENTRYPOINT".split()  # noqa: SIM905
)
VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class Unsupported(Exception):
    """A feature of Dockerfiles that this parser doesn't support."""


@dataclass(frozen=True)
class Instruction:
    keyword: str
    flags: dict[str, str]
    rest: str
    line: int

    @property
    def words(self) -> list[str]:
        """The instruction's arguments, written as a JSON list or separated by spaces."""
        return json.loads(self.rest) if self.rest.startswith("[") else shlex.split(self.rest)

    @property
    def command(self) -> list[str]:
        """The command to run, written as a JSON list or as a line for /bin/sh."""
        return json.loads(self.rest) if self.rest.startswith("[") else ["/bin/sh", "-c", self.rest]

    def __str__(self) -> str:
        flags = "".join(f" --{name}={value}" for name, value in self.flags.items())
        return f"{self.keyword}{flags} {self.rest}"


@dataclass(frozen=True)
class Stage:
    name: str
    base: str
    instructions: list[Instruction] = field(default_factory=list)


def parse(text: str) -> list[Stage]:
    """Return the stages of a Dockerfile. Raise Unsupported for anything unknown."""
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
                    raise Unsupported(f"line {number}: {line}")
        elif stages:
            stages[-1].instructions.append(instruction)
        else:
            raise Unsupported(f"line {number}: {line} is before the first FROM")
    return stages


def expand(text: str, variables: dict[str, str]) -> str:
    """Replace $NAME and ${NAME}. Unset variables are empty."""
    return VARIABLE.sub(lambda match: variables.get(match[1] or match[2], ""), text)


def parse_env(instruction: Instruction) -> dict[str, str]:
    """Return the variables of an ENV instruction."""
    words = instruction.words
    if not all("=" in word for word in words):
        raise Unsupported(f"line {instruction.line}: {instruction}")
    return dict(word.split("=", 1) for word in words)


def _lines(text: str) -> list[tuple[int, str]]:
    """Return each instruction with its line number. Join continued lines, and skip comments."""
    lines: list[tuple[int, str]] = []
    is_continued = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#") or (not line.strip() and not is_continued):
            if re.match(r"#\s*(syntax|escape|check)\s*=", line):
                raise Unsupported(f"line {number}: {line}")
            continue
        part = line.rstrip()
        ends = not part.endswith("\\")
        part = part.removesuffix("\\").strip()
        if is_continued:
            first, start = lines.pop()
            lines.append((first, f"{start} {part}"))
        else:
            lines.append((number, part))
        is_continued = not ends
    return lines


def _instruction(number: int, line: str) -> Instruction:
    keyword, _, rest = line.partition(" ")
    if keyword.upper() not in KEYWORDS or "<<" in rest:
        raise Unsupported(f"line {number}: {line}")
    flags = {}
    while match := re.match(r"\s*--([a-z-]+)=(\S+)\s+", rest):
        flags[match[1]] = match[2]
        rest = rest[match.end() :]
    allowed = {"COPY": {"from"}, "HEALTHCHECK": {"interval", "timeout", "start-period"}}.get(keyword.upper(), set())
    if flags.keys() - allowed or (rest.startswith("--") and keyword.upper() != "RUN"):
        raise Unsupported(f"line {number}: {line}")
    return Instruction(keyword.upper(), flags, rest.strip(), number)
