"""Template tags for the elements that pages contain instead of linking to a file."""

from django import template

from ..http import inline_elements

register = template.Library()
register.simple_tag(inline_elements.inline_stylesheet)
register.simple_tag(inline_elements.inline_page_stylesheet)
register.simple_tag(inline_elements.speculation_rules)
