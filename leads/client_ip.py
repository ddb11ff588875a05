"""Who sent a request, as far as caps need to know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# The smallest network that one customer gets: all its addresses are one sender's (RFC 6177).
IPV6_CUSTOMER = 64

LONGEST_LOGIN = 150


def client_address(request: HttpRequest) -> str:
    """The address that the request comes from; empty where that is not told. What `X-Forwarded-For` says counts only as
    far as the proxies that said it are named in settings.TRUSTED_PROXIES: each adds the address that it was asked by at
    the end, and all before that is whatever the sender liked to write."""
    address: str = request.META.get("REMOTE_ADDR", "")
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    while said and is_trusted(address):
        address = said.pop() or address
    found = _read(address)
    return str(found) if found else ""


def network(address: str) -> str:
    """The address, or of IPv6 its customer's network."""
    found = _read(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((int(found), IPV6_CUSTOMER), strict=False))
    return str(found) if found else ""


def client_hash(request: HttpRequest) -> str:
    """The sender's network as a keyed hash: enough to count by, and not to be read back without the key."""
    return salted_hmac("leads.client", network(client_address(request)), algorithm="sha256").hexdigest()


def login_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """What a login is counted by: the user's name, as much of it as a user's can have (axes writes it to a column, and
    PostgreSQL refuses what is longer)."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return name[:LONGEST_LOGIN]


def is_trusted(address: str) -> bool:
    """Whether it is one of a proxy of ours."""
    found = _read(address)
    return found is not None and any(found in proxies for proxies in _networks(tuple(settings.TRUSTED_PROXIES)))


def _read(written: str) -> IPv4Address | IPv6Address | None:
    """The address, which some proxies write with the port that it was asked from, another one each time."""
    bare = written[1:].partition("]")[0] if written.startswith("[") else written
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


@lru_cache
def _networks(written: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(each, strict=False) for each in written]
