"""The calculator's form: what a reader typed, held to the document's ranges, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from ..content import markup
from ..content.markup import Html
from ..content.numbers import group_digits, parse_number
from ..content.sections.calculator import Inputs, Quantity
from .roi import Comparison, Way, Year, compare

LONGEST = 40  # characters that an input takes: more is no number


class NumberField(forms.Field):
    """A number as people type it, between a quantity's lowest and highest."""

    def __init__(self, quantity: Quantity) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": LONGEST})
        self.quantity = quantity
        self.label_note = quantity.unit
        help = markup.join_html(
            quantity.help, Html(f"{group_digits(quantity.lowest)}\u00a0to\u00a0{group_digits(quantity.highest)}.")
        )
        super().__init__(label=quantity.label, initial=group_digits(quantity.default), help_text=help, widget=widget)
        self.error_messages["required"] = f"Enter {self.named}, a number {self.between}"

    @property
    def named(self) -> str:
        label = self.quantity.label
        return label if label[1:2].isupper() else label[:1].lower() + label[1:]

    @property
    def between(self) -> str:
        return f"from {group_digits(self.quantity.lowest)} to {group_digits(self.quantity.highest)}"

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        # What is below nothing is a number too, and out of every range.
        size = text[1:] if text[0] in "-−" else text
        number = parse_number(size[: LONGEST + 1], self.quantity.unit)
        if number is None:
            raise forms.ValidationError(f"{self.quantity.label} must be a number in digits, as 1,200 or 12.5")
        if size != text or not self.quantity.lowest <= number <= self.quantity.highest:
            raise forms.ValidationError(f"{self.quantity.label} must be a number {self.between}")
        return number


class CalculatorForm(forms.Form):
    """The inputs of a document's table. Their names are the address's."""

    def __init__(self, inputs: Inputs, query: Mapping[str, str] | None) -> None:
        super().__init__(query, auto_id="input-%s", use_required_attribute=False)
        self.fields = {quantity.name: NumberField(quantity) for quantity in inputs.quantities}


@dataclass(frozen=True)
class Piece:
    """A stretch of a bar, in hundredths of the longer bar."""

    start: float
    width: float


@dataclass(frozen=True)
class Bar:
    """What a way costs in rupees, and its assessments, interviews and wrong hires drawn to scale."""

    total: Decimal
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Calculation:
    """`comparison` is None where an input cannot be reckoned with."""

    form: CalculatorForm
    comparison: Comparison | None

    @property
    def wrong(self) -> forms.BoundField | None:
        """The first input that cannot be reckoned with."""
        return next((field for field in self.form if field.errors), None)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Of interviews alone, and of assessments first."""
        if self.comparison is None:
            return ()
        ways = self.comparison.alone, self.comparison.assessed
        longest = max(way.total for way in ways) or Decimal(1)
        return tuple(_bar(way, longest) for way in ways)


def calculate(inputs: Inputs, query: Mapping[str, str]) -> Calculation:
    """The calculation that an address asks for; with none of the inputs in it, that of the document's defaults.

    With some of them, those that it leaves out are missing. Of an input named twice the last counts, as in every form
    of Django's."""
    asked = any(quantity.name in query for quantity in inputs.quantities)
    form = CalculatorForm(inputs, query if asked else None)
    if not asked:
        return Calculation(form, _compare({quantity.name: quantity.default for quantity in inputs.quantities}))
    return Calculation(form, _compare(form.cleaned_data) if form.is_valid() else None)


def _compare(values: Mapping[str, Decimal]) -> Comparison:
    shares = {name: values[name] / 100 for name in ("mishires", "saved", "avoided")}
    return compare(Year(**{**values, **shares}))


def _bar(way: Way, longest: Decimal) -> Bar:
    pieces, start = [], Decimal()
    for amount in (way.assessments, way.interviews, way.mishires):
        pieces.append(Piece(float(100 * start / longest), float(100 * amount / longest)))
        start += amount
    return Bar(way.total, tuple(pieces))
