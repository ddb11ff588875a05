"""Calls to action: each form, where its target comes from, and what is said of one that leads nowhere."""

import pytest

from tests.support.content_samples import HEADER, page_of, problem_of, read, rules, section_of, visible_text

BODY_LINE = HEADER.count("\n") + 3


def calls(text):
    """Label, target and note of each call that is set as a button in a plain section."""
    section = section_of("## A PLAIN SECTION\n\n" + text)
    return [(call.label, call.href, call.note) for part in section.body for call in getattr(part, "calls", ())]


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ("**Primary CTA:** Start Free Assessment", ("Start Free Assessment", "/start", "")),
        ("**Secondary CTA:** Download Question Bank", ("Download Question Bank", "/questions", "")),
        ("**CTA:** Start Free Trial", ("Start Free Trial", "/start", "")),
        ("**Primary CTA:** Go on → /there", ("Go on", "/there", "")),
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
def test_each_form_of_a_call(text, call):
    assert calls(text) == [call]


@pytest.mark.parametrize(
    "label", ["start free trial", "START FREE TRIAL", "Start Free Trial — now", "Start free trial — a — b"]
)
def test_a_label_is_looked_up_without_regard_to_case_and_up_to_its_dash(label):
    assert calls(f"**[{label}]**") == [(label, "/start", "")]


def test_an_arrow_wins_over_the_look_up():
    assert calls("**[Start Free Trial → /elsewhere]**") == [("Start Free Trial", "/elsewhere", "")]


def test_the_target_of_an_arrow_is_not_shown():
    assert "/there" not in section_of("## A PLAIN SECTION\n\n**[Go on → /there]** and so on").body[0].calls[0].label


def test_several_calls_on_a_line():
    assert calls("**[Start Free Trial]** | **[Book → /book]** — today") == [
        ("Start Free Trial", "/start", ""),
        ("Book", "/book", "today"),
    ]


def test_calls_on_neighboring_lines_stand_together():
    section = section_of("## A PLAIN SECTION\n\n**[Start Free Trial]**\n**[Book → /book]**\n")
    assert [len(part.calls) for part in section.body] == [2]


def test_calls_in_a_list_of_nothing_else_are_buttons():
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
def test_a_call_among_other_words_is_a_link_where_it_stands(text):
    (part,) = section_of("## A PLAIN SECTION\n\n" + text).body
    assert 'href="/book"' in part.html
    assert ">Book<" in part.html.replace("<strong>", "").replace("</strong>", "")
    assert "/book]" not in part.html


@pytest.mark.parametrize(
    "text", ["`**[Book → /book]**`", "```\n**[Book → /book]**\n```", "[Book]", "**Book**", "**[a]: b**"]
)
def test_what_is_no_call_is_no_link_and_no_problem(text):
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
def test_an_unknown_label_is_named_with_its_place(text, label, line, column):
    page = page_of("## A PLAIN SECTION\n\n" + text)
    problem = problem_of(page, "cta-target")
    assert (problem.path, problem.level) == ("content/hire/data-engineer.md", "error")
    assert (problem.line, problem.column) == (BODY_LINE + line, column)
    assert f"“{label}”" in problem.message


def test_an_unknown_label_is_shown_without_a_link_and_says_both_ways_to_mend_it():
    page = page_of("## A PLAIN SECTION\n\n**[Start Fre Trial]**")
    help = problem_of(page, "cta-target").help
    assert "did you mean “start free trial”" in help.lower()
    assert "→" in help
    assert "[calls_to_action]" in help
    assert "site.toml" in help
    assert page.sections[0].body[0].calls[0].href == ""
    assert "Start Fre Trial" in visible_text(page)


def test_a_label_like_no_other_is_given_no_suggestion():
    assert "Did you mean" not in problem_of(page_of("## A PLAIN SECTION\n\n**[Zzz]**"), "cta-target").help


def test_every_unknown_label_of_a_line_is_named():
    page = page_of("## A PLAIN SECTION\n\n**[Zzz]** and **[Zzz]**")
    assert [problem.column for problem in page.problems] == [4, 18]


@pytest.mark.parametrize("target", ["javascript:alert(1)", "nowhere", "data:text/html,x"])
def test_an_arrow_to_what_is_no_target_is_a_problem_and_no_link(target):
    page = page_of(f"## A PLAIN SECTION\n\n**[Book → {target}]**")
    assert rules(page) == ["cta-target"]
    assert page.sections[0].body[0].calls[0].href == ""


def test_a_call_to_a_dead_link_is_a_problem_and_no_link():
    page = page_of("## A PLAIN SECTION\n\n**[[Book](javascript:x)]**")
    assert rules(page) == ["cta-target"]
    assert "javascript" not in str(page.sections)


def test_a_call_in_every_kind_of_section_is_a_call():
    headings = ["HERO", "THE HIRING CHALLENGE", "WHAT LAYERSRANK EVALUATES", "SAMPLE QUESTIONS", "EVALUATION CRITERIA"]
    headings += ["HOW IT WORKS", "PRICING", "FAQ", "RELATED ROLES", "READY TO START?", "ANYTHING"]
    page = read(HEADER + "\n".join(f"## {heading}\n\n**[Book → /book]**\n" for heading in headings))
    hrefs = [[call.href for part in section.body for call in getattr(part, "calls", ())] for section in page.sections]
    assert hrefs == [["/book"]] * len(headings)


def test_brackets_without_words_are_no_call():
    assert page_of("## A PLAIN SECTION\n\n**[ ]**").problems == ()
