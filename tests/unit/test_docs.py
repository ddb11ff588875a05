"""Check the documentation against the code: links, commands, paths, environment variables, line lengths."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = next(path for path in Path(__file__).resolve().parents if (path / "manage.py").is_file())
README = ROOT / "README.md"
CONFIGURATION = ROOT / "docs" / "configuration.md"
OPERATIONS = ROOT / "docs" / "operations.md"

OURS = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINKED = [*OURS, ROOT / "content" / "README.md"]

MAX_README_LINES = 100
MAX_DECISION_LINES = 40
MAX_COLUMNS = 100
MAX_TABLE_COLUMNS = 120

FENCED = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2`*[^\S\n]*$", re.MULTILINE | re.DOTALL)
CODE_SPAN = re.compile(r"(`+)(.+?)\1", re.DOTALL)
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
MAKE = re.compile(r"(?<![\w./-])make ((?:[A-Za-z_]+=\S+ )*)([a-z][a-z0-9-]*)\b")
MANAGE = re.compile(r"manage\.py ([a-z_]+)")
PLACEHOLDER = re.compile(r"[<>*…]|NNNN")

# Files that read environment variables.
ENVIRONMENT_READERS = [
    ROOT / name for name in ("layersrank_site/settings.py", "gunicorn.conf.py", "compose.yaml", "Makefile")
]
READS = re.compile(
    r"""
    environ(?:\.get\(|\[)["'](?P<python>[A-Z_]+)
    | _(?:flag|list|number)\(["'](?P<setting>[A-Z_]+)
    | _secret\(["'](?P<secret>[A-Z_]+)
    | \$\{(?P<shell>[A-Z_]+)[:}\-]
    | ^(?P<make>[A-Z_]+)\ \?=
    | \$\((?:if\ \$\()?(?P<argument>ARGS|SEED)\)
    | ^\ {4}(?P<passed_on>[A-Z_]+):\s*(?:\#.*)?$
    """,
    re.MULTILINE | re.VERBOSE,
)
# Variables that Django, PostgreSQL's image or the shell reads. The site doesn't read them.
NOT_SETTINGS = {"DJANGO_SETTINGS_MODULE", "POSTGRES_USER", "POSTGRES_DB"}

# Management commands that the documentation mentions, and that come from Django or its apps.
DJANGO_COMMANDS = {"axes_reset_username", "createsuperuser", "migrate", "runserver", "sendtestemail"}

# Paths that exist only on a server or after a build.
NOT_IN_THE_REPOSITORY = re.compile(r"^(?:var|build|backups|certificates|spool|node_modules|files|\.venv|\.env)(?:/|$)")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


each_document = pytest.mark.parametrize("path", OURS, ids=name_of)
each_linked_document = pytest.mark.parametrize("path", LINKED, ids=name_of)


@cache
def anchors(path: Path) -> frozenset[str]:
    """The ids that GitHub gives to the headings of a Markdown file."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCED.sub("", path.read_text())):
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
        slug = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        unique, number = slug, 0
        while unique in found:
            number += 1
            unique = f"{slug}-{number}"
        found.add(unique)
    return frozenset(found)


def prose(path: Path) -> str:
    """The text without blocks of code."""
    return FENCED.sub("", path.read_text())


def code_spans(path: Path) -> list[str]:
    return [" ".join(span.split()) for _, span in CODE_SPAN.findall(prose(path))]


def code(path: Path) -> list[str]:
    """Return all code in a Markdown file: code spans and code blocks."""
    return [*code_spans(path), *(match[0] for match in FENCED.finditer(path.read_text()))]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def management_commands() -> set[str]:
    return {path.stem for path in ROOT.glob("*/management/commands/*.py")} - {"__init__"}


def documented_variables() -> set[str]:
    """Return the variables in the configuration guide: the names at the start of a table row or a list item."""
    starts = re.findall(r"^(?:\| |- )(`[A-Z].*?)(?: \||:)", CONFIGURATION.read_text(), re.MULTILINE)
    return {name for start in starts for name in re.findall(r"`([A-Z_]+)`", start)}


def variables_read() -> set[str]:
    """Return the environment variables that the settings, gunicorn, deploy/, Compose and the Makefile read."""
    deploy = [path for path in (ROOT / "deploy").rglob("*") if path.suffix in (".py", ".sh")]
    found = {
        name
        for path in (*ENVIRONMENT_READERS, *deploy)
        for match in READS.finditer(path.read_text())
        for name in (*match.groupdict().values(), match["secret"] and f"{match['secret']}_FILE")
        if name
    }
    return found - NOT_SETTINGS


@each_linked_document
def test_relative_links_resolve(path):
    broken = []
    for target in LINK.findall(CODE_SPAN.sub("", prose(path))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        linked = (path.parent / unquote(file)).resolve() if file else path
        if file.startswith("/"):
            continue  # `make check` checks links to pages of the site.
        if not linked.exists() or (anchor and linked.suffix == ".md" and anchor not in anchors(linked)):
            broken.append(target)
    assert broken == []


@each_document
def test_every_link_is_recognized_by_these_tests(path):
    text = CODE_SPAN.sub("", prose(path))
    assert text.count("](") == len(LINK.findall(text))


def test_anchors_are_computed_as_on_github(tmp_path):
    document = tmp_path / "a.md"
    document.write_text(
        "# How do I change `.env`?\n## Same\n```sh\n# no heading\n```\n## Same\n## [A](b) & “c”, d_e-f\n"
    )
    assert anchors(document) == {"how-do-i-change-env", "same", "same-1", "a--c-d_e-f"}


def test_every_documented_environment_variable_is_used():
    assert documented_variables() - variables_read() == set()


def test_every_environment_variable_in_the_code_is_documented():
    assert variables_read() - documented_variables() == set()


def test_environment_variables_are_found_in_each_kind_of_file():
    assert {"SECRET_KEY", "TRUSTED_PROXIES", "WEB_CONCURRENCY", "DATABASE_NAME", "PYTHON", "SEED"} <= variables_read()


@each_document
def test_every_documented_make_target_exists(path):
    named = {target for text in code(path) for _, target in MAKE.findall(text)}
    assert named - make_targets() == set()


@each_document
def test_every_documented_management_command_exists(path):
    named = {command for text in code(path) for command in MANAGE.findall(text)}
    assert named - management_commands() - DJANGO_COMMANDS == set()


def is_repository_path(span: str) -> bool:
    """Return True if a code span looks like a path whose first part exists in the repository."""
    if not PATH.fullmatch(span) or PLACEHOLDER.search(span) or NOT_IN_THE_REPOSITORY.match(span):
        return False
    return "/" in span and (ROOT / span.split("/")[0]).exists()


@pytest.mark.parametrize("path", [path for path in OURS if path.name != "CHANGELOG.md"], ids=name_of)
def test_every_documented_repository_path_exists(path):
    """Documents in content/ are left out: marketers may rename them."""
    paths = {span for span in code_spans(path) if is_repository_path(span) and not span.startswith("content/")}
    assert {span for span in paths if not (ROOT / span).exists()} == set()


def test_readme_is_short():
    assert len(README.read_text().splitlines()) <= MAX_README_LINES


def test_decisions_are_short_and_listed():
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert decisions
    assert [path.name for path in decisions if len(path.read_text().splitlines()) > MAX_DECISION_LINES] == []
    listed = (ROOT / "docs" / "architecture.md").read_text()
    assert [path.name for path in decisions if f"(decisions/{path.name})" not in listed] == []


@each_document
def test_lines_are_within_the_column_limit(path):
    lines = prose(path).splitlines()
    tables = [line for line in lines if line.startswith("|")]
    assert [line for line in lines if len(line) > MAX_COLUMNS and line not in tables] == []
    if path.name != "benchmarks.md":  # `make bench` prints these tables
        assert [line for line in tables if len(line) > MAX_TABLE_COLUMNS] == []


def section(title: str) -> str:
    """The section of the operations guide under a second-level heading, with its subsections."""
    text = OPERATIONS.read_text()
    start = text.index(f"\n## {title}\n")
    return text[start : text.find("\n## ", start + 1)]


def test_each_operations_section_covers_only_one_setup():
    plain = section("How do I deploy the plain container?") + section("How do I run the plain container day by day?")
    compose = section("How do I deploy with Compose?") + section("How do I run Compose day by day?")
    assert "docker compose" not in plain
    assert not re.search(r"docker exec|docker run --detach|docker cp", compose)


def test_quoted_alarm_messages_exist_in_the_code():
    files = [path for name in ("deploy", "layersrank_site", "leads", "pages") for path in (ROOT / name).rglob("*.py")]
    files.append(ROOT / "deploy" / "alerts.yml")
    text = re.sub(r'"\s*\n\s*f?"', "", "\n".join(path.read_text() for path in files))
    quotes = re.findall("“(.+?)”", " ".join(section("What does an alarm mean?").split()))
    assert quotes
    parts = {part.strip(" :") for quote in quotes for part in quote.split("…")}
    ours = parts - {"", "Leads", "Messages"}  # Django's admin derives “Leads” and “Messages” from the models.
    assert sorted(part for part in ours if part not in text) == []
