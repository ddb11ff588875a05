"""Test the audit's HTTP client with servers that misbehave."""

import gzip

import pytest

from pages.audit import web_client
from pages.audit.web_client import WebClient

from ..leads.misbehaving_servers import hang, hang_up, running, send_garbage, trickle


def client(deadline=0.2):
    return WebClient("test", deadline=deadline, max_pause=0)


@pytest.mark.parametrize("misbehave", [hang, hang_up, trickle, send_garbage])
def test_a_server_that_never_answers_is_given_up(misbehave):
    with running(misbehave) as port:
        answer = client().request(f"http://127.0.0.1:{port}/")
    assert answer.status == 0 and answer.error


@pytest.mark.parametrize("header", [b"Connection: close", b"Content-Length: 100000"])
def test_a_body_that_never_ends_is_given_up(header):
    def serve(connection, stop):
        connection.recv(10_000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + header + b"\r\n\r\n")
        trickle(connection, stop)

    with running(serve) as port:
        answer = client().request(f"http://127.0.0.1:{port}/")
    assert (answer.status, answer.error, answer.body) == (0, "timed out", b"")


def reply(head, body=b""):
    def serve(connection, stop):
        connection.recv(10_000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + head + b"\r\n" + body)

    return serve


def answer_of(head, body):
    with running(reply(head, body)) as port:
        return client(deadline=60).request(f"http://127.0.0.1:{port}/")


def test_compressed_answers_are_unpacked_up_to_the_limit(monkeypatch):
    head = b"Content-Type: text/html\r\nContent-Encoding: gzip\r\n"
    assert answer_of(head, gzip.compress(b"<p>hello")).text == "<p>hello"
    monkeypatch.setattr(web_client, "MAX_BYTES", 1_000)
    assert len(answer_of(head, gzip.compress(bytes(100_000))).body) == 1_000


def test_files_to_download_are_not_read():
    assert answer_of(b"Content-Type: application/zip\r\n", b"PK").body == b""


def test_repeated_headers_are_joined():
    assert answer_of(b"Link: <a>\r\nLink: <b>\r\n", b"").headers["link"] == "<a>, <b>"


@pytest.mark.parametrize("url", ["ftp://a.example/", "https://", "http://a.example:port/", "http://127.0.0.1:1/"])
def test_an_address_that_cant_be_requested_has_no_answer(url):
    assert client(60).request(url).status == 0
