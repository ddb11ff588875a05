"""Test compose.yaml without a container engine."""

import re
from ipaddress import ip_address, ip_network

import pytest
import yaml

from ...conftest import ROOT

TEXT = (ROOT / "compose.yaml").read_text()
SECRETS = ("SECRET_KEY", "SITE_URL", "POSTGRES_PASSWORD")

# Variables that compose.yaml doesn't pass on, because the image sets them or a container must not have them.
NOT_PASSED_ON = {
    *("DEBUG", "HOST", "PORT", "DATA_DIR", "BUILD_DIR", "SPOOL_DIR"),
    *("CONTENT_DIR", "CONTENT_DATES", "CONTENT_RELOAD", "PRODUCTION"),
}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(TEXT)


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_required_variable_stops_compose_with_advice(name):
    uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", TEXT)
    assert uses and all(re.match(r":\?set it in \.env to .+", use) for use in uses)


def test_only_nginx_has_public_ports(compose, services):
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert services["database"]["networks"] == ["back"]
    assert compose["networks"]["back"]["internal"] is True
    assert "back" not in services["nginx"]["networks"]


def test_replicas_are_identical_and_have_few_privileges(services):
    different = {"build", "pull_policy", "networks"}
    first, second = (
        {key: services[name][key] for key in services[name].keys() - different} for name in ("site-1", "site-2")
    )
    assert first == second
    assert services["site-1"]["build"] == "." and services["site-2"]["pull_policy"] == "never"
    assert first["read_only"] is True and first["tmpfs"] == "/tmp"  # noqa: S108
    assert first["cap_drop"] == ["ALL"] and "cap_add" not in first
    assert first["security_opt"] == ["no-new-privileges:true"]
    assert first["volumes"] == ["data:/data"]
    assert int(first["stop_grace_period"].removesuffix("s")) >= 10
    assert first["restart"] == "unless-stopped"


def test_images_are_pinned(services):
    images = {name: service["image"] for name, service in services.items() if not name.startswith("site-")}
    assert images.keys() == {"nginx", "database"}
    assert re.fullmatch(r"nginx:\d+\.\d+", images["nginx"])
    assert re.fullmatch(r"postgres:\d+", images["database"])


def test_nginx_and_trusted_proxies_use_the_static_ip_addresses(compose, services):
    addresses = {
        name: service["networks"]["front"]["ipv4_address"]
        for name, service in services.items()
        if "front" in service["networks"]
    }
    (subnet,) = compose["networks"]["front"]["ipam"]["config"]
    assert all(ip_address(address) in ip_network(subnet["subnet"]) for address in addresses.values())
    assert services["nginx"]["extra_hosts"] == [f"{name}:{addresses[name]}" for name in ("site-1", "site-2")]
    assert services["site-1"]["environment"]["TRUSTED_PROXIES"] == addresses["nginx"]


def test_database_name_defaults_to_the_created_database(services):
    created = services["database"]["environment"]["POSTGRES_DB"]
    assert services["site-1"]["environment"]["DATABASE_URL"].endswith(f"@database/${{DATABASE_NAME:-{created}}}")
    assert "DATABASE_NAME=" in (ROOT / "docs" / "operations.md").read_text()


def test_compose_passes_every_documented_variable_to_the_site(services):
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "docs" / "configuration.md").read_text(), re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert {"SECRET_KEY", "MAIL_FROM"} <= documented
    assert documented - NOT_PASSED_ON <= set(services["site-1"]["environment"])
