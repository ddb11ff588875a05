"""Run the containers of deploy/kubernetes with Docker: with their commands, users, limits, mounts and probes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import yaml

from tests.support.waiting import PATIENCE

from ...conftest import ROOT, SEED_URL
from ..drill.visitors import request
from .container import CheckFailed, answers
from .deployment import require
from .documentation import KUBERNETES, commands
from .engine import Engine, free_port

FOLDER = ROOT / "deploy" / "kubernetes"
DATABASE, NETWORK = "kubernetes-database", "kubernetes"
PASSWORD = "a-password-for-tests"


class KubernetesChecks:
    """Checks of deploy/kubernetes. The checks write their files to `folder`.

    deploy/kubernetes contains no database, so `postgres` is the image of a database for the checks.
    """

    def __init__(self, engine: Engine, image: str, postgres: str, folder: Path) -> None:
        self._engine, self._image, self._postgres, self._folder = engine, image, postgres, folder
        resources = [each for path in FOLDER.glob("*.yaml") for each in yaml.safe_load_all(path.read_text())]
        self._pods = {each["metadata"]["name"]: _pod(each["spec"]) for each in resources if _has_pods(each)}
        self._names: list[str] = []

    def all(self) -> Iterator[tuple[str, Callable[[], str]]]:
        """Yield the title and the function of each check. Each check needs the checks before it."""
        yield "Kubernetes: the secrets, and a database", self.check_secrets
        yield "Kubernetes: the site, with its probes", self.check_site
        yield "Kubernetes: the jobs", self.check_jobs

    def __enter__(self) -> KubernetesChecks:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.status_and_output(["docker", "rm", "--force", "--volumes", DATABASE, *self._names])
        self._engine.status_and_output(["docker", "network", "rm", NETWORK])

    def check_secrets(self) -> str:
        """Run the guide's commands that create the secrets, and start a database."""
        self._folder.mkdir()
        (block,) = commands(KUBERNETES, "Secrets")
        script = "\n".join(line for line in block.splitlines() if not line.startswith("kubectl "))
        script = script.replace("PASSWORD@database.example.com", f"{PASSWORD}@{DATABASE}")
        self._engine.run(["sh", "-euc", script], cwd=self._folder)
        self._engine.docker("network", "create", NETWORK)
        variables = {"POSTGRES_USER": "site", "POSTGRES_DB": "site", "POSTGRES_PASSWORD": PASSWORD}
        options = [f"--env={name}={value}" for name, value in variables.items()]
        options += [f"--name={DATABASE}", f"--network={NETWORK}", "--user=postgres"]
        self._engine.docker("run", "--detach", *options, self._postgres)
        is_ready = ["docker", "exec", DATABASE, "pg_isready", "--host=127.0.0.1", "--username=site"]
        _until("PostgreSQL doesn't start", PATIENCE, 1, lambda: self._engine.status_and_output(is_ready)[0] == 0)
        return ", ".join(sorted(path.name for path in (self._folder / "secrets").iterdir()))

    def check_site(self) -> str:
        pod, port = self._pods["site"], free_port()
        (container,) = pod["containers"]
        (ports,) = container["ports"]
        name = self._start(pod, "--publish", f"127.0.0.1:{port}:{ports['containerPort']}")
        try:
            started = monotonic()
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                self._probe(name, container[probe], {ports["name"]: ports["containerPort"]})
            seconds = monotonic() - started
            require(request(port, "GET", SEED_URL).status == 200, "the page is not served")
            self._engine.docker("exec", name, *container["lifecycle"]["preStop"]["exec"]["command"])
            self._engine.docker("stop", f"--time={pod['terminationGracePeriodSeconds']}", name)
            require(self._status(name) == 0, f"the site ended with status {self._status(name)}")
        except AssertionError as error:
            raise CheckFailed(f"{error}\n{self._engine.status_and_output(['docker', 'logs', name])[1]}") from error
        return f"ready after {seconds:.1f} s"

    def check_jobs(self) -> str:
        jobs = [name for name in self._pods if name != "site"]
        for job in jobs:
            name = self._start(self._pods[job])
            self._engine.docker("wait", name)
            output = self._engine.status_and_output(["docker", "logs", name])[1]
            require(self._status(name) == 0, f"the job {job} failed: {output}")
        (backup,) = (self._folder / "backups").iterdir()
        require(backup.stat().st_size, "the backup is empty")
        return f"{', '.join(jobs)}; the backup has {backup.stat().st_size:,} bytes"

    def _start(self, pod: dict[str, Any], *options: str) -> str:
        """Start a pod's container, and return the container's name."""
        (container,) = pod["containers"]
        name = f"kubernetes-{container['name']}"
        self._names.append(name)
        security, confined = pod["securityContext"], container["securityContext"]
        arguments = [
            f"--name={name}",
            f"--network={NETWORK}",
            f"--user={security['runAsUser']}:{security['runAsGroup']}",
        ]
        arguments += [f"--group-add={security['fsGroup']}", f"--memory={container['resources']['limits']['memory']}"]
        arguments += [f"--cap-drop={capability}" for capability in confined["capabilities"]["drop"]]
        arguments += ["--read-only"] if confined["readOnlyRootFilesystem"] else []
        arguments += [] if confined["allowPrivilegeEscalation"] else ["--security-opt=no-new-privileges"]
        arguments += ["--env-file", str(FOLDER / "site.env")]
        volumes = {volume["name"]: volume for volume in pod["volumes"]}
        for mount in container["volumeMounts"]:
            arguments += self._mount(mount, volumes.get(mount["name"], {}), security["fsGroup"])
        self._engine.docker("run", "--detach", *arguments, *options, self._image, *container.get("command", ()))
        return name

    def _mount(self, mount: dict[str, Any], volume: dict[str, Any], group: int) -> list[str]:
        """Return Docker's option for a mount. As in Kubernetes, root owns the folder, and the pod's group can write."""
        target = mount["mountPath"]
        if (empty := volume.get("emptyDir")) and empty.get("medium") == "Memory":
            return ["--tmpfs", f"{target}:size={empty['sizeLimit'].removesuffix('i')},mode=0777"]
        folder = self._folder / (mount["name"] if "emptyDir" not in volume else f"{len(self._names)}-{mount['name']}")
        folder.mkdir(exist_ok=True)
        os.chown(folder, 0, group)
        folder.chmod(0o2775)
        if "secret" in volume:
            for path in folder.iterdir():
                os.chown(path, 0, group)
                path.chmod(volume["secret"]["defaultMode"])
        return ["--volume", f"{folder}:{target}{':ro' if mount.get('readOnly') else ''}"]

    def _probe(self, name: str, probe: dict[str, Any], ports: dict[str, int]) -> None:
        """Send the probe to the container's own address, as the kubelet does, until it succeeds."""
        template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        address = self._engine.docker("inspect", "--format", template, name)
        get, timeout = probe["httpGet"], probe["timeoutSeconds"]

        def is_successful() -> bool:
            return answers(address, ports[get["port"]], get["path"], timeout)

        _until(f"the probe {get} fails", probe["failureThreshold"], probe["periodSeconds"], is_successful)

    def _status(self, name: str) -> int:
        return int(self._engine.docker("inspect", "--format", "{{.State.ExitCode}}", name))


def _has_pods(resource: dict[str, Any]) -> bool:
    return resource["kind"] in ("StatefulSet", "CronJob")


def _pod(spec: dict[str, Any]) -> dict[str, Any]:
    """Return the specification of the pods of a StatefulSet or a CronJob."""
    pod: dict[str, Any] = spec.get("jobTemplate", {"spec": spec})["spec"]["template"]["spec"]
    return pod


def _until(message: str, tries: int, seconds: float, is_true: Callable[[], bool]) -> None:
    """Wait until `is_true()` is true. Raise CheckFailed after `tries` calls, with `seconds` between two calls."""
    for _ in range(tries):
        if is_true():
            return
        sleep(seconds)
    raise CheckFailed(message)
