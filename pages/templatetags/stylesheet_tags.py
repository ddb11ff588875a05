"""A template tag for the inline stylesheet."""

from django import template

from ..http.stylesheet import inline_stylesheet

register = template.Library()
register.simple_tag(inline_stylesheet)
