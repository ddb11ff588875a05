"""Damage each file in BUILD_DIR, while the site runs and while it is stopped.

Each file is truncated, overwritten or deleted. The site must never serve a wrong byte, and must write the file again.
"""

import gzip
import json
import os
import re
import shutil
import sqlite3
import time
from contextlib import AbstractContextManager, closing
from difflib import unified_diff
from itertools import count, product
from pathlib import Path

import brotli

from pages import sealed_files
from pages.http.negotiation import CODINGS, IDENTITY
from pages.publish.manifest import ManifestReader
from pages.repository import snapshot
from pages.search import index, index_digest

from ...conftest import SAMPLE_SITE, Server, serving
from ...support.sample_images import camera_jpeg
from ...support.waiting import PATIENCE
from .outcome import Outcome

DOCUMENT = "# {name}\n## /{name}\n\n## META\n\n```\nTitle: {name} | Site\n```\n\n## Words\n\n{text}\n"
COUNT = count()

DAMAGES = {
    "truncated to nothing": lambda data: b"",
    "truncated in the middle": lambda data: data[: len(data) // 2],
    "zeroed": lambda data: bytes(len(data)),
    "zeroed in the middle": lambda data: data[: len(data) // 3] + bytes(len(data) // 3) + data[len(data) // 3 * 2 :],
    "randomized": lambda data: os.urandom(len(data)),
    "randomized in the middle": lambda data: data[: len(data) // 2] + os.urandom(9) + data[len(data) // 2 + 9 :],
    "deleted": lambda data: None,
}
INDEX_FILES = ("search-index", "search-index-digest")
RELEASE_FILES = ("manifest", "snapshot", *INDEX_FILES, "pending-requests", "content-status", "lock")
KINDS = (*RELEASE_FILES, "bodies", "image", "card", "artifact lock")
DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, IDENTITY: bytes}


class Site:
    """A running site, and the responses that it must give."""

    def __init__(self, server):
        self.server, self.build = server, server.content.parent / "build"
        server.published("/words")
        server.published("/picture")
        page = server.get("/picture").text
        urls = re.findall(r"/images/[^\s\"]+\.avif", page) + re.findall(r"/social/[^\s\"]+\.png", page)
        self.image, self.card = urls[0], urls[-1]
        server.until("/version", lambda response: response.status == 200 and json.loads(response.text)["content"])
        self.paths = ["/", "/words", "/picture", "/search?q=zebra", "/search?q=zeb", self.image, self.card]
        self.expected = {path: server.until(path, lambda each: each.status == 200).body for path in self.paths}
        assert b"zebra" in self.expected["/search?q=zebra"].lower()
        self.release = next((self.build / "releases").iterdir())
        self.wait_until_whole()

    def files(self, name):
        """Return the paths of the files to damage. `name` is one of KINDS."""
        if name == "bodies":
            return sorted((self.build / "pages").glob("*/*"))
        paths = {"image": self.image, "card": self.card, "artifact lock": "/.lock"}
        return [self.build / paths[name].strip("/") if name in paths else self.release / name]

    def check_responses(self):
        """Return True if all responses are as expected, and False if one has status 503. Fail for any wrong byte."""
        is_complete = True
        for path, coding in product(self.paths, CODINGS):
            response = self.server.get(path, **{"Accept-Encoding": coding})
            if response.status == 503:
                assert response.headers["Retry-After"]
                is_complete = False
                continue
            body = DECODERS[response.headers["Content-Encoding"] or IDENTITY](response.body)
            lines = [each.decode(errors="replace").splitlines() for each in (self.expected[path], body)]
            difference = "\n".join(unified_diff(*lines, n=0))
            assert body == self.expected[path], f"{path} ({coding}): {response.status}\n{difference}"
        return is_complete

    def is_whole(self):
        """Return True if every file that the publisher has written can be read and is complete."""
        with closing(ManifestReader(self.release / "manifest")) as manifest:
            manifest.refresh()
        if manifest.is_damaged or not manifest.entries.keys() >= {"/", "/words", "/picture", "/sitemap.xml"}:
            return False
        library = snapshot.read(self.release / "snapshot")
        try:
            sealed = [self.release / "content-status", *self.files("image"), *self.files("card")]
            for path in sealed:
                sealed_files.read(path)
            if not index_digest.matches(self.release / "search-index"):
                return False
            with closing(sqlite3.connect(f"file:{self.release / 'search-index'}?mode=ro", uri=True)) as database:
                urls = index.urls(database)
        except (OSError, sealed_files.Damaged, sqlite3.DatabaseError):
            return False
        return library is not None and "/words" in library.pages and {"/words", "/picture"} <= urls

    def wait_until_whole(self):
        end = time.monotonic() + PATIENCE
        while not (self.check_responses() and self.is_whole()):
            assert time.monotonic() < end, self.server.log.read_text()[-10_000:]
            time.sleep(0.05)

    def check_publishing(self):
        """Check that the site still publishes an edit."""
        text = f"edited {next(COUNT)}"
        # Replace the document in one step. Otherwise, the site could read an empty document, and remove both its page
        # and the link on the home page.
        new = self.server.content / ".edited"
        new.write_text(DOCUMENT.format(name="edited", text=text))
        new.replace(self.server.content / "edited.md")
        self.server.until("/edited", lambda response: text in response.text)


def damage(path, change):
    """Change the file in place, as a failing disk does. Processes that have the file open see the change."""
    data = change(path.read_bytes()) if path.exists() else None
    if data is None:
        path.unlink(missing_ok=True)
    else:
        with path.open("r+b") as file:
            file.truncate(len(data))
            file.write(data)


def create_content(folder: Path) -> None:
    """Create the documents of a small site in `folder`."""
    content = folder / "content"
    (content / "images").mkdir(parents=True)
    shutil.copy(SAMPLE_SITE / "site.toml", content)
    (content / "images" / "panel.jpg").write_bytes(camera_jpeg(330, 220))
    for name, text in (
        ("words", "A zebra reads. " * 40),
        ("picture", "![The panel](images/panel.jpg)"),
        ("edited", "Not yet"),
    ):
        (content / f"{name}.md").write_text(DOCUMENT.format(name=name, text=text))


def run(folder: Path) -> AbstractContextManager[Server]:
    # Each run has a different port. But a release depends on SITE_URL, so all runs get the same SITE_URL.
    return serving(folder, WEB_CONCURRENCY="1", SITE_URL="http://127.0.0.1:8000")


def damage_all(site, name, change):
    """Damage all files of a kind."""
    for path in site.files(name):
        damage(path, change)


def check_repair(site):
    """Check that responses have no wrong byte, that the site repairs all files, and that it publishes an edit."""
    site.check_responses()
    site.wait_until_whole()
    site.check_publishing()
    assert "Traceback" not in site.server.log.read_text()


def damage_while_running(folder: Path, seconds: float) -> Outcome:
    """Damage each kind of file in each way, and check that the running site repairs it.

    All attacks take `seconds`, but this attack doesn't use the number: it ends by itself.
    """
    create_content(folder)
    with run(folder) as server:
        site = Site(server)
        for name, change in product(KINDS, DAMAGES.values()):
            damage_all(site, name, change)
            check_repair(site)
    return Outcome(f"{len(KINDS)} kinds of files, each damaged in {len(DAMAGES)} ways")


def damage_while_stopped(folder: Path, seconds: float) -> Outcome:
    """Damage each kind of file in each way, and check that the site repairs it after a start.

    All attacks take `seconds`, but this attack doesn't use the number: it ends by itself.
    """
    create_content(folder)
    with run(folder) as server:
        site = Site(server)
    for name, change in product(KINDS, DAMAGES.values()):
        damage_all(site, name, change)
        with run(folder) as site.server:
            check_repair(site)
    return Outcome(f"{len(KINDS)} kinds of files, each damaged in {len(DAMAGES)} ways before a start")


ATTACKS = (damage_while_running, damage_while_stopped)
