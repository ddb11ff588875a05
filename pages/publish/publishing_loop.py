"""The loop of the publisher process: publishes after each change, and prebuilds the next planned change."""

from __future__ import annotations

import logging
from functools import partial
from time import monotonic, sleep

from django.conf import settings

from ..kits.kit_files import KitFile
from ..media.worker import MediaWorker
from ..repository import current, snapshot
from ..search import index
from . import live_pages, release
from .content_status import ContentStatusWriter
from .manifest import ManifestReader
from .nginx_filler import NginxFiller
from .parallel_reading import read_in_pool
from .publisher import Publisher
from .sweep import sweep
from .watcher import Watcher
from .worker_pool import WorkerPool

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.05
SWEEP_SECONDS = 3600
# The pause between two repairs. Without this pause, a program that keeps changing a file would keep the publisher busy.
REPAIR_SECONDS = 1
# After a failed attempt, wait RETRY_FACTOR times as long as the attempt took, but at least RETRY_SECONDS.
RETRY_SECONDS, RETRY_FACTOR = 5, 3


def run(*, reload: bool) -> None:
    """Publish now, and again at each time when a page goes live or expires, or a banner appears or ends. Never returns.

    With `reload`, also publish when a document changes. If publishing fails, for example because the disk is full,
    retry until it succeeds. Log only the first failure.
    """
    published = snapshot.read(release.snapshot_path())
    pool = WorkerPool(is_server=True)
    current.use_lazy_pages(published, partial(read_in_pool, pool))
    watcher = Watcher(settings.CONTENT_DIR, reload=reload)
    current.refresh()
    media_worker = MediaWorker()
    status_writer = ContentStatusWriter(release.content_status_path(), release.document_reports_path())
    manifest, copies = ManifestReader(release.manifest_path()), settings.BUILD_DIR / "nginx-copies"
    nginx_filler = NginxFiller(manifest, settings.NGINX_CACHE_URL, settings.SITE_HOST, copies)
    if settings.NGINX_CACHE_URL:
        nginx_filler.start()
    publisher: Publisher | None = None
    failed, next_sweep, next_repair = False, 0.0, 0.0
    while True:
        visible, started = current.visible_pages(), monotonic()
        watcher.start(visible)
        status_writer.publishing_started(visible.library)
        media_worker.pause()
        try:
            publisher = publisher or Publisher(watcher.has_changes, published, pool=pool)
            if publisher.publish(visible):
                published = visible.library
                live_pages.record(visible)
                if monotonic() >= next_sweep:
                    sweep()
                    next_sweep = monotonic() + SWEEP_SECONDS
                artifacts = publisher.artifacts(visible)
                media_worker.build(artifacts)
                # Leave out kit files: `nginx_filler` finds their addresses in the manifest.
                nginx_filler.published(tuple(url for url, each in artifacts.items() if not isinstance(each, KitFile)))
                status_writer.publishing_finished()
                if publisher.prebuild(visible):
                    media_worker.build(publisher.artifacts(visible))
            failed = False
        except index.IndexDamaged:  # the next publisher checks the index, and logs the damage
            if publisher:
                publisher.close()
            publisher = None
            sleep(IDLE_SECONDS)
            continue
        except Exception:
            if not failed:
                logger.exception("publishing failed; it is retried until it succeeds")
            failed = True
            if publisher:
                publisher.close()
            publisher = None
        retry_at = monotonic() + max(RETRY_SECONDS, RETRY_FACTOR * (monotonic() - started))
        while not watcher.has_changes() and not (failed and monotonic() > retry_at):
            if not failed and publisher and monotonic() >= next_repair and publisher.find_damage():
                next_repair = monotonic() + REPAIR_SECONDS
                break
            if publisher and not failed and media_worker.has_news():
                break
            if failed or not publisher or not publisher.recompress_next():
                sleep(IDLE_SECONDS)
        watcher.clear()
        if reload:
            current.refresh()
