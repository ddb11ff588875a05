"""Simulated visitors, who open and submit forms over HTTP, many in parallel."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import TypeVar
from urllib.parse import urlencode

FORM_PATH = "/start"
FORM_DATA = {"name": "Priya Rao", "company": "Example", "role": "SRE"}
PARALLEL_REQUESTS = 20

# Seconds between opening and submitting a form. A form that is submitted within leads.views.FASTEST_SECONDS counts as
# automated. The extra 0.2 seconds allow for differences between this process's clock and the site's clock.
READING_SECONDS = 2.2

# The timeout for one response, in seconds. After the same time, a visitor stops retrying.
TIMEOUT = 60

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Response:
    status: int
    location: str
    cookie: str
    text: str
    seconds: float

    @property
    def is_thank_you(self) -> bool:
        """True if the response redirects to the thank-you page."""
        return self.status == 303 and f"{FORM_PATH}?sent=" in self.location


@dataclass(frozen=True)
class OpenForm:
    """A form that one visitor has opened."""

    port: int
    cookie: str
    hidden_fields: dict[str, str]

    def submit(self, email: str, forwarded_for: str = "") -> Response:
        """Submit the form. Raise OSError or HTTPException if there is no complete response."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        if forwarded_for:
            headers["X-Forwarded-For"] = forwarded_for
        return request(self.port, "POST", FORM_PATH, self.body(email), headers)

    def body(self, email: str) -> str:
        """Return the body of the request that submits the form."""
        return urlencode(self.hidden_fields | FORM_DATA | {"email": email, "consent": "on"})


@dataclass(frozen=True)
class Visit:
    """The result of one visitor's attempts to submit a form.

    `email` is empty if there was no thank-you page. `seconds` is the duration of the last request.
    """

    email: str
    tries: int
    seconds: float
    status: int


def request(
    port: int, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
) -> Response:
    connection, started = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT), time.monotonic()
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        text = response.read().decode()
        cookie = re.search(r"(?:__Host-)?csrftoken=\w+", response.headers.get("Set-Cookie", ""))
        location = response.headers.get("Location", "")
        return Response(response.status, location, cookie[0] if cookie else "", text, time.monotonic() - started)
    finally:
        connection.close()


def open_form(port: int) -> OpenForm:
    response = request(port, "GET", FORM_PATH)
    hidden_fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', response.text))
    return OpenForm(port, response.cookie, hidden_fields)


def open_forms(port: int, count: int) -> list[OpenForm]:
    """Open forms in parallel, and wait READING_SECONDS."""
    forms = in_parallel(range(count), lambda _: open_form(port))
    time.sleep(READING_SECONDS)
    return forms


def submit_until_answered(form: OpenForm, email: str) -> Visit:
    """Submit the form. Resubmit it after each connection error, like a visitor who sees the browser's error page."""
    started = time.monotonic()
    for tries in range(1, 1000):
        try:
            response = form.submit(email)
            return Visit(email if response.is_thank_you else "", tries, response.seconds, response.status)
        except (OSError, HTTPException):
            if time.monotonic() - started > TIMEOUT:
                break
            time.sleep(0.2)
    return Visit("", tries, time.monotonic() - started, 0)


def in_parallel(items: Iterable[Item], function: Callable[[Item], Result]) -> list[Result]:
    with ThreadPoolExecutor(PARALLEL_REQUESTS) as pool:
        return list(pool.map(function, items))
