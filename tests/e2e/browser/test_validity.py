"""The W3C's HTML and CSS checker on every served page and every stylesheet."""

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from ...conftest import ROOT
from .conftest import HERE, require
from .every_page import PATHS, SHIPPED_PATHS

# Ignore messages about HTML and CSS features that the W3C's checker doesn't know yet. Also ignore the Java exception
# that the checker reports if light-dark() contains a variable from another file.
UNKNOWN = re.compile(
    r"CSS: (Unrecognized at-rule “@(view-transition|property|container)”"
    r"|“(container-type|reading-flow)”: Property “\3” doesn't exist\."
    r"|“[\w-]+”: Cannot invoke \"org\.w3c\.css\.values\.CssValue\.getType\(\)\")"
    r"|A “link” element with a “blocking” attribute must have a “rel” attribute whose value is “stylesheet”\."
)
# The checker runs only once, so let Java compile it quickly instead of well. This halves the processor time, but needs
# a larger stack.
JAVA_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss2m")
BROKEN = {
    "broken.html": "<!DOCTYPE html><html lang=en><title>Broken</title>"
    "<style>p { colr: red }</style><p><div id=a></p><p id=a>",
    "ignored.html": "<!DOCTYPE html><html lang=en><title>Ignored</title>"
    "<link rel=expect href=#a blocking=render><p id=a>",
    "broken.css": "p { margin: 3 px }",
    "ignored.css": "@view-transition { navigation: auto } @property --a { syntax: '*'; inherits: true }"
    " p { container-type: size } @container (width > 1px) { p { margin: 0 } }"
    " p { reading-flow: flex-visual; color: light-dark(var(--a), #fff) }",
}


@pytest.fixture(scope="module")
def messages(server, shipped_server, tmp_path_factory) -> list[dict[str, object]]:
    """Run the checker once on pages, stylesheets and deliberately broken files. Return all errors."""
    jar = require(HERE / "node_modules/vnu-jar/build/dist/vnu.jar", "no vnu-jar here (make browser-tools)")
    require(shutil.which("java"), "no Java on this machine (Debian: apt-get install default-jre-headless)")
    folder = tmp_path_factory.mktemp("served")
    for name, site, paths in (("sample", server, PATHS), ("shipped", shipped_server, SHIPPED_PATHS)):
        for path in paths:
            (folder / f"{name}{path.replace('/', '-')}.html").write_bytes(site.get(path).body)
    for name, text in BROKEN.items():
        (folder / name).write_text(text)
    for sheet in (ROOT / "static").rglob("*.css"):
        shutil.copy(sheet, folder)
    options = ["--stdout", "--exit-zero-always", "--also-check-css", "--format", "json"]
    run = ["java", *JAVA_OPTIONS, "-jar", jar, *options, str(folder)]
    reported = json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)["messages"]
    return [message | {"file": Path(message["url"]).name} for message in reported if message["type"] != "info"]


def test_the_html_and_css_checker_detects_broken_files(messages):
    counts = Counter(message["file"] for message in messages)
    assert counts["broken.html"] >= 3 and counts["broken.css"] == 1
    assert [bool(UNKNOWN.match(m["message"])) for m in messages if m["file"] in BROKEN].count(True) == 7


def test_pages_and_stylesheets_are_valid(messages):
    assert [
        f"{message['file']}:{message.get('lastLine')}: {message['message']} ({message.get('extract', '').strip()})"
        for message in messages
        if message["file"] not in BROKEN and not UNKNOWN.match(message["message"])
    ] == []
