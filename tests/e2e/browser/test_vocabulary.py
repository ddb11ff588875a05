"""TypeScript checks the structured data of each page against the vocabulary of schema.org (schema-dts)."""

import json
import re
import shutil
import subprocess

from ...support.json_ld import graph_of, graphs_of_every_kind, objects_in
from .conftest import HERE, require
from .every_page import SHIPPED_PATHS

IMPORTS = 'import type { Graph, SearchAction, WithActionConstraints } from "schema-dts";'

# Each of these items has one mistake: the name of a type or property, or the type of a value.
WRONG = [
    {"@type": "Organisation", "name": "LayersRank"},
    {"@type": "Organization", "nmae": "LayersRank"},
    {"@type": "Organization", "name": 5},
    {"@type": "Offer", "availability": "https://schema.org/InStokc"},
    {"@type": "SoftwareApplication", "offers": [{"@type": "Offer", "prise": "2500"}]},
    {"@type": "SoftwareApplication", "offers": {"@type": "Person", "name": "Asha Rao"}},
    {"@type": "FAQPage", "mainEntity": [{"@type": "Question", "acceptedAnswr": {"@type": "Answer"}}]},
    {"@type": "WebSite", "potentialAction": {"@type": "SearchAction", "queri-input": "required name=q"}},
]


def statement(number, graph):
    """Return a line of TypeScript that declares the graph of a page.

    The search action is declared separately, because only the type WithActionConstraints allows `query-input`.
    """
    lines = []
    for action in [each for each in objects_in(graph) if each.get("@type") == "SearchAction" and "query-input" in each]:
        name = f"action{number}"
        lines.append(f"const {name}: WithActionConstraints<SearchAction> = {json.dumps(action)};")
        action.clear()
        action["@type"] = name
    text = re.sub(r'\{"@type": "(action\d+)"\}', r"\1", json.dumps(graph))
    return " ".join([*lines, f"export const graph{number}: Graph = {text};"])


def test_structured_data_uses_the_vocabulary_of_schema_org(client, content, shipped_server, tmp_path):
    compiler = require(HERE / "node_modules/typescript/bin/tsc", "no TypeScript here (make browser-tools)")
    graphs = graphs_of_every_kind(client, content)
    graphs |= {f"shipped {path}": graph_of(shipped_server.get(path).body) for path in SHIPPED_PATHS}
    wrong = {
        f"wrong {number}": {"@context": "https://schema.org", "@graph": [{**item, "@id": "https://example.com/#a"}]}
        for number, item in enumerate(WRONG)
    }
    names = [*graphs, *wrong]
    lines = [IMPORTS, *(statement(number, graph) for number, graph in enumerate([*graphs.values(), *wrong.values()]))]
    (tmp_path / "node_modules").symlink_to(HERE / "node_modules")
    (tmp_path / "pages.ts").write_text("\n".join(lines))
    options = ["--noEmit", "--strict", "--skipLibCheck", "--pretty", "false", "--module", "esnext"]
    run = [require(shutil.which("node"), "no Node.js here"), compiler, *options, "--moduleResolution", "bundler"]
    done = subprocess.run([*run, "--types", "", "pages.ts"], cwd=tmp_path, capture_output=True, text=True)
    errors = re.findall(r"^pages\.ts\((\d+),\d+\): error (.+)", done.stdout, re.MULTILINE)
    assert errors, done.stdout + done.stderr
    found = [(names[int(line) - 2], message[:300]) for line, message in errors]
    assert [each for each in found if each[0] not in wrong] == []
    assert {name for name, _ in found} == set(wrong)
