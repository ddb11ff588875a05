"""Forms: a `**Button:**` line marks a form, a table lists its fields, and an incomplete form is shown as prose."""

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


def test_a_form_is_read_from_its_table_and_labeled_lines():
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
    assert (form.confirmation, form.thanks) == ("Thank you.", "We write.")
    assert (form.reply_subject, form.reply) == ("Your message", "It has arrived.")


def test_a_button_line_makes_a_form_under_any_heading():
    for heading in ("WRITE TO US", "ANYTHING AT ALL", "YOUR FREE ASSESSMENTS"):
        assert section_of(f"## {heading}\n\n{TABLE}\n{LINES}").kind == "form"
    assert section_of(f"## WRITE TO US\n\n{TABLE}").kind != "form"


def test_the_heading_of_another_section_kind_takes_precedence_over_a_form():
    assert section_of(f"## FAQ\n\n{TABLE}\n{LINES}").kind == "faq"


def test_text_around_the_form_stays_in_place():
    section = section_of(f"## WRITE TO US\n\nBefore.\n\n{TABLE}\n{LINES}\nAfter.\n")
    assert part_names(section) == ["Prose", "Form", "Prose"]
    words = visible_text(section)
    assert "Before." in words
    assert "After." in words
    assert "Button" not in words


def test_labeled_lines_can_share_a_paragraph_and_continue_on_the_next_line():
    together = "**Button:** Send it\n**Consent:** You may\nkeep it.\n**Thanks:** Thank you.\n"
    form = form_of(f"{TABLE}\n{together}")
    assert (form.button, form.consent_text, str(form.confirmation)) == ("Send it", "You may keep it.", "Thank you.")


@pytest.mark.parametrize("label", ["BUTTON", "button", " Button "])
def test_labels_are_not_case_sensitive(label):
    assert form_of(f"{TABLE}\n{LINES}".replace("Button", label.strip())).button == "Send it"


def test_labeled_lines_can_precede_the_table():
    assert form_of(f"{LINES}\n{TABLE}").button == "Send it"


def test_a_line_with_a_repeated_label_is_shown_as_text():
    section = section_of(f"## WRITE TO US\n\n{TABLE}\n{LINES}\n**Thanks:** Twice.\n")
    assert section.form.thanks == "We write."
    assert "Twice." in visible_text(section)


def test_the_reply_is_optional():
    form = form_of(f"{TABLE}\n{LINES}")
    assert (form.reply_subject, form.reply) == ("", "")


def test_reply_and_subject_each_become_one_line_of_plain_text():
    form = form_of(f"{TABLE}\n{LINES}\n**Reply subject:** Your\n*message*\n\n**Reply:** It\nhas **arrived**.\n")
    assert (form.reply_subject, form.reply) == ("Your message", "It has arrived.")


def test_the_list_above_the_table_says_what_happens_next():
    steps = "### WHAT HAPPENS NEXT\n\n1. **We read it** — A person does.\n2. We reply.\n"
    section = section_of(f"## WRITE TO US\n\nBefore.\n\n{steps}\nOr call us.\n\n{TABLE}\n{LINES}\n{REPLY}\nBelow.\n")
    assert part_names(section) == ["Prose", "NextSteps", "Prose", "Form", "Prose"]
    assert (section.next_steps.heading, section.next_steps.anchor) == ("What happens next", "what-happens-next")
    assert [step.lead for step in section.next_steps.steps] == ["We read it", ""]
    assert [str(part.html) for part in section.beside] == ["<p>Before.</p>", "<p>Or call us.</p>"]
    assert [str(part.html) for part in section.below] == ["<p>Below.</p>"]


def test_a_list_below_the_table_stays_below_the_form():
    section = section_of(f"## WRITE TO US\n\n{TABLE}\n{LINES}\n1. One\n2. Two\n")
    assert section.next_steps is None
    assert len(section.below) == 1


def test_the_email_ends_with_the_steps_then_the_reference_then_the_signature_then_the_disclaimer():
    steps = "### What happens next\n\n1. **We read it** — A person does.\n2. We reply.\n"
    ending = "**Reply disclaimer:** Not you?\nIgnore it.\n\n**Reply signature:** The team\nexample.com\n"
    form = form_of(f"{steps}\n{TABLE}\n{LINES}\n{REPLY}\n{ending}")
    assert form.reply_to("1A2B-3C4D") == (
        "It has arrived.\n\n"
        "What happens next:\n1. We read it — A person does.\n2. We reply.\n\n"
        "Your reference: 1A2B-3C4D\n\n"
        "The team\nexample.com\n\n"
        "Not you?\nIgnore it."
    )
    assert form_of(f"{steps}\n{TABLE}\n{LINES}").reply_to("1A2B-3C4D") == ""


