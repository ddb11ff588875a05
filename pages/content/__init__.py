"""Parse Markdown documents into pages, without Django. Only `library` reads files.

`tests/unit/test_architecture.py` defines the import order: each module imports only modules listed before it.
"""
