"""Print the image's bill of materials as CycloneDX 1.6: its packages of Debian and of Python."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Iterator
from importlib.metadata import distributions
from urllib.parse import quote


def components() -> Iterator[dict[str, str]]:
    command = ["dpkg-query", "--show", "--showformat", "${Package} ${Version} ${Architecture}\n"]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    for line in listing.splitlines():
        name, version, architecture = line.split()
        yield _component(name, version, f"deb/debian/{_escape(name)}@{_escape(version)}?arch={architecture}")
    for package in distributions():
        name, version = package.metadata["Name"], package.version
        yield _component(name, version, f"pypi/{name.lower().replace('_', '-')}@{_escape(version)}")
    yield _component("python", platform.python_version(), f"generic/python@{platform.python_version()}")


def _component(name: str, version: str, path: str) -> dict[str, str]:
    """Return a component. `path` is its package URL without the scheme: https://github.com/package-url/purl-spec."""
    return {"type": "library", "name": name, "version": version, "purl": f"pkg:{path}", "bom-ref": f"pkg:{path}"}


def _escape(text: str) -> str:
    """Percent-encode `text` for a package URL. Names such as `libstdc++6` need this."""
    return quote(text, safe=":")


if __name__ == "__main__":
    parts = sorted(components(), key=lambda part: part["purl"])
    print(json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": parts}, indent=1))
