"""What the site is told of who asked it, and by whom."""

import json
import re

from .conftest import echoing
from .nginx import needs_tools, running

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


def told(nginx, headers=FORGED, source="127.0.0.1"):
    return json.loads(nginx.ask("/", headers=headers, source=source).text)["headers"]


def test_what_is_forged_outside_reaches_nobody(tmp_path):
    with echoing(tmp_path) as (site,), running(tmp_path / "nginx", [site.port]) as nginx:
        headers = told(nginx, source="127.0.0.5")
        assert len(headers) == len(dict(headers))
        known = dict(headers)
        assert re.fullmatch("[0-9a-f]{32}", known.pop("x-request-id"))
        assert known == {
            "host": f"127.0.0.1:{nginx.port}",
            "accept-encoding": "identity",
            "x-forwarded-for": "127.0.0.5",
            "x-forwarded-host": f"127.0.0.1:{nginx.port}",
            "x-forwarded-proto": "http",
            "x-real-ip": "127.0.0.5",
        }


def test_a_proxy_before_it_that_is_trusted_says_who_asked(tmp_path):
    with (
        echoing(tmp_path) as (site,),
        running(tmp_path / "nginx", [site.port], proxies="127.0.0.9, 127.0.1.0/24") as nginx,
    ):
        said = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7, 127.0.1.4"}
        assert dict(told(nginx, said, source="127.0.0.9"))["x-forwarded-for"] == "198.51.100.7"
        assert dict(told(nginx, said, source="127.0.0.8"))["x-forwarded-for"] == "127.0.0.8"
        # How the site is, is told to nobody who comes from outside.
        assert nginx.ask("/readyz", headers=said, source="127.0.0.9").status == 403
        assert nginx.ask("/readyz", headers=said, source="127.0.0.8").status == 200
