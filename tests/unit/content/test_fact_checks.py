"""The rules fact-drift and unknown-figure: messages, sections with made-up figures, and facts of some pages only."""

from time import process_time

import pytest

from pages.content import document, facts
from pages.content.problems import Problem, Source

from ...conftest import ROOT

FACTS_FILE = ROOT / "tests" / "fixtures" / "facts" / "hard" / "facts.toml"


def check(text: str, url: str = "/a") -> list[Problem]:
    """Return the problems with facts in a document. `text` is the document's text below its name."""
    known = facts.parse(Source("content/facts.toml", FACTS_FILE.read_text()), [])
    assert known
    page = document.read(Source("content/a.md", f"# A\n\n{text}\n"), url, document.Settings({}, facts=known))
    return [problem for problem in page.problems if problem.rule in ("fact-drift", "unknown-figure")]


def found(text: str, url: str = "/a") -> list[tuple[str, str]]:
    """Return the rule and the marked text of each problem with facts."""
    return [
        (problem.rule, problem.source[problem.column - 1 : problem.column - 1 + problem.length])
        for problem in check(text, url)
    ]


def test_a_wrong_price_is_reported_with_the_right_one() -> None:
    [problem] = check("## PLANS\n\nPer assessment, **Growth** costs *₹1,900*.")
    assert (problem.line, problem.column, problem.length) == (5, 35, 6)
    assert (
        problem.message
        == "“₹1,900” disagrees with facts.toml. The fact “price.growth”: One assessment on the Growth plan."
    )
    assert problem.help == "Did you mean ₹1,800?"
    assert problem.edits == ()


def test_an_unknown_amount_is_reported_with_ways_to_fix_it() -> None:
    [problem] = check("## PLANS\n\nExtra users cost ₹300.")
    assert problem.message == "“₹300” is not in facts.toml, and not the result of a calculation."
    assert "facts.toml" in problem.help and "made up" in problem.help


@pytest.mark.parametrize(
    "sentence",
    [
        *("The figures are made up.", "All figures are invented.", "These are example figures.", "A fictional team:"),
        *("The figures are illustrative.", "This made-up team has three people."),
    ],
)
def test_a_section_that_says_so_may_have_any_figures(sentence: str) -> None:
    made_up = f"## EXAMPLE\n\n{sentence}\n\nThey pay ₹900 for each interview, and 90% of our customers do."
    assert found(made_up) == []
    assert len(found(f"{made_up}\n\n## OTHER\n\nIt costs ₹900.")) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        *("The figures are not made up.", "They weren't made up.", "The team is made up of engineers."),
        *("For example, look at this.", "A sample of the words:", "She made up her mind."),
    ],
)
def test_other_words_do_not_make_a_section_made_up(sentence: str) -> None:
    assert found(f"## EXAMPLE\n\n{sentence}\n\nIt costs ₹900.") == [("unknown-figure", "₹900")]


def test_a_wrong_phrase_is_reported_even_in_a_made_up_section() -> None:
    assert found("## EXAMPLE\n\nThe figures are made up.\n\nGet four free assessments.") == [("fact-drift", "four")]


@pytest.mark.parametrize(
    "text",
    [
        *("four free assessments", "Four free assessments", "4 free assessments", "**four** free assessments"),
        *("four\nfree assessments", "four free *assessments*", "[four free assessments](/start)"),
    ],
)
def test_a_phrase_is_found_in_any_markup(text: str) -> None:
    assert [rule for rule, _ in found(f"## A\n\nYou get {text}.")] == ["fact-drift"]
    assert found(f"## A\n\nYou get {text}.".replace("four", "five").replace("Four", "Five").replace("4", "5")) == []


def test_a_fact_of_one_page_holds_there_only() -> None:
    answer = "## FAQ\n\n**How long is the assessment?**\n{} minutes. Video and text."
    own = "/hire/machine-learning-engineer"
    assert found(answer.format("40-50"), own) == []
    assert found(answer.format("30"), own) == [("fact-drift", "30 minutes")]
    assert found(answer.format("40-50")) == [("unknown-figure", "40-50 minutes")]
    assert found("## FAQ\n\nThe machine learning engineer assessment takes 40 to 50 minutes.") == []


@pytest.mark.parametrize(
    "text",
    [
        "`₹900`",
        "    ₹900",
        "```\n₹900\n```",
        "~~~\n90% of our customers\n~~~",
        "https://example.com/₹900",
        "<!-- ₹900 -->",
    ],
)
def test_code_and_urls_state_nothing(text: str) -> None:
    assert found(f"## A\n\n{text}") == []


def test_questions_may_have_any_figures_but_their_introduction_may_not() -> None:
    question = "**1. 90% of our customers pay ₹900. Why?**\n\n*What this reveals:* ₹900 is a lot."
    assert found(f"## SAMPLE QUESTIONS\n\n### Group\n\n{question}") == []
    assert found(f"## SAMPLE QUESTIONS\n\nThey cost ₹900.\n\n{question}") == [("unknown-figure", "₹900")]


def test_prices_in_columns_are_compared_with_the_name_above_them() -> None:
    table = "## A\n\n| | Starter | Growth |\n|---|---|---|\n| {} | {} | ₹1,800 |"
    assert found(table.format("Per assessment", "₹2,400")) == [("fact-drift", "₹2,400")]
    assert found(table.format("Per assessment", "₹2,500")) == []
    assert found(table.format("Setup", "₹2,400")) == [("unknown-figure", "₹2,400")]


