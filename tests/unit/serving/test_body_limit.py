"""Bodies of more than a form can hold: refused as soon as that is known, with the headers of every answer."""

import asyncio
from urllib.parse import urlencode

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.core.asgi import get_asgi_application

from layersrank_site.middleware import constant_headers
from layersrank_site.serving.body_limit import REFUSAL, limit_bodies

LARGEST = settings.LARGEST_BODY
FORM = b"application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def application():
    return limit_bodies(get_asgi_application(), LARGEST, constant_headers)


def asked(application, *chunks, path="/start", announced=None, method="POST"):
    """Status, headers and body of the answer to a body that comes in `chunks`."""

    async def ask():
        headers = [(b"host", b"testserver"), (b"content-type", FORM)]
        headers += [(b"content-length", announced)] if announced is not None else []
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}
        communicator = ApplicationCommunicator(application, scope | {"http_version": "1.1", "client": ("127.0.0.1", 9)})
        for number, chunk in enumerate(chunks, 1):
            await communicator.send_input({"type": "http.request", "body": chunk, "more_body": number < len(chunks)})
        start = await communicator.receive_output(20)
        said = await communicator.receive_output(20)
        await communicator.wait(20)
        return start["status"], dict(start["headers"]), said["body"]

    return asyncio.run(ask())


def test_as_much_as_a_form_can_hold_is_read(application):
    body = urlencode({"message": "x"}).encode().ljust(LARGEST, b"x")
    status, _, said = asked(application, body, announced=str(LARGEST).encode())
    assert status == 403  # it has no token
    assert b"was not sent" in said


@pytest.mark.parametrize(
    ("chunks", "announced"),
    [
        ((b"",), str(LARGEST + 1).encode()),
        ((b"",), b"9" * 40),
        ((b"x" * (LARGEST + 1),), None),
        ((b"x" * LARGEST, b"", b"x"), None),
        ((b"x" * 1_000,) * 66, None),
        ((b"x" * 1_000,) * 66, b"1000"),
        ((b"x" * (LARGEST + 1),), b"-1"),
    ],
)
def test_more_is_refused_whether_it_is_announced_or_comes(application, chunks, announced):
    status, headers, said = asked(application, *chunks, announced=announced)
    assert (status, said) == (413, REFUSAL)
    assert headers[b"connection"] == b"close"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"style-src" in headers[b"content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/hire/machine-learning-engineer", "/no-such-page", "/livez"])
def test_it_is_refused_at_every_address(application, path):
    assert asked(application, b"x" * (LARGEST + 1), path=path)[0] == 413


def test_what_has_no_body_is_answered(application):
    assert asked(application, b"", method="GET")[0] == 200


def test_a_connection_that_ends_in_between_is_no_error():
    async def inner(scope, receive, send):
        seen.append((await receive())["type"])
        seen.append((await receive())["type"])

    seen = []

    async def ask():
        communicator = ApplicationCommunicator(limit_bodies(inner, 9, dict), {"type": "http", "headers": []})
        await communicator.send_input({"type": "http.request", "body": b"x", "more_body": True})
        await communicator.send_input({"type": "http.disconnect"})
        await communicator.wait(20)

    asyncio.run(ask())
    assert seen == ["http.request", "http.disconnect"]
