"""The form of a document, as Django checks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import EmailValidator

from pages.content.sections.form import Field, Form

TEXT, LINES = forms.TextInput, forms.Textarea

# By a field's name: what browsers fill in (https://html.spec.whatwg.org/#autofill), the type that brings up the right
# keyboard, and how long it may be. An address has 254 characters at most (RFC 5321, 4.5.3.1).
KINDS: dict[str, tuple[type[forms.Widget], dict[str, str], int]] = {
    "name": (TEXT, {"autocomplete": "name", "autocapitalize": "words"}, 200),
    "email": (TEXT, {"type": "email", "autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}, 254),
    "company": (TEXT, {"autocomplete": "organization"}, 200),
    "phone": (TEXT, {"type": "tel", "autocomplete": "tel"}, 40),
    "role": (TEXT, {"autocomplete": "off"}, 200),
    "message": (LINES, {"rows": "6"}, 5000),
}

_is_address = EmailValidator(message="Enter an email address with an @ and a domain, as priya@example.com")


class LeadForm(forms.Form):
    """The fields of a document's form, the consent, and what only programs fill in. Their names are the document's."""

    def __init__(self, asked: Form, data: Mapping[str, Any] | None = None, role: str = "") -> None:
        initial = {"role": role} if role else {}
        super().__init__(data, auto_id="input-%s", initial=initial, use_required_attribute=False)
        self.fields = {field.name: AskedField(field) for field in asked.fields}
        self.names = tuple(self.fields)
        self.fields["consent"] = forms.BooleanField(
            label=asked.wording, error_messages={"required": "Tick the box to let us keep what you send, and answer"}
        )
        self.fields["website"] = forms.CharField(required=False)

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
        """Whether a field is filled in that people do not see."""
        return bool(self.data.get("website"))


class AskedField(forms.CharField):
    """`beside` stands beside the label."""

    def __init__(self, field: Field) -> None:
        widget, attributes, longest = KINDS[field.name]
        super().__init__(
            label=field.label,
            help_text=field.help,
            required=field.required,
            max_length=longest,
            widget=widget(attrs=attributes),
        )
        self.beside = "" if field.required else "optional"
        if field.name == "email":
            self.validators.append(_is_address)
        self.error_messages["required"] = f"“{field.label}” is missing"
