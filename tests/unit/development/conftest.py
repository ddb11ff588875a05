"""Import the editor with DEBUG on. Tests run with DEBUG off, and then the editor can't be imported."""

from importlib import import_module

from django.test import override_settings

with override_settings(DEBUG=True):
    import_module("pages.development.editor")
