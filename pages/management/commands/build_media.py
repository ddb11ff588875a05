"""`manage.py build_media`: makes what visitors will ask for, before they do."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from pages.content import library
from pages.media import artifact_store, artifacts


class Command(BaseCommand):
    help = "Makes the sizes of every image, and all else that is made ahead of visitors. What is there stays."
    requires_system_checks = ()  # an image is built without a SECRET_KEY

    def handle(self, *args: Any, **options: Any) -> None:
        found = library.load(settings.CONTENT_DIR)
        start = before = perf_counter()
        made = []
        for address in artifacts.build(artifacts.all_artifacts(found)):
            made.append(address)
            now = perf_counter()
            size = len(artifact_store.read(address) or b"") / 1000
            self.stdout.write(f"{size:>8.1f} kB {1000 * (now - before):>6.0f} ms  {address}")
            before = now
        there = sum(map(artifact_store.exists, artifacts.all_artifacts(found)))
        failed = len(artifacts.all_artifacts(found)) - there
        if made or failed:
            said = f"{len(made)} files made in {perf_counter() - start:.1f} s, {there - len(made)} were there"
            self.stdout.write(f"{said}; {failed} could not be made: see above" if failed else said)
