"""Decide whether a request comes from a browser on this machine, and from a page of this site."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from django.http import HttpRequest
from django.http.request import split_domain_port

# Accept only these names: an attacker's DNS server can point any other name at this machine (DNS rebinding).
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")

# A proxy on this machine connects from a loopback address on behalf of other machines. Proxies add these headers.
PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")

# A page of another site can't send this header: browsers would need this site's permission (CORS), and this site never
# gives it.
EDITOR_HEADER = "X-Editor"


def is_local(request: HttpRequest) -> bool:
    """Return whether the client is on this machine, and used one of the machine's loopback names."""
    name, _ = split_domain_port(request.META.get("HTTP_HOST", "").lower())
    has_proxy = any(header in request.headers for header in PROXY_HEADERS)
    return name in LOCAL_NAMES and _is_loopback(request.META.get("REMOTE_ADDR", "")) and not has_proxy


def is_own_page(request: HttpRequest) -> bool:
    """Return whether a page of this site sent the request, and not a page of another site."""
    origin = f"{request.scheme}://{request.META.get('HTTP_HOST', '')}"
    return (
        request.headers.get(EDITOR_HEADER) == "1"
        and request.content_type == "application/json"
        and request.headers.get("Origin", origin) == origin
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    )


def _is_loopback(address: str) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    return (ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip).is_loopback
