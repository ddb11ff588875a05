"""The official images that the Dockerfile and compose.yaml use.

If no registry answers, replacements for these images are made from Debian's packages, with debootstrap.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from ...conftest import ROOT
from .engine import Engine

SUITE = "trixie"
DOCKERFILES = Path(__file__).parent / "bases"
COMPOSE_PLUGIN = "usr/libexec/docker/cli-plugins/docker-compose"
FILES = {"certificates.pem": "/etc/ssl/certs/ca-certificates.crt", "pip.conf": "/etc/pip.conf"}


def names() -> dict[str, str]:
    """Return the names and tags of the images, keyed by program: python, nginx and postgres."""
    python = re.search(r"^FROM (python:\S+)", (ROOT / "Dockerfile").read_text(), re.M)
    services = re.findall(r"^    image: ((nginx|postgres):\S+)", (ROOT / "compose.yaml").read_text(), re.M)
    assert python and len(services) == 2
    return {"python": python[1], **{program: image for image, program in services}}


def provide(engine: Engine, *programs: str) -> str:
    """Pull the images of these programs. If no registry has an image, make it. Return a line that says what was done.

    `docker build --pull` needs the image of Python in a registry, so push this image to the engine's registry.
    """
    missing = {program: name for program, name in names().items() if program in programs and not _pull(engine, name)}
    if not missing:
        return f"pulled {', '.join(programs)}"
    if not _has(engine, "debian-base"):
        _make_debian(engine)
    for program, name in missing.items():
        _build(engine, program, name, DOCKERFILES)
        if program == "python":
            copy = f"{engine.registry}/library/{name}"
            engine.docker("tag", name, copy)
            engine.docker("push", "--quiet", copy)
            engine.docker("rmi", copy)
    return f"made from Debian's packages: {', '.join(missing.values())}"


def provide_compose(engine: Engine) -> None:
    """Install the Compose plugin from Debian's package, unless the Docker client has the plugin."""
    if engine.status_and_output(["docker", "compose", "version"])[0] == 0:
        return
    commands = ["cd /tmp", "apt-get update -qq", "apt-get download -qq docker-compose", "dpkg -x docker-compose*.deb ."]
    copy = f"cat {COMPOSE_PLUGIN}"
    plugin = Path(engine.environment["DOCKER_CONFIG"]) / "cli-plugins" / "docker-compose"
    plugin.parent.mkdir(parents=True, exist_ok=True)
    container = ["docker", "run", "--rm", "debian-base", "sh", "-ec", "\n".join([*commands, copy])]
    with plugin.open("wb") as file:
        subprocess.run(container, env=engine.environment, stdin=subprocess.DEVNULL, stdout=file, check=True)
    plugin.chmod(0o755)
    engine.docker("compose", "version")


def _pull(engine: Engine, image: str) -> bool:
    return engine.status_and_output(["docker", "pull", "--quiet", image])[0] == 0


def _has(engine: Engine, image: str) -> bool:
    return engine.status_and_output(["docker", "image", "inspect", image])[0] == 0


def _make_debian(engine: Engine) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        packages = "ca-certificates,netbase,tzdata"
        engine.run(["debootstrap", "--variant=minbase", f"--include={packages}", SUITE, str(root)])
        folders = ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale")
        for folder_name in folders:
            shutil.rmtree(root / folder_name)
            (root / folder_name).mkdir()
        engine.run(["sh", "-c", f"tar --directory {root} --create . | docker import - debootstrap"])
        context = Path(folder) / "context"
        context.mkdir()
        for name, path in FILES.items():
            (context / name).write_bytes(Path(path).read_bytes() if Path(path).exists() else b"")
        _build(engine, "debian", "debian-base", context)


def _build(engine: Engine, program: str, tag: str, context: Path) -> None:
    dockerfile = DOCKERFILES / f"{program}.Dockerfile"
    engine.docker("build", "--quiet", "--tag", tag, "--file", str(dockerfile), str(context))
