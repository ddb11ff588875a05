"""Floods: each attack sends many requests of one kind while a visitor uses the site.

The floods come through nginx and stay within its limits. Requests for pages come from one address, and logins come
from many addresses.
"""

from __future__ import annotations

import random
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from threading import Thread
from urllib.parse import urlencode

from ...conftest import SEED_URL, serving
from ...support.waiting import PATIENCE
from ..drill.visitors import FORM_DATA, FORM_PATH, READING_SECONDS
from ..proxy.nginx import Nginx, run_nginx
from .outcome import Outcome

# wrk replaces RANDOM.
SEARCH = "/search?q=RANDOM"
UNKNOWN_PATH = "/hire/RANDOM"
FORM_PAGE = f"{FORM_PATH}?from=RANDOM"
CALCULATOR = "/resources/roi-calculator?hires=RANDOM"

CONNECTIONS = 200
LOGIN_CONNECTIONS = 40
ADMIN_PATH = "desk-7f3k"
VISITOR = "127.0.0.2"  # the visitor's own address: the flood comes from 127.0.0.1

# Limits in milliseconds: the visitor's median time to send a form, and the median time to get a page.
FORM_MS, PAGE_MS = 100, 20

# The visitor pauses this many seconds between requests.
PAUSE = 0.4


@dataclass
class Visit:
    """Measurements of a visit during a flood. Times are in milliseconds."""

    flood: Counter[int] = field(default_factory=Counter)  # the number of responses to the flood, by status
    flood_seconds: float = 0
    statuses: set[int] = field(default_factory=set)  # the statuses of the responses to the visitor
    forms: list[float] = field(default_factory=list)
    form_pages: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    probes: list[float] = field(default_factory=list)


Flood = Callable[[Nginx, float, Visit], None]


def visit_during(flood: Flood, folder: Path, seconds: float) -> Visit:
    """Use the site as a visitor while `flood` runs, for `seconds`.

    nginx trusts X-Forwarded-For in requests from 127.0.0.1, so a flood can use many addresses.
    """
    environment = {"TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": "127.0.0.1", "ADMIN_PATH": ADMIN_PATH}
    with (
        serving(folder, takes_leads=True, **environment) as site,
        run_nginx(folder / "nginx", [site.port], proxies="127.0.0.1") as nginx,
    ):
        site.published("/llms.txt")  # the publisher writes all pages before this file
        form = _open_form(nginx)
        time.sleep(READING_SECONDS)
        visit = Visit()
        thread = Thread(target=flood, args=(nginx, seconds, visit))
        thread.start()
        while thread.is_alive():
            _ask(nginx, "GET", SEED_URL, visit.pages, visit)
            _ask(nginx, "POST", FORM_PATH, visit.forms, visit, form)
            _ask(nginx, "GET", SEED_URL, visit.pages, visit)
            _ask(nginx, "GET", FORM_PATH, visit.form_pages, visit)
            _ask(nginx, "GET", "/livez", visit.probes, visit)
            thread.join(PAUSE)
        return visit


def _open_form(nginx: Nginx) -> dict[str, str]:
    """Return the body and the cookie of a request that submits the form."""
    page = nginx.ask(FORM_PATH, source=VISITOR)
    hidden_fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', page.text))
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    values = hidden_fields | FORM_DATA | {"email": "priya@visitor.example", "consent": "on"}
    return {"body": urlencode(values), "cookie": cookie}


