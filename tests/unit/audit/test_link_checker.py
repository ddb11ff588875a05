"""How the link checker sends requests, and how it reports each kind of answer."""

import pytest

from pages.audit.link_checker import MAX_HOPS, SLOW_SECONDS, LinkChecker
from pages.audit.web_client import Answer

URL = "https://other.example/page"
ROBOTS = "https://other.example/robots.txt"


class Servers:
    """Fake servers. The keys of `answers` are pairs of a method and a URL, or URLs. Other requests get status 404."""

    def __init__(self, answers):
        self.answers, self.requests = answers, []

    def request(self, url, method="GET"):
        self.requests.append((method, url))
        answer = self.answers.get((method, url), self.answers.get(url, 404))
        if isinstance(answer, Answer):
            return answer
        status, location = (301, answer) if isinstance(answer, str) else (answer, "")
        return Answer(url, status, {"location": location} if location else {})


def result_of(answers, url=URL):
    [(_, result, is_answered)] = LinkChecker(Servers(answers)).check([url])
    return result.state, result.note, is_answered


LOOP = {f"https://other.example/{number}": f"/{number + 1}" for number in range(MAX_HOPS + 2)}
FORBID_ALL = Answer(URL, 200, body=b"User-agent: *\nDisallow: /")
TEMPORARY = Answer(URL, 302, {"location": "/login"})


@pytest.mark.parametrize(
    ("answers", "state", "note"),
    [
        ({URL: 200}, "fine", ""),
        ({("HEAD", URL): 405, ("GET", URL): 200}, "fine", ""),
        ({("HEAD", URL): 0, ("GET", URL): 200}, "fine", ""),
        ({URL: TEMPORARY, "https://other.example/login": 200}, "fine", ""),
        ({URL: 404}, "dead", "The answer is 404."),
        ({URL: 410}, "dead", "The answer is 410."),
        ({URL: 500}, "dead", "The answer is 500."),
        ({URL: Answer(URL, 0, error="timed out")}, "dead", "There is no answer (timed out)."),
        ({URL: "/gone"}, "dead", "The address redirects to https://other.example/gone. The answer is 404."),
        ({URL: "/0", **LOOP}, "dead", f"The address redirects more than {MAX_HOPS} times."),
        ({URL: "/new", "https://other.example/new": 200}, "moved", "https://other.example/new"),
        ({URL: "https://[", ROBOTS: 404}, "dead", "not valid"),
        ({URL: Answer(URL, 200, seconds=SLOW_SECONDS + 1)}, "slow", "The answer took 6 seconds."),
        ({URL: 999}, "unclear", "The site answers with 999 to programs."),
        ({URL: 403}, "unclear", "The site answers with 403 to programs."),
        ({ROBOTS: 503, URL: 200}, "unclear", "robots.txt"),
        ({ROBOTS: Answer(ROBOTS, 200, body=b"User-agent: *\nDisallow: /page"), URL: 200}, "unclear", "robots.txt"),
        ({ROBOTS: Answer(ROBOTS, 200, body=b"User-agent: *\nDisallow: /x"), URL: 200}, "fine", ""),
        ({ROBOTS: "/0", "https://other.example/0": FORBID_ALL, URL: 200}, "unclear", "robots.txt"),
        ({ROBOTS: "/0", **LOOP, URL: 200}, "fine", ""),
        ({ROBOTS: "https://[", URL: 200}, "fine", ""),
    ],
)
def test_the_state_of_an_address(answers, state, note):
    found = result_of(answers)
    assert found[0] == state and note in found[1]


@pytest.mark.parametrize("url", ["https://www.linkedin.com/…", "https://other.example/...", "https://["])
def test_an_unfinished_address_is_dead_without_a_request(url):
    servers = Servers({})
    [(_, result, _)] = LinkChecker(servers).check([url])
    assert result.state == "dead" and servers.requests == []


def test_only_an_address_that_answered_needs_no_other_request():
    assert result_of({URL: 404})[2] and not result_of({URL: Answer(URL, 0, error="timed out")})[2]


def test_robots_txt_is_read_once_and_get_follows_only_a_failed_head():
    servers = Servers({URL: 200})
    list(LinkChecker(servers).check([URL, "https://other.example/dead"]))
    dead = "https://other.example/dead"
    assert servers.requests == [("GET", ROBOTS), ("HEAD", URL), ("HEAD", dead), ("GET", dead)]


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_gets_no_second_request(status):
    servers = Servers({URL: status})
    [(_, result, _)] = LinkChecker(servers).check([URL])
    assert result.state == "unclear" and servers.requests == [("GET", ROBOTS), ("HEAD", URL)]


def test_addresses_that_redirect_to_the_same_address_need_one_request_for_it():
    target = "https://other.example/new"
    servers = Servers({URL: "/new", "https://other.example/other": "/new", target: 200})
    results = [
        result.state for _, result, _ in LinkChecker(servers).check([URL, "https://other.example/other", target])
    ]
    assert results == ["moved", "moved", "fine"] and servers.requests.count(("HEAD", target)) == 1
