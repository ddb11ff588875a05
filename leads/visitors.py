"""Who sent a request, as far as caps need to know."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# The smallest network that one customer gets: all its addresses are one sender's (RFC 6177).
IPV6_CUSTOMER = 64


def client_address(request: HttpRequest) -> str:
    """The address that the request comes from. What `X-Forwarded-For` says counts only as far as the proxies that said
    it are named in settings.TRUSTED_PROXIES: each adds the address that it was asked by at the end, and all before
    that is whatever the sender liked to write."""
    address: str = request.META.get("REMOTE_ADDR", "")
    said = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    while said and _is_trusted(address):
        address = said.pop() or address
    return address


def network(address: str) -> str:
    """The address, or of IPv6 its customer's network; as written where it is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((int(found), IPV6_CUSTOMER), strict=False))
    return str(found)


def client_of(request: HttpRequest) -> str:
    """The sender's network as a keyed hash: enough to count by, and not to be read back without the key."""
    return salted_hmac("leads.client", network(client_address(request)), algorithm="sha256").hexdigest()


def _is_trusted(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in proxies for proxies in _networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache
def _networks(written: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(each, strict=False) for each in written]
