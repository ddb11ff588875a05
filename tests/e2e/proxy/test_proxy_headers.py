"""The headers that nginx forwards to the site."""

import json
import re

from .conftest import run_echo_sites
from .nginx import needs_tools, run_nginx

pytestmark = needs_tools

FORGED = {
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Server": "evil.example",
    "X-Real-IP": "198.51.100.7",
    "X-Request-ID": "evil",
    "Forwarded": "for=198.51.100.7;host=evil.example;proto=https",
    "X_Forwarded_For": "198.51.100.7",
}


def forwarded_headers(nginx, headers=FORGED, source="127.0.0.1"):
    return json.loads(nginx.ask("/", headers=headers, source=source).text)["headers"]


def test_forged_headers_do_not_reach_the_site(tmp_path):
    with run_echo_sites(tmp_path) as (site,), run_nginx(tmp_path / "nginx", [site.port]) as nginx:
        headers = forwarded_headers(nginx, source="127.0.0.5")
        assert len(headers) == len(dict(headers))
        by_name = dict(headers)
        assert re.fullmatch("[0-9a-f]{32}", by_name.pop("x-request-id"))
        assert by_name == {
            "host": f"127.0.0.1:{nginx.port}",
            "accept-encoding": "identity",
            "x-forwarded-for": "127.0.0.5",
            "x-forwarded-host": f"127.0.0.1:{nginx.port}",
            "x-forwarded-proto": "http",
            "x-real-ip": "127.0.0.5",
        }


def test_only_a_trusted_proxy_can_set_the_address_and_scheme_of_the_visitor(tmp_path):
    with (
        run_echo_sites(tmp_path) as (site,),
        run_nginx(tmp_path / "nginx", [site.port], proxies="127.0.0.9, 127.0.1.0/24") as nginx,
    ):
        headers = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7, 127.0.1.4"}
        assert dict(forwarded_headers(nginx, headers, source="127.0.0.9"))["x-forwarded-for"] == "198.51.100.7"
        assert dict(forwarded_headers(nginx, headers, source="127.0.0.8"))["x-forwarded-for"] == "127.0.0.8"
        for source, scheme in (("127.0.0.9", "https"), ("127.0.1.4", "https"), ("127.0.0.8", "http")):
            headers_there = forwarded_headers(nginx, {"X-Forwarded-Proto": "https"}, source)
            assert dict(headers_there)["x-forwarded-proto"] == scheme
        # nginx allows these paths only if the visitor's address is in a private network.
        for path in ("/readyz", "/metrics"):
            assert nginx.ask(path, headers=headers, source="127.0.0.9").status == 403
            assert nginx.ask(path, headers=headers, source="127.0.0.8").status == 200
