"""Print the image's bill of materials as CycloneDX 1.6: its packages of Debian and of Python."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Iterator
from importlib.metadata import distributions


def components() -> Iterator[dict[str, str]]:
    command = ["dpkg-query", "--show", "--showformat", "${Package} ${Version} ${Architecture}\n"]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    for line in listing.splitlines():
        name, version, architecture = line.split()
        yield _component(name, version, f"pkg:deb/debian/{name}@{version}?arch={architecture}")
    for package in distributions():
        name, version = package.metadata["Name"], package.version
        yield _component(name, version, f"pkg:pypi/{name.lower().replace('_', '-')}@{version}")
    yield _component("python", platform.python_version(), f"pkg:generic/python@{platform.python_version()}")


def _component(name: str, version: str, url: str) -> dict[str, str]:
    return {"type": "library", "name": name, "version": version, "purl": url, "bom-ref": url}


if __name__ == "__main__":
    parts = sorted(components(), key=lambda part: part["purl"])
    print(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": parts}, indent=1))