def _ask(
    nginx: Nginx, method: str, path: str, times: list[float], visit: Visit, form: dict[str, str] | None = None
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": form["cookie"]} if form else {}
    started = time.monotonic()
    answer = nginx.ask(path, method, form["body"].encode() if form else None, headers, source=VISITOR)
    times.append((time.monotonic() - started) * 1000)
    is_refused = answer.status == 303 and "?sent=" not in answer.headers["Location"]
    visit.statuses.add(422 if is_refused else answer.status)


def request_flood(path: str) -> Flood:
    """Return a flood that requests `path` on CONNECTIONS connections.

    If `path` contains RANDOM, each request has another random word there.
    """

    def flood(nginx: Nginx, seconds: float, visit: Visit) -> None:
        script = Path(__file__).with_name("flood.lua")
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "--timeout", "30s", "-s", script]
        url = f"http://127.0.0.1:{nginx.port}"
        started = time.monotonic()
        while not visit.flood and time.monotonic() < started + PATIENCE:  # a busy machine may not respond at first
            wrk = subprocess.run([*command, url, "--", path], capture_output=True, text=True, timeout=PATIENCE)
            visit.flood_seconds = time.monotonic() - started
            for status, count in re.findall(r"status\t(\d+)\t(\d+)", wrk.stdout):
                visit.flood[int(status)] += int(count)

    return flood


def login_flood(nginx: Nginx, seconds: float, visit: Visit) -> None:
    """Send wrong passwords for random users from random networks, so that no limit on failed logins applies."""
    path = f"/{ADMIN_PATH}/login/"
    page = nginx.ask(path)
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[0]
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": page.headers["Set-Cookie"].partition(";")[0],
    }
    end = time.monotonic() + seconds

    def send(number: int) -> Counter[int]:
        guesses, statuses = random.Random(number), Counter[int]()  # noqa: S311
        while time.monotonic() < end:
            address = f"2001:db8:{guesses.randrange(65536):x}:{guesses.randrange(65536):x}::1"
            data = {"csrfmiddlewaretoken": token, "username": f"user{guesses.random()}", "password": "wrong"}
            answer = nginx.ask(path, "POST", urlencode(data).encode(), headers | {"X-Forwarded-For": address})
            statuses[answer.status] += 1
        return statuses

    with ThreadPoolExecutor(LOGIN_CONNECTIONS) as executor:
        for statuses in executor.map(send, range(LOGIN_CONNECTIONS)):
            visit.flood.update(statuses)


def _attack(what: str, flood: Flood, folder: Path, seconds: float) -> Outcome:
    visit = visit_during(flood, folder, seconds)
    counts = ", ".join(f"{count:,} × {status}" for status, count in sorted(visit.flood.items()))
    outcome = Outcome(f"{what}: {counts}")
    outcome.check("the flood gets responses", visit.flood.total() > 0)
    outcome.check("every request of the visitor succeeds", visit.statuses <= {200, 303})
    for name, times in {
        "page": visit.pages,
        "form": visit.forms,
        "form page": visit.form_pages,
        "/livez": visit.probes,
    }.items():
        outcome.figures[name] = f"{median(times):.0f} ms (slowest {max(times):.0f})"
    outcome.check(f"a form is sent in {FORM_MS} ms", median(visit.forms) <= FORM_MS)
    outcome.check(f"a page arrives in {PAGE_MS} ms", median(visit.pages) <= PAGE_MS)
    return outcome


def search_flood(folder: Path, seconds: float) -> Outcome:
    return _attack(f"{CONNECTIONS} connections on {SEARCH}", request_flood(SEARCH), folder, seconds)


def not_found_flood(folder: Path, seconds: float) -> Outcome:
    return _attack(f"{CONNECTIONS} connections on {UNKNOWN_PATH}", request_flood(UNKNOWN_PATH), folder, seconds)


def form_page_flood(folder: Path, seconds: float) -> Outcome:
    return _attack(f"{CONNECTIONS} connections on {FORM_PAGE}", request_flood(FORM_PAGE), folder, seconds)


def calculator_flood(folder: Path, seconds: float) -> Outcome:
    return _attack(f"{CONNECTIONS} connections on {CALCULATOR}", request_flood(CALCULATOR), folder, seconds)


def password_flood(folder: Path, seconds: float) -> Outcome:
    return _attack(f"{LOGIN_CONNECTIONS} logins at once, from random networks", login_flood, folder, seconds)


ATTACKS = (search_flood, not_found_flood, form_page_flood, calculator_flood, password_flood)
