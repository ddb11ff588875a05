"""Test the bytes that a worker sends for a stored response. The response's headers are joined in advance."""

import asyncio
import runpy
from unittest.mock import Mock

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from layersrank_site.serving.prepared_response import JoinedHeaders

from ...conftest import ROOT

BODY = b"A page."
HEADERS = [(b"content-type", b"text/html; charset=utf-8"), (b"vary", b"Accept, Accept-Encoding")]
DATE = [(b"date", b"Sun, 29 Nov 2026 20:36:34 GMT")]


def sent_bytes(request: bytes, headers: object) -> bytes:
    """Return all bytes that the worker sends for `request`, if the application answers with `headers` and `BODY`."""

    async def application(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else BODY})

    async def run() -> bytes:
        protocol_class = runpy.run_path(str(ROOT / "gunicorn.conf.py"))["Protocol"]
        config = Config(application, http=protocol_class, lifespan="off", log_config=None, access_log=False)
        config.load()
        state = ServerState()
        state.default_headers = DATE
        protocol = protocol_class(config, state, app_state={})
        transport = Mock()
        transport.is_closing.return_value = False
        transport.get_extra_info.return_value = None
        protocol.connection_made(transport)
        protocol.data_received(request)
        while state.tasks:
            await asyncio.sleep(0)
        protocol.connection_lost(None)
        return b"".join(call.args[0] for call in transport.write.call_args_list)

    return asyncio.run(run())


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\nhost: example.com\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nhost: example.com\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: example.com\r\nconnection: close\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: example.com\r\n\r\n" * 3,
    ],
)
def test_joined_headers_are_sent_as_uvicorn_sends_separate_headers(request_bytes):
    separate = [*HEADERS, (b"content-length", b"%d" % len(BODY))]
    sent = sent_bytes(request_bytes, JoinedHeaders(HEADERS, len(BODY)))
    assert sent == sent_bytes(request_bytes, separate)
    assert b"\r\nvary: Accept, Accept-Encoding\r\n" in sent


def test_joined_headers_are_not_joined_again():
    headers = JoinedHeaders(HEADERS, len(BODY))
    headers.joined = b"x-joined: in advance\r\n\r\n"
    sent = sent_bytes(b"GET / HTTP/1.1\r\nhost: example.com\r\n\r\n", headers)
    assert sent.endswith(headers.joined + BODY) and b"vary" not in sent


def test_headers_that_were_added_to_joined_headers_are_sent():
    added = [*JoinedHeaders(HEADERS, len(BODY)), (b"x-added", b"yes")]
    assert b"\r\nx-added: yes\r\n" in sent_bytes(b"GET / HTTP/1.1\r\nhost: example.com\r\n\r\n", added)
