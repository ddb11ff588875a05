"""Checks of compose.yaml: the commands of docs/operations.md, and what visitors see while services fail."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL
from ..drill.visitors import READING_SECONDS, open_form, request
from . import source
from .container import CheckFailed
from .documentation import COMPOSE, COMPOSE_DAILY, commands
from .engine import CommandFailed, Engine
from .traffic import HEADER, Traffic, traffic

PORT = 80
SERVICES = ("site-1", "site-2", "database", "nginx")

# The share of page loads that may fail during an upgrade.
MAX_TIMED_OUT = 0.01

# The document of SEED_URL.
DOCUMENT = f"content{SEED_URL}.md"

# The checks connect to 127.0.0.1. nginx sees the address of Docker's gateway.
SETTINGS = "ALLOWED_HOSTS=www.layersrank.com,127.0.0.1\nADMIN_PATH=desk-7f3k\n"


class ComposeChecks:
    """`site` is the clone that the site is deployed from. An upgrade pulls from its origin, the folder `origin`."""

    def __init__(self, engine: Engine, origin: Path, site: Path) -> None:
        self._engine, self._origin, self._site = engine, origin, site
        self._sent: list[str] = []

    def all(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Yield the title and the function of each check. Each check needs the ones before it."""
        yield "First deployment", self.check_deployment
        yield "Admin user", self.check_admin_user
        yield "Backup and restore", self.check_backup
        yield "Upgrade and rollback, without a failed request", self.check_upgrade
        yield "An edit in a mounted folder", self.check_edit
        yield "Failures, while visitors open pages and submit forms", self.check_failures

    def __enter__(self) -> ComposeChecks:
        return self

    def __exit__(self, *_: object) -> None:
        command = ["docker", "compose", "--project-directory", str(self._site), "down", "--volumes"]
        self._engine.status_and_output(command)

    def check_deployment(self) -> str:
        self._engine.status_and_output(["docker", "rmi", "layersrank-site"])  # an earlier run may have left this image
        self._run(COMPOSE, "Settings")
        with (self._site / ".env").open("a") as file:
            file.write(SETTINGS)
        self._run(COMPOSE, "Folders for certificates")
        started = monotonic()
        self._run(COMPOSE, "Start")
        seconds = monotonic() - started
        _require(request(PORT, "GET", SEED_URL).status == 200, "the first page is not served")
        _require(self._revision() == self._commit("HEAD"), "/version doesn't show the commit")
        self._send()
        return f"built and started in {seconds:.0f} s"

    def check_admin_user(self) -> str:
        create, second_factor = commands(COMPOSE, "Admin user")[0].strip().split("\n")
        # Without a terminal, createsuperuser takes the password from the environment.
        create = create.replace("exec site-1", "exec -T -e DJANGO_SUPERUSER_PASSWORD=a-long-phrase-for-tests site-1")
        self._shell(f"{create} --noinput --email keeper@example.com")
        shown = self._shell(second_factor.replace("exec", "exec -T"))
        _require("recovery codes" in shown, shown)
        return "created, with a second factor"

    def check_backup(self) -> str:
        self._run(COMPOSE_DAILY, "How do I back up?")
        (backup,) = (self._site / "backups").iterdir()
        copy, create, restore = commands(COMPOSE_DAILY, "How do I restore a backup?")[0].strip().split("\n")
        output = self._shell(f"{copy.replace('backups/…', f'backups/{backup.name}')}\n{create}\n{restore}")
        _require(f"Leads restored: {len(self._sent)}" in output, output)
        with (self._site / ".env").open("a") as file:
            file.write("DATABASE_NAME=restored\n")
        self._recreate()
        self._require_leads()
        return f"{len(self._sent)} leads"

    def check_upgrade(self) -> str:
        before = self._revision()
        document = self._origin / DOCUMENT
        document.write_text(document.read_text() + "\n\nThis sentence is new.\n")
        source.commit(self._origin, "Add a sentence")
        with traffic(PORT) as during_upgrade:
            self._shell(commands(COMPOSE_DAILY, "How do I upgrade?")[0])
        self._require_no_failure(during_upgrade)
        _require(self._revision() == self._commit("HEAD") != before, "/version doesn't show the new commit")
        _require("This sentence is new." in request(PORT, "GET", SEED_URL).text, "the new sentence is not served")
        with traffic(PORT) as during_rollback:
            self._shell(commands(COMPOSE_DAILY, "How do I roll back?")[0].replace("COMMIT", before))
        self._require_no_failure(during_rollback)
        _require(self._revision() == before, "after the rollback, /version doesn't show the old commit")
        return f"\n    {HEADER}\n    {'upgrade':34} {during_upgrade.row}\n    {'rollback':34} {during_rollback.row}"

    def check_edit(self) -> str:
        text = (self._site / "docs" / "operations.md").read_text()
        override = re.search(r"compose\.override\.yaml`:\n\n```yaml\n(.*?)```", text, re.S)
        assert override
        settings = override[1].replace("/srv/site", str(self._site))
        (self._site / "compose.override.yaml").write_text(settings)
        self._recreate()
        document = self._site / DOCUMENT
        document.write_text(document.read_text() + "\n\nThis sentence was added on the server.\n")
        started = monotonic()
        while "This sentence was added on the server." not in request(PORT, "GET", SEED_URL).text:
            _require(monotonic() - started < PATIENCE, "the edit is not served")
            sleep(0.05)
        return f"served after {monotonic() - started:.1f} s"

    def check_failures(self) -> str:
        failures: dict[str, Callable[[], object]] = {
            **{f"docker kill {name}": lambda name=name: self._kill(name) for name in SERVICES},
            "docker pause site-1, 5 s": lambda: self._pause("site-1"),
            "docker stop database, 5 s": self._stop_database,
            "docker restart of everything": self._restart_all,
            "docker stop of everything": self._stop_all,
        }
        lines = [HEADER]
        for title, fail in failures.items():
            with traffic(PORT) as seen:
                sleep(1)
                fail()
                sleep(3)
            self._sent += seen.thanked
            lines.append(f"{title:34} {seen.row}")
            _require(not seen.refused, f"{title}: forms were not answered: {seen.refused}")
        self._require_leads()
        return "\n    " + "\n    ".join(lines)

    def _kill(self, service: str) -> None:
        """Kill a service with SIGKILL, and wait until it is healthy again."""
        self._engine.docker("kill", self._container(service))
        self._engine.docker("start", self._container(service))
        self._wait()

    def _pause(self, service: str) -> None:
        """Let a service hang: the kernel still accepts connections, but no process answers."""
        self._engine.docker("pause", self._container(service))
        sleep(5)
        self._engine.docker("unpause", self._container(service))

    def _stop_database(self) -> None:
        self._engine.docker("stop", self._container("database"))
        sleep(5)
        self._engine.docker("start", self._container("database"))
        self._wait()

    def _restart_all(self) -> None:
        self._engine.docker("restart", *self._engine.docker("ps", "--quiet").split())
        self._wait()

    def _stop_all(self) -> None:
        self._shell("docker compose stop && docker compose start")
        self._wait()

    def _wait(self) -> None:
        self._shell("docker compose up --detach --no-recreate --wait --wait-timeout 300")

    def _container(self, service: str) -> str:
        return self._shell(f"docker compose ps --all --quiet {service}").strip()

    def _recreate(self) -> None:
        self._run(COMPOSE_DAILY, "How do I change `.env`?")

    def _run(self, chapter: str, part: str) -> None:
        for block in commands(chapter, part):
            self._shell(block)

    def _shell(self, script: str) -> str:
        """Run commands in the clone. `docker compose exec` must not wait for a terminal."""
        script = re.sub(r"compose exec (?!-T)", "compose exec -T ", script)
        try:
            return self._engine.run(["sh", "-euc", script], cwd=self._site)
        except CommandFailed as error:
            raise CommandFailed(f"{error}\n{self._last_logs()}") from error

    def _last_logs(self) -> str:
        """Return the state and the last log lines of each service that isn't healthy."""
        lines = []
        for service in SERVICES:
            name = f"layersrank-{service}-1"
            state = self._engine.status_and_output(["docker", "inspect", "--format", "{{json .State}}", name])[1]
            if '"Status":"healthy"' not in state:
                lines += [f"{name}: {state}", self._engine.status_and_output(["docker", "logs", "--tail=9", name])[1]]
        return "\n".join(lines)

    def _revision(self) -> str:
        return str(json.loads(request(PORT, "GET", "/version").text)["revision"])

    def _commit(self, name: str) -> str:
        command = ["git", "-C", str(self._site), "rev-parse", name]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def _send(self) -> None:
        form = open_form(PORT)
        sleep(READING_SECONDS)
        email = f"first{len(self._sent)}@example.com"
        response = form.submit(email)
        _require(response.is_thank_you, f"the lead was not saved: {response.status}")
        self._sent.append(email)

    def _require_no_failure(self, seen: Traffic) -> None:
        """Require a response to every form. On a busy machine, a few page loads may time out."""
        self._sent += seen.thanked
        few = len(seen.seconds) * MAX_TIMED_OUT
        _require(len(seen.failed) <= few and not seen.refused, f"failed: {seen.failed} {seen.refused}")

    def _require_leads(self) -> None:
        """Wait until all leads are in the database. A lead may be in the spool for a while."""
        started = monotonic()
        while True:
            leads = self._shell("docker compose exec -T site-1 python manage.py export_leads --format csv --held-back")
            missing = [email for email in self._sent if email not in leads]
            if not missing:
                return
            _require(monotonic() - started < PATIENCE, f"these leads are lost: {missing}")
            sleep(1)


def _require(condition: object, message: str) -> None:
    if not condition:
        raise CheckFailed(message)
