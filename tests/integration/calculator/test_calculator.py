"""The calculator: its formula, its table in the document, and its page. Its numbers: see test_numbers."""

import operator
import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from pages.calculator.roi import Year, compare
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

# The formula


def year(**changes):
    base = dict(zip(NAMES, map(Decimal, (10, 8, 4, 1500, "0.1", 500000, 1800, "0.5", "0.2")), strict=True))
    return Year(**{**base, **{name: Decimal(value) for name, value in changes.items()}})


def test_the_sum_is_the_one_that_paper_gives():
    it = compare(year())
    assert (it.candidates, it.hours, it.wrong) == (80, 320, 1)
    assert (it.alone.interviews, it.alone.mishires, it.alone.total) == (480_000, 500_000, 980_000)
    assert (it.assessed.assessments, it.assessed.interviews, it.assessed.mishires) == (144_000, 240_000, 400_000)
    assert it.difference == 980_000 - 784_000


def test_without_effects_assessments_add_what_they_cost():
    assert compare(year(saved=0, avoided=0)).difference == -144_000


shares = st.decimals(min_value=0, max_value=1, places=3)
amounts = st.decimals(min_value=0, max_value=10**7, places=2)
YEARS = st.builds(Year, amounts, amounts, amounts, amounts, shares, amounts, amounts, shares, shares)


@given(YEARS)
def test_any_year_is_reckoned_and_no_part_is_below_nothing(any_year):
    it = compare(any_year)
    assert min(it.alone.interviews, it.alone.mishires, it.assessed.interviews, it.assessed.mishires) >= 0
    assert it.assessed.interviews <= it.alone.interviews and it.assessed.mishires <= it.alone.mishires


@given(
    st.builds(
        Year, *[st.integers(1, 500).map(Decimal)] * 4, shares, *[st.integers(1, 10**6).map(Decimal)] * 2, shares, shares
    )
)
def test_at_the_break_even_both_ways_cost_the_same(any_year):
    it = compare(any_year)
    saved = it.hours_to_break_even / any_year.hours
    same = compare(Year(**{**vars(any_year), "saved": saved}))
    assert abs(same.difference) <= 3  # each amount is rounded by half a rupee at most


FORMULAS = {"×": operator.mul, "−": operator.sub, "+": operator.add}


def read_back(text):
    """A number as a step shows it."""
    sign = -1 if text.startswith("−") else 1
    return sign * Decimal(re.sub(r"[^0-9.]", "", text)) / (100 if text.endswith("%") else 1)


@given(YEARS)
def test_every_step_that_is_shown_comes_out_on_paper(any_year):
    shown = render_to_string("partials/arithmetic.html", {"it": compare(any_year)})
    for step in BeautifulSoup(shown, "html.parser").select(".arithmetic dd"):
        left, right = step.get_text().split(" = ")
        first, *rest = re.split(r" ([×−+]) ", re.sub(r" (hires|h)\b", "", left))
        with localcontext(prec=100, rounding=ROUND_HALF_UP):
            sum_ = read_back(first)
            for sign, term in zip(rest[::2], rest[1::2], strict=True):
                number = sum_ * read_back(term) if sign == "−" and term.endswith("%") else read_back(term)
                sum_ = FORMULAS[sign](sum_, number)
            assert read_back(right) == (sum_.quantize(Decimal(1)) if "₹" in right else sum_), step.text


@given(st.builds(Year, *[st.integers(0, 999_999_999).map(lambda n: Decimal(n) / 100)] * 9))
def test_any_sum_can_be_shown(any_year):
    assert render_to_string("partials/arithmetic.html", {"it": compare(any_year)}).count("₹") > 10


def test_what_cannot_be_reached_is_said_and_nothing_stands_over_nothing():
    def ends(**changes):
        shown = render_to_string("partials/arithmetic.html", {"it": compare(year(**changes))})
        return BeautifulSoup(shown, "html.parser")

    few = ends(price=100_000, saved=0, avoided=0).get_text()
    assert "more than the 4 h that there are" in few and "more than the 1 that there are" in few
    assert "more than" not in ends().get_text()
    assert [title.text for title in ends(rate=0, mishire_cost=0).find_all("h3")] == ["Every step"]


def test_nothing_is_divided_by_nothing():
    it = compare(year(rate=0, mishire_cost=0, hires=0))
    assert (it.hours_to_break_even, it.mishires_to_break_even, it.difference) == (None, None, 0)