@pytest.mark.parametrize("text", ["₹1,800/-", "₹1,800/assessment", "Rs. 1,800", "INR 1800", "1,800 rupees", "₹1800"])
def test_a_price_may_be_written_in_other_ways(text: str) -> None:
    assert found(f"## A\n\nGrowth costs {text}.") == []
    assert len(found(f"## A\n\nGrowth costs {text}.".replace("8", "9"))) == 1


@pytest.mark.parametrize("sentence", ["Growth of ₹1,800", "the growth plan", "Growth, platform and B2B managers"])
def test_a_name_alone_is_no_statement(sentence: str) -> None:
    assert found(f"## A\n\n{sentence}.") == []


@pytest.mark.parametrize(
    "piece",
    [
        *("Growth ₹1,900 ", "five ", "a@the-algo.com ", "089624 12727 ", "1 2 3 ", "twice as ", "5 years of ", "."),
        *(
            "our 5 ",
            "made up ",
            "founded in A ",
            "customers save a ",
            "| ₹9 ",
            "₹9 | ",
            "assess? ",
            "**Q?** 5 minutes ",
        ),
    ],
)
def test_long_lines_are_checked_in_linear_time(piece: str) -> None:
    text = piece * (10_000 // len(piece))
    started = process_time()
    check(f"## A\n\n{text}")
    check(f"## A\n\n| A |\n|---|\n| {text} |")
    assert process_time() - started < 3  # a linear check takes about 0.1 s, a quadratic one much longer


@pytest.mark.parametrize(
    "link",
    [
        "[Call us](tel:{})",
        "[+91 89624 12726](tel:{})",
        "**[Call us → tel:{}]**",
        "**Primary CTA:** Call us → tel:{}",
        "<tel:{}>",
    ],
)
def test_a_wrong_phone_number_in_the_target_of_a_link_is_reported_there(link: str) -> None:
    assert found(f"## CALL\n\n{link.format('+918962412726')}") == []
    assert found(f"## CALL\n\n{link.format('+918962412725')}") == [("fact-drift", "+918962412725")]


@pytest.mark.parametrize("start", ["https://wa.me/", "https://api.whatsapp.com/send?phone="])
def test_a_wrong_phone_number_in_a_link_to_whatsapp_is_reported(start: str) -> None:
    assert found(f"## CHAT\n\n[Chat]({start}918962412726)") == []
    [problem] = check(f"## CHAT\n\n[Chat]({start}918962412725)")
    assert problem.help == "Did you mean +91 89624 12726?"


def test_a_wrong_email_address_in_the_target_of_a_link_is_reported_there() -> None:
    assert found("## WRITE\n\n[Write to us](mailto:info@the-algo.com?subject=Prices)") == []
    assert found("## WRITE\n\n[Write to us](mailto:hello@the-algo.com)") == [("fact-drift", "hello@the-algo.com")]


def test_a_wrong_phone_number_that_becomes_a_link_by_itself_is_reported_once() -> None:
    assert found("## CALL\n\nCall +91 89624 12725.") == [("fact-drift", "+91 89624 12725")]


@pytest.mark.parametrize(
    "text",
    [
        "**How much does Growth cost?** {} per assessment.",
        "**What is the price of Growth?**\n\nYou pay {}, whatever the role.",
    ],
)
def test_the_answer_to_a_question_about_a_price_states_this_price(text: str) -> None:
    assert found(f"## FAQ\n\n{text.format('₹1,800')}") == []
    assert found(f"## FAQ\n\n{text.format('₹2,500')}") == [("fact-drift", "₹2,500")]


@pytest.mark.parametrize(
    "sentence",
    [
        "**Is Growth cheaper than Starter?** Yes, it costs ₹1,800 instead of ₹2,500.",
        "Each assessment on Growth is ₹700 less than on Starter (₹2,500 − ₹1,800 = ₹700).",
        "| Item | Cost |\n|---|---|\n| Starter, 2 | ₹5,000 |\n| Growth, 4 | ₹7,200 |",
        "If two free assessments are left, invite two more people.",
        "We delete this data two years after you sent it.",
        "Nobody can promise you 50% fewer interviews. We don’t claim 90% accuracy.",
        "You can hire 20 people with us, or one.",
        "We can’t promise that we reply within an hour.",
    ],
)
def test_comparisons_and_denials_state_no_other_fact(sentence: str) -> None:
    assert found(f"## NOTES\n\n{sentence}") == []


@pytest.mark.parametrize(
    ("sentence", "rule", "written"),
    [
        ("Call 8962412727 or write.", "fact-drift", "8962412727"),
        ("Call (89624) 12727 or write.", "fact-drift", "(89624) 12727"),
        ("We reply to each message within an hour.", "unknown-figure", "an hour"),
        ("We reply within two working days.", "unknown-figure", "two working days"),
        ("They complete the assessment async (25 min).", "unknown-figure", "25 min"),
        ("Each interval is a 95% confidence interval.", "unknown-figure", "95%"),
        ("Pay yearly and save 15%.", "unknown-figure", "15%"),
    ],
)
def test_claims_in_other_words_are_found(sentence: str, rule: str, written: str) -> None:
    assert found(f"## NOTES\n\n{sentence}") == [(rule, written)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Ten candidates on Growth cost ₹17,000.", "₹18,000"),
        ("Ten candidates on Growth cost Rs 17000.", "Rs 18000"),
        ("Ten candidates on Growth cost ₹1,700 each.", "₹1,800"),
        ("Ten candidates came. Growth costs ₹17,000.", "₹1,800"),
    ],
)
def test_a_wrong_product_of_a_price_is_reported_with_the_right_product(text: str, meant: str) -> None:
    [problem] = check(f"## PLANS\n\n{text}")
    assert (problem.rule, problem.help) == ("fact-drift", f"Did you mean {meant}?")
