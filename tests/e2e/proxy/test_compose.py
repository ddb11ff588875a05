"""Test compose.yaml without a container engine."""

import re
from ipaddress import ip_address, ip_network

import pytest
import yaml

from ...conftest import ROOT

TEXT = (ROOT / "compose.yaml").read_text()
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD")

# Variables that compose.yaml doesn't pass on, because the image sets them or a container must not have them.
NOT_PASSED_ON = {
    *("DEBUG", "HOST", "PORT", "DATA_DIR", "BUILD_DIR", "SPOOL_DIR"),
    *("CONTENT_DIR", "CONTENT_DATES", "CONTENT_RELOAD", "PRODUCTION", "DATABASE_URL_FILE"),
}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(TEXT)


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def test_compose_stops_with_advice_if_the_site_url_is_missing():
    uses = re.findall(r"\$\{SITE_URL([^}]*)\}", TEXT)
    assert uses and all(re.match(r":\?set it in .env to .+", use) for use in uses)


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_come_from_the_settings_file_or_from_a_file(name, services):
    environment = services["site-1"]["environment"]
    assert environment[name] is None and environment[f"{name}_FILE"] is None


def test_secrets_can_be_files(services):
    environment, database = services["site-1"]["environment"], services["database"]
    code = (ROOT / "layersrank_site" / "settings.py").read_text()
    names = set(re.findall(r'_secret\("([A-Z_]+)"\)', code)) - {"DATABASE_URL"}
    assert names > set(SECRETS)
    assert all(environment[f"{name}_FILE"] is None for name in names)
    assert "@" in environment["DATABASE_URL"] and "PASSWORD" not in environment["DATABASE_URL"]
    # PostgreSQL's image refuses to start if both the password and its file are set. An empty variable counts as unset.
    for name in ("POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE"):
        assert database["environment"][name] == f"${{{name}:-}}"
    for service in (services["site-1"], database):
        assert "./secrets:/run/secrets:ro" in service["volumes"]
    owner = re.search(r"--uid (\d+) ", (ROOT / "deploy" / "image" / "data.sh").read_text())[1]
    assert database["group_add"] == [owner]
    assert f"chown -R {owner}:{owner} secrets" in (ROOT / "docs" / "operations.md").read_text()
    assert "/secrets/\n" in (ROOT / ".gitignore").read_text()


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
    assert services["site-1"]["build"]["context"] == "." and services["site-2"]["pull_policy"] == "never"
    assert first["read_only"] is True and first["tmpfs"] == "/tmp"  # noqa: S108
    assert first["cap_drop"] == ["ALL"] and "cap_add" not in first
    assert first["security_opt"] == ["no-new-privileges:true"]
    assert first["volumes"] == ["data:/data", "./secrets:/run/secrets:ro"]
    assert int(first["stop_grace_period"].removesuffix("s")) >= 10
    assert first["restart"] == "unless-stopped"


def test_images_are_pinned(services):
    images = {name: service["image"] for name, service in services.items() if not name.startswith("site-")}
    assert images.keys() == {"nginx", "database"}
    assert re.fullmatch(r"nginx:\d+\.\d+\.\d+", images["nginx"])
    assert re.fullmatch(r"postgres:\d+\.\d+", images["database"])


def test_every_container_has_resource_limits_and_few_capabilities(services):
    for service in services.values():
        assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
        assert 0 < service["pids_limit"] <= 512
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert [name for name, service in services.items() if "cap_add" in service] == ["nginx"]
    assert services["database"]["user"] == "postgres"


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


def test_database_name_defaults_to_the_name_of_the_created_database(services):
    created = services["database"]["environment"]["POSTGRES_DB"]
    assert services["site-1"]["environment"]["DATABASE_URL"].endswith(f"@database/${{DATABASE_NAME:-{created}}}")
    assert "DATABASE_NAME=" in (ROOT / "docs" / "operations.md").read_text()


def test_compose_passes_every_documented_variable_to_the_site(services):
    rows = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "docs" / "configuration.md").read_text(), re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert {"SECRET_KEY", "MAIL_FROM"} <= documented
    assert documented - NOT_PASSED_ON <= set(services["site-1"]["environment"])
