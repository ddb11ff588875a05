"""Parse Markdown documents into pages, without Django. All files are opened by `content_folder`.

`tests/unit/test_architecture.py` defines the import order: each module imports only modules listed before it.
"""
