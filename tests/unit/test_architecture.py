"""Rules about the code itself. import-linter checks the import rules in pyproject.toml (`make lint`)."""

import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

from leads import advisory_locks
from pages.content.sections import Section

from ..conftest import ROOT

CONTENT = ROOT / "pages" / "content"

READS_THE_DISK = ("open", "read_text", "read_bytes", "rglob", "glob", "stat", "iterdir", "exists")


def imports(path):
    """Yield the dotted name of each module that a file imports. Relative imports become absolute names."""
    package = list(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def modules(folder):
    return sorted(path for path in folder.rglob("*.py"))


def test_only_hero_and_form_import_another_section_kind():
    kinds = [path for path in modules(CONTENT / "sections") if path.stem not in ("__init__", "base")]
    names = {path.stem for path in kinds}
    found = {
        (path.stem, name.split(".")[3])
        for path in kinds
        for name in imports(path)
        if name.startswith("pages.content.sections.") and name.split(".")[3] in names
    }
    assert found == {("hero", "dimensions"), ("form", "steps")}


def test_only_the_content_folder_module_reads_the_disk():
    found = []
    for path in modules(CONTENT):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                # Image.open is allowed: it opens bytes that content_folder.py has already read.
                allowed = ast.unparse(node.func) in ("Image.open", "content_folder.read_bytes")
                if name in READS_THE_DISK and path.stem != "content_folder" and not allowed:
                    found.append((path.name, name))
    assert found == []


def test_images_are_opened_from_bytes_and_never_from_paths():
    calls = [
        ast.unparse(node)
        for path in (*modules(CONTENT), *modules(ROOT / "pages" / "media"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Image.open"
    ]
    assert calls
    assert all(call.startswith("Image.open(BytesIO(") for call in calls)


def test_only_settings_and_asgi_read_the_environment():
    project = ROOT / "layersrank_site"
    reloader = ROOT / "pages" / "development" / "apps.py"  # reads variables from runserver's parent process
    allowed = {project / "settings.py", project / "asgi.py", reloader}
    sources = [
        path
        for folder in ("leads", "pages", "layersrank_site")
        for path in modules(ROOT / folder)
        if path not in allowed
    ]
    assert [path.name for path in sources if re.search(r"\benviron\b", path.read_text())] == []


def test_each_advisory_lock_has_its_own_key():
    """If logins and migrations shared a key, logins would wait for a migration."""
    keys = {name: value for name, value in vars(advisory_locks).items() if name.isupper()}
    assert len(set(keys.values())) == len(keys)
    folders = ("leads", "pages", "layersrank_site", "deploy")
    users = [path for folder in folders for path in modules(ROOT / folder) if "pg_advisory" in path.read_text()]
    imported = [name for path in users for name in set(imports(path)) if name.startswith("leads.advisory_locks.")]
    assert sorted(imported) == sorted(f"leads.advisory_locks.{name}" for name in keys)
    assert len(users) == len(keys)


def test_pages_are_rendered_at_the_time_of_the_clock_module():
    """With the real clock, prebuilt pages would show the time when they were rendered."""
    folders = ("calculator", "http", "kits", "media", "repository", "search", "seo", "templatetags")
    sources = [
        path for folder in folders for path in modules(ROOT / "pages" / folder) if path.name != "past_addresses.py"
    ]
    sources += (ROOT / "templates").rglob("*.html")
    reads_clock = re.compile(r"datetime\.now|timezone\.now|\btoday\(|localtime|\{% now")
    assert [path.name for path in sources if reads_clock.search(path.read_text())] == []


def test_each_section_kind_has_a_template_and_is_named_after_its_module():
    modules_of_kinds = {path.stem for path in modules(CONTENT / "sections")} - {"__init__", "base"}
    classes = Section.__subclasses__()
    assert modules_of_kinds == {kind.kind for kind in classes}
    used = {kind.template for kind in classes} | {"sections/stacked.html"}
    assert used == {f"sections/{path.name}" for path in (ROOT / "templates" / "sections").glob("*.html")}


def test_no_template_uses_safe_or_autoescape():
    templates = (ROOT / "templates").rglob("*.html")
    assert [path.name for path in templates if "|safe" in path.read_text() or "autoescape" in path.read_text()] == []


def test_modules_and_templates_stay_within_their_line_limits():
    python = [path for folder in ("leads", "pages", "layersrank_site", "deploy") for path in modules(ROOT / folder)]
    assert [path.name for path in python if len(path.read_text().splitlines()) > 300] == []
    templates = (ROOT / "templates").rglob("*.html")
    assert [path.name for path in templates if len(path.read_text().splitlines()) > 60] == []


def test_no_two_modules_share_a_file_name():
    """The exceptions in `shared` are file names that Django, Python or pytest requires."""
    shared = {
        "__init__",
        "__main__",
        "admin",
        "apps",
        "checks",
        "conftest",
        "forms",
        "models",
        "settings",
        "urls",
        "views",
    }
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = Counter(Path(line).stem for line in tracked.splitlines() if Path(line).stem not in shared)
    assert [name for name, count in names.items() if count > 1] == []
