"""Tests for the ROI calculator: the formula, the document's table and the page. test_numbers covers number parsing."""

import operator
import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from pages.calculator.roi import Assumptions, compare
from pages.content.sections.calculator import NAMES

URL = "/resources/roi-calculator"
TYPED = {
    "hires": "10",
    "candidates": "8",
    "hours": "4",
    "rate": "1,500",
    "mishires": "10%",
    "mishire_cost": "₹5,00,000",
    "price": "Rs. 1 800",
    "saved": "50",
    "avoided": "20",
}


def words(element):
    """Return the element's text, with any whitespace replaced by single spaces."""
    return " ".join(element.get_text().split())


# The formula


def assumptions(**changes):
    base = dict(zip(NAMES, map(Decimal, (10, 8, 4, 1500, "0.1", 500000, 1800, "0.5", "0.2")), strict=True))
    return Assumptions(**{**base, **{name: Decimal(value) for name, value in changes.items()}})


def test_the_result_matches_a_calculation_by_hand():
    result = compare(assumptions())
    without, assessed = result.without_assessments, result.with_assessments
    assert (result.candidates, result.hours, result.mishires) == (80, 320, 1)
    assert (without.interviews, without.mishires, without.total) == (480_000, 500_000, 980_000)
    assert (assessed.assessments, assessed.interviews, assessed.mishires) == (144_000, 240_000, 400_000)
    assert result.savings == 980_000 - 784_000


def test_costs_rise_by_the_price_of_assessments_if_assessments_save_nothing():
    assert compare(assumptions(saved=0, avoided=0)).savings == -144_000


shares = st.decimals(min_value=0, max_value=1, places=3)
amounts = st.decimals(min_value=0, max_value=10**7, places=2)
ASSUMPTIONS = st.builds(Assumptions, amounts, amounts, amounts, amounts, shares, amounts, amounts, shares, shares)


@given(ASSUMPTIONS)
def test_costs_are_never_negative(figures):
    result = compare(figures)
    without, assessed = result.without_assessments, result.with_assessments
    assert min(without.interviews, without.mishires, assessed.interviews, assessed.mishires) >= 0
    assert assessed.interviews <= without.interviews and assessed.mishires <= without.mishires


@given(
    st.builds(
        Assumptions,
        *[st.integers(1, 500).map(Decimal)] * 4,
        shares,
        *[st.integers(1, 10**6).map(Decimal)] * 2,
        shares,
        shares,
    )
)
def test_costs_with_and_without_assessments_are_equal_at_break_even(figures):
    saved = compare(figures).hours_to_break_even / figures.hours
    at_break_even = compare(Assumptions(**{**vars(figures), "saved": saved}))
    assert abs(at_break_even.savings) <= 3  # each amount is rounded by at most half a rupee


FORMULAS = {"×": operator.mul, "−": operator.sub, "+": operator.add}


def read_back(text):
    """Parse a number from a displayed step of the calculation."""
    sign = -1 if text.startswith("−") else 1
    return sign * Decimal(re.sub(r"[^0-9.]", "", text)) / (100 if text.endswith("%") else 1)


@given(ASSUMPTIONS)
def test_every_displayed_step_is_calculated_correctly(figures):
    html = render_to_string("partials/arithmetic.html", {"result": compare(figures)})
    for step in BeautifulSoup(html, "html.parser").select(".arithmetic dd"):
        left, right = words(step).split(" = ")
        first, *rest = re.split(r" ([×−+]) ", re.sub(r" (hires|h)\b", "", left))
        with localcontext(prec=100, rounding=ROUND_HALF_UP):
            sum_ = read_back(first)
            for sign, term in zip(rest[::2], rest[1::2], strict=True):
                number = sum_ * read_back(term) if sign == "−" and term.endswith("%") else read_back(term)
                sum_ = FORMULAS[sign](sum_, number)
            assert read_back(right) == (sum_.quantize(Decimal(1)) if "₹" in right else sum_), step.text


