"""The files in deploy/kubernetes are complete, valid for the API, and agree with compose.yaml and the Dockerfile."""

import re

import kubernetes_validate
import pytest
import yaml
from django.core.management import get_commands

from deploy import supervise
from layersrank_site.middleware import PROBES

from ...conftest import ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
RESOURCES = [
    resource for name in KUSTOMIZATION["resources"] for resource in yaml.safe_load_all((FOLDER / name).read_text())
]
ENVIRONMENT = dict(line.split("=", 1) for line in (FOLDER / "site.env").read_text().splitlines())
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["site-1"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()

# The oldest version of Kubernetes that these files must work with, and the newest version with known schemas.
VERSIONS = ("1.32", "1.37")


def of_kind(kind):
    return {resource["metadata"]["name"]: resource for resource in RESOURCES if resource["kind"] == kind}


SITE = of_kind("StatefulSet")["site"]
PODS = {"site": SITE["spec"]["template"]}
PODS |= {name: job["spec"]["jobTemplate"]["spec"]["template"] for name, job in of_kind("CronJob").items()}
CONTAINERS = {name: pod["spec"]["containers"][0] for name, pod in PODS.items()}

each_pod = pytest.mark.parametrize("name", PODS)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: f"{each['kind']}-{each['metadata']['name']}")
def test_each_resource_follows_the_schema_of_the_api(resource, version):
    kubernetes_validate.validate(resource, version, strict=True)


def test_kustomize_reads_each_file():
    files = {path.name for path in FOLDER.iterdir()} - {"kustomization.yaml"}
    (generated,) = KUSTOMIZATION["configMapGenerator"]
    assert files == {*KUSTOMIZATION["resources"], *generated["envs"]}
    (image,) = KUSTOMIZATION["images"]
    assert {container["image"] for container in CONTAINERS.values()} == {image["name"]} == {COMPOSE["image"]}


def test_all_references_lead_to_something():
    services, claims = of_kind("Service"), {*of_kind("PersistentVolumeClaim")}
    labels = [pod["metadata"]["labels"] for pod in PODS.values()]
    assert SITE["spec"]["serviceName"] in services
    assert SITE["spec"]["selector"]["matchLabels"] == PODS["site"]["metadata"]["labels"]
    selectors = [service["spec"].get("selector", labels[0]) for service in services.values()]
    selectors += [budget["spec"]["selector"]["matchLabels"] for budget in of_kind("PodDisruptionBudget").values()]
    for policy in of_kind("NetworkPolicy").values():
        selector = policy["spec"]["podSelector"]
        selectors += [selector["matchLabels"]] if "matchLabels" in selector else []
        for expression in selector.get("matchExpressions", []):
            selectors += [{expression["key"]: value} for value in expression["values"]]
    assert all(selector in labels for selector in selectors)
    for ingress in of_kind("Ingress").values():
        for path in ingress["spec"]["rules"][0]["http"]["paths"]:
            backend = path["backend"]["service"]
            ports = services[backend["name"]]["spec"]["ports"]
            assert backend["port"]["name"] in {port["name"] for port in ports}
    for pod in PODS.values():
        volumes = {volume["name"]: volume for volume in pod["spec"].get("volumes", [])}
        claimed = {
            volume["persistentVolumeClaim"]["claimName"]
            for volume in volumes.values()
            if len(volume) > 1 and "persistentVolumeClaim" in volume
        }
        assert claimed <= claims
        templates = {claim["metadata"]["name"] for claim in SITE["spec"]["volumeClaimTemplates"]}
        mounts = {mount["name"] for mount in pod["spec"]["containers"][0]["volumeMounts"]}
        assert mounts == volumes.keys() | (templates if pod is PODS["site"] else set())
        (environment,) = pod["spec"]["containers"][0]["envFrom"]
        assert environment["configMapRef"]["name"] == KUSTOMIZATION["configMapGenerator"][0]["name"]


