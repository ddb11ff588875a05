"""Test that X-Forwarded-Proto is used only if a trusted proxy sent it."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from layersrank_site.middleware import forwarded_scheme

PROXY, VISITOR = "10.0.0.4", "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "scheme", "is_secure"),
    [
        (PROXY, "https", True),
        (PROXY, "http", False),
        (PROXY, "", False),
        (PROXY, "http, https", True),  # the visitor sent “http”, and the proxy added “https”
        (PROXY, "https, http", False),
        (VISITOR, "https", False),
        ("", "https", False),
    ],
)
def test_the_scheme_is_used_only_from_a_trusted_proxy(settings, peer, scheme, is_secure):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO=scheme)
    forwarded_scheme(lambda request: HttpResponse())(request)
    assert request.is_secure() is is_secure


def test_no_proxy_is_trusted_by_default():
    request = RequestFactory().get("/", HTTP_X_FORWARDED_PROTO="https")
    forwarded_scheme(lambda request: HttpResponse())(request)
    assert not request.is_secure()