def test_links_to_files_stand_above_the_reference():
    form = form_of(
        f"{TABLE.replace('| message', '| role').replace('| no', '| yes')}\n{LINES}\n{REPLY}\n**Reply files:** Links:\n"
    )
    assert form.reply_to("1A2B-3C4D", "PDF: https://example.com/a.pdf") == (
        "It has arrived.\n\nLinks:\nPDF: https://example.com/a.pdf\n\nYour reference: 1A2B-3C4D"
    )


def test_the_reference_and_the_meanwhile_line_are_read():
    form = form_of(f"{TABLE}\n{LINES}\n**Reference:** Keep it.\n\n**Meanwhile:** [Read](/hire).\n")
    assert (form.reference, form.meanwhile) == ("Keep it.", '<a href="/hire">Read</a>.')


@pytest.mark.parametrize("space", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "&#10;", "&#13;", "&#11;"])
def test_a_subject_never_breaks_an_email_header(space):
    subject = form_of(f"{TABLE}\n{LINES}\n**Reply subject:** Your{space}message\n\n**Reply:** Thanks.\n").reply_subject
    assert len(subject.splitlines()) == 1


@pytest.mark.parametrize("name", NAMES)
def test_every_known_field_name_can_be_used_in_a_form(name):
    rows = f"| Label | {name} | no | |\n" if name != "email" else ""
    table = f"| Field | Name | Required | Help |\n|---|---|---|---|\n| Email | email | yes | |\n{rows}"
    assert name in [field.name for field in form_of(f"{table}\n{LINES}").fields]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (f"{TABLE}\n{LINES}".replace("Send it", ""), "The form has no **Button:** line."),
        (f"{TABLE}\n**Button:** Send\n**Thanks:** Thanks.\n", "The form has no **Consent:** line."),
        (f"{TABLE}\n**Button:** Send\n**Consent:** Yes.\n", "The form has no **Thanks:** line."),
        (f"{TABLE}\n{LINES}\n**Reply:** It has arrived.\n", "no **Reply subject:** line"),
        (f"{TABLE}\n{LINES}\n**Reply subject:** Yours\n", "no **Reply:** line"),
        (f"{TABLE}\n{LINES}\n{REPLY}\n**Reply files:** Links:\n", "doesn't require a role"),
        (LINES, "no table of its fields"),
        (f"{TABLE.replace('Help', 'Hint')}\n{LINES}", "doesn't have the columns of a form"),
        (f"{TABLE.replace('| email', '| phone')}\n{LINES}", "doesn't require an email address"),
        (f"{TABLE.replace('email | Yes', 'email | no')}\n{LINES}", "doesn't require an email address"),
        (f"{TABLE.replace('| message', '| mesage')}\n{LINES}", "no field named “mesage”"),
        (f"{TABLE.replace('| message', '| email')}\n{LINES}", "“email” is already on line"),
        (f"{TABLE.replace('Your name', '')}\n{LINES}", "The field “name” has no label."),
        (f"{TABLE.replace('| no', '| perhaps')}\n{LINES}", "not “perhaps”"),
    ],
)
def test_an_incomplete_form_is_reported_and_shown_as_prose(body, message):
    assert message in problems(body)[0]
    page = page_of("## WRITE TO US\n\n" + body)
    assert page.form is None
    assert not any(isinstance(part, Form) for part in page.sections[0].body)
    assert "Send" in visible_text(page) or "Button" in visible_text(page)


def test_a_misspelled_field_name_gets_a_suggestion():
    page = page_of(f"## WRITE TO US\n\n{TABLE.replace('| message', '| mesage')}\n{LINES}")
    assert problem_of(page, "form-part").help == "Did you mean “message”?"


def test_a_second_form_on_a_page_is_reported():
    page = page_of(f"## ONE\n\n{TABLE}\n{LINES}\n## TWO\n\n{TABLE}\n{LINES}")
    assert rules(page).count("form-part") == 1
    assert page.form is page.sections[0].form
    assert page.form is not page.sections[1].form


def test_the_texts_of_a_form_are_shown():
    words = visible_text(page_of(f"## ONE\n\n{TABLE}\n{LINES}"))
    for each in ("Your name", "Our answer goes there.", "Send it", "You may keep it", "Thank you."):
        assert each in words
