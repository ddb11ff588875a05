"""The drills. Each takes an empty database, a folder, a seed for its random choices, and a number of visitors."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ...support.postgres import Postgres
from . import databases
from .drill_report import Report
from .processes import NO_LIMITS, SALES, Killer, Site, running, wait_until
from .visitors import OpenForm, Visit, in_parallel, open_forms, request, submit_until_answered

# The lease, in seconds, in drills that kill the delivery worker. The lease is long enough for a delivery, and short
# enough that a drill can wait until the lease expires.
LEASE = 4

# The maximum response time on a busy machine, in seconds. A request that waited for the failed database or mail server
# would take 15 seconds or more.
MAX_RESPONSE_SECONDS = 10


def same_form(database: str, folder: Path, seed: int, size: int) -> Report:
    """Submit one form many times in parallel, as double clicks and reloads do."""
    report, email = Report(seed), "priya@visitor.example"
    with running(Site(folder, database)) as site:
        site.start_gunicorn()
        site.start_delivery_worker()
        (form,) = open_forms(site.port, 1)
        responses = in_parallel(range(size), lambda _: form.submit(email))
        thanked = [response for response in responses if response.is_thank_you]
        pages = {request(site.port, "GET", response.location.partition("#")[0]).text for response in thanked}
        site.wait_until_delivered()
        rows = len(site.rows("SELECT id FROM leads_lead"))
        report.figures = {"posts": size, "thanks": len(thanked), "rows": rows}
        report.record_response_times(response.seconds for response in responses)
        report.check("every post redirects to the thank-you page", len(thanked) == size)
        report.check("all thank-you pages are equal", len(pages) == 1 and all('id="sent"' in page for page in pages))
        report.check("there is one lead", rows == 1)
        recipients = Counter(message.recipient for message in site.mail_server.received)
        report.check("there is one email to sales and one reply", recipients == {SALES: 1, email: 1})
        report.check("there is one webhook", len(site.webhook_receiver.received) == 1)
        report.check_invariants(site, {email})
    return report


def kills(database: str, folder: Path, seed: int, size: int) -> Report:
    """Kill gunicorn's master, its workers and the delivery worker with SIGKILL while visitors submit forms."""
    report, random = Report(seed), Random(seed)
    targets = [*Killer.TARGETS, "the delivery worker", "the delivery worker"] * max(1, size // 50)
    random.shuffle(targets)
    with running(Site(folder, database, lease=LEASE)) as site:
        site.mail_server.delay = site.webhook_receiver.delay = 0.02
        killer = Killer(site, random)
        schedule = _Schedule(open_forms(site.port, size), [random.uniform(0, 0.3 * size) for _ in range(size)])
        killer.reset_clock()

        def kill_all() -> None:
            for target in targets:
                time.sleep(random.uniform(0.2, 3))
                killer.kill(target)

        visits = schedule.run_during(kill_all)
        site.wait_until_delivered()
        report.events = killer.events
        report.check_delivery(site, visits, max_duplicates=killer.delivery_worker_kills)
    return report


def outage(server: Postgres, folder: Path, seed: int, size: int) -> Report:
    """Stop, crash and pause PostgreSQL while visitors submit forms. Kill delivery workers that replay the spool."""
    report, random = Report(seed), Random(seed)
    failures: list[tuple[str, Callable[[float], None]]] = [
        ("stopped", lambda seconds: databases.stop(server, signal.SIGINT, seconds)),
        ("paused", lambda seconds: databases.pause(server, seconds)),
        ("crashed", lambda seconds: databases.stop(server, signal.SIGQUIT, seconds)),
    ]
    random.shuffle(failures)
    with running(Site(folder, server.url, lease=LEASE)) as site:
        site.mail_server.delay = site.webhook_receiver.delay = 0.02
        killer = Killer(site, random)
        forms = open_forms(site.port, size)
        # For each failure, in seconds: the time before the failure starts, and how long the failure lasts.
        durations = [(random.uniform(0.5, 1.5), random.uniform(2.5, 4)) for _ in failures]
        total = sum(before + down + 3 for before, down in durations)
        schedule = _Schedule(forms, [random.uniform(0, total) for _ in range(size)])
        killer.reset_clock()

        def cause_failures() -> None:
            for (name, fail), (before, down) in zip(failures, durations, strict=True):
                time.sleep(before)
                killer.record(f"PostgreSQL {name} for {down:.1f} s")
                fail(down)
                # Kill the worker, and soon afterwards kill its successor, which may be replaying the spool.
                for max_wait in (1, 2):
                    time.sleep(random.uniform(0, max_wait))
                    killer.kill("the delivery worker")

        visits = schedule.run_during(cause_failures)
        site.wait_until_delivered()
        report.events = killer.events
        slowest = max(visit.seconds for visit in visits)
        report.check(f"every response takes less than {MAX_RESPONSE_SECONDS} s", slowest < MAX_RESPONSE_SECONDS)
        report.check("every first try succeeds", all(visit.tries == 1 for visit in visits))
        spooled = site.log.read_text().count("saved to the spool")
        report.notes.append(f"{spooled} leads were spooled")
        report.check("some leads were spooled", spooled > 0)
        # A worker that loses the database can't record that it has just sent a message. So each failure may cause one
        # duplicate.
        report.check_delivery(site, visits, max_duplicates=killer.delivery_worker_kills + len(failures))
    return report


def hanging_mail(database: str, folder: Path, seed: int, size: int) -> Report:
    """Submit forms while the mail server receives emails but doesn't respond.

    After at least `size` / 2 seconds, the mail server responds again.
    """
    report = Report(seed)
    with running(Site(folder, database)) as site:
        site.start_gunicorn()
        site.start_delivery_worker()
        first, *others = open_forms(site.port, size)
        site.mail_server.hanging.set()
        visits = [submit_until_answered(first, "visitor-0@visitor.example")]
        wait_until(lambda: site.mail_server.hung > 0, "the worker waits for the mail server")
        end = time.monotonic() + size / 2
        visitors = [(form, f"visitor-{number}@visitor.example") for number, form in enumerate(others, 1)]
        visits += in_parallel(visitors, lambda visitor: submit_until_answered(*visitor))
        slowest = max(visit.seconds for visit in visits)
        report.check("no visitor waits for the mail server", slowest < MAX_RESPONSE_SECONDS)
        time.sleep(max(0.0, end - time.monotonic()))
        site.mail_server.hanging.clear()
        site.wait_until_delivered()
        report.notes.append(f"{site.mail_server.hung} emails hung")
        report.check_delivery(site, visits, max_duplicates=site.mail_server.hung)
    return report


def flood(database: str, folder: Path, seed: int, size: int, *, forged: bool = False) -> Report:
    """Submit forms with many email addresses from one client.

    If `forged` is true, the client also forges X-Forwarded-For.
    """
    return _submit_strangers(database, folder, Report(seed), size, forged, "")


def forged(database: str, folder: Path, seed: int, size: int) -> Report:
    return flood(database, folder, seed, size, forged=True)


def crowd(database: str, folder: Path, seed: int, size: int) -> Report:
    """Submit forms with many email addresses, each from a different client behind a trusted proxy."""
    return _submit_strangers(database, folder, Report(seed), size, True, "127.0.0.1")


def _submit_strangers(
    database: str, folder: Path, report: Report, size: int, forwarded: bool, trusted_proxies: str
) -> Report:
    """Submit one form with many email addresses. Check that the number of sent replies equals the limit."""
    limits = NO_LIMITS | {"client": 20, "total": min(200, size // 3)}
    limit = limits["total" if trusted_proxies else "client"]
    with running(Site(folder, database, limits=limits, TRUSTED_PROXIES=trusted_proxies)) as site:
        site.start_gunicorn()
        site.start_delivery_worker()
        (form,) = open_forms(site.port, 1)
        emails = [f"stranger-{number}@elsewhere-{number}.example" for number in range(size)]
        random = Random(report.seed)
        clients = [f"198.18.{number // 250}.{number % 250}" if forwarded else "" for number in range(size)]
        random.shuffle(clients)
        responses = in_parallel(zip(emails, clients, strict=True), lambda visitor: form.submit(*visitor))
        site.wait_until_delivered()
        recipients = Counter(message.recipient for message in site.mail_server.received)
        replies = sum(count for email, count in recipients.items() if email != SALES)
        leads = Counter(quarantine for (quarantine,) in site.rows("SELECT quarantine FROM leads_lead"))
        thanks = sum(response.is_thank_you for response in responses)
        report.figures = {"posts": size, "thanks": thanks, "rows": leads.total()}
        report.notes.append(
            f"limit {limit}: {leads['']} leads accepted, {replies} emails to strangers, {recipients[SALES]} to sales"
        )
        report.record_response_times(response.seconds for response in responses)
        report.check("every visitor sees the thank-you page", thanks == size)
        report.check("every lead is saved", leads.total() == size)
        report.check("no lead is held back", set(leads) == {""})
        report.check("strangers get no more emails than the limit allows", replies == limit)
        report.check("sales get one email per lead, and one alert", recipients[SALES] == size + 1)
        report.check_invariants(site, set(emails))
    return report


def two_workers(database: str, folder: Path, seed: int, size: int) -> Report:
    """Run two delivery workers on one outbox."""
    report = Report(seed)
    with running(Site(folder, database)) as site:
        site.start_gunicorn()
        site.mail_server.delay = site.webhook_receiver.delay = 0.05
        forms = open_forms(site.port, size)
        visitors = [(form, f"visitor-{number}@visitor.example") for number, form in enumerate(forms)]
        visits = in_parallel(visitors, lambda visitor: submit_until_answered(*visitor))
        site.start_delivery_worker()
        site.start_delivery_worker()
        site.wait_until_delivered()
        report.notes.append(f"up to {site.mail_server.max_parallel} emails at the same time")
        report.check("both workers send at the same time", site.mail_server.max_parallel == 2)
        report.check_delivery(site, visits, max_duplicates=0)
    return report


@dataclass
class _Schedule:
    """Opened forms, and the times at which they are submitted, in seconds after the start."""

    forms: list[OpenForm]
    times: list[float]

    def run_during(self, function: Callable[[], None]) -> list[Visit]:
        """Submit the forms on schedule while `function` runs. Return when the forms are sent and `function` is done."""
        started = time.monotonic()

        def submit(number: int) -> Visit:
            time.sleep(max(0.0, started + self.times[number] - time.monotonic()))
            return submit_until_answered(self.forms[number], f"visitor-{number}@visitor.example")

        in_order = sorted(range(len(self.forms)), key=self.times.__getitem__)
        with ThreadPoolExecutor(1) as pool:
            visits = pool.submit(in_parallel, in_order, submit)
            function()
            return visits.result()