@given(st.builds(Assumptions, *[st.integers(0, 999_999_999).map(lambda n: Decimal(n) / 100)] * 9))
def test_any_result_can_be_displayed(figures):
    assert render_to_string("partials/arithmetic.html", {"result": compare(figures)}).count("₹") > 10


def test_an_unreachable_break_even_is_explained_and_an_undefined_one_is_omitted():
    def break_even(**changes):
        html = render_to_string("partials/break_even.html", {"result": compare(assumptions(**changes))})
        return BeautifulSoup(html, "html.parser")

    impossible = words(break_even(price=100_000, saved=0, avoided=0))
    assert "more than the 4 h you entered" in impossible and "more than the 1 you would make" in impossible
    assert "more than" not in words(break_even())
    assert words(break_even(rate=0, mishire_cost=0)) == ""
    assert "even without saved hours. Assessments pay for" in words(break_even(saved=0, avoided=1))
    assert "interview time. The saved hours pay" in words(break_even(saved=1, avoided=0))


def test_zero_costs_cause_no_division_by_zero():
    result = compare(assumptions(rate=0, mishire_cost=0, hires=0))
    assert (result.hours_to_break_even, result.mishires_to_break_even, result.savings) == (None, None, 0)


# The page


@pytest.fixture
def page(client, content):
    def get_page(**query):
        return BeautifulSoup(client.get(URL, query).content, "html.parser")

    return get_page


def test_form_fields_default_to_the_values_in_the_document(page):
    form = page().find("form")
    assert [field["name"] for field in form.find_all("input")] == list(NAMES)
    assert form.find("input", {"name": "mishire_cost"})["value"] == "5,00,000"
    verdict = words(page().find(class_="verdict"))
    assert verdict == "With these figures, assessments cost ₹1,44,000 more a year."


def test_the_query_string_sets_the_figures(page):
    soup = page(**TYPED, utm_source="mail")
    assert words(soup.find(class_="verdict")) == "With these figures, assessments save ₹1,96,000 a year."
    assert {field["name"]: field["value"] for field in soup.find("form").find_all("input")} == TYPED
    bars = [[float(segment["width"][:-1]) for segment in bar.find_all("rect")] for bar in soup.select(".bars > div")]
    assert [round(sum(bar)) for bar in bars] == [100, 80]
    text = " ".join(soup.select_one(".bars").get_text(" ").split())
    assert text == "Interviews alone ₹9,80,000 With assessments ₹7,84,000"


def test_the_result_starts_with_the_break_even(page):
    result = page().find(class_="result")
    assert words(result.find("p")) == (
        "Assessments pay for themselves if each saves 1.2 h of interview time, "
        "or if together they avoid 0.29 wrong hires a year."
    )
    assert [element.text for element in result.select(".loss")] == ["₹1,44,000"]
    assert page(**TYPED).select(".loss") == []


@pytest.mark.parametrize(
    ("query", "outcome"),
    [
        ({}, "Costs ₹1,44,000 more a year Break-even: 1.2 h"),
        (TYPED, "Saves ₹1,96,000 a year Break-even: 0.37 h"),
        ({**TYPED, "price": "0", "saved": "0", "avoided": "0"}, "No difference"),
        ({"hires": "x"}, "No result yet"),
    ],
)
def test_a_line_above_the_form_shows_the_result(page, query, outcome):
    line = page(**query).find("form").find_previous_sibling("p")
    assert words(line) == outcome


def test_inputs_show_the_symbols_of_their_units(page):
    symbols = {field.input["name"]: field["data-unit"] for field in page().select("[data-unit]")}
    assert symbols == {"hours": "h", "rate": "₹", "mishires": "%", "mishire_cost": "₹", "price": "₹"} | dict.fromkeys(
        ("saved", "avoided"), "%"
    )


