"""Test the client's IP address: only trusted proxies may set it."""

import pytest
from django.test import RequestFactory

from leads.client_ip import client_address, client_hash, client_network

PEER = "203.0.113.9"


def request(peer=PEER, *forwarded):
    headers = {"HTTP_X_FORWARDED_FOR": ",".join(forwarded)} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize(
    "forwarded", ["1.2.3.4", "1.2.3.4, 5.6.7.8", "127.0.0.1", "", ",,,", "garbage", "'; drop", PEER, "::1", "x" * 9000]
)
def test_x_forwarded_for_is_ignored_without_a_trusted_proxy(forwarded):
    assert client_address(request(PEER, forwarded)) == PEER
    assert client_hash(request(PEER, forwarded)) == client_hash(request())


def test_headers_other_than_x_forwarded_for_are_ignored(settings):
    settings.TRUSTED_PROXIES = [PEER]
    headers = {"HTTP_X_REAL_IP": "1.2.3.4", "HTTP_FORWARDED": "for=1.2.3.4", "HTTP_CLIENT_IP": "1.2.3.4"}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=PEER, **headers)) == PEER


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        (("198.51.100.7",), "198.51.100.7"),
        (("1.1.1.1", "198.51.100.7"), "198.51.100.7"),
        (("1.1.1.1", "198.51.100.7", "10.0.0.5"), "198.51.100.7"),  # Both proxies are trusted.
        (("10.0.0.5", "198.51.100.7"), "198.51.100.7"),  # The client forged the first address.
        (("garbage", "198.51.100.7"), "198.51.100.7"),
        (("198.51.100.7", ""), "198.51.100.7"),
        (("10.0.0.7",), "10.0.0.7"),  # all addresses are trusted proxies
        (("198.51.100.7:50123",), "198.51.100.7"),
        (("2001:db8::7",), "2001:db8::7"),
        (("[2001:db8::7]:50123",), "2001:db8::7"),
        (("[2001:db8::7]",), "2001:db8::7"),
        (("::ffff:198.51.100.7",), "198.51.100.7"),
        (("1.1.1.1", "unknown"), ""),
        (("1.1.1.1", "198.51.100.7.5"), ""),
    ],
)
def test_client_ip_is_the_last_address_that_is_not_a_trusted_proxy(settings, forwarded, address):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert client_address(request("10.0.0.4", *forwarded)) == address


def test_ipv6_proxies(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.4", "2001:db8:1::/48"]
    assert client_address(request("::ffff:10.0.0.4", "198.51.100.7")) == "198.51.100.7"
    assert client_address(request("2001:db8:1::9", "198.51.100.7")) == "198.51.100.7"
    assert client_address(request("2001:db8:2::9", "198.51.100.7")) == "2001:db8:2::9"


@pytest.mark.parametrize("peer", ["", "unix:", "/run/site.sock"])
def test_peer_without_an_address_is_unknown_and_not_trusted(settings, peer):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert client_address(request(peer, "1.2.3.4")) == ""


def test_addresses_in_one_ipv6_network_count_as_one_client():
    assert client_network("2001:db8:0:1::1") == client_network("2001:db8:0:1:ffff::9") == "2001:db8:0:1::/64"
    assert client_network("2001:db8:0:2::1") != client_network("2001:db8:0:1::1")
    assert client_network("198.51.100.7") != client_network("198.51.100.8")
    assert client_network("::ffff:198.51.100.7") == client_network("198.51.100.7:80") == "198.51.100.7"
    assert client_network("fe80::1%eth0") == "fe80::/64"


def test_client_hash_has_three_parts_for_ipv6_prefixes_of_48_56_and_64_bits():
    address = request("2001:db8:1:101::1")
    networks = client_hash(address).split(".")
    assert len(set(networks)) == 3
    assert len(client_hash(address)) <= 64  # the length of Lead.client

    def common(peer):
        pairs = zip(networks, client_hash(request(peer)).split("."), strict=True)
        return [ours == theirs for ours, theirs in pairs]

    assert common("2001:db8:1:101:ffff::9") == [True, True, True]
    assert common("2001:db8:1:1ff::1") == [True, True, False]
    assert common("2001:db8:1:201::1") == [True, False, False]
    assert common("2001:db8:2:101::1") == [False, False, False]


def test_hash_depends_on_the_secret_key(settings):
    before = client_hash(request())
    assert len(before) == 64
    assert PEER not in before
    settings.SECRET_KEY = "another key, different from the first one"
    assert client_hash(request()) != before
