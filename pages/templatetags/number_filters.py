"""Numbers as templates print them."""

from decimal import ROUND_CEILING, Context, Decimal

from django import template

from ..content import numbers

register = template.Library()

register.filter("rupees", numbers.rupees)
register.filter("grouped", numbers.grouped)


@register.filter
def percent(share: Decimal) -> str:
    """A share of 1, as 12.5%."""
    return f"{numbers.grouped(100 * share)}%"


@register.filter
def rounded_up(number: Decimal) -> str:
    """A number to two digits behind the point, never less than it is: for what has to be reached."""
    return numbers.grouped(number.quantize(Decimal("0.01"), rounding=ROUND_CEILING, context=Context(prec=100)))