def test_every_step_is_displayed(page):
    steps = [words(step) for step in page(**TYPED).select(".arithmetic dd")]
    assert "320 h × ₹1,500 = ₹4,80,000" in steps and "320 h − 50% = 160 h" in steps
    assert steps[-1] == "₹9,80,000 − ₹7,84,000 = ₹1,96,000"


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("hires", "0"),
        ("hires", "10001"),
        ("rate", "ten"),
        ("saved", "101"),
        ("hours", "1e9"),
        ("price", ""),
        ("avoided", None),
        ("mishires", "<script>"),
        ("candidates", "9" * 5000),
    ],
)
def test_an_invalid_input_keeps_its_value_and_has_an_error_message(page, name, typed):
    query = {**TYPED, name: typed}
    soup = page(**{key: value for key, value in query.items() if value is not None})
    assert soup.title.text.startswith("Error: ")
    (link,) = soup.select(".error-summary a")
    field = soup.find(id=link["href"][1:])
    assert (field["name"], field["aria-invalid"], field["value"] if typed else "") == (name, "true", typed or "")
    described = field["aria-describedby"].split()
    assert all(soup.find(id=each) for each in described) and soup.find(id=f"input-{name}_error").text.endswith(
        link.text.partition(": ")[2]
    )
    assert soup.find(class_="verdict") is None
    assert soup.find(id="result") == soup.find(class_="error-summary")
    assert soup.select_one(".result a")["href"] == link["href"]


@pytest.mark.parametrize("typed", ["-5", "−5", "- 5%", "0.5", "10001", "-0"])
def test_an_error_for_a_number_out_of_range_names_the_allowed_range(page, typed):
    error = words(page(**{**TYPED, "hires": typed}).find(id="input-hires_error"))
    expected = "number, such as 1,200 or 12.5" if "%" in typed else "number from 1 to 10,000"
    assert error == f"Error: Enter a {expected}"


@pytest.mark.parametrize(
    "query",
    [
        "hires=%ff%fe",
        "hires=10%00",
        "%00=1&hires=%E2%80%AE10",
        "hires=" + "9" * 3_000,
        "&".join(f"hires={n}" for n in range(400)),
        "hires=%D9%A1%D9%A0&price=%E2%82%B9&rate=Infinity&hours=NaN&saved=-1&avoided=1e99999999",
    ],
)
def test_malformed_query_strings_give_a_page_with_errors(server, query):
    response = server.get(f"{URL}?{query}")
    assert response.status == 200 and "Error: " in response.text


def test_the_server_rejects_a_query_string_of_100_kb(server):
    assert server.get(f"{URL}?hires={'9' * 100_000}").status == 400


def test_the_last_value_of_a_repeated_parameter_is_used(client, content):
    response = client.get(f"{URL}?{urlencode(TYPED)}&hires=20")
    assert b"20 hires" in response.content


def test_unknown_query_parameters_are_ignored(page):
    assert page(utm_campaign="autumn").find(class_="error-summary") is None


def test_a_second_calculator_on_a_page_is_shown_as_a_table(client, content):
    document = content / "resources" / "roi-calculator.md"
    text = document.read_text()
    document.write_text(text + text[text.index("## THE CALCULATOR") : text.index("## WHAT THE RESULT")])
    page = BeautifulSoup(client.get(URL).content, "html.parser")
    _, second = page.find_all("section", class_="calculator")
    row = next(row for row in second.find_all("tr") if "Cost of a wrong hire" in row.text)
    assert "5,00,000 rupees" in row.text and "0 to 10,00,00,000" in row.text and "a replacement" in row.text
    assert len(page.select("main form")) == 1


def test_a_calculator_with_an_unknown_input_name_is_shown_as_a_table(client, content):
    document = content / "resources" / "roi-calculator.md"
    document.write_text(document.read_text().replace("| saved |", "| spared |"))
    soup = BeautifulSoup(client.get(URL).content, "html.parser")
    assert soup.find("form") is None
    assert "spared" in soup.find("section", class_="calculator").find("table").text
