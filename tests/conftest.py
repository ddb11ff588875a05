"""Shared fixtures and helpers: a copy of the sample site's content, and the site served by gunicorn."""

import fcntl
import gc
import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connections

from pages.content import library, unfinished_saves
from pages.content.library import Library
from pages.repository import current
from tests.support.reading_cache import cache_reading
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
SAMPLE_SITE = FIXTURES / "site"
SEED = SAMPLE_SITE / "hire" / "machine-learning-engineer.md"
SEED_URL = "/hire/machine-learning-engineer"

# Set no deadline, so that property tests don't fail on a busy machine.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")


def pytest_configure() -> None:
    """End on SIGTERM and SIGHUP as on Ctrl-C, so that pytest stops the servers and deletes the folders of the run."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_DFL:  # nohup ignores SIGHUP
            signal.signal(number, signal.default_int_handler)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """If a test parameter's value is bytes, use the parameter's name as the test ID.

    All test processes need the same IDs, but bytes can contain the current time.
    """
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Turn off Python's garbage collector while pytest collects the tests.

    The collector would take a quarter of this time, and free nothing. While the tests run, it skips what was created
    before (`gc.freeze`), and runs less often than by default. With Python's own thresholds, the collector would take a
    tenth of the tests' processor time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 10, 20)
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Leave nothing behind for the next test.

    pytest-django leaves a database connection open. If it stayed open, Django would check it at the end of the next
    request, even in a test without database access. The current library may have the documents of a folder that only
    this test used, so forget this library.
    """
    connections.close_all()
    if current._current and current._current.folder != settings.CONTENT_DIR:
        current.reset()


@pytest.fixture(scope="session")
def reading_cache() -> Iterator[None]:
    """Cache parsed documents, so that the tests parse the same text with the same settings only once."""
    with pytest.MonkeyPatch.context() as patch:
        cache_reading(patch)
        yield


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Library]:
    """A copy of the sample site, with its parsed documents. Parsing them again for every test would take minutes."""
    folder = tmp_path_factory.getbasetemp() / "sample-site" / "content"
    shutil.copytree(SAMPLE_SITE, folder)
    return folder, library.load(folder)


@pytest.fixture
def content(tmp_path: Path, settings, monkeypatch, sample_site: tuple[Path, Library]) -> Iterator[Path]:
    """Serve a fresh copy of the sample site, and look for changed documents on every request.

    Deletions take effect at once. In production, the site first waits: a program may still be saving the file.
    """
    monkeypatch.setattr(unfinished_saves, "HOLD_SECONDS", 0)
    folder, settings.CONTENT_DIR = sample_site[0], sample_site[0]
    shutil.rmtree(folder.parent)  # An earlier test may have turned the folder into a git repository.
    shutil.copytree(SAMPLE_SITE, folder)
    settings.BUILD_DIR, settings.DATA_DIR = tmp_path / "build", tmp_path / "data"
    settings.CONTENT_RELOAD = True
    current._current = sample_site[1]
    yield folder
    current.reset()


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Server:
    port: int
    content: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None  # This is None if another test process started the server.

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def until(self, path: str, holds: Callable[[Answer], bool], seconds: float = PATIENCE, **headers: str) -> Answer:
        """Request `path` until `holds(response)` is true, because it takes a moment to publish an edit."""
        end = time.monotonic() + seconds
        while True:
            answer = self.get(path, **headers)
            if holds(answer):
                return answer
            if time.monotonic() > end:
                pytest.fail(f"{path} had no matching response within {seconds} s:\n{self.log.read_text()}")
            time.sleep(0.05)

    def published(self, path: str, seconds: float = PATIENCE) -> Answer:
        """Wait for the prebuilt response for `path`, and return it. Until it exists, responses are uncompressed."""
        headers = {"Accept-Encoding": "br"}
        return self.until(path, lambda answer: answer.headers["Content-Encoding"] == "br", seconds, **headers)


