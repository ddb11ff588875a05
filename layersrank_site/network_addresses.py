"""The hosts of the site, and the addresses that `make dev` prints.

This module uses the standard library only, since the settings import it.
"""

import socket
import sys
from contextlib import suppress
from urllib.parse import urlsplit

# A server with one of these values as HOST listens on all of the machine's addresses.
WILDCARDS = ("0.0.0.0", "::", "[::]")  # noqa: S104

# The operating system chooses the address from which this machine would send to each destination. Nothing is sent.
# Some destinations are in private networks (RFC 1918 and RFC 4193). The others stand for the internet: these addresses
# are reserved for documentation (RFC 5737 and RFC 3849).
_DESTINATIONS = (
    (socket.AF_INET, "192.0.2.1"),
    (socket.AF_INET, "192.168.255.254"),
    (socket.AF_INET, "172.31.255.254"),
    (socket.AF_INET, "10.255.255.254"),
    (socket.AF_INET6, "2001:db8::1"),
    (socket.AF_INET6, "fd00::1"),
)


def host_of(url: str) -> str:
    """Return the host of `url`, spelled as in ALLOWED_HOSTS, or "" for an invalid URL (a start-up check reports it)."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return f"[{host}]" if ":" in host else host


def own_addresses() -> list[str]:
    """Return the addresses at which other machines can reach this machine, spelled as in URLs."""
    found: dict[str, None] = {}
    for family, destination in _DESTINATIONS:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((destination, 9))  # with UDP, this call sends nothing and only chooses a route
            address = probe.getsockname()[0].partition("%")[0]
            if address not in ("127.0.0.1", "::1", *WILDCARDS):
                found[f"[{address}]" if ":" in address else address] = None
    return list(found)


def own_hosts(host: str) -> list[str]:
    """Return this machine's addresses and names for ALLOWED_HOSTS, or [] if `host` is not one of WILDCARDS."""
    if host not in WILDCARDS:
        return []
    name = socket.gethostname().lower().removesuffix(".local")
    return [*own_addresses(), name, f"{name}.local"]


def describe(host: str, port: str, path: str) -> list[str]:
    """Return the lines that `make dev` prints: the URLs at which the site can be opened."""
    shown = "127.0.0.1" if host in WILDCARDS else host
    lines = [f"The site is at http://{shown}:{port}{path} and reloads when you edit a document (Ctrl-C stops it)"]
    if host in WILDCARDS:
        lines += [f"Colleagues on your network can read it at http://{each}:{port}{path}" for each in own_addresses()]
    return lines


if __name__ == "__main__":
    print("\n".join(describe(*sys.argv[1:])))
