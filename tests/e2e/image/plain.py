"""Checks of the plain container: the commands of docs/operations.md."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL
from ..drill.visitors import request
from .deployment import NEW_SENTENCE, UPGRADED_GIT, Deployment, require
from .documentation import PLAIN, PLAIN_DAILY, commands
from .engine import Engine, free_port
from .transfer import transferred

NAME = "layersrank"  # The name of the image, the container and the volume.

# After an edit of a document, a server has to fetch at most this many bytes of the image.
MAX_TRANSFERRED = 15e6

# The email address in the guide's commands that export and delete a person's data.
PERSON = "priya@example.com"


class PlainChecks(Deployment):
    export = f"docker exec {NAME} python manage.py export_leads --format csv --held-back"

    def __init__(self, engine: Engine, origin: Path, site: Path) -> None:
        super().__init__(engine, origin, site, free_port())

    def all(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Yield the title and the function of each check. Each check needs the checks before it."""
        yield "Plain container: first start", self.check_start
        yield "Plain container: admin user", self.check_admin_user
        yield "Plain container: a person's data, and old leads", self.check_person
        yield "Plain container: backup and restore", self.check_backup
        yield "Plain container: upgrade and rollback", self.check_upgrade
        yield "Plain container: an edit in a mounted folder", self.check_edit

    def __enter__(self) -> PlainChecks:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.status_and_output(["docker", "rm", "--force", NAME])
        self.engine.status_and_output(["docker", "volume", "rm", NAME])

    def build(self) -> None:
        """Build the image, which all other checks use."""
        self.run(PLAIN, "Image")

    def check_start(self) -> str:
        self.run(PLAIN, "Settings")
        self.add_settings("ADMIN_PATH=desk-7f3k\n")
        self.run(PLAIN, "Start")
        started = self._wait()
        require(request(self.port, "GET", "/livez").text.strip() == "ok", "/livez doesn't print “ok”")
        require(self.revision() == self.commit("HEAD"), "/version doesn't show the commit")
        return started

    def check_admin_user(self) -> str:
        return self.create_admin_user(*commands(PLAIN, "Admin user")[0].strip().split("\n"))

    def check_person(self) -> str:
        self.send(PERSON)
        self.send("first@example.com")
        export, delete = (
            commands(PLAIN_DAILY, "How do I show, correct or delete a person's data?")[0].strip().split("\n")
        )
        self.shell(export)
        require(PERSON in (self.site / "backups" / "person.json").read_text(), "the exported data lacks the address")
        self.shell(delete, input=f"{PERSON}\n".encode())
        self.sent.remove(PERSON)
        self.run(PLAIN_DAILY, "How do I export leads?")
        leads = (self.site / "backups" / "leads.csv").read_text()
        require(PERSON not in leads and "first@example.com" in leads, f"the wrong lead was deleted: {leads}")
        self.run(PLAIN_DAILY, "How do I delete old leads?")
        self.require_leads()
        return "exported and deleted"

    def check_backup(self) -> str:
        self.run(PLAIN_DAILY, "How do I back up?")
        (backup,) = (path for path in (self.site / "backups").iterdir() if not path.suffix)
        restore, delete_again, remove_old = commands(PLAIN_DAILY, "How do I restore a backup?")
        output = self.shell(restore.replace("backups/…", f"backups/{backup.name}"))
        require(f"Leads restored: {len(self.sent)}" in output, output)
        self.add_settings("DATABASE_URL=sqlite:////data/restored.sqlite3\n")
        self.run(PLAIN_DAILY, "How do I change `.env`?")
        started = self._wait()
        self.shell(delete_again)
        self.shell(remove_old)
        self.require_leads()
        return f"{len(self.sent)} leads; {started}"

    def check_upgrade(self) -> str:
        before = self.revision()
        self.publish_edit()
        (upgrade,) = commands(PLAIN_DAILY, "How do I upgrade?")
        self.shell(upgrade)
        shutil.copytree(self.site / ".git", self.site.parent / UPGRADED_GIT, symlinks=True)
        self._wait()
        require(self.revision() == self.commit("HEAD") != before, "/version doesn't show the new commit")
        require(NEW_SENTENCE in request(self.port, "GET", SEED_URL).text, "the new sentence is not served")
        self.require_leads()
        layers, size = transferred(self.engine, f"{NAME}:before", f"{NAME}:latest")
        require(size <= MAX_TRANSFERRED, f"after an edit, {size / 1e6:.1f} MB of the image must be transferred")
        (rollback,) = commands(PLAIN_DAILY, "How do I roll back?")
        self.shell(rollback.replace("COMMIT", before))
        self._wait()
        require(self.revision() == before, "after the rollback, /version doesn't show the old commit")
        self.require_leads()
        return f"an edit changes {layers} of the image's layers: {size / 1e6:.1f} MB compressed (maximum 15)"

    def check_edit(self) -> str:
        self.run(PLAIN_DAILY, "How do I publish an edit?")
        self._wait()
        return self.edit_on_server()

    def adapted(self, script: str) -> str:
        """Return `script` for runs without a terminal, with a free port in place of 8000, which may be in use."""
        script = script.replace("127.0.0.1:8000:8000", f"127.0.0.1:{self.port}:8000")
        return super().adapted(script).replace("exec -it ", "exec --interactive ")

    def last_logs(self) -> str:
        return self.engine.status_and_output(["docker", "logs", "--tail=20", NAME])[1]

    def _wait(self) -> str:
        """Wait until the site answers. Return how long that took."""
        started = monotonic()
        while True:
            try:
                if request(self.port, "GET", SEED_URL).status == 200:
                    return f"served after {monotonic() - started:.1f} s"
            except OSError:
                pass
            require(monotonic() - started < PATIENCE, f"the site is not served:\n{self.last_logs()}")
            sleep(0.05)
