"""The drills. Each takes an empty database, a folder and a seed, which decides when what is killed, and a size."""

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
from .processes import SALES, Killer, Site, running, until
from .report import Report
from .visitors import Opened, Sent, ask, at_once, open_forms, send_until_thanked

# How long a killed worker's message is held in drills that kill it: longer than a message takes.
LEASE = 4

# In seconds, on a machine that does much else. Whoever waited for what hangs here would wait for 15 and more.
SOON = 10


def same_form(database: str, folder: Path, seed: int, size: int) -> Report:
    """One form is sent many times at once, as by double clicks and reloads."""
    report, email = Report(seed), "priya@visitor.example"
    with running(Site(folder, database)) as site:
        site.serve()
        site.deliver()
        (opened,) = open_forms(site.port, 1)
        replies = at_once(range(size), lambda _: opened.send(email))
        pages = {ask(site.port, "GET", reply.location.partition("#")[0]).text for reply in replies if reply.is_thanks}
        site.until_all_is_told()
        thanks, rows = sum(reply.is_thanks for reply in replies), len(site.rows("SELECT id FROM leads_lead"))
        report.figures = {"posts": size, "thanks": thanks, "rows": rows}
        report.tell_times(reply.seconds for reply in replies)
        report.claim("every post is thanked", thanks == size)
        report.claim("all thank-yous are one page", len(pages) == 1 and all("Thank you." in page for page in pages))
        report.claim("there is one row", rows == 1)
        to = Counter(arrival.to for arrival in site.sink.arrivals)
        report.claim("one mail to sales, one reply", to == {SALES: 1, email: 1})
        report.claim("one webhook", len(site.receiver.arrivals) == 1)
        report.look_around(site, {email})
    return report


