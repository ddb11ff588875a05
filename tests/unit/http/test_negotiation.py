"""Content codings and entity tags: Accept-Encoding (RFC 9110, 12.5.3), If-Match and If-None-Match (13.1)."""

import pytest

from pages.http.negotiation import CODINGS, acceptable_codings, if_match_holds, matching_etag, preferred_codings


@pytest.mark.parametrize(
    ("accept_encoding", "best"),
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
def test_best_coding(accept_encoding, best):
    assert preferred_codings(accept_encoding, CODINGS)[0] == best


@pytest.mark.parametrize("accept_encoding", ["*;q=0", "identity;q=0", "identity;q=0, br;q=0", "gzip;q=0, *;q=0"])
def test_no_coding_is_acceptable(accept_encoding):
    assert preferred_codings(accept_encoding, CODINGS) == []
    assert acceptable_codings(accept_encoding) == ["identity"]


@pytest.mark.parametrize(
    ("if_none_match", "matches"),
    [
        ('"a"', True),
        ('W/"a"', True),  # weak comparison
        ('"b", "a"', True),
        ('"b",W/"a"', True),
        (',, "a" ,', True),  # empty list elements are allowed (RFC 9110, 5.6.1.2)
        (" * ", True),
        ('"b"', False),
        ('"a-br"', False),
        ('w/"a"', False),  # the weakness indicator is case-sensitive (RFC 9110, 8.8.3)
        ('"A"', False),
        ('"*"', False),
        ("a", False),
        ('"a', False),
        ('W/W/"a"', False),
        ("", False),
    ],
)
def test_if_none_match(if_none_match, matches):
    assert bool(matching_etag(if_none_match, '"a"')) is matches


def test_a_matching_etag_is_returned_as_written_in_the_header():
    assert matching_etag('W/"a"', '"a"') == matching_etag('"b", W/"a"', '"a"') == 'W/"a"'
    assert matching_etag("*", '"a"') == '"a"'


@pytest.mark.parametrize(
    ("if_match", "holds"),
    [
        ('"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('W/"a"', False),  # strong comparison
        ('"b"', False),
        ('"a-br"', False),
        ("a", False),
    ],
)
def test_if_match(if_match, holds):
    assert if_match_holds(if_match, '"a"') is holds
