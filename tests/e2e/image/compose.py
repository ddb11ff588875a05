"""Checks of compose.yaml: the commands of docs/operations.md, and what visitors see while services fail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL
from ..drill.visitors import open_forms, request
from .container import answers
from .deployment import NEW_SENTENCE, UPGRADED_GIT, Deployment, require
from .documentation import COMPOSE, COMPOSE_DAILY, commands
from .engine import Engine
from .small_volume import SmallVolume
from .traffic import HEADER, SUBMITTERS, Traffic, traffic

PORT = 80
SERVICES = ("site-1", "site-2", "database", "nginx")

# The share of page loads that may fail during an upgrade.
MAX_TIMED_OUT = 0.01

# How long a failure lasts. If a visitor waited until a paused replica goes on, the slowest page would show this.
FAILURE_SECONDS = 3

# The replicas' addresses in the network of compose.yaml.
ADDRESSES = ("10.213.54.3", "10.213.54.4")

PG_ISREADY = ("pg_isready", "--host=127.0.0.1", "--username=site", "--dbname=postgres")

# The checks request pages at 127.0.0.1, so the site must allow this host.
SETTINGS = "ALLOWED_HOSTS=www.layersrank.com,127.0.0.1\nADMIN_PATH=desk-7f3k\n"


class ComposeChecks(Deployment):
    export = "docker compose exec -T site-1 python manage.py export_leads --format csv --held-back"

    def __init__(self, engine: Engine, origin: Path, site: Path, folder: Path) -> None:
        super().__init__(engine, origin, site, PORT)
        self._volumes = {
            "the site": SmallVolume(engine, "layersrank_data", folder / "data"),
            "PostgreSQL": SmallVolume(engine, "layersrank_database", folder / "database"),
        }

    def all(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Yield the title and the function of each check. Each check needs the checks before it."""
        yield "First deployment", self.check_deployment
        yield "Admin user", self.check_admin_user
        yield "Backup and restore", self.check_backup
        yield "Upgrade and rollback, without a failed request", self.check_upgrade
        yield "An edit in a mounted folder", self.check_edit
        yield "Failures, while visitors open pages and submit forms", self.check_failures

    def __enter__(self) -> ComposeChecks:
        return self

    def __exit__(self, *_: object) -> None:
        command = ["docker", "compose", "--project-directory", str(self.site), "down", "--volumes"]
        self.engine.status_and_output(command)
        for volume in self._volumes.values():
            volume.remove()

    def check_deployment(self) -> str:
        self.engine.status_and_output(["docker", "rmi", "layersrank-site"])  # an earlier run may have left this image
        for volume in self._volumes.values():
            volume.create()
        self.run(COMPOSE, "Settings")
        self.add_settings(SETTINGS)
        self.run(COMPOSE, "Folders for certificates")
        started = monotonic()
        self.run(COMPOSE, "Start")
        seconds = monotonic() - started
        require(request(PORT, "GET", SEED_URL).status == 200, "the first page is not served")
        require(self.revision() == self.commit("HEAD"), "/version doesn't show the commit")
        self.send("first@example.com")
        return f"built and started in {seconds:.0f} s"

    def check_admin_user(self) -> str:
        return self.create_admin_user(*commands(COMPOSE, "Admin user")[0].strip().split("\n"))

    def check_backup(self) -> str:
        self.run(COMPOSE_DAILY, "How do I back up?")
        (backup,) = (self.site / "backups").iterdir()
        copy, create, restore = commands(COMPOSE_DAILY, "How do I restore a backup?")[0].strip().split("\n")
        output = self.shell(f"{copy.replace('backups/…', f'backups/{backup.name}')}\n{create}\n{restore}")
        require(f"Leads restored: {len(self.sent)}" in output, output)
        self.add_settings("DATABASE_NAME=restored\n")
        self._recreate()
        self.require_leads()
        return f"{len(self.sent)} leads"

    def check_upgrade(self) -> str:
        """Upgrade to the commit that PlainChecks published, and roll back.

        PlainChecks built an image of this commit. Docker reuses the layers of this image if .git has the same bytes.
        """
        before = self.revision()
        upgrade = commands(COMPOSE_DAILY, "How do I upgrade?")[0]
        require("git pull" in upgrade, "the guide's upgrade has no “git pull”")
        upgrade = upgrade.replace("git pull", f"git pull && rm -r .git && cp --archive ../{UPGRADED_GIT} .git")
        forms = open_forms(PORT, 2 * SUBMITTERS)
        with traffic(PORT, forms[:SUBMITTERS]) as during_upgrade:
            self.shell(upgrade)
        self._require_no_failure(during_upgrade)
        require(self.revision() == self.commit("HEAD") != before, "/version doesn't show the new commit")
        require(NEW_SENTENCE in request(PORT, "GET", SEED_URL).text, "the new sentence is not served")
        with traffic(PORT, forms[SUBMITTERS:]) as during_rollback:
            self.shell(commands(COMPOSE_DAILY, "How do I roll back?")[0].replace("COMMIT", before))
        self._require_no_failure(during_rollback)
        require(self.revision() == before, "after the rollback, /version doesn't show the old commit")
        return f"\n    {HEADER}\n    {'upgrade':34} {during_upgrade.row}\n    {'rollback':34} {during_rollback.row}"

    def check_edit(self) -> str:
        text = (self.site / "docs" / "operations.md").read_text()
        override = re.search(r"compose\.override\.yaml`:\n\n```yaml\n(.*?)```", text, re.S)
        assert override
        settings = override[1].replace("/srv/site", str(self.site))
        (self.site / "compose.override.yaml").write_text(settings)
        self._recreate()
        return self.edit_on_server()

    def check_failures(self) -> str:
        failures: dict[str, Callable[[], object]] = {
            **{f"docker kill {name}": lambda name=name: self._kill(name) for name in SERVICES},
            f"docker pause site-1, {FAILURE_SECONDS} s": lambda: self._pause("site-1"),
            f"docker stop database, {FAILURE_SECONDS} s": self._stop_database,
            **{
                f"full volume of {name}, {FAILURE_SECONDS} s": lambda name=name: self._fill(name)
                for name in self._volumes
            },
            "docker restart of everything": self._restart_all,
            "docker stop of everything": self._stop_all,
        }
        lines = [HEADER]
        forms = open_forms(PORT, SUBMITTERS * len(failures))
        for title, fail in failures.items():
            with traffic(PORT, [forms.pop() for _ in range(SUBMITTERS)]) as seen:
                sleep(1)
                fail()
                sleep(1)
            self.sent += seen.thanked
            lines.append(f"{title:34} {seen.row}")
            require(not seen.refused, f"{title}: forms were not answered: {seen.refused}")
        self.require_leads()
        self.shell("docker compose up --detach --no-recreate --wait --wait-timeout 300")
        return "\n    " + "\n    ".join(lines)

    def _kill(self, service: str) -> None:
        """Kill a service with SIGKILL, start it, and wait until all services answer."""
        self.engine.docker("kill", self._container(service))
        self.engine.docker("start", self._container(service))
        self._wait()

    def _pause(self, service: str) -> None:
        """Let a service hang: the kernel still accepts connections, but no process answers."""
        self.engine.docker("pause", self._container(service))
        sleep(FAILURE_SECONDS)
        self.engine.docker("unpause", self._container(service))

    def _stop_database(self) -> None:
        self.engine.docker("stop", self._container("database"))
        sleep(FAILURE_SECONDS)
        self.engine.docker("start", self._container("database"))
        self._wait()

    def _fill(self, name: str) -> None:
        """Fill a volume for a while. Then free its space, and wait until all services answer."""
        with self._volumes[name].filled():
            sleep(FAILURE_SECONDS)
        self._wait()

    def _restart_all(self) -> None:
        self.engine.docker("restart", *self.engine.docker("ps", "--quiet").split())
        self._wait()

    def _stop_all(self) -> None:
        self.shell("docker compose stop && docker compose start")
        self._wait()

    def _wait(self) -> None:
        """Wait until all services answer. Docker's own health checks would notice this up to five seconds later."""
        started, is_ready = monotonic(), ["docker", "exec", self._container("database"), *PG_ISREADY]
        while not (
            answers("127.0.0.1", PORT, SEED_URL)
            and all(answers(address, 8000, "/livez") for address in ADDRESSES)
            and self.engine.status_and_output(is_ready)[0] == 0
        ):
            require(monotonic() - started < 5 * PATIENCE, f"a service doesn't answer\n{self.last_logs()}")
            sleep(0.2)

    def _container(self, service: str) -> str:
        return self.shell(f"docker compose ps --all --quiet {service}").strip()

    def _recreate(self) -> None:
        self.run(COMPOSE_DAILY, "How do I change `.env`?")

    def adapted(self, script: str) -> str:
        return re.sub(r"compose exec (?!-T)", "compose exec -T ", super().adapted(script))

    def last_logs(self) -> str:
        """Return the state and the last log lines of each service that isn't healthy."""
        lines = []
        for service in SERVICES:
            name = f"layersrank-{service}-1"
            state = self.engine.status_and_output(["docker", "inspect", "--format", "{{json .State}}", name])[1]
            if '"Status":"healthy"' not in state:
                lines += [f"{name}: {state}", self.engine.status_and_output(["docker", "logs", "--tail=9", name])[1]]
        return "\n".join(lines)

    def _require_no_failure(self, seen: Traffic) -> None:
        """Require a response to every form. Let a few page loads time out, as they may on a busy machine."""
        self.sent += seen.thanked
        few = len(seen.seconds) * MAX_TIMED_OUT
        require(len(seen.failed) <= few and not seen.refused, f"failed: {seen.failed} {seen.refused}")
