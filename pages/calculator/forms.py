"""The calculator's form: validates the visitor's figures against the document's ranges, and calculates the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import escape

from ..content import markup
from ..content.markup import Html
from ..content.numbers import group_digits, parse_number
from ..content.sections.calculator import Inputs, Quantity
from ..content.site_words import ENGLISH_WORDS, Words
from .roi import Assumptions, Comparison, Cost, compare

MAX_LENGTH = 40  # characters in an input

# Inputs with one of these units show the unit's symbol in place of the unit's name.
SYMBOLS = {"rupees": "₹", "rupees an hour": "₹", "percent": "%", "hours": "h"}


class NumberField(forms.Field):
    """A form field for a number, in any common notation. The number must be in the range that `quantity` allows.

    `words` are the site's own words in the language of the page.
    """

    def __init__(self, quantity: Quantity, words: Words) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": MAX_LENGTH})
        self.quantity = quantity
        self.words = words
        self.label_note = words(quantity.unit)
        self.symbol = SYMBOLS.get(quantity.unit, "")
        ends = self._with_range("Between\u00a0{lowest}\u00a0and\u00a0{highest}.")
        help = markup.join_html(quantity.help, Html(escape(ends)))
        super().__init__(label=quantity.label, initial=group_digits(quantity.default), help_text=help, widget=widget)
        self.out_of_range = self._with_range("Enter a number from {lowest} to {highest}")
        self.error_messages["required"] = self.out_of_range

    def _with_range(self, text: str) -> str:
        lowest, highest = group_digits(self.quantity.lowest), group_digits(self.quantity.highest)
        return self.words(text, lowest=lowest, highest=highest)

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        # Allow a minus sign here, so that a negative number gets the message that names the allowed range.
        unsigned = text[1:] if text[0] in "-−" else text
        number = parse_number(unsigned[: MAX_LENGTH + 1], self.quantity.unit)
        if number is None:
            raise forms.ValidationError(self.words("Enter a number, such as 1,200 or 12.5"))
        if unsigned != text or not self.quantity.lowest <= number <= self.quantity.highest:
            raise forms.ValidationError(self.out_of_range)
        return number


class CalculatorForm(forms.Form):
    """One field for each row of the document's table. Field names are also the URL's query parameters."""

    def __init__(self, inputs: Inputs, query: Mapping[str, str] | None, words: Words) -> None:
        super().__init__(query, auto_id="input-%s", use_required_attribute=False)
        self.fields = {quantity.name: NumberField(quantity, words) for quantity in inputs.quantities}


@dataclass(frozen=True)
class BarSegment:
    """A segment of a bar. `start` and `width` are in percent of the longer bar."""

    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    """A bar for one way of hiring.

    `total` is the cost in rupees. The segments show the costs of assessments, interviews and wrong hires.
    """

    total: Decimal
    segments: tuple[BarSegment, ...]


@dataclass(frozen=True)
class Calculation:
    """The form and its result. `comparison` is None if the form is invalid."""

    form: CalculatorForm
    comparison: Comparison | None

    @property
    def first_invalid(self) -> forms.BoundField | None:
        return next((field for field in self.form if field.errors), None)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The bars for both ways of hiring: without and with assessments. Empty if the form is invalid."""
        if self.comparison is None:
            return ()
        costs = self.comparison.without_assessments, self.comparison.with_assessments
        largest = max(cost.total for cost in costs) or Decimal(1)
        return tuple(_bar(cost, largest) for cost in costs)


def calculate(inputs: Inputs, query: Mapping[str, str], words: Words = ENGLISH_WORDS) -> Calculation:
    """Calculate with the figures in `query`, or with the document's defaults if `query` has no figures.

    If `query` has only some of the figures, the form has an error for each missing figure, and there is no result.
    If a figure is repeated, use the last one, as usual in Django's forms. Labels and messages are in the language of
    `words`.
    """
    is_submitted = any(quantity.name in query for quantity in inputs.quantities)
    form = CalculatorForm(inputs, query if is_submitted else None, words)
    if not is_submitted:
        return Calculation(form, _compare({quantity.name: quantity.default for quantity in inputs.quantities}))
    return Calculation(form, _compare(form.cleaned_data) if form.is_valid() else None)


def _compare(values: Mapping[str, Decimal]) -> Comparison:
    shares = {name: values[name] / 100 for name in ("mishires", "saved", "avoided")}
    return compare(Assumptions(**{**values, **shares}))


def _bar(cost: Cost, largest: Decimal) -> Bar:
    segments, start = [], Decimal()
    for amount in (cost.assessments, cost.interviews, cost.mishires):
        segments.append(BarSegment(float(100 * start / largest), float(100 * amount / largest)))
        start += amount
    return Bar(cost.total, tuple(segments))
