"""ASGI middleware that rejects requests without the site's host (RFC 9112, 3.2, and RFC 9110, 7.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from django.http.request import split_domain_port, validate_host

from .admission import PROBE_PATHS
from .refusal import refuse

# The syntax of a Host header (RFC 9110, 7.2, and RFC 3986, 3.2.2). Django's own pattern is narrower: it doesn't allow
# underscores, which container names often contain.
HOST = re.compile(rb"(?:[a-z0-9._~!$&'()*+,;=%-]*|\[[0-9a-f:.]+\])(?::[0-9]*)?", re.IGNORECASE)

REFUSAL = b"This site doesn't exist at this address. Check the address and try again.\n"


def check_host(
    application: ASGI3Application, allowed_hosts: Sequence[str], get_headers: Callable[[], dict[str, str]]
) -> ASGI3Application:
    """Wrap `application` so that a request gets 400 unless it has exactly one Host header, with one of `allowed_hosts`.

    The paths of probes work with any host, because load balancers don't send the site's host. With HTTP/1.0, these
    paths work without a Host header, too: HTTP/1.0 doesn't require the header, and some load balancers use HTTP/1.0. At
    all other paths, even HTTP/1.0 requests need a Host header, because the site never guesses its host. `get_headers`
    returns the headers of every response.
    """

    async def checked(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] != "http" or _is_for_this_site(scope, allowed_hosts):
            await application(scope, receive, send)
        else:
            await refuse(send, 400, REFUSAL, {"Cache-Control": "no-store", **get_headers()})

    return checked


def _is_for_this_site(scope: HTTPScope, allowed_hosts: Sequence[str]) -> bool:
    is_probe = scope["path"] in PROBE_PATHS
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if not hosts:
        return is_probe and scope["http_version"] == "1.0"
    return len(hosts) == 1 and (bool(HOST.fullmatch(hosts[0])) if is_probe else is_allowed(hosts[0], allowed_hosts))


def is_allowed(host: bytes, allowed_hosts: Sequence[str]) -> bool:
    """Check the value of a Host header against ALLOWED_HOSTS, with Django's own functions."""
    domain, _ = split_domain_port(host.decode("latin-1"))
    return bool(domain) and validate_host(domain, allowed_hosts)
