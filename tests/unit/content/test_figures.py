"""The search for figures finds each figure that a reader sees, and nothing else."""

from decimal import Decimal
from time import process_time

import pytest

from pages.content.figures import find_figures, to_figure

MONEY = {
    "₹1,800": ("1800", "₹"),
    "₹ 1,800": ("1800", "₹"),
    "Rs. 1,800": ("1800", "₹"),
    "Rs1800": ("1800", "₹"),
    "INR 1,800": ("1800", "₹"),
    "1,800 rupees": ("1800", "₹"),
    "₹5,00,000": ("500000", "₹"),
    "₹1.5 lakh": ("150000", "₹"),
    "₹2 crore": ("20000000", "₹"),
    "₹50k": ("50000", "₹"),
    "$20": ("20", "$"),
    "US$ 20": ("20", "$"),
    "20 USD": ("20", "$"),
    "€5.50": ("5.50", "€"),
    "£1,200": ("1200", "£"),
    "five hundred rupees": ("500", "₹"),
}
OTHERS = {
    "45%": ("percentage", "45", "45", ""),
    "99.9 %": ("percentage", "99.9", "99.9", ""),
    "45 percent": ("percentage", "45", "45", ""),
    "40-50%": ("percentage", "40", "50", ""),
    "40-50 minutes": ("duration", "40", "50", "minute"),
    "40 to 50 minutes": ("duration", "40", "50", "minute"),
    "forty to fifty minutes": ("duration", "40", "50", "minute"),
    "24 months": ("duration", "24", "24", "month"),
    "two business days": ("duration", "2", "2", "day"),
    "one hour": ("duration", "1", "1", "hour"),
    "14-day": ("duration", "14", "14", "day"),
    "twenty-five": ("count", "25", "25", ""),
    "two hundred": ("count", "200", "200", ""),
    "5–20": ("count", "5", "20", ""),
    "20+": ("count", "20", "20", ""),
    "1,00,000": ("count", "100000", "100000", ""),
    "1,000,000": ("count", "1000000", "1000000", ""),
    "10k": ("count", "10000", "10000", ""),
    "2024": ("count", "2024", "2024", ""),
    "Seventeen": ("count", "17", "17", ""),
    "+91 89624 12726": ("phone", "0", "0", "918962412726"),
    "+1 (720) 334-7249": ("phone", "0", "0", "17203347249"),
    "+91-8962412726": ("phone", "0", "0", "918962412726"),
    "+91 8962412726": ("phone", "0", "0", "918962412726"),
    "+918962412726": ("phone", "0", "0", "918962412726"),
}


@pytest.mark.parametrize("text", MONEY)
def test_an_amount_of_money_is_found_in_each_way_to_write_it(text: str) -> None:
    amount, currency = MONEY[text]
    (figure,) = find_figures(f"It costs {text}, they say.")
    assert figure.value == ("money", Decimal(amount), Decimal(amount), currency)
    assert f"It costs {text}, they say."[figure.start : figure.end] == text
    found = to_figure(text)
    assert found and found.value == figure.value


@pytest.mark.parametrize("text", OTHERS)
def test_other_figures_are_found_in_each_way_to_write_them(text: str) -> None:
    kind, low, high, unit = OTHERS[text]
    sentence = f"There: {text}. So it is."
    (figure,) = find_figures(sentence)
    assert (figure.kind, figure.low, figure.high, figure.unit) == (kind, Decimal(low), Decimal(high), unit)
    assert sentence[figure.start : figure.end] == text


@pytest.mark.parametrize(
    ("one", "two"), [("two years", "24 months"), ("1 hour", "60 min"), ("48 hours", "two days"), ("3 weeks", "21 days")]
)
def test_a_duration_has_the_same_value_in_each_unit(one: str, two: str) -> None:
    figures = to_figure(one), to_figure(two)
    assert figures[0] and figures[1] and figures[0].value == figures[1].value


@pytest.mark.parametrize("text", ["3× faster", "3x cheaper", "three times as fast", "2.5x more"])
def test_multiples_are_found(text: str) -> None:
    (figure,) = find_figures(f"It is {text}.")
    assert figure.kind == "multiple"


def test_a_multiplication_is_not_a_multiple() -> None:
    kinds = [figure.kind for figure in find_figures("10 × ₹1,800 = ₹18,000")]
    assert kinds == ["count", "money", "money"]


@pytest.mark.parametrize(
    "text",
    [
        *("Python 3.11.2", "v2", "HTTP/2", "24/7", "4/5", "P0", "B2B", "GPT-4", "4xx", "0x1f", "#4", "1st", "S3"),
        *("2026-11-29", "29/11/2026", "09:30", "3 a.m.", "11 PM", "10.0.0.1", "5-star2", "k8s", "3D", "a_1"),
        *("https://example.com/2024/11", "someone", "freight", "tone", "often", "weight"),
    ],
)
def test_numbers_in_other_things_are_no_figures(text: str) -> None:
    assert not find_figures(f"It is {text} there")


@pytest.mark.parametrize("text", ["", "custom", "₹1,800 per assessment", "about 5", "The Algorithm"])
def test_only_a_whole_text_is_a_figure(text: str) -> None:
    assert to_figure(text) is None


def test_amounts_on_both_sides_of_a_dash_are_two_figures() -> None:
    assert [figure.low for figure in find_figures("₹1,800–₹2,500")] == [1800, 2500]
    (range_of_money,) = find_figures("₹18–25 lakh")
    assert (range_of_money.low, range_of_money.high) == (1_800_000, 2_500_000)


@pytest.mark.parametrize(
    "piece",
    ["1", "1,", "1-", "+1 ", "five ", "₹", "1 ", "1,11", "Rs", " ", "twenty-", "1 to ", "₹1 ", "+", "one hundred "],
)
def test_long_lines_have_figures_in_linear_time(piece: str) -> None:
    size = 30_000
    started = process_time()
    assert sum(1 for _ in find_figures(piece * (size // len(piece)))) <= size
    assert process_time() - started < 3  # a linear search takes less than 0.1 s, a quadratic one much longer
