"""/metrics: the site's figures in Prometheus' text format."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from .request_counters import RequestCounters
from .worker_counters import WorkerCounters

_workers: WorkerCounters | None = None


def start_counting() -> RequestCounters:
    """Return new counters for this worker's requests. Write them to a file regularly, for the other workers."""
    global _workers
    counters = RequestCounters()
    _workers = WorkerCounters(settings.DATA_DIR / "worker-counters", counters.read)
    _workers.write_regularly()
    return counters


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures of all workers. In development, requests aren't counted, so their number is 0."""
    # Only sites with Prometheus need this package, so a worker imports it with the first request for /metrics.
    from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest

    from .collector import SiteCollector

    registry = CollectorRegistry(auto_describe=False)
    registry.register(SiteCollector(_workers.totals() if _workers else {}))
    body = generate_latest(registry)
    return HttpResponse(body, content_type=CONTENT_TYPE_PLAIN_0_0_4, headers={"Cache-Control": "no-store"})
