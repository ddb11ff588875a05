"""Test that no cache may keep a response past the time when the response changes."""

import re

import pytest

from layersrank_site.serving.cache_limits import GRACE_SECONDS, limit_caching
from layersrank_site.serving.prepared_response import PreparedResponse
from pages.http.caching import PUBLIC, public
from pages.publish.manifest import POLL_SECONDS

HEADERS = [(b"content-type", b"text/html"), (b"cache-control", PUBLIC.encode()), (b"etag", b"x")]
START = {"type": "http.response.start", "status": 200, "headers": HEADERS, "trailers": False}
BODY = {"type": "http.response.body", "body": b"", "more_body": False}
RESPONSE = PreparedResponse(
    "x", START, BODY, {**START, "status": 304}, {**START, "status": 412, "headers": HEADERS[:1]}
)


def ends(value):
    """Return four numbers of seconds: how long a browser and a CDN may use a response.

    The first number is for browsers, and the second number is for CDNs. A CDN may send a stale response for longer,
    while it revalidates the response (third number) and after an error (fourth number).
    """
    seconds = {name: int(number) for name, number in re.findall(r"([a-z-]+)=(\d+)", value)}
    fresh = seconds["s-maxage"]
    return (
        seconds["max-age"],
        fresh,
        fresh + seconds["stale-while-revalidate"],
        fresh + seconds["stale-if-error"],
    )


@pytest.mark.parametrize("left", [-5, 0, 0.9, 1, 59.9, 60, 61, 600, 660, 661, 604_800, 604_860, 10**9])
def test_all_four_limits_end_at_the_change(left):
    assert max(ends(public(left))) <= max(left, 0)


def test_a_change_in_the_far_future_limits_nothing():
    assert public(10**9) == public(604_860) == PUBLIC
    assert ends(PUBLIC) == (0, 60, 660, 604_860)


@pytest.mark.parametrize("seconds", [600.0, 60.5, 1, 0.3, 0.1, 0, -0.4])
def test_a_stored_response_gets_the_time_that_is_left_at_the_next_poll(seconds):
    limited = limit_caching(RESPONSE, seconds)
    for message in (limited.start, limited.not_modified):
        headers = dict(message["headers"])
        assert max(ends(headers[b"cache-control"].decode())) <= max(seconds - POLL_SECONDS, 0)
        assert headers[b"etag"] == b"x"
    assert limited.body is RESPONSE.body and dict(RESPONSE.start["headers"])[b"cache-control"] == PUBLIC.encode()


@pytest.mark.parametrize(("seconds", "is_sent"), [(-0.4, True), (-0.5, False), (-200, False)])
def test_a_response_is_not_sent_after_its_end_if_nothing_was_prebuilt(seconds, is_sent):
    assert (limit_caching(RESPONSE, seconds) is not None) == is_sent


def test_a_response_that_changes_much_later_stays_as_it_is():
    assert limit_caching(RESPONSE, 10.0**9) is RESPONSE


def test_a_response_whose_time_is_over_is_sent_for_less_than_a_second():
    assert limit_caching(RESPONSE, -GRACE_SECONDS) is None
    assert GRACE_SECONDS + POLL_SECONDS < 1
