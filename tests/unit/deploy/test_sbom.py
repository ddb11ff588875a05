"""The image's bill of materials."""

import subprocess
from types import SimpleNamespace

from deploy import sbom

PACKAGES = "libstdc++6 14.2.0-19+deb13u1 amd64\nlogin 1:4.16.0-2 amd64\n"


def test_package_urls_are_percent_encoded(monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: SimpleNamespace(stdout=PACKAGES))
    urls = [component["purl"] for component in sbom.components()]
    assert urls[:2] == [
        "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19%2Bdeb13u1?arch=amd64",
        "pkg:deb/debian/login@1:4.16.0-2?arch=amd64",
    ]
    assert any(url.startswith("pkg:pypi/django@") for url in urls)
    assert len(set(urls)) == len(urls)