def free_port() -> int:
    """Return an unused port below the ephemeral range, which starts at 32,768 (ip_local_port_range in ip(7)).

    The system could assign an ephemeral port to an outgoing connection before the server binds it.
    """
    while True:
        # Browsers block some ports, all below this range (https://fetch.spec.whatwg.org/#port-blocking).
        # Don't use `random`: pytest-randomly seeds it, so parallel test processes would get the same ports.
        port = 11_000 + secrets.randbelow(20_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def collect_static(env: dict[str, str]) -> None:
    """Collect static files once per test run: each collection briefly removes files that a running server may need."""
    with _once_per_run("collected-by-tests") as is_first:
        if is_first:
            # All servers share these files. Some servers have the production settings, which need compressed files.
            _manage(env | {"DJANGO_SETTINGS_MODULE": "layersrank_site.settings"}, "collectstatic", "--noinput")


def copy_sample_media(build: Path, env: dict[str, str]) -> None:
    """Copy the sample site's images and social cards to the folder `build`. They are generated once per test run.

    Otherwise, each server would draw all social cards again, which takes some seconds of processor time.
    """
    generated = ROOT / "var" / "media-for-tests"
    with _once_per_run("media-generated-by-tests") as is_first:
        if is_first:
            shutil.rmtree(generated, ignore_errors=True)
            _manage(env | {"CONTENT_DIR": str(SAMPLE_SITE), "BUILD_DIR": str(generated)}, "build_media")
    shutil.copytree(generated, build, ignore=shutil.ignore_patterns(".*"))


def migrate(env: dict[str, str]) -> None:
    """Migrate the database. A new SQLite database is a copy of a database that is migrated once per test run."""
    if not env["DATABASE_URL"].startswith("sqlite:///"):
        return _manage(env, "migrate")
    path, migrated = Path(env["DATABASE_URL"].removeprefix("sqlite:///")), ROOT / "var" / "migrated-for-tests.sqlite3"
    with _once_per_run("migrated-by-tests") as is_first:
        if is_first:
            migrated.unlink(missing_ok=True)
            _manage(env | {"DATABASE_URL": f"sqlite:///{migrated}"}, "migrate")
    if not path.exists():
        shutil.copy(migrated, path)


@contextmanager
def _once_per_run(name: str) -> Iterator[bool]:
    """Yield whether this is the first call with `name` in the test run. Test processes wait for each other."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    folder = ROOT / "var"
    folder.mkdir(exist_ok=True)
    with (folder / name).open("a+") as stamp:
        fcntl.flock(stamp, fcntl.LOCK_EX)
        stamp.seek(0)
        is_first = stamp.read() != run
        yield is_first
        if is_first:
            stamp.truncate(0)
            stamp.write(run)


def _manage(env: dict[str, str], *command: str) -> None:
    arguments = [sys.executable, "manage.py", *command, "--verbosity", "0"]
    subprocess.run(arguments, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, check=True)


@contextmanager
def serving(
    folder: Path,
    *arguments: str,
    ready: str = "/livez",
    takes_leads: bool = False,
    makes_files: bool = False,
    project: Path = ROOT,
    **environment: str,
) -> Iterator[Server]:
    """Run the site with gunicorn, and wait until it responds to the path `ready`.

    `folder` holds the site's content (by default a copy of the sample site), its build folder and its database. The
    database is migrated only if `takes_leads` is true. If `makes_files` is true, the copy of the sample site contains
    kit.md, so the site makes files to download, which takes much processor time. `project` is the folder with the
    site's code. Unless `environment` has PRODUCTION_SETTINGS, pages are compressed quickly, and the publisher doesn't
    check documents.
    """
    content, log, port = folder / "content", folder / "log", free_port()
    folder.mkdir(exist_ok=True)
    if not content.exists():
        shutil.copytree(SAMPLE_SITE, content, ignore=None if makes_files else shutil.ignore_patterns("kit.md"))
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.support.quick_settings",
        "SECRET_KEY": "a key for one run of the tests, and for nothing else: 3f9c2b7d1e8a",
        "CONTENT_DIR": str(content),
        "DATA_DIR": str(folder / "data"),
        "BUILD_DIR": str(folder / "build"),
        "CONTENT_RELOAD": "1",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "SPOOL_DIR": str(folder / "spool"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        **environment,
    }
    collect_static(env)
    if not (folder / "build").exists():
        copy_sample_media(folder / "build", env)
    if takes_leads:
        migrate(env)
    with log.open("wb") as out:
        command = [sys.executable, "-m", "gunicorn", *arguments]
        process = subprocess.Popen(command, cwd=project, env=env, stdout=out, stderr=out)
        try:
            server = Server(port, content, log, process)
            wait_until_ready(lambda: server.get(ready).status == 200, process, log)
            yield server
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE)


def wait_until_ready(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(50 * PATIENCE):
        try:
            if ready():
                return
        except OSError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.02)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@contextmanager
def shared(
    tmp_path_factory: pytest.TempPathFactory, name: str, start: Callable[[Path], AbstractContextManager[Server]]
) -> Iterator[Server]:
    """Start one server per test run for all test processes, because each start takes much processor time.

    `start` gets the server's folder. The process that started the server stops the server after all other processes
    have finished. If a process is killed, the kernel releases its locks, so no other process waits for it.
    """
    base = tmp_path_factory.getbasetemp()
    place = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    running = place / f"{name}.running"
    with (place / f"{name}.starting").open("w") as starting, (place / f"{name}.users").open("w") as users:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if running.exists():
            port, folder = running.read_text().split(maxsplit=1)
            fcntl.flock(users, fcntl.LOCK_SH)
            fcntl.flock(starting, fcntl.LOCK_UN)
            yield Server(int(port), Path(folder) / "content", Path(folder) / "log")
            return
        folder = tmp_path_factory.mktemp(name)
        with start(folder) as server:
            running.write_text(f"{server.port} {folder}")
            fcntl.flock(starting, fcntl.LOCK_UN)
            yield server
            fcntl.flock(starting, fcntl.LOCK_EX)
            running.unlink()
            fcntl.flock(starting, fcntl.LOCK_UN)
            fcntl.flock(users, fcntl.LOCK_EX)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The sample site. All test processes share it, so tests must not change its content."""

    @contextmanager
    def start(folder: Path) -> Iterator[Server]:
        with serving(folder, makes_files=True) as running:
            running.published("/llms.txt")  # the publisher stores this file after all pages
            yield running

    with shared(tmp_path_factory, "shared-site", start) as running:
        yield running
