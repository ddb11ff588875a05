"""Test that calculations in a text are found, and that wrong results are recognized."""

from decimal import Decimal

import pytest

from pages.content.blocks import Table, parse
from pages.content.fact_checks import check_kit
from pages.content.facts import Facts
from pages.content.figures import find_figures
from pages.content.problems import Source
from pages.content.sums import find_equations
from pages.content.table_sums import find_table_sums
from pages.content.written_figures import rewrite

WRONG = [
    "10 × ₹1,900 = ₹18,000",
    "Ten candidates on Growth cost 10 × ₹1,800 = ₹19,000. If you hire one",
    "10 x ₹1,800 = ₹19,000",
    "10 * 1,800 = 19,000",
    "10 · ₹1,800 = ₹19,000",
    "10 candidates at ₹1,800 each = ₹19,000",
    "10 at ₹1,800 comes to ₹19,000",
    "Ten at ₹1,800 cost ₹19,000",
    "20 × ₹2,500 is ₹60,000",
    "20% of ₹1,800 = ₹400",
    "20% of ₹1,800 is ₹400",
    "₹2,500 − ₹700 = ₹1,900",
    "₹2,500 - ₹700 = ₹1,900",
    "₹1,800 + 18% = ₹2,000",
    "₹1,00,000 + ₹50,000 = ₹2,50,000",
    "5 × ₹20,00,000 = ₹1.1 crore",
    "100 × ₹1,800 = ₹1.9 lakh",
    "$1,000 × 12 = $120,000",
    "45% + 35% + 25% = 100%",
    "45%, 35%, and 25% add up to 100%",
    "45% technical, 35% behavioral and 25% contextual add up to 100%",
    "₹5,000, ₹3,000 and ₹2,000 add up to ₹11,000",
    "₹18,000 (10 × ₹1,900)",
    "You pay ₹18,000 in assessments (10 × ₹1,900).",
    "10 candidates × 4 interviews × 1 hour = 50 hours",
    "100% − 45% = 65%",
    "₹19,000 = 10 × ₹1,800",
    "10 × ₹1,800 = ₹18,000 + ₹3,240 = ₹22,240",
    "₹18,000 / 10 = ₹1,900",
    "₹18,000 ÷ 10 = ₹1,900",
    "12 + 15 = 28 questions",
    "Rs 2,500 × 4 = Rs 11,000",
    "INR 2500 times 4 equals INR 11000",
    "5,00,000 divided by 2,000 is 200",
    "10 x Rs 1,800 comes to Rs 19,000",
    "A round of ten costs 10 × ₹1,800 = ₹17,000 on Growth.",
    "That makes 4 × 45 minutes = 200 minutes per candidate.",
    "20 × ₹1,800 = ₹3,60,000",
    "If you assess 12 people, you pay 12 × ₹2,500 = ₹25,000.",
    "Two rounds: 2 × ₹18,000 = ₹34,000",
    "₹2,500 × 30 = ₹7,500",
    "50% of 30 candidates is 20.",
    "You save ₹2,500 − ₹1,800 = ₹800 per assessment.",
    "₹2,500 minus ₹1,800 is ₹800",
    "₹1,800 plus ₹2,500 makes ₹4,200",
    "30 candidates at ₹1,800 each cost ₹45,000.",
    "30 assessments at ₹2,500 come to ₹70,000",
    "10 × ₹ 1,800 = ₹ 19,000",
    "10×₹1,800=₹19,000",
    "Ten × ₹1,800 = ₹19,000",
    "8 candidates × 10 hires = 90 candidates",
    "80 × 4 hours × ₹1,500 = ₹4,00,000",
    "₹3,60,000 ÷ 20 = ₹16,000",
    "12 × ₹1,800 = ₹21,600, and 15 × ₹1,800 = ₹28,000",
    "The price of ten is ₹18,000 (10 × ₹1,850)",
    "40% + 35% + 20% = 100%",
    "Technical 45%, behavioral 30%, and contextual 20% add up to 100%.",
    "₹12,50,000 + ₹2,50,000 = ₹14,00,000",
    "1.5 lakh × 2 = 4 lakh",
    "(10 × ₹1,900 = ₹18,000)",
    "₹45,000 / 25 = ₹1,900",
    "3 + 4 + 5 = 13 interviews",
    "₹18,000 + 18% = ₹22,240",
]
# The checker doesn't report these sums: each is right or rounded, or may mean something else.
NOT_WRONG = [
    "10 × ₹1,800 = ₹18,000",
    "1 + 1 = 3",
    "9 - 5 = 8 hours",
    "72 ± 4 + 3 = 79",
    "(5 + 5) × ₹1,800 = ₹18,000",
    "5 + (5 × ₹1,800) = ₹9,005",
    "10 MB × 200 = 2 GB",
    "3 × 20 minutes = 1 hour",
    "0.45 × 72 + 0.35 × 74 + 0.20 × 70 = 72.3",
    "45% × 72 + 35% × 74 + 20% × 70 = 72.3",
    "1/2 + 1/2 = 1",
    "2^3 + 1 = 9",
    "10² + 5 = 105",
    "about 10 × ₹1,799 = about ₹18,000",
    "10 × ₹1,799 ≈ ₹18,000",
    "33% + 33% + 33% = 100%",
    "33.3% + 33.3% + 33.3% = 100%",
    "₹18,000 / 7 = ₹2,571",
    "₹18,000 / 7 = ₹2,571.43",
    "10 × ₹1,800 = ₹21,240 with GST",
    "10 × ₹1,800 + 18% = ₹21,240",
    "₹2,500 + 18% GST = ₹2,950",
    "For 5 – 10 candidates × ₹1,800 = ₹9,000 – ₹18,000",
    "5-10 × ₹1,800 = ₹18,000",
    "10 × 1,800 = 2 × 9,000",
    "the average of 3 + 4 + 5 = 4",
    "The weights 45%, 35% and 25% must add up to 100%",
    "45%, 35% and 25% don’t add up to 100%",
    "10 candidates in 2 rounds add up to 20",
    "80% of 20 companies are 3 years old",
    "10 × n + 5 = 25",
    "50% × 50% = 25%",
    "100 × ₹1,850 = ₹1.9 lakh",
    "5 engineers at ₹20,00,000 a year cost ₹1 crore",
    "10 × ₹1,800 = ₹18,000 + ₹3,240 = ₹21,240",
    "₹18,000 / ₹1,800 = 10",
    "7 / 9 = 78%",
    "9 of 12 is 75%",
    "Python 3.11 + 3.12 = both",
    "F1 = 2 × 0.8 × 0.6 / (0.8 + 0.6) = 0.69",
    "2 × 0.8 × 0.6 / 1.4 = 0.69",
    "1 + 1 = 10 in binary",
    "5 × 8 = 40-hour weeks",
    "12 months × ₹1,800 = ₹21,600 a year",
    "₹1,800 × 18% = ₹324",
    "₹2,500 – 28% = ₹1,800",
    "Ten candidates on Growth cost 10 × ₹1,800 = ₹18,000",
    "In tests, 1 + 1 = 3",
    "10 × 200ms = 2 s",
    "Resize to 1024 x 768 and 800 x 600",
    "Ages 25 + 5 = 30 are common",
    "Call +91 89624 12726 = the office",
    "A 2 x 2 = four boxes matrix",
    "1 of 5 is fine, 3 of 5 is good",
    "4 of 10 candidates is 40%",
    "Score 4 at 10 is 40",
    "At 10 is 5",
    "3 at 10:30 is 2",
    "5 at ₹1,800 is the best offer of 2",
    "Starter at ₹2,500 or Growth at ₹1,800 costs ₹700 less",
    "The plan at ₹1,800 costs 20 people",
    "10% off 2 × ₹1,800 = ₹3,240",
    "2 × ₹1,800 = ₹3,600 (₹4,248 with GST)",
    "2 × ₹1,800 + GST = ₹4,248",
    "₹1,800 × 10 = ₹17,100 after the 5% discount",
    "5 days × 8 hours = 40 hours",
    "2 weeks × 5 days = 10 days",
    "24 × 7 = always on",
    "24/7 = 365 days",
    "a 50% × 2 = 100% increase",
    "In 2024 – 2025, 10 × 2 = 20",
    "1,024 × 1,024 = 1,048,576",
    "2^10 = 1,024 and 2 * 512 = 1,024",
    "p = 0.05 and n = 30 × 2 = 60",
    "Latency: 99 × 10 ms + 1 × 200 ms = 1,190 ms",
    "10 × 100 ms = 1 second",
    "(3 + 4) / 2 = 3.5",
    "3 + 4 / 2 = 5",
    "4 ± 1 + 3 ± 1 = 7 ± 2",
    "45 × 72 + 35 × 74 + 20 × 70 = 7,230, and 7,230 / 100 = 72.3",
    "Rate 1 - 5 = low - high",
    "₹10 + ₹20 + ₹30 = ₹60",
    "⅓ + ⅔ = 1",
    "Room 5 + 3 = 8",
    "f(3) = 2 × 3 + 1 = 7",
    "1 + 2 + ... + 10 = 55",
    "1 + 2 + … + 10 = 55",
    "10 × ₹1,800 = ₹18,000 → ₹19,000",
    "20% of candidates is 5 people of 30",
    "60% of 5 is 3",
    "33% of 10 is 3",
    "1 in 5 is 20%",
    "₹1,800 × 1.18 = ₹2,124",
    "three times ten is thirty",
    "10 + 10 = 20+",
    "12.5% × 8 = 100%",
    "0.1 + 0.2 = 0.30000000000000004",
]


