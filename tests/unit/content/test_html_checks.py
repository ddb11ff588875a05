"""The checker reports one problem for each block of HTML, at the first tag."""

import pytest

from tests.support.content_samples import page_of


def found(body):
    return [problem for problem in page_of("## A SECTION\n\n" + body).problems if problem.rule == "html"]


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("Some <b>bold</b> and <i>italic</i> words", [(13, 6)]),
        ("<div>\n<p>One</p>\n</div>", [(13, 1)]),
        ("<div>\n\n<p>One</p>\n\n<p>Two</p>\n\n</div>\n\nWords\n\n<b>Two</b>", [(13, 1), (23, 1)]),
        ("<p>One\n\n<p>Two\n\n### A heading\n\n<i>Three</i>", [(13, 1), (19, 1)]),
        ("<b>One</b>\n\n<b>Two</b>", [(13, 1), (15, 1)]),
        ("<img src=x>\n\n<hr>", [(13, 1), (15, 1)]),
        ("<Tab title={a} />\n\n<Tab />", [(13, 1), (15, 1)]),
        ("- <u>One</u>\n- Two", [(13, 3)]),
        ("<b>One</b> <!-- a note -->", [(13, 1), (13, 12)]),
        ("<!-- <b> --> and <i>One</i>", [(13, 1), (13, 18)]),
        ("<!-- one\n\ntwo --> <b>", [(13, 1), (15, 9)]),
        ("A <!-- one --> and <!-- two --> and <!-- <b>", [(13, 3), (13, 20), (13, 42)]),
    ],
)
def test_a_block_of_html_is_one_problem(body, places):
    assert [(problem.line, problem.column) for problem in found(body)] == places


@pytest.mark.parametrize(
    ("body", "message", "help"),
    [
        ("<b>One</b>", "HTML <b> as text.", "Write **bold**."),
        ("<b>One</b> <u>Two</u>", "HTML <b> and 3 more tags as text.", "Use Markdown instead."),
        ("<b>One <i>", "HTML <b> and 1 more tag as text.", "Use Markdown instead."),
        ("<Callout>One</Callout>", "HTML <Callout> as text.", "components of other tools"),
        (f'<iframe src="{"x" * 90}"></iframe>', "HTML <iframe …> as text.", "Write a link to the video"),
        (
            "Intro\n\n<!-- more -->",
            "lists of pages have no excerpts.",
            "the description from META. Remove the comment.",
        ),
    ],
)
def test_the_message_says_what_to_write_instead(body, message, help):
    [problem] = found(body)
    assert problem.message.endswith(message)
    assert help in problem.help


@pytest.mark.parametrize(
    "body", ["One<br>two<br/>", "`<b>` words", "```\n<b>\n```", "<https://a.example>", "1 < 2 > 0"]
)
def test_line_breaks_code_and_links_are_no_html(body):
    assert found(body) == []
