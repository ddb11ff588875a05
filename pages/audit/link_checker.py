"""Check whether the addresses of other sites still answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit

from .link_results import LinkResult, State
from .robots_txt import RobotsTxt, parse_robots
from .web_client import Answer

AGENT = "LayersRank-Links"
SLOW_SECONDS = 5
MAX_HOPS = 5
# These statuses say that the server refuses programs or is busy, so the address may be fine. LinkedIn sends 999.
_UNCLEAR = (401, 403, 407, 408, 425, 429, 503, 999)
_BUSY = (429, 503)
_PERMANENT = (301, 308)


class Client(Protocol):
    def request(self, url: str, method: str = "GET") -> Answer: ...


class LinkChecker:
    """Sends only one request at a time, to be polite to the servers. Requests each address only once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._robots: dict[str, RobotsTxt] = {}
        self._answers: dict[str, Answer] = {}  # several addresses may redirect to the same one

    def check(self, urls: Iterable[str]) -> Iterator[tuple[str, LinkResult, bool]]:
        """Yield each URL with its result, and whether a server answered."""
        state: State
        for url in urls:
            try:
                state, note, is_answered = self._check(url)
            except ValueError:  # such as https://[
                state, note, is_answered = "dead", "The address is not valid, or redirects to an invalid one.", False
            yield url, LinkResult(state, datetime.now(UTC).isoformat(timespec="seconds"), note), is_answered

    def _check(self, url: str) -> tuple[State, str, bool]:
        if "…" in url or url.endswith("..."):
            return "dead", "The address is unfinished.", False
        final, hops = url, 0
        is_permanent = True
        while True:
            if not self._may_request(final):
                return "unclear", "The site's robots.txt forbids programs to open this address. Open it yourself.", True
            answer = self._ask(final)
            if not answer.is_redirect or hops == MAX_HOPS:
                break
            is_permanent &= answer.status in _PERMANENT
            if not answer.target:
                raise ValueError(answer.headers["location"])
            final, hops = answer.target, hops + 1
        if answer.status in _UNCLEAR:
            return "unclear", f"The site answers with {answer.status} to programs. Open the address yourself.", True
        if answer.is_redirect or not 200 <= answer.status < 400:
            note = f"The answer is {answer.status}." if answer.status else f"There is no answer ({answer.error})."
            if answer.is_redirect:
                note = f"The address redirects more than {MAX_HOPS} times."
            elif hops:
                note = f"The address redirects to {final}. {note}"
            return "dead", note, bool(answer.status)
        if hops and is_permanent:
            return "moved", f"The new address is {final}", True
        if answer.seconds > SLOW_SECONDS:
            return "slow", f"The answer took {answer.seconds:.0f} seconds.", True
        return "fine", "", True

    def _ask(self, url: str) -> Answer:
        """Send HEAD, and return the answer without a body.

        If HEAD fails, send GET, because some servers don't know HEAD. Don't send GET to a server that is busy.
        """
        if url not in self._answers:
            answer = self._client.request(url, "HEAD")
            if not 0 < answer.status < 400 and answer.status not in _BUSY:
                answer = self._client.request(url, "GET")
            self._answers[url] = replace(answer, body=b"")
        return self._answers[url]

    def _may_request(self, url: str) -> bool:
        parts = urlsplit(url)
        server = f"{parts.scheme}://{parts.netloc}"
        if server not in self._robots:
            answer = self._client.request(f"{server}/robots.txt")
            for _ in range(MAX_HOPS):  # crawlers should follow five redirects (RFC 9309, 2.3.1.2)
                if not (answer.is_redirect and answer.target):
                    break
                answer = self._client.request(answer.target)
            text = answer.text if answer.status == 200 else ""
            if answer.status >= 500:  # after a server error, crawlers must not request any path (RFC 9309, 2.3.1.4)
                text = "User-agent: *\nDisallow: /"
            self._robots[server] = parse_robots(text)
        return self._robots[server].allows(AGENT, url)
