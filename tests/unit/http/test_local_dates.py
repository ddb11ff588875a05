"""Dates with the names of months in other languages."""

from datetime import date

import pytest
from django.utils.translation import trans_real

from pages.content.languages import MONTHS, OWN_NAMES, Language
from pages.content.site_words import Words
from pages.http.local_dates import local_date

DAY = date(2025, 3, 9)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        *(("en", "9 March 2025"), ("en-GB", "9 March 2025"), ("de", "9. März 2025"), ("hi", "9 मार्च 2025")),
        *(("pt-BR", "9 de Março de 2025"), ("ru", "9 марта 2025 г."), ("ja", "2025年3月9日"), ("zh", "2025年3月9日")),
        *(("no", "9. mars 2025"), ("ar", "9 مارس، 2025"), ("ur", "9 مارچ 2025"), ("gu", "9 March 2025")),
    ],
)
def test_a_date_is_in_the_language_of_the_page(code, text):
    assert local_date(DAY, Words(Language(code))) == text


@pytest.mark.parametrize("code", OWN_NAMES)
def test_a_date_in_any_language_has_its_day_and_its_year(code):
    text = local_date(date(2025, 11, 23), Words(Language(code)))
    assert "23" in text and "2025" in text


def test_a_month_in_site_toml_comes_first():
    words = {"March": "માર્ચ"}
    assert local_date(DAY, Words(Language("gu"), words)) == "9 માર્ચ 2025"
    assert local_date(DAY, Words(Language("de"), words)) == "9 માર્ચ 2025"


@pytest.mark.parametrize("code", OWN_NAMES)
def test_the_checker_knows_for_which_languages_django_has_the_months(code):
    catalog = trans_real.translation({"no": "nb", "zh": "zh-hans"}.get(code, code))
    has_names = any(catalog.gettext(month) != month for month in MONTHS)
    assert Language(code).has_month_names == (has_names or code == "en")
