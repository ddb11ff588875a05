"""The editor of `make dev`: opens a section's Markdown beside the section, and saves it to the document.

Only a browser on the same machine can use the editor. In production, this package can't be imported.
"""

from django.conf import settings

if not settings.DEBUG or settings.PRODUCTION:
    raise ImportError("The editor writes to documents, so it is for development only.")
