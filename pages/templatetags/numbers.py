"""Numbers as templates print them."""

from decimal import Decimal

from django import template

from ..content import numbers

register = template.Library()

register.filter("rupees", numbers.rupees)
register.filter("grouped", numbers.grouped)


@register.filter
def percent(share: Decimal) -> str:
    """A share of 1, as 12.5%."""
    return f"{numbers.grouped(100 * share)}%"
