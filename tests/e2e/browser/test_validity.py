"""What the W3C's checker says of every page as it is served, of the style in it, and of each stylesheet."""

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from ...conftest import ROOT
from .conftest import HERE, needed
from .every_page import PATHS, SHIPPED_PATHS

# The checker does not know these yet; nothing else is excused.
UNKNOWN = re.compile(
    r"CSS: (Unrecognized at-rule “@(view-transition|property|container)”"
    r"|“container-type”: Property “container-type” doesn't exist\.)"
    r"|A “link” element with a “blocking” attribute must have a “rel” attribute whose value is “stylesheet”\."
)
BROKEN = {
    "broken.html": "<!DOCTYPE html><html lang=en><title>Broken</title>"
    "<style>p { colr: red }</style><p><div id=a></p><p id=a>",
    "excused.html": "<!DOCTYPE html><html lang=en><title>Excused</title>"
    "<link rel=expect href=#a blocking=render><p id=a>",
    "broken.css": "p { margin: 3 px }",
    "excused.css": "@view-transition { navigation: auto } @property --a { syntax: '*'; inherits: true }"
    " p { container-type: size } @container (width > 1px) { p { margin: 0 } }",
}


@pytest.fixture(scope="module")
def said(server, shipped_server, tmp_path_factory) -> list[dict[str, object]]:
    """Every error, in one run over pages, stylesheets and what is broken on purpose."""
    jar = needed(HERE / "node_modules/vnu-jar/build/dist/vnu.jar", "no vnu-jar here (make browser-tools)")
    needed(shutil.which("java"), "no Java on this machine (Debian: apt-get install default-jre-headless)")
    folder = tmp_path_factory.mktemp("served")
    for name, site, paths in (("sample", server, PATHS), ("shipped", shipped_server, SHIPPED_PATHS)):
        for path in paths:
            (folder / f"{name}{path.replace('/', '-')}.html").write_bytes(site.get(path).body)
    for name, text in BROKEN.items():
        (folder / name).write_text(text)
    for sheet in (ROOT / "static").rglob("*.css"):
        shutil.copy(sheet, folder)
    run = ["java", "-jar", jar, "--stdout", "--exit-zero-always", "--also-check-css", "--format", "json", str(folder)]
    messages = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)["messages"]
    return [message | {"file": Path(message["url"]).name} for message in messages if message["type"] != "info"]


def test_the_checker_finds_what_is_broken_and_what_is_to_be_excused(said):
    found = Counter(message["file"] for message in said)
    assert found["broken.html"] >= 3 and found["broken.css"] == 1
    assert [bool(UNKNOWN.match(m["message"])) for m in said if m["file"] in BROKEN].count(True) == 5


def test_it_has_nothing_to_say_of_pages_and_stylesheets(said):
    assert [
        f"{message['file']}:{message.get('lastLine')}: {message['message']} ({message.get('extract', '').strip()})"
        for message in said
        if message["file"] not in BROKEN and not UNKNOWN.match(message["message"])
    ] == []
