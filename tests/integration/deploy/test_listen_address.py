"""If the port is in use, the error message appears before any slow step."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from gunicorn.util import parse_address

from deploy.listen_address import find_problem
from tests.support.waiting import PATIENCE

from ...conftest import ROOT, free_port
from .test_startup_checks import GOOD_KEY, run


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", free_port())) as server:
        yield server.getsockname()[1]


def in_use(port: int, advice: str, host: str = "127.0.0.1") -> str:
    return f"Port {port} on {host} is already in use. Stop the other program, or choose another port: {advice}"


@pytest.mark.parametrize("goal", ["run", "dev"])
def test_a_busy_port_is_reported_before_make_installs_anything(goal, busy_port):
    arguments = [f"PORT={busy_port}", "HOST=127.0.0.1", f"VENV={sys.prefix}"]
    # Leave out the variables that `make test` sets for nested runs of make. With them, make prints the folders that it
    # enters.
    env = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    command = ["make", goal, *arguments]
    process = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE)
    assert process.returncode != 0
    assert process.stderr.splitlines()[0] == in_use(busy_port, f"make {goal} PORT={busy_port + 1}")
    assert process.stdout == ""


def test_prepare_refuses_to_start(busy_port, tmp_path):
    data, host = tmp_path / "data", "0.0.0.0"  # noqa: S104  a container listens on all addresses
    process = run("-m", "deploy.prepare", SECRET_KEY=GOOD_KEY, DATA_DIR=str(data), HOST=host, PORT=str(busy_port))
    (line,) = process.stderr.splitlines()
    message = f"The site does not start: {in_use(busy_port, f'PORT={busy_port + 1}', host)}"
    assert (process.returncode, json.loads(line)["message"]) == (1, message)
    assert not data.exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_a_busy_port_is_reported(host, busy_port, monkeypatch):
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", str(busy_port))
    assert find_problem() == in_use(busy_port, f"PORT={busy_port + 1}", host)


def test_a_free_port_is_accepted(monkeypatch):
    monkeypatch.setenv("PORT", str(free_port()))
    for host in ("", "127.0.0.1", "0.0.0.0", "localhost"):  # noqa: S104
        monkeypatch.setenv("HOST", host)
        assert find_problem("make run") == ""


def test_a_port_with_connections_in_the_time_wait_state_is_accepted(monkeypatch):
    with socket.create_server(("127.0.0.1", free_port())) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        connection, _ = server.accept()
    connection.close()  # The side that closes first enters the state TIME_WAIT.
    assert client.recv(1) == b""
    client.close()
    with socket.socket() as plain, pytest.raises(OSError, match="Address already in use"):
        plain.bind(("127.0.0.1", port))  # without SO_REUSEADDR
    monkeypatch.setenv("PORT", str(port))
    assert find_problem() == ""


@pytest.mark.parametrize("port", ["0", "65536", "80800", "http", "-1"])
def test_an_invalid_port_is_named(port, monkeypatch):
    monkeypatch.setenv("PORT", port)
    assert find_problem() == f"PORT is “{port}”, which is not a number from 1 to 65535."


def test_an_address_of_another_machine_is_reported(monkeypatch):
    monkeypatch.setenv("HOST", "192.0.2.1")  # no machine has this address (RFC 5737)
    monkeypatch.setenv("PORT", "8000")
    assert find_problem().startswith("The site cannot listen on port 8000 of 192.0.2.1: ")


def test_an_ipv6_address_needs_brackets(monkeypatch):
    monkeypatch.setenv("PORT", str(free_port()))
    for host in ("::", "::1"):
        monkeypatch.setenv("HOST", host)
        assert find_problem() == f"HOST is “{host}”. Write an IPv6 address in brackets: HOST=[{host}]"
        parse_address(f"[{host}]:8000")
        with pytest.raises(RuntimeError, match="not a valid port"):
            parse_address(f"{host}:8000")
