"""Template tags for the site's own words in the language of the page."""

from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString

from ..content.languages import ENGLISH
from ..content.site_words import Statement, Words, fill
from ..http.local_dates import local_date

register = template.Library()


def _words(context: Context) -> Words:
    words = context.get("words")
    return words if isinstance(words, Words) else Words()


@register.simple_tag(takes_context=True)
def word(context: Context, text: str, **values: Any) -> SafeString:
    """Return one of the site's own texts in the page's language. `values` replace names in braces, such as {count}.

    A value may be HTML, such as the result of `strong`. All other text is escaped. If `text` is a Statement, its own
    values are used.
    """
    if isinstance(text, Statement):
        values = {**text.values}
        text = text.text
    translated = escape(_words(context)(text))
    if not values:
        return translated
    return SafeString(fill(translated, {name: conditional_escape(value) for name, value in values.items()}))


@register.filter
def strong(text: str, css_class: str = "") -> SafeString:
    """Return a strong element with `text`."""
    attribute = format_html(' class="{}"', css_class) if css_class else ""
    return format_html("<strong{}>{}</strong>", attribute, text)


@register.filter
def unbroken(text: str) -> SafeString:
    """Return `text` with non-breaking spaces."""
    return SafeString(conditional_escape(text).replace(" ", "&nbsp;"))


@register.filter
def link_to_id(text: str, element_id: str) -> SafeString:
    """Return a link with the text `text`. The link leads to the element with the ID `element_id` on the same page."""
    return format_html('<a href="#{}">{}</a>', element_id, text)


@register.simple_tag(takes_context=True, name="local_date")
def date_in_words(context: Context, day: date) -> str:
    """Return `day` in the page's language, such as “9 March 2025”."""
    return local_date(day, _words(context))


@register.simple_tag(takes_context=True)
def english(context: Context) -> SafeString:
    """Return `lang` and `dir` for an element whose text is always English, or "" on an English page."""
    is_english = _words(context).language.is_like(ENGLISH)
    return SafeString() if is_english else format_html(' lang="{}" dir="ltr"', ENGLISH.code)
