"""A request body over the limit gets status 413 as early as possible, with the headers that all responses have."""

import asyncio
from urllib.parse import urlencode

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.core.asgi import get_asgi_application

from layersrank_site.middleware import constant_headers
from layersrank_site.serving.body_limit import REFUSAL, limit_bodies
from tests.support.waiting import PATIENCE

MAX_BYTES = settings.MAX_BODY_BYTES
FORM = b"application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def application():
    return limit_bodies(get_asgi_application(), MAX_BYTES, constant_headers)


def request(application, *chunks, path="/start", content_length=None, method="POST"):
    """Send a body in `chunks`. Return the response's status, headers and body."""

    async def communicate():
        headers = [(b"host", b"testserver"), (b"content-type", FORM)]
        headers += [(b"content-length", content_length)] if content_length is not None else []
        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}
        communicator = ApplicationCommunicator(application, scope | {"http_version": "1.1", "client": ("127.0.0.1", 9)})
        for number, chunk in enumerate(chunks, 1):
            await communicator.send_input({"type": "http.request", "body": chunk, "more_body": number < len(chunks)})
        start = await communicator.receive_output(20)
        body = await communicator.receive_output(20)
        await communicator.wait(PATIENCE)
        return start["status"], dict(start["headers"]), body["body"]

    return asyncio.run(communicate())


def test_a_body_of_the_maximum_size_reaches_django(application):
    body = urlencode({"message": "x"}).encode().ljust(MAX_BYTES, b"x")
    status, _, text = request(application, body, content_length=str(MAX_BYTES).encode())
    assert status == 403  # Django responds with 403 because the form has no CSRF token.
    assert text != REFUSAL


@pytest.mark.parametrize(
    ("chunks", "content_length"),
    [
        ((b"",), str(MAX_BYTES + 1).encode()),
        ((b"",), b"9" * 40),
        ((b"",), b"0" * 5_000 + b"1"),
        ((b"x" * (MAX_BYTES + 1),), None),
        ((b"x" * MAX_BYTES, b"", b"x"), None),
        ((b"x" * 1_000,) * 66, None),
        ((b"x" * 1_000,) * 66, b"1000"),
        ((b"x" * (MAX_BYTES + 1),), b"-1"),
    ],
)
def test_a_body_above_the_limit_gets_413_even_with_a_wrong_content_length(application, chunks, content_length):
    status, headers, body = request(application, *chunks, content_length=content_length)
    assert (status, body) == (413, REFUSAL)
    assert headers[b"connection"] == b"close"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert b"style-src" in headers[b"content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/hire/machine-learning-engineer", "/no-such-page", "/livez"])
def test_the_limit_holds_for_every_path(application, path):
    assert request(application, b"x" * (MAX_BYTES + 1), path=path)[0] == 413


def test_a_body_in_many_chunks_reaches_django_in_one_message():
    """If Django got a message for each byte, the messages would take 200 times the memory of the bytes."""
    received = []

    async def inner(scope, receive, send):
        received.append(await receive())

    async def communicate():
        communicator = ApplicationCommunicator(limit_bodies(inner, 9, dict), {"type": "http", "headers": []})
        for chunk, more_body in ((b"a", True), (b"", True), (b"b", True), (b"c", False)):
            await communicator.send_input({"type": "http.request", "body": chunk, "more_body": more_body})
        await communicator.wait(PATIENCE)

    asyncio.run(communicate())
    assert received == [{"type": "http.request", "body": b"abc", "more_body": False}]


def test_a_request_without_a_body_reaches_django(application):
    assert request(application, b"", method="GET")[0] == 200


def test_a_disconnect_in_the_middle_of_a_body_is_passed_on():
    types = []

    async def inner(scope, receive, send):
        types.append((await receive())["type"])
        types.append((await receive())["type"])

    async def communicate():
        communicator = ApplicationCommunicator(limit_bodies(inner, 9, dict), {"type": "http", "headers": []})
        await communicator.send_input({"type": "http.request", "body": b"x", "more_body": True})
        await communicator.send_input({"type": "http.disconnect"})
        await communicator.wait(PATIENCE)

    asyncio.run(communicate())
    assert types == ["http.request", "http.disconnect"]
