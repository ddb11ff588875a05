"""Template tags for the site's own words."""

import copy
import pickle

import pytest
from django.template import Context, Template

from pages.content.languages import Language
from pages.content.site_words import Statement, Words

WORDS = Words(Language("de"), {"All {count}": "<Alle> {count} & mehr {rest}"})


def render(text, **context):
    return Template("{% load word_tags %}" + text).render(Context({"words": WORDS, **context}))


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ('{% word "All {count}" count=value %}', "&lt;Alle&gt; &lt;5&gt; &amp; mehr {rest}"),
        ('{% word "All {count}" count=value|strong %}', "&lt;Alle&gt; <strong>&lt;5&gt;</strong> &amp; mehr {rest}"),
        ('{% word "All {count}" count=value as text %}{{ text }}', "&lt;Alle&gt; &lt;5&gt; &amp; mehr {rest}"),
        ('{{ value|strong:"loss" }}', '<strong class="loss">&lt;5&gt;</strong>'),
        ("{{ spaced|unbroken|strong }}", "<strong>2&nbsp;&lt;&nbsp;h</strong>"),
        ('{{ value|link_to_id:"a" }}', '<a href="#a">&lt;5&gt;</a>'),
    ],
)
def test_text_is_escaped_but_html_in_values_stays(template, html):
    assert render(template, value="<5>", spaced="2 < h") == html


def test_a_value_is_not_read_as_another_placeholder():
    assert render('{% word "All {count}" count=value rest="no" %}', value="{rest}").endswith("{rest} &amp; mehr no")


def test_a_statement_is_translated_with_its_values():
    statement = Statement("All {count}", count="<5>")
    assert (statement, copy.deepcopy(statement).values) == ("All <5>", {"count": "<5>"})
    assert render("{{ statement }} {% word statement %}", statement=pickle.loads(pickle.dumps(statement))) == (  # noqa: S301
        "All &lt;5&gt; &lt;Alle&gt; &lt;5&gt; &amp; mehr {rest}"
    )


def test_text_that_is_always_english_says_so_on_pages_in_other_languages():
    assert render("<p{% english %}>") == '<p lang="en" dir="ltr">'
    assert render("<p{% english %}>", words=Words()) == "<p>"
