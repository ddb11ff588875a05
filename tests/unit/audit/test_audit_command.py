"""The reports and exit codes of `manage.py audit`."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from pages.management.commands import audit

from ...support.small_site import ORIGIN, SmallSite


@pytest.fixture
def small(monkeypatch):
    site = SmallSite()
    monkeypatch.setattr(audit, "WebClient", lambda user_agent: site)
    return site


def run(*arguments):
    """Return the report and the exit code."""
    out = io.StringIO()
    try:
        call_command("audit", *arguments, stdout=out)
    except SystemExit as error:
        return out.getvalue(), error.code
    return out.getvalue(), 0


def test_a_good_site_has_no_findings(small):
    report, code = run("site.example")
    assert code == 0 and report.startswith(f"{ORIGIN}/: 0 findings, 0 of ")


def test_a_finding_says_where_what_and_how_to_correct_it(small):
    small.replace("/prices", "<h2>One</h2>", "<h1>One</h1>")
    report, code = run(ORIGIN)
    assert code == 1
    assert f"{ORIGIN}/prices: one-h1\n   The page has 2 h1 headings.\n   help: " in report


def test_the_json_has_all_rules_with_their_sources(small):
    small.put("/old", "", status=500)
    report, code = run(ORIGIN, "/old", "--format", "json")
    data = json.loads(report)
    found = {rule["name"]: rule["findings"] for rule in data["rules"] if rule["findings"]}
    assert code == 1 and data["complete"] and data["site"] == f"{ORIGIN}/"
    assert [finding["url"] for finding in found["errors"]] == [f"{ORIGIN}/old"]
    assert all(rule["source"] and rule["test"] for rule in data["rules"])


def test_a_named_address_without_a_page_is_a_finding(small):
    small.put("/gone", "", status=410)
    report, code = run(ORIGIN, "/old", "/gone", "/prices")
    assert code == 1 and f"{ORIGIN}/old: errors\n   The address given to the command answers with 404." in report
    assert report.count("The address given") == 1


def test_the_html_is_escaped(small):
    small.replace("/prices", ">our home page<", "><i>&lt;b&gt;</i>Here<")
    small.replace("/prices", 'href="/prices"', 'href="/&lt;script&gt;"')
    report, code = run(ORIGIN, "--format", "html")
    assert code == 1 and report.startswith("<!doctype html>") and "<script>" not in report


def test_the_html_links_only_to_web_addresses(small):
    small.replace("/sitemap.xml", f"<loc>{ORIGIN}/prices</loc>", "<loc>javascript:alert(1)</loc>")
    report, _ = run(ORIGIN, "--format", "html")
    assert "javascript:alert(1)" in report and 'href="javascript:' not in report


def test_control_characters_of_the_site_are_escaped(small):
    small.replace("/prices", "<h3>Two</h3>", "<h5>\x1b]0;owned\x07</h5>")
    report, _ = run(ORIGIN)
    assert r"The heading “\x1b]0;owned\x07” is an h5" in report


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_the_limit_must_be_positive(small, limit):
    with pytest.raises(CommandError, match="--limit"):
        run(ORIGIN, "--limit", limit)


def test_a_site_that_cant_be_reached_is_an_error(small):
    with pytest.raises(CommandError, match="404"):
        run(f"{ORIGIN}/no")