def mistakes(text: str) -> list[tuple[Decimal, Decimal]]:
    equations = find_equations(text)
    return [(each.result.low, each.expected) for each in equations if each.is_clear and not each.holds]


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_result_is_found(text):
    assert len(mistakes(text)) == 1


@pytest.mark.parametrize("text", NOT_WRONG)
def test_other_figures_cause_no_false_alarm(text):
    assert mistakes(text) == []


def test_each_mistake_has_the_right_result():
    assert mistakes("10 × ₹1,900 = ₹18,000, and 20% of ₹1,800 is ₹400.") == [(18_000, 19_000), (400, 360)]
    assert mistakes("₹18,000 (10 × ₹1,900)") == [(18_000, 19_000)]


def table_mistakes(text: str) -> list[str]:
    table = next(block for block in parse(text) if isinstance(block, Table))
    sums = (found for found in find_table_sums(table) if not found.equation.holds)
    return [found.total.text.text.strip() for found in sums]


def test_a_row_of_totals_is_checked():
    table = (
        "| Item | Cost | Hours |\n|---|---|---|\n| A | ₹25,000 | 3 |\n| B | ₹18,000 | 4 |\n| **Total** | {} | {} |\n"
    )
    assert table_mistakes(table.format("₹43,000", "7")) == []
    assert table_mistakes(table.format("₹45,000", "8")) == ["₹45,000", "8"]
    assert table_mistakes(table.format("", "ask us")) == []


