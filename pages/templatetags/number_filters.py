"""Template filters for numbers."""

from decimal import ROUND_CEILING, Context, Decimal

from django import template

from ..content import numbers

register = template.Library()

register.filter("rupees", numbers.format_rupees)
register.filter("grouped", numbers.group_digits)


@register.filter
def percent(share: Decimal) -> str:
    """Format a share, such as 0.125, as a percentage, such as 12.5%."""
    return f"{numbers.group_digits(100 * share)}%"


@register.filter
def rounded_up(number: Decimal) -> str:
    """Format a minimum with two decimal places. Round it up, because a lower number would not be enough."""
    return numbers.group_digits(number.quantize(Decimal("0.01"), rounding=ROUND_CEILING, context=Context(prec=100)))
