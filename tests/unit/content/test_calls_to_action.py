"""Calls to action: every way to write one, their targets, and the problem if a target is missing."""

import pytest

from pages.content.autofix import apply_edits
from tests.support.content_samples import HEADER, page_of, problem_of, read, rules, section_of, visible_text

BODY_LINE = HEADER.count("\n") + 3


def calls(text):
    """Return label, target and note of each button in a plain section."""
    section = section_of("## A PLAIN SECTION\n\n" + text)
    return [(call.label, call.href, call.note) for part in section.body for call in getattr(part, "calls", ())]


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("**Primary CTA:** Start Free Assessment", ("Start Free Assessment", "/start", "")),
        ("**Secondary CTA:** Download Question Bank", ("Download Question Bank", "/questions", "")),
        ("**CTA:** Start Free Trial", ("Start Free Trial", "/start", "")),
        ("**Primary CTA:** Go on → /there", ("Go on", "/there", "")),
        ("**Primary CTA:** [Go on --> /there]", ("Go on", "/there", "")),
        ("**[Go on » /there]**", ("Go on", "/there", "")),
        ("**Primary CTA:** [Go on → /there]", ("Go on", "/there", "")),
        ("**Primary CTA:** [Go on](/there)", ("Go on", "/there", "")),
        ("**[Start Free Trial]**", ("Start Free Trial", "/start", "")),
        ("**[Start Free Trial]** — 5 assessments free", ("Start Free Trial", "/start", "5 assessments free")),
        ("**[Start Free Trial — 5 included]**", ("Start Free Trial — 5 included", "/start", "")),
        ("**[Get all 50 questions → /resources/bank]**", ("Get all 50 questions", "/resources/bank", "")),
        ("**[Book → https://x.example/a?b=c]**", ("Book", "https://x.example/a?b=c", "")),
        ("**[Write → mailto:info@the-algo.com]**", ("Write", "mailto:info@the-algo.com", "")),
        ("**[Down → #pricing]**", ("Down", "#pricing", "")),
        ("**[One → two → /three]**", ("One → two", "/three", "")),
        ("**[Go on](/there)**", ("Go on", "/there", "")),
        ("**[Get *all* → /a]**", ("Get <em>all</em>", "/a", "")),
    ],
)
def test_every_notation_of_a_call_to_action_is_parsed(text, call):
    assert calls(text) == [call]


@pytest.mark.parametrize(
    "label", ["start free trial", "START FREE TRIAL", "Start Free Trial — now", "Start free trial — a — b"]
)
def test_label_lookup_ignores_case_and_text_after_a_dash(label):
    assert calls(f"**[{label}]**") == [(label, "/start", "")]


def test_target_after_an_arrow_overrides_the_label_lookup():
    assert calls("**[Start Free Trial → /elsewhere]**") == [("Start Free Trial", "/elsewhere", "")]


def test_target_after_an_arrow_is_not_shown():
    assert "/there" not in section_of("## A PLAIN SECTION\n\n**[Go on → /there]** and so on").body[0].calls[0].label


def test_several_calls_on_one_line_are_all_parsed():
    assert calls("**[Start Free Trial]** | **[Book → /book]** — today") == [
        ("Start Free Trial", "/start", ""),
        ("Book", "/book", "today"),
    ]


def test_calls_on_neighboring_lines_form_one_component():
    section = section_of("## A PLAIN SECTION\n\n**[Start Free Trial]**\n**[Book → /book]**\n")
    assert [len(part.calls) for part in section.body] == [2]


def test_list_that_contains_only_calls_to_action_becomes_buttons():
    assert [label for label, _, _ in calls("- **[Start Free Trial]** — free\n- **[Book → /book]**")] == [
        "Start Free Trial",
        "Book",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Words **[Book → /book]** more words",
        "- words\n- **[Book → /book]** more",
        "- first\n  - **[Book → /book]**",
        "> **[Book → /book]**",
        "| Plan |\n|---|\n| **[Book → /book]** |",
    ],
)
def test_call_within_other_text_is_a_link(text):
    (part,) = section_of("## A PLAIN SECTION\n\n" + text).body
    assert 'href="/book"' in part.html
    assert ">Book<" in part.html.replace("<strong>", "").replace("</strong>", "")
    assert "/book]" not in part.html


@pytest.mark.parametrize(
    "text", ["`**[Book → /book]**`", "```\n**[Book → /book]**\n```", "[Book]", "**Book**", "**[a]: b**"]
)
def test_brackets_that_are_not_a_call_to_action_stay_as_text(text):
    page = page_of("## A PLAIN SECTION\n\n" + text)
    assert rules(page) == []
    assert "href" not in str(page.sections) or "href=''" in str(page.sections)
    assert "class=" not in page.sections[0].body[0].html.replace('class="code"', "")


