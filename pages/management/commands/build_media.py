"""`manage.py build_media`: create resized images and other media before visitors request them."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from pages.content import library
from pages.media import artifact_store, artifacts


class Command(BaseCommand):
    help = "Create all sizes of every image, and all social cards. Existing files are kept."
    requires_system_checks = ()  # the checks need a SECRET_KEY, which the image build doesn't have

    def handle(self, *args: Any, **options: Any) -> None:
        content = library.load(settings.CONTENT_DIR, max_document_bytes=settings.MAX_DOCUMENT_BYTES)
        start = last = perf_counter()
        created = 0
        for url in artifacts.build(artifacts.all_artifacts(content)):
            created += 1
            now = perf_counter()
            size = len(artifact_store.read(url) or b"") / 1000
            self.stdout.write(f"{size:>8.1f} kB {1000 * (now - last):>6.0f} ms  {url}")
            last = now
        stored = sum(map(artifact_store.exists, artifacts.all_artifacts(content)))
        failed = len(artifacts.all_artifacts(content)) - stored
        if created or failed:
            seconds = perf_counter() - start
            summary = f"Created {created} files in {seconds:.1f} s. Files that already existed: {stored - created}."
            self.stdout.write(f"{summary} Files that failed: {failed}. See the messages above." if failed else summary)
