"""The form of a document, as Django checks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, MaxLengthValidator
from django.utils.encoding import punycode

from pages.content.sections.form import Field, Form

TEXT, LINES = forms.TextInput, forms.Textarea

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1

# By a field's name: what browsers fill in (https://html.spec.whatwg.org/#autofill), the type that brings up the right
# keyboard, and how long it may be.
KINDS: dict[str, tuple[type[forms.Widget], dict[str, str], int]] = {
    "name": (TEXT, {"autocomplete": "name", "autocapitalize": "words"}, 200),
    "email": (
        TEXT,
        {"type": "email", "autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"},
        LONGEST_ADDRESS,
    ),
    "company": (TEXT, {"autocomplete": "organization"}, 200),
    "phone": (TEXT, {"type": "tel", "autocomplete": "tel"}, 40),
    "role": (TEXT, {"autocomplete": "off"}, 200),
    "message": (LINES, {"rows": "6"}, 5000),
}

WRONG_ADDRESS = "Enter an email address with an @ and a domain, as priya@example.com"

_is_address = EmailValidator(WRONG_ADDRESS, allowlist=[])


def check_address(text: str) -> None:
    """Raises ValidationError for what no mail goes to, and for what is an address by the book alone: quoted ones may
    hold characters that break a header's line, bracketed ones name hosts of this site's own network."""
    _is_address(text)
    local, _, domain = text.rpartition("@")
    try:
        written = f"{local}@{punycode(domain)}"  # as mail servers have it
    except UnicodeError:  # a name that no name server can be asked for
        raise ValidationError(WRONG_ADDRESS) from None
    _is_address(written)  # there are letters that are periods then
    if len(written) > LONGEST_ADDRESS or '"' in written or "[" in written:
        raise ValidationError(WRONG_ADDRESS)


def one_line(text: str) -> str:
    """`text` as a field of one line can hold it: a program may send others, and forge lines in the mail to sales."""
    return " ".join(text.split())


class LeadForm(forms.Form):
    """The fields of a document's form, by the document's names, and the consent."""

    def __init__(self, asked: Form, data: Mapping[str, Any] | None = None, role: str = "") -> None:
        initial = {"role": role} if role else {}
        super().__init__(data, auto_id="input-%s", initial=initial, use_required_attribute=False)
        self.fields = {field.name: LeadField(field) for field in asked.fields}
        self.names = tuple(self.fields)
        self.fields["consent"] = forms.BooleanField(
            label=asked.wording, error_messages={"required": "Tick the box to let us keep what you send, and answer"}
        )

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in self.names]

    @property
    def consent(self) -> forms.BoundField:
        return self["consent"]

    @property
    def sent(self) -> dict[str, str]:
        """What was typed, by the names of the document's fields; of a form that is valid."""
        return {name: self.cleaned_data[name] for name in self.names}

    @property
    def is_trapped(self) -> bool:
        """Whether a field is filled in that people do not see. What with does not matter, so it is none of `fields`."""
        return bool(self.data.get("website"))


class LeadField(forms.CharField):
    """`beside` stands beside the label."""

    def __init__(self, field: Field) -> None:
        widget, attributes, longest = KINDS[field.name]
        super().__init__(
            label=field.label, help_text=field.help, required=field.required, widget=widget(attrs=attributes)
        )
        self.beside = "" if field.required else "optional"
        # Not by `max_length`, with which browsers cut off what is pasted, and say nothing.
        self.validators.append(MaxLengthValidator(longest, f"{field.label} can have {longest} characters at most"))
        if field.name == "email":
            self.validators.append(check_address)
        self.error_messages["required"] = f"“{field.label}” is missing"

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text if isinstance(self.widget, LINES) else one_line(text)