@pytest.mark.parametrize(
    ("text", "label", "line", "column"),
    [
        ("**[Book Demo]**", "Book Demo", 0, 4),
        ("**Primary CTA:** Book Demo", "Book Demo", 0, 18),
        ("**[Book Demo — 5 free]**", "Book Demo", 0, 4),
        ("words\n**[Book Demo]** more", "Book Demo", 1, 4),
        ("- one\n- **[Book Demo]**", "Book Demo", 1, 6),
        ("| A | B |\n|---|---|\n| a | **[Book Demo]** |", "Book Demo", 2, 10),
        ("> > **[Book Demo]**", "Book Demo", 0, 8),
        ("`two\nlines` **[Book Demo]**", "Book Demo", 1, 11),
        ("a <!-- two\nlines --> **[Book Demo]**", "Book Demo", 1, 14),
    ],
)
def test_unknown_label_is_reported_with_its_position(text, label, line, column):
    page = page_of("## A PLAIN SECTION\n\n" + text)
    problem = problem_of(page, "cta-target")
    assert (problem.path, problem.level) == ("content/hire/data-engineer.md", "error")
    assert (problem.line, problem.column) == (BODY_LINE + line, column)
    assert f"“{label}”" in problem.message


def test_unknown_label_is_shown_without_a_link_and_its_help_lists_the_fixes():
    page = page_of("## A PLAIN SECTION\n\n**[Start Fre Trial]**")
    help = problem_of(page, "cta-target").help
    assert "if you meant “start free trial”" in help.lower()
    assert "→" in help
    assert "[calls_to_action]" in help
    assert "site.toml" in help
    assert page.sections[0].body[0].calls[0].href == ""
    assert "Start Fre Trial" in visible_text(page)


def test_unknown_label_gets_no_suggestion_if_no_label_is_similar():
    assert "you meant" not in problem_of(page_of("## A PLAIN SECTION\n\n**[Zzz]**"), "cta-target").help


def test_every_unknown_label_of_a_line_is_reported():
    page = page_of("## A PLAIN SECTION\n\n**[Zzz]** and **[Zzz]**")
    assert [problem.column for problem in page.problems] == [4, 18]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "nowhere", "data:text/html,x"])
def test_arrow_to_an_invalid_target_is_a_problem(target):
    page = page_of(f"## A PLAIN SECTION\n\n**[Book → {target}]**")
    assert rules(page) == ["cta-target"]
    assert page.sections[0].body[0].calls[0].href == ""


def test_call_with_a_forbidden_url_is_a_problem():
    page = page_of("## A PLAIN SECTION\n\n**[[Book](javascript:x)]**")
    assert rules(page) == ["cta-target", "link-scheme"]
    assert "javascript" not in str(page.sections)


def test_calls_work_in_every_kind_of_section():
    headings = ["HERO", "THE HIRING CHALLENGE", "WHAT LAYERSRANK EVALUATES", "SAMPLE QUESTIONS", "EVALUATION CRITERIA"]
    headings += ["HOW IT WORKS", "PRICING", "FAQ", "RELATED ROLES", "READY TO START?", "ANYTHING"]
    page = read(HEADER + "\n".join(f"## {heading}\n\n**[Book → /book]**\n" for heading in headings))
    hrefs = [[call.href for part in section.body for call in getattr(part, "calls", ())] for section in page.sections]
    assert hrefs == [["/book"]] * len(headings)


def test_empty_brackets_are_not_a_call():
    assert page_of("## A PLAIN SECTION\n\n**[ ]**").problems == ()


@pytest.mark.parametrize(
    "arrow", ["->", "=>", "-->", "==>", "—>", "–>", "->>", ">>", "»", "⇒", "➔", "►", "▶\ufe0f", ">"]
)
@pytest.mark.parametrize("text", ["**[Go on {} /there]**", "**Primary CTA:** Go on {} /there", "**Go on {} /there**"])
def test_another_sign_in_place_of_the_arrow_is_reported_and_fixed(text, arrow):
    body = "## A PLAIN SECTION\n\n" + text.format(arrow)
    page = page_of(body)
    problem = problem_of(page, "cta-arrow")
    assert (problem.line, problem.column, problem.length) == (BODY_LINE, text.index("{") + 1, len(arrow))
    assert apply_edits(page.source.text, problem.edits) == HEADER + body.replace(arrow, "→")
    assert [link.href for link in page.links] == ["/there"]
    assert rules(page) == ["cta-arrow"]


@pytest.mark.parametrize(
    "text",
    ["a -> b => c", "**5 > 3**", "**One » two**", "**a -> b**", "**[Go on → /there]** -> [x](/b)", "**[A](/b)** »"],
)
def test_arrows_without_a_target_are_not_reported(text):
    assert "cta-arrow" not in rules(page_of("## A PLAIN SECTION\n\n" + text))


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("**[See the roles → hire]**", "Begin the target with / or https://: [See the roles → /hire]."),
        ("**CTA:** Book → www.example.com", "Begin the target with / or https://: [Book → https://www.example.com]."),
    ],
)
def test_the_help_for_an_incomplete_target_completes_it(text, help):
    assert problem_of(page_of(f"## A PLAIN SECTION\n\n{text}"), "cta-target").help == help
