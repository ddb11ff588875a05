"""What a form carries along: it says what it said when the form was opened, or nothing."""

import base64
import json

import pytest
from django.core import signing
from django.test import RequestFactory

from leads import form_tokens
from leads.form_tokens import LONGEST, MOST, FormToken, issue, read

TICKET = FormToken("an-opening", 1_800_000_000.5, "/hire/data-engineer", "", {"utm_source": "letter"}, "They may.")
OWN = "http://testserver"


def opened(path="/start", referrer=""):
    return issue(RequestFactory().get(path, headers={"Referer": referrer} if referrer else {}))


def test_a_ticket_comes_back_as_it_went():
    assert read(str(TICKET)) == TICKET
    assert opened().opening != opened().opening


FORGED = [
    "",
    " ",
    ":",
    "::",
    "a:b:c",
    ".eJw:1:2",
    "\x00",
    "\ud800",
    "é:é:é",
    "x" * 60_000,
    str(TICKET)[:-1],
    str(TICKET) + "x",
    " " + str(TICKET),
    str(TICKET).swapcase(),
    base64.urlsafe_b64encode(json.dumps({"opening": "mine"}).encode()).decode() + ":1rQpTB:c2ln",
    signing.dumps({"opening": "of another salt"}),
    signing.dumps({"opening": "too little said"}, salt=form_tokens.SALT),
    signing.dumps("no ticket", salt=form_tokens.SALT),
    signing.dumps({**TICKET.__dict__, "more": 1}, salt=form_tokens.SALT),
]


# Signed with the time, so that they would name the tests anew each time.
@pytest.mark.parametrize("forged", FORGED, ids=map(str, range(len(FORGED))))
def test_what_this_site_did_not_sign_as_a_ticket_is_none(forged):
    assert read(forged) is None


def test_a_ticket_of_another_key_is_none_unless_that_key_is_still_known(settings):
    old, text = settings.SECRET_KEY, str(TICKET)
    settings.SECRET_KEY = "a new key, since the old one stood in somebody's mail"
    assert read(text) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read(text) == TICKET


def test_the_page_before_is_one_of_this_site():
    assert opened(referrer=f"{OWN}/hire/data-engineer?x=1#top").came_from == "/hire/data-engineer"
    assert opened(referrer=f"{OWN}/start").came_from == ""  # the form itself, opened again


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://news.example/a?b", "news.example"),
        ("https://user:word@news.example:8443/", "news.example"),
        ("https://[2001:db8::1]:8443/a", "2001:db8::1"),
        ("http://testserver:81/hire", "testserver"),
        ("http://testserver@evil.example/hire", "evil.example"),
        ("http://evil.example\\@testserver/hire", "testserver"),
        ("http://x@testserver/hire", "testserver"),
        ("HTTPS://NEWS.example/", "news.example"),
        ("https://" + "a" * 500 + ".example/", "a" * 255),
        ("https://news\x00\x1b.example/", "news.example"),
    ],
)
def test_of_another_site_only_the_host_is_kept(referrer, host):
    ticket = opened(referrer=referrer)
    assert (ticket.came_from, ticket.referrer_host, ticket.campaign) == ("", host, {})


@pytest.mark.parametrize(
    "referrer",
    ["/hire", "//x", "javascript:alert(1)", "data:,x", "about:blank", "http://[x", "http://", "\x00", "null"],
)
def test_what_is_no_web_address_is_nothing(referrer):
    ticket = opened(referrer=referrer)
    assert (ticket.came_from, ticket.referrer_host) == ("", "")


def test_a_page_before_that_is_no_page_is_cut_and_cleaned():
    assert opened(referrer=f"{OWN}/" + "a" * 900).came_from == "/" + "a" * 499
    assert opened(referrer=f"{OWN}/a\x00b\x85c\ud800").came_from == "/abc"


def test_a_campaign_is_read_from_the_address_or_else_from_the_one_before():
    assert opened("/start?utm_source=a&utm_term=b&gclid=c").campaign == {"utm_source": "a", "utm_term": "b"}
    assert opened(referrer=f"{OWN}/hire?utm_source=letter&q=x").campaign == {"utm_source": "letter"}
    assert opened("/start?utm_source=a", f"{OWN}/hire?utm_source=b").campaign == {"utm_source": "a"}
    assert opened(referrer="https://news.example/?utm_source=theirs").campaign == {}


def test_of_a_campaign_only_so_much_is_kept_and_nothing_that_cannot_be_read():
    query = "&".join(f"utm_{number}={'x' * 900}" for number in range(40))
    kept = opened(f"/start?{query}").campaign
    assert len(kept) == MOST
    assert {len(value) for value in kept.values()} == {LONGEST}
    assert opened("/start?utm_a%0d%0aBcc:%20x=1%00%0d%0a2%ff%ed%a0%80").campaign == {
        "utm_aBcc: x": "12\ufffd" + "\ufffd" * 3
    }
