"""Which coding a request gets (RFC 9110, 12.5.3), and when it has the answer already (13.1.2)."""

import pytest

from layersrank_site.serving.negotiation import etag_matches, preferred_codings

CODINGS = ("br", "gzip", "identity")


@pytest.mark.parametrize(
    ("accepted", "first"),
    [
        ("", "identity"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("x-gzip", "gzip"),
        ("GZIP;Q=1.0", "gzip"),
        ("deflate, zstd", "identity"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("br;q=0, gzip;q=0, *", "identity"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("gzip ; q = 0.9 , br ; q=0.8", "gzip"),
        ("identity, br;q=0.5", "identity"),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("br;q=0.001", "br"),
        ("br;q=0", "identity"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("br;q=many, gzip;q=0.1", "gzip"),
        ("br;q=2", "identity"),
        ("br;q=-1, gzip;q=nan", "identity"),
        (",,;q=1,", "identity"),
    ],
)
def test_the_best_that_is_accepted_comes_first(accepted, first):
    assert preferred_codings(accepted, CODINGS)[0] == first


@pytest.mark.parametrize("accepted", ["*;q=0", "identity;q=0", "identity;q=0, br;q=0", "gzip;q=0, *;q=0"])
def test_nothing_is_accepted(accepted):
    assert preferred_codings(accepted, CODINGS) == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ('"b",W/"a"', True),
        (" * ", True),
        ('"b"', False),
        ('"a-br"', False),
        ("a", False),
        ("", False),
    ],
)
def test_if_none_match(said, expected):
    assert etag_matches(said, '"a"') is expected
