"""Whose request it is: nobody but a trusted proxy has a say in it."""

import pytest
from django.test import RequestFactory

from leads.client_ip import client_address, client_hash, network

PEER = "203.0.113.9"


def request(peer=PEER, *forwarded):
    named = {"HTTP_X_FORWARDED_FOR": ",".join(forwarded)} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **named)


@pytest.mark.parametrize(
    "forwarded", ["1.2.3.4", "1.2.3.4, 5.6.7.8", "127.0.0.1", "", ",,,", "garbage", "'; drop", PEER, "::1", "x" * 9000]
)
def test_without_a_proxy_nothing_that_is_forwarded_counts(forwarded):
    assert client_address(request(PEER, forwarded)) == PEER
    assert client_hash(request(PEER, forwarded)) == client_hash(request())


def test_what_other_headers_say_counts_never(settings):
    settings.TRUSTED_PROXIES = [PEER]
    said = {"HTTP_X_REAL_IP": "1.2.3.4", "HTTP_FORWARDED": "for=1.2.3.4", "HTTP_CLIENT_IP": "1.2.3.4"}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=PEER, **said)) == PEER


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (("198.51.100.7",), "198.51.100.7"),
        (("1.1.1.1", "198.51.100.7"), "198.51.100.7"),
        (("1.1.1.1", "198.51.100.7", "10.0.0.5"), "198.51.100.7"),  # two proxies, both trusted
        (("10.0.0.5", "198.51.100.7"), "198.51.100.7"),  # the sender names a trusted one before
        (("garbage", "198.51.100.7"), "198.51.100.7"),
        (("198.51.100.7", ""), "198.51.100.7"),
        (("10.0.0.7",), "10.0.0.7"),  # all of them are trusted
        (("198.51.100.7:50123",), "198.51.100.7"),
        (("2001:db8::7",), "2001:db8::7"),
        (("[2001:db8::7]:50123",), "2001:db8::7"),
        (("[2001:db8::7]",), "2001:db8::7"),
        (("::ffff:198.51.100.7",), "198.51.100.7"),
        (("1.1.1.1", "unknown"), ""),
        (("1.1.1.1", "198.51.100.7.5"), ""),
    ],
)
def test_a_trusted_proxy_says_who_asked_it_and_what_that_one_says_is_left_alone(settings, forwarded, address):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert client_address(request("10.0.0.4", *forwarded)) == address


def test_a_proxy_is_known_by_its_address_in_ipv6_too(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.4", "2001:db8:1::/48"]
    assert client_address(request("::ffff:10.0.0.4", "198.51.100.7")) == "198.51.100.7"
    assert client_address(request("2001:db8:1::9", "198.51.100.7")) == "198.51.100.7"
    assert client_address(request("2001:db8:2::9", "198.51.100.7")) == "2001:db8:2::9"


@pytest.mark.parametrize("peer", ["", "unix:", "/run/site.sock"])
def test_a_socket_without_an_address_is_nobody_and_trusted_by_nobody(settings, peer):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert client_address(request(peer, "1.2.3.4")) == ""


def test_one_customers_network_is_one_sender():
    assert network("2001:db8:0:1::1") == network("2001:db8:0:1:ffff::9") == "2001:db8:0:1::/64"
    assert network("2001:db8:0:2::1") != network("2001:db8:0:1::1")
    assert network("198.51.100.7") != network("198.51.100.8")
    assert network("::ffff:198.51.100.7") == network("198.51.100.7:80") == "198.51.100.7"
    assert network("fe80::1%eth0") == "fe80::/64"


def test_the_sender_is_kept_as_a_hash_that_depends_on_the_key(settings):
    before = client_hash(request())
    assert len(before) == 64
    assert PEER not in before
    settings.SECRET_KEY = "another key, of which nobody knows the first"
    assert client_hash(request()) != before