def kills(database: str, folder: Path, seed: int, size: int) -> Report:
    """`kill -9` of gunicorn, all or parts of it, and of the delivery worker, while visitors send."""
    report, random = Report(seed), Random(seed)
    targets = [*Killer.TARGETS, "the delivery worker", "the delivery worker"] * max(1, size // 50)
    random.shuffle(targets)
    with running(Site(folder, database, lease=LEASE)) as site:
        site.sink.seconds = site.receiver.seconds = 0.02
        killer = Killer(site, random)
        visits = _Visits(open_forms(site.port, size), [random.uniform(0, 0.3 * size) for _ in range(size)])
        killer.begin()

        def kill_all() -> None:
            for target in targets:
                time.sleep(random.uniform(0.2, 3))
                killer.kill(target)

        sent = visits.during(kill_all)
        site.until_all_is_told()
        report.moments = killer.kills
        report.look_at(site, sent, allowed=killer.of_the_worker)
    return report


def outage(server: Postgres, folder: Path, seed: int, size: int) -> Report:
    """PostgreSQL is stopped, breaks down, and hangs, while visitors send; the worker is killed as it brings back what
    waited."""
    report, random = Report(seed), Random(seed)
    ways: list[tuple[str, Callable[[float], None]]] = [
        ("stopped", lambda seconds: databases.stop(server, signal.SIGINT, seconds)),
        ("hung", lambda seconds: databases.hang(server, seconds)),
        ("broken down", lambda seconds: databases.stop(server, signal.SIGQUIT, seconds)),
    ]
    random.shuffle(ways)
    with running(Site(folder, server.url, lease=LEASE)) as site:
        site.sink.seconds = site.receiver.seconds = 0.02
        killer = Killer(site, random)
        opened = open_forms(site.port, size)
        spans = [(random.uniform(0.5, 1.5), random.uniform(2.5, 4)) for _ in ways]
        span = sum(before + down + 3 for before, down in spans)
        visits = _Visits(opened, [random.uniform(0, span) for _ in range(size)])
        killer.begin()

        def break_all() -> None:
            for (name, way), (before, down) in zip(ways, spans, strict=True):
                time.sleep(before)
                killer.kills.append((round(time.monotonic() - killer.begun, 2), f"PostgreSQL {name} for {down:.1f} s"))
                way(down)
                for longest in (1, 2):  # at once, and as its successor brings in what waited
                    time.sleep(random.uniform(0, longest))
                    killer.kill("the delivery worker")

        sent = visits.during(break_all)
        site.until_all_is_told()
        report.moments = killer.kills
        report.claim("everyone is thanked within a few seconds", max(each.seconds for each in sent) < SOON)
        report.claim("everyone is thanked at once", all(each.tries == 1 for each in sent))
        spooled = site.log.read_text().count("waits in the spool")
        report.notes.append(f"{spooled} leads waited in the spool")
        report.claim("some leads went to the spool", spooled > 0)
        # A worker that is cut off from the database cannot write down what it has just sent, once each time.
        report.look_at(site, sent, allowed=killer.of_the_worker + len(ways))
    return report


def hanging_mail(database: str, folder: Path, seed: int, size: int) -> Report:
    """The mail server takes a mail and says nothing more, for half a second a visitor."""
    report = Report(seed)
    with running(Site(folder, database)) as site:
        site.serve()
        site.deliver()
        opened = open_forms(site.port, size)
        site.sink.hanging.set()
        sent = [send_until_thanked(opened[0], "visitor-0@visitor.example")]
        until(lambda: site.sink.hung > 0, "the worker waits for the mail server")
        end = time.monotonic() + size / 2
        others = [(form, f"visitor-{number}@visitor.example") for number, form in enumerate(opened[1:], 1)]
        sent += at_once(others, lambda each: send_until_thanked(*each))
        report.claim("no post waits for the mail server", max(each.seconds for each in sent) < SOON)
        time.sleep(max(0.0, end - time.monotonic()))
        site.sink.hanging.clear()
        site.until_all_is_told()
        report.notes.append(f"{site.sink.hung} mails hung")
        report.look_at(site, sent, allowed=site.sink.hung)
    return report


def flood(database: str, folder: Path, seed: int, size: int, *, forged: bool = False) -> Report:
    """One client names many strangers; forged: and says with each that it is another client."""
    return _strangers(database, folder, Report(seed), size, forged, "")


def forged(database: str, folder: Path, seed: int, size: int) -> Report:
    return flood(database, folder, seed, size, forged=True)


def crowd(database: str, folder: Path, seed: int, size: int) -> Report:
    """As many clients as strangers, behind a proxy that is trusted."""
    return _strangers(database, folder, Report(seed), size, True, "127.0.0.1")


def _strangers(database: str, folder: Path, report: Report, size: int, forwarded: bool, proxies: str) -> Report:
    caps = {"client": 20, "recipient": 5, "all": min(200, size // 3)}
    cap = caps["all" if proxies else "client"]
    with running(Site(folder, database, caps=caps, TRUSTED_PROXIES=proxies)) as site:
        site.serve()
        site.deliver()
        (opened,) = open_forms(site.port, 1)
        emails = [f"stranger-{number}@elsewhere-{number}.example" for number in range(size)]
        random = Random(report.seed)
        clients = [f"198.18.{number // 250}.{number % 250}" if forwarded else "" for number in range(size)]
        random.shuffle(clients)
        replies = at_once(zip(emails, clients, strict=True), lambda each: opened.send(*each))
        site.until_all_is_told()
        to = Counter(arrival.to for arrival in site.sink.arrivals)
        to_strangers = sum(count for email, count in to.items() if email != SALES)
        kept = Counter(name for (name,) in site.rows("SELECT quarantine FROM leads_lead"))
        report.figures = {"posts": size, "thanks": sum(reply.is_thanks for reply in replies), "rows": kept.total()}
        report.notes.append(f"{kept['']} let through of {cap}, {to_strangers} mails to strangers, {to[SALES]} to sales")
        report.tell_times(reply.seconds for reply in replies)
        report.claim("everyone is thanked", all(reply.is_thanks for reply in replies))
        report.claim("everything is kept", kept.total() == size)
        report.claim("as many are let through as the cap says", kept[""] == cap)
        report.claim("the cap holds them back", set(kept) == {"", "global-cap" if proxies else "client-cap"})
        report.claim("no more mails to strangers than the cap", to_strangers == cap)
        report.claim("sales get no more, and one alarm", to[SALES] == cap + 1)
        report.look_around(site, set(emails))
    return report


def two_workers(database: str, folder: Path, seed: int, size: int) -> Report:
    """Two delivery workers on one outbox."""
    report = Report(seed)
    with running(Site(folder, database)) as site:
        site.serve()
        site.sink.seconds = site.receiver.seconds = 0.05
        opened = open_forms(site.port, size)
        visitors = [(form, f"visitor-{number}@visitor.example") for number, form in enumerate(opened)]
        sent = at_once(visitors, lambda each: send_until_thanked(*each))
        site.deliver()
        site.deliver()
        site.until_all_is_told()
        report.notes.append(f"{site.sink.most} mails at once")
        report.claim("both workers send at the same time", site.sink.most == 2)
        report.look_at(site, sent, allowed=0)
    return report


@dataclass
class _Visits:
    """Visitors who have opened their forms, and the moments at which they send them, in seconds."""

    opened: list[Opened]
    moments: list[float]

    def during(self, work: Callable[[], None]) -> list[Sent]:
        """Sends while `work` goes on, and returns when both are done."""
        begun = time.monotonic()

        def visit(number: int) -> Sent:
            time.sleep(max(0.0, begun + self.moments[number] - time.monotonic()))
            return send_until_thanked(self.opened[number], f"visitor-{number}@visitor.example")

        in_order = sorted(range(len(self.opened)), key=self.moments.__getitem__)
        with ThreadPoolExecutor(1) as pool:
            sent = pool.submit(at_once, in_order, visit)
            work()
            return sent.result()
