"""Fills nginx's cache, so that nginx also has copies of the pages and files that no visitor has requested yet.

The filler requests each address from nginx when the response has changed, and again every hour. If no replica answers,
nginx may send each copy for a week after it got the copy.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import closing, suppress
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from select import select
from threading import Thread
from time import monotonic, sleep
from urllib.parse import quote, urlsplit

from .. import atomic_files
from .manifest import ManifestReader
from .manifest_entry import Entry

logger = logging.getLogger(__name__)

# How long to wait before requesting a changed page. Until then, nginx or a worker may still have the old response.
SETTLE_SECONDS = 2
RENEWAL_SECONDS = 60 * 60
HEARTBEAT_SECONDS = 20  # nginx closes connections that are idle for 60 seconds
TIMEOUT_SECONDS = 60

# The values of Accept-Encoding and Accept that nginx distinguishes.
CODINGS = ("br, gzip", "gzip", "identity")
ANY, MARKDOWN = "*/*", "text/markdown"


class NginxRestarted(Exception):
    """nginx closed the connection, so it may have restarted. nginx empties its cache when it starts."""


class NginxFiller:
    """Requests all published addresses through the nginx at `url`, with `host` as the Host header.

    The file at `path` lists the addresses that nginx has copies of. A new filler needs this list to find the pages that
    were removed while no filler ran.
    """

    def __init__(self, manifest: ManifestReader, url: str, host: str, path: Path) -> None:
        self._manifest = manifest
        self._address = urlsplit(url).netloc
        self._host = host
        self._path = path
        self._artifacts: tuple[str, ...] | None = None
        self.filled: dict[str, object] = {}
        self._renew_at = 0.0

    def start(self) -> None:
        Thread(target=self._run, name="nginx-filler", daemon=True).start()

    def published(self, artifacts: tuple[str, ...]) -> None:
        """Let the thread start to fill nginx's cache. The publisher calls this when all pages are published.

        `artifacts` are the URLs of images and social cards.
        """
        self._artifacts = artifacts

    def _run(self) -> None:
        with suppress(OSError, ValueError):
            self.filled = dict.fromkeys(json.loads(self._path.read_text()), "")
        is_connected = True
        while True:
            try:
                with closing(HTTPConnection(self._address, timeout=TIMEOUT_SECONDS)) as connection:
                    connection.connect()
                    is_connected = True
                    self._renew_at = 0
                    self._fill_until_restart(connection)
            except (OSError, HTTPException, NginxRestarted) as error:
                if is_connected:
                    logger.info("the connection to nginx has ended: its cache is filled again later (%r)", error)
                is_connected = False
            sleep(SETTLE_SECONDS)

    def _fill_until_restart(self, connection: HTTPConnection) -> None:
        """Keep nginx's cache up to date. Raise NginxRestarted, OSError or HTTPException when the connection ends."""
        heartbeat_at = monotonic()
        while True:
            changed = self.find_changed()
            sleep(SETTLE_SECONDS)
            if connection.sock and select([connection.sock], [], [], 0)[0]:
                raise NginxRestarted
            if monotonic() >= heartbeat_at:
                heartbeat_at = monotonic() + HEARTBEAT_SECONDS
                self._request(connection, "/", CODINGS[0], ANY)
            if changed:
                self.fill(connection, changed)

    def find_changed(self) -> dict[str, object]:
        """Return the addresses whose copies in nginx are missing or out of date, each with its current version.

        If the site no longer has the address, the version is None.
        """
        if self._artifacts is None:
            return {}
        if monotonic() >= self._renew_at:
            self.filled = dict.fromkeys(self.filled, "")
            self._renew_at = monotonic() + RENEWAL_SECONDS
        self._manifest.get("/")  # `get` reads the manifest's new lines
        current: dict[str, object] = dict.fromkeys(self.filled)
        current |= {url: url for url in self._artifacts}
        current |= {path: _version(entry) for path, entry in self._manifest.current_entries().items()}
        return {path: version for path, version in current.items() if self.filled.get(path, "") != version}

    def fill(self, connection: HTTPConnection, changed: Mapping[str, object]) -> None:
        """Request the changed addresses, and save the list of all addresses that nginx has copies of.

        A removed address leaves the list when its response is 404. Otherwise, the list would grow with each edit: an
        edit often gives a social card a new address, because the address contains a hash.
        """
        for path, version in changed.items():
            status = self._fill(connection, path, is_removed=version is None)
            if version is None and status == HTTPStatus.NOT_FOUND:
                self.filled.pop(path, None)
            elif status:
                self.filled[path] = version
        try:
            with atomic_files.replace_file(self._path) as file:
                file.write(json.dumps(list(self.filled)).encode())
        except OSError as error:  # for example, the disk is full
            logger.warning("the list of the copies in nginx's cache can't be saved: %s", error)

    def _fill(self, connection: HTTPConnection, path: str, *, is_removed: bool) -> int:
        """Request all variants of `path`. Return the status of the responses, or 0 if no replica has answered."""
        status = 0
        for coding in CODINGS:
            response = self._request(connection, path, coding, ANY)
            status = response.status
            is_copy = status == 200 and response.headers.get("Cache-Control") == "no-cache"
            if is_copy or status == 429 or status >= 500:
                return 0
            if is_removed or "accept" in response.headers.get("Vary", "").lower().replace(" ", "").split(","):
                self._request(connection, path, coding, MARKDOWN)
        return status

    def _request(self, connection: HTTPConnection, path: str, coding: str, accepted: str) -> HTTPResponse:
        headers = {"Host": self._host, "Accept-Encoding": coding, "Accept": accepted}
        connection.request("GET", quote(path), headers=headers)
        response = connection.getresponse()
        response.read()
        return response


def _version(entry: Entry) -> object:
    return entry.digest, entry.headers, entry.changes_at, entry.is_quick
