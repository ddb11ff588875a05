"""The content's hash and errors, as a running site reports them."""

import json
import os

from ...conftest import serving
from ...support.fast_brotli import PRODUCTION_SETTINGS

HOME = "# Home\n## /\n\n## META\n\n```\nTitle: Home\nDescription: Home.\n```\n\nWords.\n"


BROKEN = "# Broken\n## /broken\n\n## META\n\n```\nTitle: Broken\n```\n\nLeads [nowhere](/no-such-page).\n"


def parse(response):
    return json.loads(response.body)


def test_version_endpoint_reports_the_content_hash_and_readyz_reports_content_errors(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name / "content").mkdir(parents=True)
        (tmp_path / name / "content" / "index.md").write_text(HOME)
        (tmp_path / name / "content" / "site.toml").write_text("[calls_to_action]\n")
    with (
        serving(tmp_path / "one", takes_leads=True, **PRODUCTION_SETTINGS) as one,
        serving(tmp_path / "other", WEB_CONCURRENCY="1") as other,
    ):
        initial = parse(one.until("/version", lambda response: parse(response)["content"]))
        assert len(initial["content"]) == 64 and len(initial["revision"]) >= 7
        for path in other.content.rglob("*"):
            os.utime(path, (1, 1))
        page = other.content / "index.md"
        before = page.read_text()
        page.write_text(before + "\n")
        other.until("/version", lambda response: parse(response)["content"] not in (None, initial["content"]))
        page.write_text(before)
        restored = other.until("/version", lambda response: parse(response)["content"] == initial["content"])
        assert parse(restored) == initial

        report = parse(one.until("/readyz", lambda response: parse(response)["content_errors"] is not None))
        assert (report["content_errors"], report["notes"]) == (0, [])
        (one.content / "broken.md").write_text(BROKEN)
        worse = one.until("/readyz", lambda response: parse(response)["content_errors"])
        assert worse.status == 200 and parse(worse)["unwell"] == []
        assert one.get("/broken").status == 200
        (one.content / "broken.md").unlink()
        one.until("/readyz", lambda response: parse(response)["content_errors"] == 0)
