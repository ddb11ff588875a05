"""Publish llms-full.txt, which the publisher makes from the stored Markdown versions."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from ..content.markdown_paths import markdown_path
from ..http.llms_full import PATH, join_versions
from ..http.negotiation import IDENTITY
from ..repository.visible_pages import VisiblePages
from ..seo.canonical_url import indexable_pages
from .manifest import ManifestWriter


def publish(manifest: ManifestWriter, visible: VisiblePages) -> None:
    """Store llms-full.txt, or remove it if LLMS_FULL_BYTES is 0.

    The file's entry in the manifest has the headers and the times of llms.txt, because both files are about all pages.
    """
    like = manifest.entries.get("/llms.txt")
    if settings.LLMS_FULL_BYTES and like:
        body = join_versions(_versions(manifest, visible))
        manifest.store(PATH, body, like.headers, (), like.changes_at, like.changed_at)
    elif PATH in manifest.entries:
        manifest.remove(PATH)


def _versions(manifest: ManifestWriter, visible: VisiblePages) -> Iterator[bytes]:
    for page in indexable_pages(visible, settings.SITE_URL):
        entry = manifest.entries.get(markdown_path(page.url))
        body = entry.body(IDENTITY) if entry else None
        if body is not None:
            yield body
