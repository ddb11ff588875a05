"""When a page expires or goes live on schedule, no other file starts to fail a check."""

import json

import pytest

from tests.support.content_samples import document_text

from .test_content_commands import check

LATER, PAST = "2999-01-01 09:00 +05:30", "2020-01-01 09:00 +05:30"
DIMENSIONS = "## WHAT LAYERSRANK EVALUATES\n\n### Craft Dimension (60%)\n\n### People Dimension (40%)\n"
SCORES = "| Dimension | Score |\n|---|---|\n| Craft | 72 ± 4 |\n| People | 64 ± 8 |\n"
REPORT = f"## ASSESSMENT REPORT\n\n**Role:** /a\n\n{SCORES}"
ARTICLE = "Author: A. Writer\nDate: 2020-01-01"
TWENTY_ARTICLES = {f"news/{number}": (ARTICLE, "Words.") for number in range(20)}

# For each rule: documents that break the rule after one of the pages has expired. Each document has lines for META, and
# a body. Tests replace TIME with a line such as `Expires`.
CASES = {
    "few-links-in": {
        "a": ("TIME", "[B](/b) [C](/c)"),
        "b": ("", "[C](/c) [D](/d)"),
        "c": ("", "[B](/b) [D](/d)"),
        "d": ("", "[B](/b) [C](/c)"),
    },
    "broken-link, in a list": {"hub/index": ("", "**Pages under:** /hub"), "hub/a": ("TIME", "Words.")},
    "broken-link, to the second page of a list": {
        "news/index": ("", "**Pages under:** /news"),
        **TWENTY_ARTICLES,
        "news/last": (f"{ARTICLE}\nTIME", "Words."),
        "b": ("", "[Older articles](/news/page/2)"),
    },
    "canonical-target": {"a": ("TIME", "Words."), "b": ("Canonical: /a", "Words.")},
    "translation": {"a": ("TIME", "Words."), "b": ("Language: hi\nTranslation of: /a", "Words.")},
    "sample-report": {"a": ("TIME", DIMENSIONS), "b": ("", REPORT)},
    "expiry-target": {"a": ("TIME", "Words."), "b": ("Expires: 2019-01-01\nExpires to: /a", "Words.")},
}


@pytest.fixture
def write(tmp_path, settings):
    """A function that writes the documents of a case to the content folder. Its argument `time` replaces TIME."""
    folder = settings.CONTENT_DIR = tmp_path / "content"

    def write_documents(documents, time, redirects=""):
        for name, (meta, body) in documents.items():
            path = folder / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(document_text(meta=meta.replace("TIME", time), body=body))
        (folder / "site.toml").write_text("[calls_to_action]\n")
        (folder / "redirects.toml").write_text(redirects)

    return write_documents


def found():
    """Return the problems that make the check fail, and the notices, as two sets of tuples: path, line and rule."""
    output, status = check("--strict", "--format", "json")
    problems = json.loads(output)
    levels = {problem["level"] for problem in problems}
    assert bool(status) == bool(levels & {"error", "warning"})
    split = [[each for each in problems if (each["level"] == "notice") == is_notice] for is_notice in (False, True)]
    return tuple({(each["path"], each["line"], each["rule"]) for each in part} for part in split)


@pytest.mark.parametrize("case", CASES)
def test_a_page_that_expires_causes_only_notices(write, case):
    write(CASES[case], f"Expires: {LATER}")
    before, _ = found()
    write(CASES[case], f"Expires: {PAST}")
    after, notices = found()
    assert after <= before
    assert case.partition(",")[0] in {rule for _, _, rule in notices}
    assert "The reason is that a page has expired." in check()[0]


@pytest.mark.parametrize("case", CASES)
def test_the_same_problem_of_a_draft_fails_the_check(write, case):
    if case != "few-links-in":  # this rule ignores links from drafts
        write(CASES[case], "Status: draft")
        assert case.partition(",")[0] in {rule for _, _, rule in found()[0]} or case == "expiry-target"


def test_a_page_that_goes_live_makes_its_redirect_a_notice(write):
    documents = {"a": ("TIME", "Words."), "b": ("", "Words.")}
    redirects = '"/a" = "/b"\n'
    write(documents, f"Publish: {LATER}", redirects)
    before, notices = found()
    assert "redirect-shadow" not in {rule for _, _, rule in before | notices}
    write(documents, f"Publish: {PAST}", redirects)
    assert ("content/redirects.toml", 1, "redirect-shadow") in found()[1]


def test_a_redirect_to_an_expired_page_is_a_notice_about_its_expiry(write):
    documents = {"a": ("TIME", "Words."), "b": ("", "Words.")}
    write(documents, f"Expires: {PAST}", '"/old" = "/a"\n')
    assert ("content/redirects.toml", 1, "expiring-link") in found()[1]
    assert "“/a” isn't live: content/a.md expired on" in check()[0]
