"""Those who fill in forms: over HTTP, as browsers do, and many at once."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import TypeVar
from urllib.parse import urlencode

PAGE = "/start"
PERSON = {"name": "Priya Rao", "company": "Example", "role": "SRE"}
AT_ONCE = 20

# Faster than leads.views.FASTEST_SECONDS looks like a program, and a moment more since clocks are read on both sides.
READING = 2.2

# How long somebody goes on sending, and waits for one answer, in seconds.
PATIENCE = 60

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Reply:
    status: int
    location: str
    cookie: str
    text: str
    seconds: float

    @property
    def is_thanks(self) -> bool:
        """Whether it leads to the thank-you."""
        return self.status == 303 and f"{PAGE}?sent=" in self.location


@dataclass(frozen=True)
class Opened:
    """A form, as one visitor opened it."""

    port: int
    cookie: str
    hidden: dict[str, str]

    def send(self, email: str, forwarded_for: str = "") -> Reply:
        """Raises OSError or HTTPException where no whole answer came."""
        typed = PERSON | {"email": email, "consent": "on"}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={self.cookie}"}
        if forwarded_for:
            headers["X-Forwarded-For"] = forwarded_for
        return ask(self.port, "POST", PAGE, urlencode(self.hidden | typed), headers)


@dataclass(frozen=True)
class Sent:
    """How it went to be thanked: after how many tries, and in how many seconds the one that was answered."""

    email: str
    tries: int
    seconds: float
    status: int


def ask(port: int, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Reply:
    connection, started = HTTPConnection("127.0.0.1", port, timeout=PATIENCE), time.monotonic()
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        text = response.read().decode()
        cookie = re.search(r"csrftoken=(\w+)", response.headers.get("Set-Cookie", ""))
        location = response.headers.get("Location", "")
        return Reply(response.status, location, cookie[1] if cookie else "", text, time.monotonic() - started)
    finally:
        connection.close()


def open_form(port: int) -> Opened:
    reply = ask(port, "GET", PAGE)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', reply.text))
    return Opened(port, reply.cookie, hidden)


def open_forms(port: int, count: int) -> list[Opened]:
    """Returns when they have been looked at for long enough."""
    opened = at_once(range(count), lambda _: open_form(port))
    time.sleep(READING)
    return opened


def send_until_thanked(opened: Opened, email: str) -> Sent:
    """Sends it again whenever the connection breaks, as visitors do who see their browser's error."""
    started = time.monotonic()
    for tries in range(1, 1000):
        try:
            reply = opened.send(email)
            return Sent(email if reply.is_thanks else "", tries, reply.seconds, reply.status)
        except (OSError, HTTPException):
            if time.monotonic() - started > PATIENCE:
                break
            time.sleep(0.2)
    return Sent("", tries, time.monotonic() - started, 0)


def at_once(items: Iterable[Item], work: Callable[[Item], Result]) -> list[Result]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, items))