@each_pod
def test_pods_are_as_confined_as_the_services_of_compose(name):
    pod, container = PODS[name]["spec"], CONTAINERS[name]
    (user, group) = map(int, re.search(r"^USER (\d+):(\d+)$", DOCKERFILE, re.MULTILINE).groups())
    security = pod["securityContext"]
    assert (security["runAsUser"], security["runAsGroup"], security["fsGroup"]) == (user, group, group)
    assert security["runAsNonRoot"] and security["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is pod["enableServiceLinks"] is False
    confined = container["securityContext"]
    assert confined["readOnlyRootFilesystem"] is COMPOSE["read_only"] is True
    assert confined["capabilities"]["drop"] == COMPOSE["cap_drop"] == ["ALL"]
    assert (not confined["allowPrivilegeEscalation"]) == (COMPOSE["security_opt"] == ["no-new-privileges:true"])
    assert container["resources"]["limits"]["memory"].lower().removesuffix("i") == COMPOSE["mem_limit"]


@each_pod
def test_pods_have_the_mounts_of_compose(name):
    mounts = {mount["mountPath"]: mount.get("readOnly", False) for mount in CONTAINERS[name]["volumeMounts"]}
    expected = {COMPOSE["tmpfs"]: False}
    for volume in COMPOSE["volumes"]:
        _, target, *options = volume.split(":")
        expected[target] = options == ["ro"]
    if name == "backup":
        expected["/backups"] = False
    assert mounts == expected


def test_the_site_runs_the_command_of_the_image_on_its_port():
    container = CONTAINERS["site"]
    assert not {"command", "args"} & container.keys()
    (port,) = container["ports"]
    assert port["containerPort"] == int(re.search(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)[1])


def test_the_jobs_run_the_commands_of_the_guide():
    backup, delete = CONTAINERS["backup"]["command"], CONTAINERS["delete-leads"]["command"]
    for command in (" ".join(backup), " ".join(delete)):
        (name,) = re.findall(r"python manage\.py (\w+)", command)
        assert name in get_commands()
    assert f"docker exec layersrank {' '.join(delete)}\n" in OPERATIONS
    assert backup[:2] == ["sh", "-c"] and "manage.py backup /backups/" in backup[2]
    assert {job["spec"]["concurrencyPolicy"] for job in of_kind("CronJob").values()} == {"Forbid"}


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_probes_request_the_path_of_the_images_health_check(probe):
    request = CONTAINERS["site"][probe]["httpGet"]
    assert request == {"path": "/livez", "port": CONTAINERS["site"]["ports"][0]["name"]}
    assert request["path"] in PROBES
    assert f'"{request["path"]}"]' in (ROOT / "Dockerfile").read_text()


def test_a_slow_start_is_not_given_up_before_compose_would():
    probe = CONTAINERS["site"]["startupProbe"]
    waits = {int(seconds) for seconds in re.findall(r"--wait-timeout (\d+)", OPERATIONS)}
    assert probe["periodSeconds"] * probe["failureThreshold"] >= max(waits)


def test_a_pod_has_time_to_stop():
    stop = CONTAINERS["site"]["lifecycle"]["preStop"]["exec"]["command"]
    assert PODS["site"]["spec"]["terminationGracePeriodSeconds"] > int(stop[1]) + supervise.STOP_SECONDS


def test_configuration_and_secrets_come_by_reference():
    known = {
        name
        for line in (ROOT / "docs" / "configuration.md").read_text().splitlines()
        if line.startswith("|")
        for name in re.findall(r"`([A-Z_]+)`", line)
    }
    assert ENVIRONMENT.keys() <= known
    assert not re.search("PASSWORD=|KEY=|SECRET=|DATABASE_URL=", "\n".join(f"{name}=" for name in ENVIRONMENT))
    for name, value in ENVIRONMENT.items():
        if name.endswith("_FILE"):
            assert re.fullmatch(r"/run/secrets/[a-z_]+", value)
    assert not any("env" in container for container in CONTAINERS.values())
    assert all("stringData" not in resource and resource["kind"] != "Secret" for resource in RESOURCES)


def test_visitors_reach_the_site_but_not_the_paths_for_operators():
    (ingress,) = of_kind("Ingress").values()
    paths = {path["path"]: path for path in ingress["spec"]["rules"][0]["http"]["paths"]}
    private = re.findall(r"location = (\S+) \{\n +include /deploy/nginx-operators.conf;", NGINX)
    services = of_kind("Service")
    assert private
    for name in private:
        path = paths.pop(name)
        assert path["pathType"] == "Exact"
        assert "selector" not in services[path["backend"]["service"]["name"]]["spec"]
    assert paths["/"]["backend"]["service"]["name"] == "site"
    limit = ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"]
    assert f"client_max_body_size {limit};" in NGINX


def test_each_pod_keeps_its_spool_on_a_volume_that_kubernetes_does_not_delete():
    (claim,) = SITE["spec"]["volumeClaimTemplates"]
    mounts = {mount["name"]: mount["mountPath"] for mount in CONTAINERS["site"]["volumeMounts"]}
    assert f"DATA_DIR={mounts[claim['metadata']['name']]} " in DOCKERFILE
    assert {*SITE["spec"]["persistentVolumeClaimRetentionPolicy"].values()} == {"Retain"}
