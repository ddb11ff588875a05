"""What compose.yaml promises, read without an engine."""

import re
from ipaddress import ip_address, ip_network

import pytest
import yaml

from ...conftest import ROOT

TEXT = (ROOT / "compose.yaml").read_text()
SECRETS = ("SECRET_KEY", "SITE_URL", "POSTGRES_PASSWORD")

# What the image says, or nobody should say there.
NOT_THE_OPERATORS = {
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
def test_without_a_secret_it_refuses_and_says_how_to_make_one(name):
    uses = re.findall(rf"\$\{{{name}([^}}]*)\}}", TEXT)
    assert uses and all(re.match(r":\?set it in \.env to .+", use) for use in uses)


def test_only_nginx_can_be_reached_from_outside(compose, services):
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert services["database"]["networks"] == ["back"]
    assert compose["networks"]["back"]["internal"] is True
    assert "back" not in services["nginx"]["networks"]


def test_replicas_are_alike_and_can_do_little(services):
    own = {"build", "pull_policy", "networks"}
    first, second = ({key: services[name][key] for key in services[name].keys() - own} for name in ("site-1", "site-2"))
    assert first == second
    assert services["site-1"]["build"] == "." and services["site-2"]["pull_policy"] == "never"
    assert first["read_only"] is True and first["tmpfs"] == "/tmp"  # noqa: S108
    assert first["cap_drop"] == ["ALL"] and "cap_add" not in first
    assert first["security_opt"] == ["no-new-privileges:true"]
    assert first["volumes"] == ["data:/data"]
    assert int(first["stop_grace_period"].removesuffix("s")) >= 10
    assert first["restart"] == "unless-stopped"


def test_images_are_pinned(services):
    foreign = {name: service["image"] for name, service in services.items() if not name.startswith("site-")}
    assert foreign.keys() == {"nginx", "database"}
    assert re.fullmatch(r"nginx:\d+\.\d+", foreign["nginx"])
    assert re.fullmatch(r"postgres:\d+", foreign["database"])


def test_the_addresses_that_several_places_name_are_the_same(compose, services):
    addresses = {
        name: service["networks"]["front"]["ipv4_address"]
        for name, service in services.items()
        if "front" in service["networks"]
    }
    (subnet,) = compose["networks"]["front"]["ipam"]["config"]
    assert all(ip_address(address) in ip_network(subnet["subnet"]) for address in addresses.values())
    assert services["nginx"]["extra_hosts"] == [f"{name}:{addresses[name]}" for name in ("site-1", "site-2")]
    assert services["site-1"]["environment"]["TRUSTED_PROXIES"] == addresses["nginx"]


def test_the_database_is_the_one_that_is_made_unless_a_restored_one_is_named(services):
    made = services["database"]["environment"]["POSTGRES_DB"]
    assert services["site-1"]["environment"]["DATABASE_URL"].endswith(f"@database/${{DATABASE_NAME:-{made}}}")
    assert "DATABASE_NAME=" in (ROOT / "README.md").read_text()


def test_the_site_gets_every_variable_that_readme_knows(services):
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    known = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert known - NOT_THE_OPERATORS <= set(services["site-1"]["environment"])
