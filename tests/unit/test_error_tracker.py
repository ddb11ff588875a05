"""Reports of errors: what an error tracker receives, and that it receives nothing about a visitor."""

import gzip
import json
import logging
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import brotli
import pytest
from django.db import IntegrityError

from pages import error_tracker, log
from tests.support.waiting import PATIENCE

from ..conftest import ROOT

DECODED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}

DSN = "https://key@errors.example.com/1"

# This program reports errors to the DSN in its first argument. Its stack frames contain a visitor's data.
PROGRAM = """
import logging, sys
from pages import error_tracker, log

log.configure()
error_tracker.start(sys.argv[1], lambda: "c0ffee")
log.configure()  # the delivery worker and `deliver --watch` both set up the log

def save(email):
    raise ValueError(f"{email} is not valid")

logger = logging.getLogger("leads.intake")
try:
    save("priya@visitor.example")
except ValueError:
    logger.exception("a lead was not saved: /preview/s3cr3t")
logger.warning("nothing")
"""


@pytest.fixture
def reports(monkeypatch):
    """Collect the reports of this process."""
    collected = []
    handler = error_tracker.ErrorHandler(collected.append)
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    return collected


def test_the_tracker_receives_the_log_line_and_the_code_but_no_data():
    received = []

    class Tracker(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(DECODED[self.headers["Content-Encoding"]](body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Tracker) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        dsn = f"http://key@127.0.0.1:{server.server_port}/1"
        command = [sys.executable, "-c", PROGRAM, dsn]
        subprocess.run(command, cwd=ROOT, check=True, timeout=PATIENCE, stderr=subprocess.DEVNULL)
        server.shutdown()
    (envelope,) = received
    report = json.loads(envelope.splitlines()[2])
    assert (report["level"], report["logger"], report["release"]) == ("error", "leads.intake", "c0ffee")
    assert report["logentry"]["formatted"] == "a lead was not saved: /preview/…"
    (exception,) = report["exception"]["values"]
    assert (exception["type"], exception["value"]) == ("ValueError", "")
    assert [frame["function"] for frame in exception["stacktrace"]["frames"]] == ["<module>", "save"]
    allowed = {"event_id", "timestamp", "platform", "sdk", "environment", "server_name", "_meta", "contexts"}
    assert report.keys() - allowed == {"level", "logger", "logentry", "tags", "exception", "release"}
    assert report["server_name"] == ""
    for secret in (b"priya", b"visitor.example", b"s3cr3t", b"vars"):
        assert secret not in envelope


def test_only_errors_are_reported_and_each_once(reports):
    logging.getLogger("leads.intake").warning("the database is slow")
    fields = {"fields": {"status": 500, "path": "/start"}}
    logging.getLogger("layersrank_site.serving.request_log").error("request", extra=fields)
    logging.getLogger("django.security.DisallowedHost").error("Invalid HTTP_HOST header: 'evil'")
    assert reports == []
    logging.getLogger("leads.intake").critical("a lead was not saved")
    assert [report["logentry"] for report in reports] == [{"formatted": "a lead was not saved"}]


def test_a_report_has_the_causes_and_the_request_id_but_no_message_that_can_quote_a_visitor(reports):
    token = log.request_id.set("0123abcd")
    try:
        try:
            raise IntegrityError("Key (email)=(priya@example.com) already exists")
        except IntegrityError as error:
            raise FileNotFoundError(2, "", "/data/spool") from error
    except OSError:
        logging.getLogger("leads").exception("it failed")
    log.request_id.reset(token)
    (report,) = reports
    values = [(value["type"], value["value"]) for value in report["exception"]["values"]]
    assert values == [("IntegrityError", ""), ("FileNotFoundError", "No such file or directory /data/spool")]
    assert report["tags"] == {"request_id": "0123abcd"}
    assert "priya@example.com" not in str([value["value"] for value in report["exception"]["values"]])


def test_a_failing_tracker_does_not_disturb_the_site(monkeypatch):
    def fail(report):
        raise OSError

    handler = error_tracker.ErrorHandler(fail)
    monkeypatch.setattr(logging, "raiseExceptions", False)
    monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
    logging.getLogger("leads").error("it failed")


def test_without_a_dsn_the_package_is_not_even_imported():
    program = (
        "import sys\nfrom pages import error_tracker\nerror_tracker.start('')\nassert 'sentry_sdk' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=PATIENCE)


@pytest.mark.parametrize("value", [DSN, "http://key@127.0.0.1:9000/12", "https://a@o1.ingest.de.sentry.io/path/7"])
def test_valid_dsn(value):
    assert error_tracker.is_dsn(value)


@pytest.mark.parametrize(
    "value",
    ["key", "https://errors.example.com/1", "https://key@errors.example.com", "ftp://key@host/1", "https://k@[/1"],
)
def test_invalid_dsn(value):
    assert not error_tracker.is_dsn(value)


def test_the_name_of_the_tracker():
    assert error_tracker.tracker_name(DSN) == "errors.example.com"
    assert error_tracker.tracker_name("https://a@o1.ingest.de.sentry.io/7") == "Sentry"
    assert error_tracker.tracker_name("https://a@notsentry.io/7") == "notsentry.io"
