"""`manage.py export FOLDER`: write the published site as files for a static host."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from pages.export import host_files, nginx_include
from pages.export.export_folder import ExportFolder, FolderRefused
from pages.export.published_site import ExportedFile, NotPublished, PublishedSite
from pages.http.negotiation import IDENTITY
from pages.publish.full_build import SiteIsRunning, publish_all
from pages.publish.manifest import ManifestReader
from pages.publish.manifest_entry import Entry
from pages.publish.release import manifest_path
from pages.publish.watcher import change_times
from pages.repository import current

_SUFFIXES = {IDENTITY: "", "br": ".br", "gzip": ".gz"}
_MAX_TIMES = 5


class Command(BaseCommand):
    help = (
        "Write the published site as files for a static host, with settings for nginx, Netlify and Cloudflare Pages. "
        "Forms, searches and the calculator lead to FORMS_URL. A later export writes only the files that have changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="A new or empty folder, or the folder of an earlier export.")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        _check_settings()
        try:
            # Check the folder first, because publishing the pages may take minutes.
            with closing(ExportFolder(folder)) as output, _published_entries(self.stderr.write) as entries:
                self._export(folder, output, entries)
        except NotPublished as error:
            raise CommandError(f"{error} Run this command again in a minute.") from error
        except FolderRefused as error:
            raise CommandError(str(error)) from error
        except OSError as error:  # for example, the disk is full
            raise CommandError(
                f"The export is incomplete: {error}. Fix this error, and run the command again."
            ) from error

    def _export(self, folder: Path, output: ExportFolder, entries: Mapping[str, Entry]) -> None:
        visible = current.visible_pages()
        site = PublishedSite(visible, entries, settings.FORMS_URL)
        files: list[ExportedFile] = []
        with _without_request_log():
            for file, bodies in site.files():
                files.append(file)
                for coding, body in bodies.items():
                    output.write(file.name + _SUFFIXES[coding], body)
        headers, redirects = host_files.headers_text(files), host_files.redirects_text(site.rules)
        output.write(host_files.HEADERS_NAME, headers.encode())
        output.write(host_files.REDIRECTS_NAME, redirects.encode())
        output.write(nginx_include.NAME, nginx_include.nginx_include(files, site.rules).encode())
        output.finish()
        self.stdout.write(
            f"{folder} has {output.file_count} files of {settings.SITE_URL}: "
            f"{len(output.written)} written, {len(output.deleted)} deleted, the others unchanged."
        )
        self.stdout.write(f"These addresses lead to {settings.FORMS_URL}: {', '.join(site.dynamic_paths)}")
        for message in host_files.exceeded_limits(files, site.rules, headers, redirects):
            self.stdout.write(self.style.WARNING(message))
        for path, name in nginx_include.left_out_headers(files):
            self.stdout.write(
                self.style.WARNING(f"nginx: sends {path} without {name}, because its value contains “$”.")
            )
        if times := sorted(time for time in change_times(visible.library) if time > visible.now):
            shown = ", ".join(f"{time:%Y-%m-%d %H:%M} UTC" for time in times[:_MAX_TIMES])
            more = f" and {len(times) - _MAX_TIMES} later times" if len(times) > _MAX_TIMES else ""
            self.stdout.write(f"The site changes by itself at these times: {shown}{more}. Export again after each one.")


@contextmanager
def _published_entries(report: Callable[[str], object]) -> Iterator[Mapping[str, Entry]]:
    """Yield the entries of the manifest. If the site isn't running, publish its pages first.

    Calls `report` with the progress.
    """
    try:
        with publish_all(report) as publisher:
            while publisher.recompress_next():
                pass
            yield publisher.manifest.entries
    except SiteIsRunning:
        current.refresh()
        with closing(ManifestReader(manifest_path())) as manifest:
            manifest.refresh()
            yield manifest.current_entries()


@contextmanager
def _without_request_log() -> Iterator[None]:
    """Don't log responses such as 404 and 410, because the export asks for them on purpose."""
    logger = logging.getLogger("django.request")
    logger.addFilter(_refuse)
    try:
        yield
    finally:
        logger.removeFilter(_refuse)


def _refuse(record: logging.LogRecord) -> bool:
    return False


def _check_settings() -> None:
    if settings.DEBUG:
        raise CommandError("DEBUG is on, so drafts are visible. Remove DEBUG, and set SITE_URL.")
    if not settings.FORMS_URL:
        raise CommandError(
            "FORMS_URL is not set. Set it to the URL of the server that answers forms, searches and the calculator."
        )
    if settings.FORMS_URL == settings.SITE_URL:
        raise CommandError("FORMS_URL is the same as SITE_URL, so forms would lead back to the static host.")
