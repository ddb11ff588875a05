"""`make dev HOST=0.0.0.0` prints the addresses that colleagues can open, and the site accepts these addresses."""

import runpy
import socket

import pytest

from layersrank_site import network_addresses
from layersrank_site.network_addresses import describe, own_addresses, own_hosts

from ...conftest import ROOT


class Probe:
    """A fake socket. Its own address depends on the address that it connects to."""

    def __init__(self, family, kind):
        self.address = ""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def connect(self, destination):
        if destination[0].startswith("10."):
            raise OSError("no route")
        self.address = {"1": "192.168.1.5", "f": "fe80::1%eth0", "2": "::1"}[destination[0][0]]

    def getsockname(self):
        return self.address, 9


def test_other_machines_can_use_each_address_but_loopback(monkeypatch):
    monkeypatch.setattr(network_addresses.socket, "socket", Probe)
    monkeypatch.setattr(network_addresses.socket, "gethostname", lambda: "Laptop.local")
    assert own_addresses() == ["192.168.1.5", "[fe80::1]"]
    assert own_hosts("127.0.0.1") == []
    assert own_hosts("0.0.0.0") == ["192.168.1.5", "[fe80::1]", "laptop", "laptop.local"]  # noqa: S104
    first, second, third = describe("0.0.0.0", "8000", "/hire")  # noqa: S104
    assert "http://127.0.0.1:8000/hire " in first
    assert second.endswith("http://192.168.1.5:8000/hire") and third.endswith("http://[fe80::1]:8000/hire")


@pytest.mark.parametrize(
    ("environment", "is_allowed"),
    [
        ({"DEBUG": "1", "HOST": "0.0.0.0"}, True),  # noqa: S104
        ({"DEBUG": "1", "HOST": "127.0.0.1"}, False),
        ({"DEBUG": "1"}, False),
        ({"DEBUG": "1", "HOST": "0.0.0.0", "ALLOWED_HOSTS": "example.com"}, False),  # noqa: S104
        ({"DEBUG": "1", "HOST": "0.0.0.0", "PRODUCTION": "1"}, False),  # noqa: S104
        ({"HOST": "0.0.0.0"}, False),  # noqa: S104
    ],
    ids=str,
)
def test_only_development_on_all_addresses_allows_the_names_of_the_machine(monkeypatch, environment, is_allowed):
    monkeypatch.setattr(network_addresses.socket, "gethostname", lambda: "Laptop")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    hosts = runpy.run_path(str(ROOT / "layersrank_site" / "settings.py"))["ALLOWED_HOSTS"]
    assert ("laptop.local" in hosts) == is_allowed
    assert "*" not in hosts


def test_only_one_address_is_printed_by_default():
    [line] = describe("127.0.0.1", "8000", "/hire")
    assert "http://127.0.0.1:8000/hire" in line


def test_the_addresses_of_this_machine_can_be_found():
    for address in own_addresses():
        socket.getaddrinfo(address.strip("[]"), None, flags=socket.AI_NUMERICHOST)
