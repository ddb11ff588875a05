"""Import the editor as in development. It can't be imported while DEBUG is off, as it is in tests."""

from importlib import import_module

from django.test import override_settings

with override_settings(DEBUG=True):
    import_module("pages.development.editor")
