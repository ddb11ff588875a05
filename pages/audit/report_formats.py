"""The audit's report as text, JSON or HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from django.utils.html import format_html, format_html_join

from ..log import escape_controls
from .fetched_site import FetchedSite
from .finding import Finding
from .rules import Rule

Findings = Mapping[Rule, Sequence[Finding]]


def as_text(site: FetchedSite, found: Findings) -> str:
    """Return the report for a terminal. Control characters that the site sends are escaped."""
    lines = []
    for rule, findings in found.items():
        for finding in findings:
            lines += [f"{finding.url}: {rule.name}", f"   {finding.message}", f"   help: {finding.help}", ""]
        if findings:
            lines += [f"   The rule: {rule.test}", f"   {rule.source}", ""]
    return "\n".join(map(escape_controls, [*lines, summary(site, found)]))


def as_json(site: FetchedSite, found: Findings) -> str:
    rules = [
        {
            "name": rule.name,
            "source": rule.source,
            "test": rule.test,
            "findings": [asdict(finding) for finding in findings],
        }
        for rule, findings in found.items()
    ]
    data = {"site": site.start, "requests": len(site.answers), "complete": site.is_complete, "rules": rules}
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_html(site: FetchedSite, found: Findings) -> str:
    rows = format_html_join(
        "\n",
        '<tr><td><a href="{}">{}</a></td><td>{}</td><td>{}</td></tr>',
        (
            (rule.source, rule.name, rule.test, "✓" if not findings else f"{len(findings)} ✗")
            for rule, findings in found.items()
        ),
    )
    sections = format_html_join(
        "\n",
        "<h2>{}</h2>\n<ul>\n{}\n</ul>",
        (
            (
                rule.name,
                format_html_join(
                    "\n",
                    "<li>{}<br>{} {}</li>",
                    ((_link_to(each.url), each.message, each.help) for each in findings),
                ),
            )
            for rule, findings in found.items()
            if findings
        ),
    )
    return format_html(
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>Audit of {0}</title>\n'
        "<style>body{{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere}}"
        "td,th{{text-align:left;vertical-align:top;padding:.25em .5em}}</style>\n"
        "<h1>Audit of {0}</h1>\n<p>{1}</p>\n<table>\n<tr><th>Rule</th><th>Test</th><th>Result</th></tr>\n{2}\n"
        "</table>\n{3}\n</html>",
        site.start,
        summary(site, found),
        rows,
        sections,
    )


def _link_to(url: str) -> str:
    """Return a link to `url`. A sitemap may list anything, and a link to javascript:… could run a script."""
    return format_html('<a href="{0}">{0}</a>' if url.startswith(("http://", "https://")) else "{}", url)


def summary(site: FetchedSite, found: Findings) -> str:
    count, broken = sum(map(len, found.values())), sum(bool(findings) for findings in found.values())
    findings = f"{count} finding{'' if count == 1 else 's'}"
    text = f"{site.start}: {findings}, {broken} of {len(found)} rules broken, {len(site.all_pages)} pages fetched."
    return text if site.is_complete else f"{text} The limit ended the audit, so some pages were not fetched."
