"""Numbers as templates print them."""

from decimal import ROUND_CEILING, Context, Decimal

from django import template

from ..content import numbers

register = template.Library()

register.filter("rupees", numbers.format_rupees)
register.filter("grouped", numbers.group_digits)


@register.filter
def percent(share: Decimal) -> str:
    """A share of 1, as 12.5%."""
    return f"{numbers.group_digits(100 * share)}%"


@register.filter
def rounded_up(number: Decimal) -> str:
    """A number to two digits behind the point, never less than it is: for what has to be reached."""
    return numbers.group_digits(number.quantize(Decimal("0.01"), rounding=ROUND_CEILING, context=Context(prec=100)))