def test_a_row_of_averages_is_no_wrong_total():
    assert table_mistakes("| Part | Score |\n|---|---|\n| A | 70 |\n| B | 74 |\n| Total | 72 |\n") == []


def test_a_column_of_totals_is_checked():
    sums = "| Role | A | B | Total |\n|---|---|---|---|\n| X | ₹10 | ₹20 | ₹30 |\n| Y | ₹10 | ₹30 | {} |\n"
    assert table_mistakes(sums.format("₹40")) == [] and table_mistakes(sums.format("₹50")) == ["₹50"]
    products = "| Candidates | Price | Total |\n|---|---|---|\n| 10 | ₹1,800 | ₹18,000 |\n| 20 | ₹1,800 | {} |\n"
    assert table_mistakes(products.format("₹36,000")) == [] and table_mistakes(products.format("₹38,000")) == [
        "₹38,000"
    ]
    growing = "| Year | Cost | Total |\n|---|---|---|\n| 2023 | ₹10 | ₹10 |\n| 2024 | ₹10 | ₹20 |\n"
    assert table_mistakes(growing) == []


@pytest.mark.parametrize(
    ("written", "value", "expected"),
    [
        ("₹1,800", "1900", "₹1,900"),
        ("₹1,800", "120000", "₹1,20,000"),
        ("₹1,800", "999", "₹999"),
        ("Rs 1800", "1900", "Rs 1900"),
        ("INR 1,800", "1799.5", "INR 1,799.50"),
        ("₹1,80,000", "1234567", "₹12,34,567"),
        ("₹1.8 lakh", "190000", "₹1.9 lakh"),
        ("$120,000", "1234567", "$1,234,567"),
        ("1,800 rupees", "1900", "1,900 rupees"),
        ("five", "6", "six"),
        ("Five", "25", "Twenty-five"),
        ("FIVE", "6", "SIX"),
        ("10 minutes", "15", "15 minutes"),
        ("45%", "47.5", "47.5%"),
        ("five", "2.5", None),  # English has no word for 2.5.
        ("Rs 1800", "900", None),  # Changing “Rs 900” back to 1800 would give “Rs 1,800”, not “Rs 1800”.
        ("₹1,800.00", "1850.50", None),
    ],
)
def test_a_value_is_written_in_the_style_of_another_one(written, value, expected):
    figure = find_figures(written)[0]
    new = rewrite(written, figure, Decimal(value), Decimal(value))
    assert new == expected
    if new:
        assert rewrite(new, find_figures(new)[0], figure.low, figure.high) == written


def test_a_range_is_written_in_the_style_of_another_one():
    figure = find_figures("40–50 min")[0]
    assert rewrite("40–50 min", figure, Decimal(30), Decimal(45)) == "30–45 min"
    assert rewrite("40–50 min", figure, Decimal(30), Decimal(30)) is None
    amounts = find_figures("₹1,800-2,000")[0]
    assert rewrite("₹1,800-2,000", amounts, Decimal("1799.5"), Decimal("1999.5")) == "₹1,799.50-1,999.50"


def test_sums_in_kit_md_are_checked():
    source = Source("content/kit.md", "## LAST LINE\n\nTen cost 10 × ₹1,900 = ₹18,000.\n")
    (problem,) = check_kit(source, Facts())
    assert (problem.rule, problem.line, problem.column, problem.length) == ("wrong-sum", 3, 24, 7)
    assert problem.message == "10 × ₹1,900 is ₹19,000, not ₹18,000."
