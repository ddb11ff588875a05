"""A form: known by its line, read from a table and labelled lines, and shown as prose until it is whole."""

import pytest

from pages.content.sections.form import NAMES, Form, FormSection
from tests.support.content_samples import page_of, part_names, problem_of, rules, section_of, visible_text

TABLE = """| Field | Name | Required | Help |
|---|---|---|---|
| Your name | name | yes | |
| Work email | email | Yes | Our *answer* goes there. |
| Message | message | no | |
"""
LINES = """**Button:** Send it

**Consent:** You may keep it, as [the privacy page](/privacy) says.

**Thanks:** **Thank you.** We write.
"""
REPLY = """**Reply subject:** Your message

**Reply:** It has arrived.
"""


def form_of(body):
    section = section_of("## WRITE TO US\n\n" + body)
    assert isinstance(section, FormSection)
    assert section.form
    return section.form


def problems(body):
    return [problem.message for problem in page_of("## WRITE TO US\n\n" + body).problems if problem.rule == "form-part"]


def test_a_form_is_what_its_table_and_lines_say():
    form = form_of(f"{TABLE}\n{LINES}\n{REPLY}")
    assert [(field.name, field.label, field.required) for field in form.fields] == [
        ("name", "Your name", True),
        ("email", "Work email", True),
        ("message", "Message", False),
    ]
    assert form.fields[1].help == "Our <em>answer</em> goes there."
    assert form.button == "Send it"
    assert form.consent == 'You may keep it, as <a href="/privacy">the privacy page</a> says.'
    assert form.consent_text == "You may keep it, as the privacy page says."
    assert form.thanks == "<strong>Thank you.</strong> We write."
    assert (form.reply_subject, form.reply) == ("Your message", "It has arrived.")


def test_it_is_known_by_its_line_under_any_heading():
    for heading in ("WRITE TO US", "ANYTHING AT ALL", "YOUR FREE ASSESSMENTS"):
        assert section_of(f"## {heading}\n\n{TABLE}\n{LINES}").kind == "form"
    assert section_of(f"## WRITE TO US\n\n{TABLE}").kind != "form"


def test_a_kind_that_is_known_by_its_heading_stays_it():
    assert section_of(f"## FAQ\n\n{TABLE}\n{LINES}").kind == "faq"


def test_what_stands_around_the_form_stays_in_its_place():
    section = section_of(f"## WRITE TO US\n\nBefore.\n\n{TABLE}\n{LINES}\nAfter.\n")
    assert part_names(section) == ["Prose", "Form", "Prose"]
    words = visible_text(section)
    assert "Before." in words
    assert "After." in words
    assert "Button" not in words


def test_lines_may_stand_together_and_go_on_in_the_next():
    together = "**Button:** Send it\n**Consent:** You may\nkeep it.\n**Thanks:** Thank you.\n"
    form = form_of(f"{TABLE}\n{together}")
    assert (form.button, form.consent_text, str(form.thanks)) == ("Send it", "You may keep it.", "Thank you.")


@pytest.mark.parametrize("label", ["BUTTON", "button", " Button "])
def test_case_does_not_matter(label):
    assert form_of(f"{TABLE}\n{LINES}".replace("Button", label.strip())).button == "Send it"


def test_lines_may_stand_before_the_table():
    assert form_of(f"{LINES}\n{TABLE}").button == "Send it"


def test_a_second_line_of_a_label_stays_where_it_is():
    section = section_of(f"## WRITE TO US\n\n{TABLE}\n{LINES}\n**Thanks:** Twice.\n")
    assert section.form.thanks == "<strong>Thank you.</strong> We write."
    assert "Twice." in visible_text(section)


def test_a_form_without_a_reply_has_none():
    form = form_of(f"{TABLE}\n{LINES}")
    assert (form.reply_subject, form.reply) == ("", "")


def test_what_is_mailed_is_one_line_and_plain():
    form = form_of(f"{TABLE}\n{LINES}\n**Reply subject:** Your\n*message*\n\n**Reply:** It\nhas **arrived**.\n")
    assert (form.reply_subject, form.reply) == ("Your message", "It has arrived.")


@pytest.mark.parametrize("space", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "&#10;", "&#13;", "&#11;"])
def test_no_subject_breaks_a_header(space):
    subject = form_of(f"{TABLE}\n{LINES}\n**Reply subject:** Your{space}message\n\n**Reply:** Thanks.\n").subject
    assert len(subject.splitlines()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_name_can_be_asked_for(name):
    rows = f"| Label | {name} | no | |\n" if name != "email" else ""
    table = f"| Field | Name | Required | Help |\n|---|---|---|---|\n| Email | email | yes | |\n{rows}"
    assert name in [field.name for field in form_of(f"{table}\n{LINES}").fields]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (f"{TABLE}\n{LINES}".replace("Send it", ""), "what its button says"),
        (f"{TABLE}\n**Button:** Send\n**Thanks:** Thanks.\n", "what a visitor agrees to"),
        (f"{TABLE}\n**Button:** Send\n**Consent:** Yes.\n", "what a visitor is told when it is sent"),
        (f"{TABLE}\n{LINES}\n**Reply:** It has arrived.\n", "no reply subject"),
        (f"{TABLE}\n{LINES}\n**Reply subject:** Yours\n", "no reply"),
        (LINES, "no table of its fields"),
        (f"{TABLE.replace('Help', 'Hint')}\n{LINES}", "columns are not those of a form"),
        (f"{TABLE.replace('| email', '| phone')}\n{LINES}", "nobody could answer"),
        (f"{TABLE.replace('email | Yes', 'email | no')}\n{LINES}", "nobody could answer"),
        (f"{TABLE.replace('| message', '| mesage')}\n{LINES}", "“mesage” is nothing that a form can ask for"),
        (f"{TABLE.replace('| message', '| email')}\n{LINES}", "“email” stands in line"),
        (f"{TABLE.replace('Your name', '')}\n{LINES}", "the field name has no label"),
        (f"{TABLE.replace('| no', '| perhaps')}\n{LINES}", "not “perhaps”"),
    ],
)
def test_what_is_wrong_is_said_and_the_section_is_prose_meanwhile(body, message):
    assert message in problems(body)[0]
    page = page_of("## WRITE TO US\n\n" + body)
    assert page.form is None
    assert not any(isinstance(part, Form) for part in page.sections[0].body)
    assert "Send" in visible_text(page) or "Button" in visible_text(page)


def test_a_near_name_is_named():
    page = page_of(f"## WRITE TO US\n\n{TABLE.replace('| message', '| mesage')}\n{LINES}")
    assert problem_of(page, "form-part").help == "did you mean message?"


def test_a_page_has_one_form_and_says_so_of_the_second():
    page = page_of(f"## ONE\n\n{TABLE}\n{LINES}\n## TWO\n\n{TABLE}\n{LINES}")
    assert rules(page).count("form-part") == 1
    assert page.form is page.sections[0].form
    assert page.form is not page.sections[1].form


def test_words_of_a_form_are_shown():
    words = visible_text(page_of(f"## ONE\n\n{TABLE}\n{LINES}"))
    for each in ("Your name", "Our answer goes there.", "Send it", "You may keep it", "Thank you."):
        assert each in words
