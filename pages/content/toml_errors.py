"""The problem that the checker reports for a file that is not valid TOML."""

from __future__ import annotations

import re

from .problems import Problem, Source

_TABLE = re.compile(r"\s*(?P<name>\[[^\[\]]+\])")
_UNQUOTED = re.compile(r"""\s*(?P<key>[\w-]+)\s*=\s*(?P<value>[^\s"'\[\]{}#“”‘’][^"'\[\]{}#“”‘’]*)""")
_KEY = re.compile(r"""\s*(?P<name>"[^"\n]*"|'[^'\n]*'|[^\s="'#\[]+)\s*=""")


_HELP = 'Close each bracket. Put each value in quotes: name = "LayersRank". Put each [table] on its own line.'


def toml_problem(source: Source, error: Exception, rule: str = "site-settings", help: str = _HELP) -> Problem:
    """Return the problem for an error of `tomllib`.

    `rule` is the checker's rule for the file. `help` is the advice if no other advice fits the error better.
    """
    position = re.search(r"line (\d+), column (\d+)", str(error))
    line, column = (int(position[1]), int(position[2])) if position else (len(source.lines), 1)
    reason = str(error).partition(" (at")[0]
    before, after = source.line(line)[: column - 1], source.line(line)[column - 1 :]
    above = "\n".join([*source.lines[: line - 1], before]).rstrip()
    if re.match(r"[“”„‘’]", after):
        help = 'Replace the curly quotes with straight ones: name = "LayersRank"'
    elif reason.endswith(" twice") or reason == "Cannot overwrite a value":
        reason, help = _explain_doubled(source, line)
    elif reason == "Unclosed array" and above.endswith(('"', "'")) and after[:1] in ('"', "'"):
        help = 'Write a comma between the two texts: ["/hire", "/start"]'
    elif before.endswith('"') and re.match(r'[^\s,\]#"]', after):
        help = 'Write \\" for a quote inside a text, such as text = "Our \\"Sale\\" begins".'
    elif re.fullmatch(r"\s*[^\s=\"'#\[]+\s+", before) and "=" in after and after[:1] != "=":
        help = 'Put a name of several words in quotes: "Legal and privacy" = ["/privacy"]'
    elif unquoted := _UNQUOTED.fullmatch(source.line(line)):
        help = f'Put the value in quotes: {unquoted["key"]} = "{unquoted["value"].strip()}"'
    message = f"This file is not valid TOML: {reason}."
    return source.problem(rule, message, help, line=line, column=column)


def _explain_doubled(source: Source, line: int) -> tuple[str, str]:
    """Return the reason and the help for a `line` that repeats a table or a setting from above."""
    table = _TABLE.match(source.line(line))
    if table and (first := _earlier_line(_TABLE, table["name"], source, line)):
        name = table["name"]
        help = f"Join the two: move the lines below this {name} to the table on line {first}, and delete this {name}."
        return f"the table {name} is already on line {first}", help
    key = _KEY.match(source.line(line))
    if key and (first := _earlier_line(_KEY, key["name"], source, line)):
        return f"“{key['name']}” is already on line {first}", "Join the two lines, or delete one of them."
    return "a table or a setting is in this file twice", "Join the two, or delete one of them."


def _earlier_line(pattern: re.Pattern[str], name: str, source: Source, line: int) -> int:
    """Return the number of the nearest line above `line` with the same `name`, or 0. Spaces in names don't matter."""
    for number in range(line - 1, 0, -1):
        match = pattern.match(source.line(number))
        if match and "".join(match["name"].split()) == "".join(name.split()):
            return number
    return 0
