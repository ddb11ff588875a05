"""The site's figures for Prometheus. Each label has a fixed set of values, and nothing identifies a person."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from leads import health, lead_results
from pages import atomic_files
from pages.content import content_folder
from pages.publish import content_status
from pages.publish.publisher_lag import lag_seconds
from pages.publish.release import content_status_path
from pages.repository import current

from .. import readiness
from .request_counters import BOUNDS, KINDS, STATUS_CLASSES, TIMED_KINDS, bucket_key, lead_key, request_key, seconds_key
from .worker_counters import Numbers

PREFIX = "layersrank_"

# Each of these gauges shows a number from leads.health.status(): the number's key, the gauge's name, and its
# description. A number is missing while the database or the spool can't be read.
HEALTH_GAUGES = (
    ("undelivered", "outbox_messages", "Pending messages, except replies and messages to search engines."),
    ("oldest_undelivered_seconds", "outbox_oldest_seconds", "Age of the oldest message that outbox_messages counts."),
    ("dead_letters", "outbox_dead_letters", "Messages that are no longer retried."),
    ("held_back", "leads_held_back", "Held-back leads."),
    ("spooled", "spool_leads", "Leads in the spool, which wait for the database."),
    ("oldest_spooled_seconds", "spool_oldest_seconds", "Age of the oldest lead in the spool."),
    ("put_aside", "spool_set_aside", "Spool records that could not be saved to the database."),
)


class SiteCollector(Collector):
    """Collects all figures when Prometheus asks for them. `numbers` are the sums of all workers' counters."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def collect(self) -> Iterator[Metric]:
        yield self._requests()
        yield self._durations()
        yield self._leads()
        yield from _health()
        yield from _disk()
        yield from _content()

    def _requests(self) -> Metric:
        description = "Answered requests, except probes, by kind of answer and class of status."
        family = CounterMetricFamily(f"{PREFIX}requests", description, labels=("kind", "status"))
        for kind in KINDS:
            for status in STATUS_CLASSES:
                family.add_metric((kind, status), self._numbers.get(request_key(kind, status), 0))
        return family

    def _durations(self) -> Metric:
        description = "Time from a request to the start of Django's answer, including the wait for a slot."
        family = HistogramMetricFamily(f"{PREFIX}request_duration_seconds", description, labels=("kind",))
        for kind in TIMED_KINDS:
            buckets, total = [], 0.0
            for number, bound in enumerate((*BOUNDS, "+Inf")):
                total += self._numbers.get(bucket_key(kind, number), 0)
                buckets.append((str(bound), total))
            family.add_metric((kind,), buckets, self._numbers.get(seconds_key(kind), 0))
        return family

    def _leads(self) -> Metric:
        description = "Leads received, by result: taken, held_back, spooled or lost."
        family = CounterMetricFamily(f"{PREFIX}leads", description, labels=("result",))
        for result in lead_results.RESULTS:
            family.add_metric((result,), self._numbers.get(lead_key(result), 0))
        return family


def _health() -> Iterator[Metric]:
    status = health.status()
    yield _gauge("database_up", "1 if the database responds.", status["database"] == "ok")
    yield _gauge("spool_writable", "1 if leads can be written to the spool.", status["spool"] == "ok")
    for key, name, description in HEALTH_GAUGES:
        if key in status:
            yield _gauge(name, description, status[key])


def _disk() -> Iterator[Metric]:
    free = GaugeMetricFamily(f"{PREFIX}disk_free_bytes", "Free space on the folder's disk.", labels=("folder",))
    description = "1 if the site can write to the folder."
    writable = GaugeMetricFamily(f"{PREFIX}disk_writable", description, labels=("folder",))
    for name, folder in readiness.folders().items():
        free.add_metric((name,), atomic_files.free_bytes(folder))
        try:
            atomic_files.check_writable(folder)
        except OSError:
            writable.add_metric((name,), 0)
        else:
            writable.add_metric((name,), 1)
    yield from (free, writable)


def _content() -> Iterator[Metric]:
    stamps = content_folder.scan(settings.CONTENT_DIR)
    documents = content_folder.document_paths(settings.CONTENT_DIR, stamps)
    yield _gauge("documents", "Documents in the content folder.", len(documents))
    closed = content_folder.closed_paths(settings.CONTENT_DIR, stamps)
    yield _gauge("unreadable_files", "Files and folders that the site has no permission to open.", len(closed))
    status = content_status.read(content_status_path())
    problems = GaugeMetricFamily(
        f"{PREFIX}content_problems", "Problems in documents. Missing until the first check.", labels=("level",)
    )
    for level, count in (("error", status.errors), ("warning", status.warnings)):
        if count is not None:
            problems.add_metric((level,), count)
    yield problems
    library = current.get_library()
    outdated_help = "1 if the file has errors, so the site uses the file's last valid version."
    outdated = GaugeMetricFamily(f"{PREFIX}settings_outdated", outdated_help, labels=("file",))
    lost_help = "1 if the file can't be read, and the site knows no valid version."
    lost = GaugeMetricFamily(f"{PREFIX}settings_lost", lost_help, labels=("file",))
    for name, file in (("site.toml", library.settings), ("facts.toml", library.loaded_facts)):
        outdated.add_metric((name,), file.is_outdated and not file.is_lost)
        lost.add_metric((name,), file.is_lost)
    yield from (outdated, lost)
    yield _gauge("publisher_lag_seconds", "Age of the oldest edit that isn't published yet.", lag_seconds())


def _gauge(name: str, description: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}{name}", description, value=value)
