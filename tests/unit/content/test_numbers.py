"""Parsing numbers, and formatting numbers and rupees in the Indian style."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.content.numbers import format_rupees, group_digits, parse_number


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("1,200", "people", "1200"),
        ("12,34,567", "people", "1234567"),
        ("1,234,567", "people", "1234567"),
        ("1 800", "hours", "1800"),
        ("1\u00a0800", "hours", "1800"),
        ("₹2,500", "rupees", "2500"),
        ("₹ 12,34,567.50", "rupees an hour", "1234567.50"),
        ("INR 90", "rupees", "90"),
        ("rs.90", "rupees", "90"),
        ("12.5%", "percent", "12.5"),
        ("12.5 %", "percent", "12.5"),
        (" 7 ", "percent", "7"),
        ("0", "", "0"),
    ],
)
def test_parse_number_accepts_common_notations(text, unit, number):
    assert parse_number(text, unit) == Decimal(number)


@pytest.mark.parametrize("unit", ["", "people", "rupees", "percent"])
@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            "x",
            "1e999",
            "NaN",
            "inf",
            "-1",
            "+1",
            "1.2.3",
            "1,",
            "٣",
            "1" * 10,
            "1\x00",
            "½",
            "0x10",
            ".5",
            "1.234",
        ],
        *["1,5", "1,50", "12,3456", "1,2,3", "1,234 567", "₹", "%", "₹10%", "₹₹10", "10%%"],
    ],
)
def test_parse_number_rejects_invalid_text(text, unit):
    assert parse_number(text, unit) is None


@pytest.mark.parametrize(("text", "unit"), [("₹10", "people"), ("12%", "hours"), ("15%", "rupees"), ("₹15", "percent")])
def test_parse_number_rejects_a_sign_that_does_not_match_the_unit(text, unit):
    assert parse_number(text, unit) is None


@given(st.text(max_size=60))
def test_parse_number_never_raises(text):
    assert parse_number(text) is None or parse_number(text) >= 0


@given(st.decimals(min_value=0, max_value=10**9 - 1, places=2))
def test_parse_number_is_the_inverse_of_group_digits(number):
    assert parse_number(group_digits(number)) == number


@pytest.mark.parametrize(
    ("amount", "formatted"),
    [
        ("0", "₹0"),
        ("999", "₹999"),
        ("1000", "₹1,000"),
        ("100000", "₹1,00,000"),
        ("1234567", "₹12,34,567"),
        ("123456789.5", "₹12,34,56,789.50"),
        ("1333.33", "₹1,333.33"),
        ("-1234567", "−₹12,34,567"),
        ("-0.4", "−₹0.40"),
    ],
)
def test_format_rupees(amount, formatted):
    assert format_rupees(Decimal(amount)) == formatted