# The page


@pytest.fixture
def page(client, content):
    def asked(**query):
        return BeautifulSoup(client.get(URL, query).content, "html.parser")

    return asked


def test_it_begins_with_the_document_s_defaults(page):
    form = page().find("form")
    assert [field["name"] for field in form.find_all("input")] == list(NAMES)
    assert form.find("input", {"name": "mishire_cost"})["value"] == "5,00,000"
    assert page().find(class_="verdict").text == "By these figures, a year costs ₹1,44,000 more with assessments."


def test_an_address_holds_its_figures_and_its_result(page):
    found = page(**TYPED, utm_source="mail")
    assert found.find(class_="verdict").text == "By these figures, a year costs ₹1,96,000 less with assessments."
    assert {field["name"]: field["value"] for field in found.find("form").find_all("input")} == TYPED
    bars = [[float(piece["width"][:-1]) for piece in bar.find_all("rect")] for bar in found.select(".bars > div")]
    assert [round(sum(bar)) for bar in bars] == [100, 80]
    said = " ".join(found.select_one(".bars").get_text(" ").split())
    assert said == "Interviews alone ₹9,80,000 With assessments ₹7,84,000"


def test_every_step_is_shown(page):
    steps = [" ".join(step.text.split()) for step in page(**TYPED).select(".arithmetic dd")]
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
def test_an_input_that_cannot_be_used_is_named_beside_it_and_kept(page, name, typed):
    query = {**TYPED, name: typed}
    found = page(**{key: value for key, value in query.items() if value is not None})
    assert found.title.text.startswith("Error: ")
    (link,) = found.select(".error-summary a")
    field = found.find(id=link["href"][1:])
    assert (field["name"], field["aria-invalid"], field["value"] if typed else "") == (name, "true", typed or "")
    described = field["aria-describedby"].split()
    assert all(found.find(id=each) for each in described) and found.find(id=f"input-{name}_error").text.endswith(
        link.text
    )
    assert found.find(class_="verdict") is None
    assert found.find(id="result") == found.find(class_="error-summary")
    assert found.select_one(".result a")["href"] == link["href"]


@pytest.mark.parametrize("typed", ["-5", "−5", "- 5%", "0.5", "10001", "-0"])
def test_what_is_out_of_range_is_told_the_range(page, typed):
    error = page(**{**TYPED, "hires": typed}).find(id="input-hires_error").text
    wanted = "in digits, as 1,200 or 12.5" if "%" in typed else "from 1 to 10,000"
    assert error == f"Error: Hires a year must be a number {wanted}"


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
def test_the_server_answers_any_query(server, query):
    answer = server.get(f"{URL}?{query}")
    assert answer.status == 200 and "Error: " in answer.text


def test_the_server_refuses_a_query_of_a_hundred_kilobytes(server):
    assert server.get(f"{URL}?hires={'9' * 100_000}").status == 400


def test_the_same_name_twice_is_the_last(client, content):
    answer = client.get(f"{URL}?{urlencode(TYPED)}&hires=20")
    assert b"20 hires" in answer.content


def test_a_query_of_something_else_changes_nothing(page):
    assert page(utm_campaign="autumn").find(class_="error-summary") is None


def test_a_second_calculator_of_a_page_is_its_table(client, content):
    document = content / "resources" / "roi-calculator.md"
    text = document.read_text()
    document.write_text(text + text[text.index("## THE CALCULATOR") : text.index("## WHAT THE RESULT")])
    page = BeautifulSoup(client.get(URL).content, "html.parser")
    _, second = page.find_all("section", class_="calculator")
    row = next(row for row in second.find_all("tr") if "Cost of a wrong hire" in row.text)
    assert "5,00,000 rupees" in row.text and "0 to 10,00,00,000" in row.text and "a replacement" in row.text
    assert len(page.select("main form")) == 1


def test_a_table_that_the_formula_cannot_be_fed_from_is_shown_as_a_table(client, content):
    document = content / "resources" / "roi-calculator.md"
    document.write_text(document.read_text().replace("| saved |", "| spared |"))
    found = BeautifulSoup(client.get(URL).content, "html.parser")
    assert found.find("form") is None
    assert "spared" in found.find("section", class_="calculator").find("table").text
