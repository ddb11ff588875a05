"""Test form tokens: signing, and what they record about the visit."""

import base64
import json

import pytest
from django.core import signing
from django.test import RequestFactory

from leads import form_tokens
from leads.form_tokens import MAX_CAMPAIGN_LENGTH, MAX_CAMPAIGN_PARAMETERS, FormToken, issue, load

TOKEN = FormToken("an-opening", 1_800_000_000.5, "/hire/data-engineer", "", {"utm_source": "letter"}, "Consent.")
SITE = "http://testserver"


def issue_for(path="/start", referrer=""):
    return issue(RequestFactory().get(path, headers={"Referer": referrer} if referrer else {}))


def test_token_round_trip():
    assert load(str(TOKEN)) == TOKEN
    assert issue_for().opening != issue_for().opening


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
    str(TOKEN)[:-1],
    str(TOKEN) + "x",
    " " + str(TOKEN),
    str(TOKEN).swapcase(),
    base64.urlsafe_b64encode(json.dumps({"opening": "mine"}).encode()).decode() + ":1rQpTB:c2ln",
    signing.dumps({"opening": "without the salt"}),
    signing.dumps({"opening": "other fields missing"}, salt=form_tokens.SALT),
    signing.dumps("not a dictionary", salt=form_tokens.SALT),
    signing.dumps({**TOKEN.__dict__, "more": 1}, salt=form_tokens.SALT),
]


# Use numbers as test IDs. Signatures contain the time, so they would change the tests' names with each run.
@pytest.mark.parametrize("forged", FORGED, ids=map(str, range(len(FORGED))))
def test_forged_tokens_are_refused(forged):
    assert load(forged) is None


def test_token_signed_with_an_old_key_is_valid_only_with_secret_key_fallbacks(settings):
    old, text = settings.SECRET_KEY, str(TOKEN)
    settings.SECRET_KEY = "a new key, since the old one became known"
    assert load(text) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert load(text) == TOKEN


def test_previous_page_on_this_site_is_saved():
    assert issue_for(referrer=f"{SITE}/hire/data-engineer?x=1#top").came_from == "/hire/data-engineer"
    assert issue_for(referrer=f"{SITE}/start").came_from == ""  # the form itself


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
def test_only_the_host_of_a_referrer_on_another_site_is_saved(referrer, host):
    token = issue_for(referrer=referrer)
    assert (token.came_from, token.referrer_host, token.campaign) == ("", host, {})


@pytest.mark.parametrize(
    "referrer",
    ["/hire", "//x", "javascript:alert(1)", "data:,x", "about:blank", "http://[x", "http://", "\x00", "null"],
)
def test_invalid_referrers_are_ignored(referrer):
    token = issue_for(referrer=referrer)
    assert (token.came_from, token.referrer_host) == ("", "")


def test_previous_path_is_shortened_and_cleaned():
    assert issue_for(referrer=f"{SITE}/" + "a" * 900).came_from == "/" + "a" * 499
    assert issue_for(referrer=f"{SITE}/a\x00b\x85c\ud800").came_from == "/abc"


def test_campaign_comes_from_the_url_or_the_previous_page():
    assert issue_for("/start?utm_source=a&utm_term=b&gclid=c").campaign == {"utm_source": "a", "utm_term": "b"}
    assert issue_for(referrer=f"{SITE}/hire?utm_source=letter&q=x").campaign == {"utm_source": "letter"}
    assert issue_for("/start?utm_source=a", f"{SITE}/hire?utm_source=b").campaign == {"utm_source": "a"}
    assert issue_for(referrer="https://news.example/?utm_source=theirs").campaign == {}


def test_campaign_is_limited_in_size_and_cleaned():
    query = "&".join(f"utm_{number}={'x' * 900}" for number in range(40))
    campaign = issue_for(f"/start?{query}").campaign
    assert len(campaign) == MAX_CAMPAIGN_PARAMETERS
    assert {len(value) for value in campaign.values()} == {MAX_CAMPAIGN_LENGTH}
    assert issue_for("/start?utm_a%0d%0aBcc:%20x=1%00%0d%0a2%ff%ed%a0%80").campaign == {
        "utm_aBcc: x": "12\ufffd" + "\ufffd" * 3
    }


def test_a_token_never_has_the_url_of_a_preview():
    assert issue_for(referrer=f"{SITE}/preview/secret.signature/hire/sre").came_from == "/preview/…"
