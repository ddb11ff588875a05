"""The Django form for a form defined in a document."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from pages.content.sections.form import Field, Form
from pages.content.site_words import ENGLISH_WORDS, Words

from .email_addresses import MAX_EMAIL_LENGTH, validate_address


@dataclass(frozen=True)
class FieldType:
    """The widget, HTML attributes, maximum length and error message of a field."""

    widget: type[forms.Widget]
    attributes: dict[str, str]
    max_length: int
    required_message: str


# Keys are the field names that a document may use. The attributes control autofill
# (https://html.spec.whatwg.org/#autofill) and on-screen keyboards.
FIELD_TYPES = {
    "name": FieldType(
        forms.TextInput, {"autocomplete": "name", "autocapitalize": "words"}, 200, required_message="Enter your name"
    ),
    "email": FieldType(
        forms.TextInput,
        {"type": "email", "autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
        MAX_EMAIL_LENGTH,
        required_message="Enter your email address",
    ),
    "company": FieldType(
        forms.TextInput, {"autocomplete": "organization"}, 200, required_message="Enter your company’s name"
    ),
    "phone": FieldType(
        forms.TextInput, {"type": "tel", "autocomplete": "tel"}, 40, required_message="Enter your phone number"
    ),
    "role": FieldType(
        # Don't add autocomplete="off" to hide the browser's own suggestions: Firefox would hide the list of roles, too.
        forms.TextInput,
        {"list": "input-roles"},
        200,
        required_message="Enter the role you’re hiring for",
    ),
    "message": FieldType(forms.Textarea, {"rows": "6"}, 5000, required_message="Enter your message"),
}

# A field with choices. The first choice has an empty value, and its text asks the visitor to choose.
CHOICE = FieldType(forms.Select, {}, 200, required_message="Choose a role")

CONSENT_REQUIRED = "Check the box to let us store your details and reply to you"

# Check this honeypot too: a form that was opened before an upgrade may have a honeypot with this name.
OLD_HONEYPOT_NAME = "website"

# Invisible characters that Unicode classifies as letters, marks, symbols or unassigned characters
# (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point). U+2800 is the empty Braille pattern.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff]"
)
_BLANK_CATEGORIES = ("Cc", "Cf", "Zl", "Zp", "Zs")


def is_blank(text: str) -> bool:
    """Return True if `text` shows nothing: it has only spaces, control characters and invisible characters."""
    return all(unicodedata.category(each) in _BLANK_CATEGORIES or _INVISIBLE.match(each) for each in text)


def collapse_whitespace(text: str) -> str:
    """Return `text` on one line. Otherwise a client could forge lines in the email to sales."""
    return " ".join(text.split())


class LeadForm(forms.Form):
    """The fields of a document's form, plus the consent checkbox."""

    # Browsers and password managers autofill fields whose names they recognize. So this field has a random name.
    honeypot_name = "x7k"

    def __init__(
        self,
        definition: Form,
        data: Mapping[str, Any] | None = None,
        role: str = "",
        words: Words = ENGLISH_WORDS,
        roles: Sequence[str] = (),
    ) -> None:
        """Create the form. If `roles` isn't empty, visitors choose their role from this list."""
        initial = {"role": role} if role else {}
        super().__init__(data, auto_id="input-%s", initial=initial, use_required_attribute=False)
        choices = {"role": roles}
        self.fields = {field.name: LeadField(field, words, choices.get(field.name, ())) for field in definition.fields}
        self.document_names = tuple(self.fields)
        self.fields["consent"] = forms.BooleanField(
            label=definition.consent_text, error_messages={"required": words(CONSENT_REQUIRED)}
        )

    @property
    def document_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.document_names]

    @property
    def consent(self) -> forms.BoundField:
        return self["consent"]

    @property
    def values(self) -> dict[str, str]:
        """The cleaned values of the document's fields, without the consent. The form must be valid."""
        return {name: self.cleaned_data[name] for name in self.document_names}

    @property
    def sent_values(self) -> dict[str, str]:
        """The values of the form's fields as the visitor sent them, valid or not."""
        return {name: self.data[name] for name in self.fields if name in self.data}

    @property
    def is_honeypot_filled(self) -> bool:
        """True if the honeypot, a hidden input, has a value. The honeypot isn't a form field."""
        return any(self.data.get(name) for name in (self.honeypot_name, OLD_HONEYPOT_NAME))


class LeadField(forms.CharField):
    """A field of a document's form. `label_note` is a word shown beside the label.

    If there are `choices`, visitors select one from a list. The field also accepts values that aren't in the list,
    because a visitor may have opened the form before the list changed. But if the form promises the files of a role,
    the view refuses a role that has no files.
    """

    def __init__(self, field: Field, words: Words, choices: Sequence[str] = ()) -> None:
        kind, self.words = CHOICE if choices else FIELD_TYPES[field.name], words
        super().__init__(
            label=field.label,
            help_text=field.help,
            required=field.required,
            widget=kind.widget(attrs=kind.attributes),
            error_messages={"required": kind.required_message},
        )
        if isinstance(self.widget, forms.Select):
            self.widget.choices = [("", words(kind.required_message)), *((choice, choice) for choice in choices)]
        self.label_note = "" if field.required else words("optional")
        # Don't pass `max_length`: it adds a maxlength attribute, and browsers then silently truncate pasted text.
        message = words("Shorten “{label}” to {count} characters or fewer", label=field.label, count=kind.max_length)
        self.validators.append(MaxLengthValidator(kind.max_length, message))
        if field.name == "email":
            self.validators.append(validate_address)

    def clean(self, value: Any) -> str:
        """Return the cleaned value. Errors are in the language of the page."""
        try:
            return str(super().clean(value))
        except ValidationError as error:
            raise ValidationError([self.words(message) for message in error.messages]) from None

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        if is_blank(text):
            return ""
        return text if isinstance(self.widget, forms.Textarea) else collapse_whitespace(text)
