"""A clone of the site that is deployed on this machine with the commands of docs/operations.md."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from time import monotonic, sleep

from tests.support.waiting import PATIENCE

from ...conftest import SEED_URL
from ..drill.visitors import READING_SECONDS, open_form, request
from . import source
from .container import CheckFailed
from .documentation import commands
from .engine import CommandFailed, Engine

# The document of SEED_URL.
DOCUMENT = f"content{SEED_URL}.md"

NEW_SENTENCE = "This sentence is new."
ADDED_SENTENCE = "This sentence was added on the server."

# The folder `.git` of the plain container's clone after its upgrade is copied to this folder, next to the clone.
UPGRADED_GIT = "upgraded.git"


class Deployment:
    """`site` is the clone that the site is deployed from. An upgrade pulls from the folder `origin`.

    The site listens on `port`. The command `export` prints all leads.
    """

    export: str

    def __init__(self, engine: Engine, origin: Path, site: Path, port: int) -> None:
        self.engine, self.origin, self.site, self.port = engine, origin, site, port
        self.sent: list[str] = []

    def run(self, chapter: str, part: str) -> None:
        """Run the shell commands that `commands` finds for `part` of `chapter` in docs/operations.md."""
        for block in commands(chapter, part):
            self.shell(block)

    def shell(self, script: str, input: bytes | None = None) -> str:
        """Run commands in the clone, and return their output."""
        try:
            return self.engine.run(["sh", "-euc", self.adapted(script)], cwd=self.site, input=input)
        except CommandFailed as error:
            raise CommandFailed(f"{error}\n{self.last_logs()}") from error

    def adapted(self, script: str) -> str:
        """Return the guide's commands, changed for this clone's folder and for runs without a terminal."""
        return script.replace("/srv/site", str(self.site))

    def last_logs(self) -> str:
        """Return the containers' last log lines, which may show why a command failed."""
        raise NotImplementedError

    def add_settings(self, lines: str) -> None:
        with (self.site / ".env").open("a") as file:
            file.write(lines)

    def create_admin_user(self, create: str, second_factor: str) -> str:
        """Run the guide's two commands: `create` adds the user, and `second_factor` prints the recovery codes.

        Without a terminal, createsuperuser takes the password from the environment.
        """
        password = "DJANGO_SUPERUSER_PASSWORD=a-long-phrase-for-tests"
        create = re.sub(r"(exec (?:-it |-T )?)", rf"\g<1>--env {password} ", create)
        self.shell(f"{create} --noinput --email keeper@example.com")
        shown = self.shell(second_factor)
        require("recovery codes" in shown, shown)
        return "created, with a second factor"

    def publish_edit(self) -> None:
        """Commit an edited document in the origin."""
        document = self.origin / DOCUMENT
        document.write_text(f"{document.read_text()}\n\n{NEW_SENTENCE}\n")
        source.commit(self.origin, "Add a sentence")

    def edit_on_server(self) -> str:
        """Edit a document in the clone, and wait until the site shows the edit."""
        document = self.site / DOCUMENT
        document.write_text(f"{document.read_text()}\n\n{ADDED_SENTENCE}\n")
        started = monotonic()
        while ADDED_SENTENCE not in request(self.port, "GET", SEED_URL).text:
            require(monotonic() - started < PATIENCE, "the edit is not served")
            sleep(0.05)
        return f"served after {monotonic() - started:.1f} s"

    def revision(self) -> str:
        return str(json.loads(request(self.port, "GET", "/version").text)["revision"])

    def commit(self, name: str) -> str:
        command = ["git", "-C", str(self.site), "rev-parse", name]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    def send(self, email: str) -> None:
        """Submit a form."""
        form = open_form(self.port)
        sleep(READING_SECONDS)
        response = form.submit(email)
        require(response.is_thank_you, f"the lead was not saved: {response.status}")
        self.sent.append(email)

    def require_leads(self) -> None:
        """Wait until all leads are in the database. A lead may be in the spool for a while."""
        started = monotonic()
        while True:
            leads = self.shell(self.export)
            missing = [email for email in self.sent if email not in leads]
            if not missing:
                return
            require(monotonic() - started < PATIENCE, f"these leads are lost: {missing}")
            sleep(1)


def require(condition: object, message: str) -> None:
    if not condition:
        raise CheckFailed(message)
