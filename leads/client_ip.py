"""The client's IP address behind trusted proxies, and the keys for counting leads and failed logins."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

# The smallest IPv6 network that a provider assigns to one customer (RFC 6177). All addresses in this network count as
# one client.
IPV6_PREFIX_LENGTH = 64

# The larger IPv6 networks that a provider may assign to one customer, smallest first (RFC 6177). Each of these networks
# has its own limit, since one customer may have thousands of /64 networks.
WIDER_NETWORKS = ("/56", "/48")

# The length of the hash of an IPv6 network. Three hashes, joined by dots, fit in Lead.client.
IPV6_HASH_LENGTH = 20

# The length of User.username.
MAX_USERNAME_LENGTH = 150


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address, or "" if it is unknown."""
    return forwarded_address(request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""))


def forwarded_address(peer: str, forwarded_for: str) -> str:
    """Return the client's IP address, or "" if it is unknown. `peer` is the address that sent the request to this site.

    Each proxy appends its sender's address to `X-Forwarded-For`. The client may have forged every address that no
    trusted proxy added. So read the header from the right, and stop at the first address not in
    settings.TRUSTED_PROXIES.
    """
    address = peer
    forwarded = [part.strip() for part in forwarded_for.split(",")]
    while forwarded and is_trusted_proxy(address):
        address = forwarded.pop() or address
    ip = _parse_address(address)
    return str(ip) if ip else ""


def client_network(address: str) -> str:
    """Return an IPv4 address unchanged. For an IPv6 address, return the network that is assigned to one customer."""
    ip = _parse_address(address)
    if isinstance(ip, IPv6Address):
        return str(ip_network((int(ip), IPV6_PREFIX_LENGTH), strict=False))
    return str(ip) if ip else ""


def client_hash(request: HttpRequest) -> str:
    """Return a keyed hash of the client's network. Rate limits only compare hashes, and never need the address itself.

    For an IPv6 address, return the hashes of the /48, the /56 and the /64 network, joined by dots.
    """
    network = client_network(client_address(request))
    if ":" not in network:
        return _hash(network)
    wider = [str(ip_network(network).supernet(new_prefix=int(name[1:]))) for name in reversed(WIDER_NETWORKS)]
    return ".".join(_hash(each)[:IPV6_HASH_LENGTH] for each in (*wider, network))


def _hash(network: str) -> str:
    return salted_hmac("leads.client", network, algorithm="sha256").hexdigest()


def login_address(request: HttpRequest) -> str:
    """Return the first address of the client's network. django-axes counts failed logins by this address."""
    return client_network(client_address(request)).partition("/")[0]


def login_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """Return the user name under which django-axes counts a failed login.

    The name is cut to MAX_USERNAME_LENGTH: django-axes saves the name in a column, and PostgreSQL rejects longer
    values.
    """
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return name[:MAX_USERNAME_LENGTH]


def is_trusted_proxy(address: str) -> bool:
    ip = _parse_address(address)
    return ip is not None and any(ip in network for network in _parse_networks(tuple(settings.TRUSTED_PROXIES)))


def _parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an IP address, with or without a port: some proxies append the client's port."""
    host = text[1:].partition("]")[0] if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        ip = ip_address(host)
    except ValueError:
        return None
    return ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip


@lru_cache
def _parse_networks(networks: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(network, strict=False) for network in networks]
