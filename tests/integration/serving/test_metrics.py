"""Test /metrics, and that the alert rules and the dashboard name only figures that exist."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from layersrank_site import readiness
from layersrank_site.metrics import metrics_view
from layersrank_site.metrics.request_counters import RequestCounters
from layersrank_site.metrics.worker_counters import WorkerCounters
from leads import health, intake, lead_results, spool
from leads.models import Quarantine
from pages import atomic_files
from pages.publish import content_status
from pages.publish.content_status import ContentStatus
from pages.repository import current

from ...conftest import ROOT
from ..leads.conftest import submission

ALERTS = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text())["groups"][0]["rules"]
DASHBOARD = json.loads((ROOT / "deploy" / "grafana.json").read_text())
QUERIES = [rule["expr"] for rule in ALERTS]
QUERIES += [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]

METRIC = re.compile(r"\blayersrank_\w+")
SELECTOR = re.compile(r"\b(layersrank_\w+)\{([^}]*)\}")
LABEL = re.compile(r"(\w+)(=|!=|=~)\"([^\"]*)\"")


@pytest.fixture
def metrics(client, content):
    """Return a function that reads /metrics. It returns the values, keyed by name and sorted labels."""

    def read():
        response = client.get("/metrics")
        assert response.status_code == 200
        assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert response["Cache-Control"] == "no-store"
        families = text_string_to_metric_families(response.content.decode())
        return {
            (sample.name.removeprefix("layersrank_"), *sorted(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }

    return read


@pytest.fixture
def counters(tmp_path, monkeypatch):
    counters = RequestCounters()
    monkeypatch.setattr(metrics_view, "_workers", WorkerCounters(tmp_path / "worker-counters", counters.read))
    monkeypatch.setattr(lead_results, "_counts", type(lead_results._counts)())
    return counters


@pytest.mark.django_db(transaction=True)
def test_a_healthy_site(metrics):
    values = metrics()
    well = ["database_up", "spool_writable"]
    assert [values[(name,)] for name in well] == [1, 1]
    zero = ["outbox_messages", "outbox_oldest_seconds", "outbox_dead_letters", "leads_held_back", "spool_leads"]
    zero += ["spool_oldest_seconds", "spool_set_aside", "unreadable_files", "publisher_lag_seconds"]
    assert {name: values[(name,)] for name in zero} == dict.fromkeys(zero, 0)
    assert values[("documents",)] > 0
    assert values["disk_free_bytes", ("folder", "build")] > 0
    assert {labels for name, *labels in values if name == "disk_writable" for labels in labels} == {
        ("folder", folder) for folder in readiness.folders()
    }


@pytest.mark.django_db(transaction=True)
def test_requests_and_durations_of_all_kinds(metrics, counters):
    counters.prebuilt.update({200: 7, 304: 2})
    counters.add("rendered", 404, 0.02)
    counters.add("rendered", 200, 40)
    counters.add("form", 303, 0.3)
    values = metrics()
    assert values["requests_total", ("kind", "prebuilt"), ("status", "2xx")] == 7
    assert values["requests_total", ("kind", "rendered"), ("status", "4xx")] == 1
    assert values["requests_total", ("kind", "form"), ("status", "3xx")] == 1
    assert values["requests_total", ("kind", "admin"), ("status", "5xx")] == 0
    buckets = {
        dict(labels)["le"]: value
        for (name, *labels), value in values.items()
        if name == "request_duration_seconds_bucket" and ("kind", "rendered") in labels
    }
    assert (buckets["0.01"], buckets["0.025"], buckets["30.0"], buckets["+Inf"]) == (0, 1, 1, 2)
    assert values["request_duration_seconds_sum", ("kind", "rendered")] == pytest.approx(40.02)
    assert values["request_duration_seconds_count", ("kind", "form")] == 1


@pytest.mark.django_db(transaction=True)
def test_each_lead_counts_once(metrics, counters, monkeypatch, settings, tmp_path):
    intake.save(submission())
    intake.save(submission())  # a double click
    intake.save(submission(opening="other", suspicion=Quarantine.TOO_FAST))
    settings.SPOOL_DIR = tmp_path / "spool"

    def fail(save):
        raise OperationalError

    monkeypatch.setattr(intake, "write_with_timeout", fail)
    intake.save(submission(opening="third"))

    def full(saved):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "append", full)
    with pytest.raises(intake.NotSaved):
        intake.save(submission(opening="fourth"))
    values = metrics()
    results = {dict(labels)["result"]: value for (name, *labels), value in values.items() if name == "leads_total"}
    assert results == {"taken": 1, "held_back": 1, "spooled": 1, "lost": 1}
    assert (values[("leads_held_back",)], values[("spool_leads",)]) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_figures_about_leads_are_missing_while_the_database_is_down(metrics, monkeypatch):
    def fail(read):
        raise OperationalError

    monkeypatch.setattr(health, "read_with_timeout", fail)
    values = metrics()
    assert values[("database_up",)] == 0
    assert ("outbox_messages",) not in values


@pytest.mark.django_db(transaction=True)
def test_disk_and_content(metrics, content, monkeypatch):
    def full(folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_files, "check_writable", full)
    monkeypatch.setattr(content_status, "read", lambda path: ContentStatus(errors=3, warnings=5))
    (content / "site.toml").write_text("name = ")
    values = metrics()
    assert values["disk_writable", ("folder", "spool")] == values[("spool_writable",)] == 0
    assert values["content_problems", ("level", "error")] == 3
    assert values["settings_outdated", ("file", "site.toml")] == 1
    assert values["settings_outdated", ("file", "facts.toml")] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_deleted", [False, True])
def test_publisher_lag_is_the_age_of_the_oldest_unpublished_edit(metrics, content, monkeypatch, is_deleted):
    published = current.get_library()
    monkeypatch.setattr(current, "get_library", lambda: published)
    if is_deleted:
        (content / "terms.md").unlink()
    else:
        (content / "terms.md").write_text("edited")
    later = datetime.now(UTC) + timedelta(minutes=5)
    monkeypatch.setattr("pages.publish.publisher_lag.time", later.timestamp)
    assert metrics()[("publisher_lag_seconds",)] == pytest.approx(300, abs=60)


@pytest.mark.django_db(transaction=True)
def test_nothing_in_the_figures_is_personal(client, content):
    intake.save(submission())
    text = client.get("/metrics").content.decode()
    assert not re.search("example|priya|127\\.0|203\\.0", text, re.IGNORECASE)


@pytest.mark.django_db(transaction=True)
def test_alerts_and_dashboard_name_only_existing_figures_and_labels(metrics, monkeypatch):
    monkeypatch.setattr(content_status, "read", lambda path: ContentStatus(errors=0, warnings=0))
    values = metrics()
    names = {f"layersrank_{name}" for name, *_ in values}
    labels = {(f"layersrank_{name}", *label) for name, *found in values for label in found}
    for query in QUERIES:
        assert set(METRIC.findall(query)) <= names, query
        assert query.count("(") == query.count(")")
        for name, selector in SELECTOR.findall(query):
            for label, _, value in LABEL.findall(selector):
                assert {(name, label, each) for each in value.split("|")} <= labels, query
    shown = set(METRIC.findall(" ".join(QUERIES)))
    assert {re.sub("_(bucket|sum|count)$", "", name) for name in names} == {
        re.sub("_bucket$", "", name) for name in shown
    }


def test_each_alarm_that_readyz_reports_has_an_alert_with_the_same_message():
    table = (ROOT / "docs" / "operations.md").read_text().partition("### What does the alarm say?")[2]
    rows = re.findall(r"^\| (?:“(.+?)”)?([^|]*) \|", table.partition("\n### ")[0], re.MULTILINE)
    alarms = [
        message or place
        for message, place in rows
        if not place.startswith((", in the log", ", in an email", ", in a daily email", "message", "---"))
    ]
    assert len(alarms) > 15
    assert [rule["annotations"]["message"] for rule in ALERTS if rule["annotations"]["message"] in alarms]
    assert sorted(alarms) == sorted(rule["annotations"]["message"] for rule in ALERTS)


def test_each_alert_says_what_to_do():
    names = [rule["alert"] for rule in ALERTS]
    assert len(names) == len(set(names))
    assert all(rule["annotations"]["help"].endswith(".") for rule in ALERTS)


def test_the_sums_include_both_workers_of_a_running_site(server):
    """Other tests may use the same site at the same time, so the numbers may grow by more than this test's requests."""

    def number(response, kind, status):
        (value,) = re.findall(
            rf'^layersrank_requests_total{{kind="{kind}",status="{status}"}} (\S+)$', response.text, re.M
        )
        return float(value)

    before = server.get("/metrics")
    for _ in range(20):  # each request opens its own connection, so both workers get requests
        assert server.get("/llms.txt").status == 200
        assert server.get("/no-such-page").status == 404
    server.until(
        "/metrics",
        lambda now: (
            number(now, "prebuilt", "2xx") >= number(before, "prebuilt", "2xx") + 20
            and number(now, "rendered", "4xx") >= number(before, "rendered", "4xx") + 20
        ),
    )
