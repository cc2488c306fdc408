"""What `deploy/` promises: manifests that follow the rules of a linter, and metrics that exist."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.core.cache import cache
from django.test import Client

from tests.architecture.sources import ROOT

DEPLOY = ROOT / "deploy"
METRIC = re.compile(r"\b(?:creditiq|django|process)_[a-z_]+\b")
VERSION = re.compile(r".+:v?\d+\.\d+[\w.-]*")
RUNNERS = ("Deployment", "Job", "CronJob")
REQUIRED = {"SECRET_KEY", "JWT_SIGNING_KEY", "FIELD_KEYS", "BLIND_KEYS", "METRICS_TOKEN", "DATABASE_URL", "REDIS_URL"}
SECRETS = REQUIRED | {"DATABASE_REPLICA_URL", "SENTRY_DSN", "EMAIL_URL", "LLM_API_KEY", "ATTESTER_KEY"}


def documents() -> Iterator[dict[str, object]]:
    for path in sorted((DEPLOY / "k8s").glob("*.yaml")):
        yield from yaml.safe_load_all(path.read_text())


DOCUMENTS = list(documents())


def pods(kind: str = "") -> list[dict[str, object]]:
    """Pod templates of everything that runs, with the kind beside."""
    found = []
    for document in DOCUMENTS:
        if document["kind"] in RUNNERS and kind in ("", document["kind"]):
            spec = document["spec"]
            found.append(spec["jobTemplate"]["spec"]["template"] if document["kind"] == "CronJob" else spec["template"])
    return found


def named(kind: str) -> set[str]:
    return {document["metadata"]["name"] for document in DOCUMENTS if document["kind"] == kind}


def test_every_manifest_names_its_kind_version_and_itself() -> None:
    assert len(DOCUMENTS) > 12
    for document in DOCUMENTS:
        assert {"apiVersion", "kind"} <= set(document)
        assert document["kind"] == "Kustomization" or document["metadata"]["name"].startswith("creditiq")


@pytest.mark.parametrize("pod", pods(), ids=lambda pod: pod["spec"]["containers"][0]["name"])
def test_every_pod_is_bounded_unprivileged_and_pinned(pod: dict[str, object]) -> None:
    spec = pod["spec"]
    assert spec["serviceAccountName"] in named("ServiceAccount")
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    volumes = {volume["name"] for volume in spec["volumes"]}
    for container in spec["containers"]:
        assert VERSION.fullmatch(container["image"])
        assert set(container["resources"]) == {"requests", "limits"}
        assert all({"cpu", "memory"} == set(bound) for bound in container["resources"].values())
        guard = container["securityContext"]
        assert guard["allowPrivilegeEscalation"] is False
        assert guard["readOnlyRootFilesystem"] is True
        assert guard["capabilities"] == {"drop": ["ALL"]}
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
        assert not container.get("env"), "values come from the ConfigMap and the Secret by reference"
        assert {next(iter(source)) for source in container["envFrom"]} == {"configMapRef", "secretRef"}


@pytest.mark.parametrize("pod", pods("Deployment"), ids=lambda pod: pod["spec"]["containers"][0]["name"])
def test_whatever_stays_up_is_probed(pod: dict[str, object]) -> None:
    for container in pod["spec"]["containers"]:
        assert {"livenessProbe", "readinessProbe"} <= set(container)


def test_selectors_find_their_pods_and_references_exist() -> None:
    labels = [pod["metadata"]["labels"] for pod in pods()]
    for document in DOCUMENTS:
        spec = document.get("spec", {})
        wanted = spec.get("selector") if document["kind"] in {"Service", "Deployment", "PodDisruptionBudget"} else None
        if wanted:
            wanted = wanted.get("matchLabels", wanted)
            assert any(wanted.items() <= given.items() for given in labels), document["metadata"]["name"]
        if document["kind"] == "HorizontalPodAutoscaler":
            assert spec["scaleTargetRef"]["name"] in named("Deployment")
        if document["kind"] == "Ingress":
            assert spec["tls"]
    claims = {
        volume["persistentVolumeClaim"]["claimName"]
        for pod in pods()
        for volume in pod["spec"]["volumes"]
        if "persistentVolumeClaim" in volume
    }
    assert claims == named("PersistentVolumeClaim")


def test_whatever_runs_twice_keeps_one_when_a_node_is_drained() -> None:
    twice = {
        document["metadata"]["name"]
        for document in DOCUMENTS
        if document["kind"] == "Deployment" and document["spec"]["replicas"] > 1
    }
    assert twice == named("PodDisruptionBudget") == {"creditiq-web", "creditiq-worker"}


def test_pods_are_reached_and_reach_out_by_a_list_alone() -> None:
    (policy,) = (document["spec"] for document in DOCUMENTS if document["kind"] == "NetworkPolicy")
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert policy["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "creditiq"}
    assert all(rule["ports"] and rule["from"] for rule in policy["ingress"])
    assert {port["port"] for rule in policy["egress"] for port in rule["ports"]} == {53, 443, 587, 5432, 6379}


def test_no_secret_stands_in_a_manifest() -> None:
    assert named("Secret") == set()
    for document in DOCUMENTS:
        if document["kind"] == "ConfigMap":
            assert not SECRETS & set(document["data"])
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for service in compose["services"].values():
        given = service.get("environment", {})
        assert not SECRETS & set(given)
        assert all(name.endswith("FILE") for name in given if "PASSWORD" in name)


def test_whatever_production_refuses_to_start_without_is_named_where_it_is_set_up() -> None:
    source = (ROOT / "creditiq" / "settings" / "production.py").read_text()
    required = set(re.findall(r'required\("([A-Z_]+)"\)', source))
    assert required >= REQUIRED
    guide = (DEPLOY / "README.md").read_text()
    machine, cluster, backups = (
        guide.partition(f"## {heading}\n")[2].partition("\n## ")[0]
        for heading in ("One machine", "A cluster", "Backups")
    )
    building = (DEPLOY / "Dockerfile").read_text()
    header = (ROOT / ".env.example").read_text().partition("# --- ")[0]
    for place in (machine, building, header):
        assert {name for name in required if name not in place} == set()
    house = next(document["data"] for document in DOCUMENTS if document["kind"] == "ConfigMap")
    assert {name for name in required if name not in cluster and name not in house} == set()
    assert {"FIELD_KEYS", "BLIND_KEYS"} <= set(re.findall(r"[A-Z_]+", backups))


def test_kustomization_names_every_file_but_the_migration() -> None:
    files = {path.name for path in (DEPLOY / "k8s").glob("*.yaml")}
    listed = set(yaml.safe_load((DEPLOY / "k8s" / "kustomization.yaml").read_text())["resources"])
    assert files - listed == {"kustomization.yaml", "migrate.yaml"}


def test_the_services_of_compose_are_bounded_pinned_and_watched() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    assert {"proxy", "web", "worker", "beat", "streams", "migrate", "database", "valkey"} <= set(compose["services"])
    volumes = set(compose["volumes"])
    for name, service in compose["services"].items():
        assert VERSION.fullmatch(service["image"]), name
        assert service["mem_limit"], name
        assert set(service["networks"]) <= set(compose["networks"]), name
        assert set(service.get("secrets", ())) <= set(compose["secrets"]), name
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in volumes or (DEPLOY / source).exists(), (name, volume)
    assert compose["networks"]["inside"] == {"internal": True}


def test_the_image_is_built_in_stages_pinned_and_runs_as_nobody_in_particular() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    bases = [line.split()[1] for line in lines if line.startswith("FROM")]
    assert len(bases) == 2
    assert all(VERSION.fullmatch(base) for base in bases)
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
    assert any("--require-hashes" in line for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines)


def test_the_image_takes_the_library_of_sentry_as_the_extra_that_declares_it() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    image = (DEPLOY / "Dockerfile").read_text()
    assert all(f"'{wanted}'" in image for wanted in extras["sentry"])
    assert "EXTRAS=sentry" in (DEPLOY / "README.md").read_text()


def expressions() -> dict[str, str]:
    """Every query of the dashboard and of the alerts, by where it stands."""
    dashboard = json.loads((DEPLOY / "grafana" / "dashboard.json").read_text())
    panels = {
        f"panel {panel['title']} {target['refId']}": target["expr"]
        for panel in dashboard["panels"]
        for target in panel["targets"]
    }
    groups = yaml.safe_load((DEPLOY / "grafana" / "alerts.yaml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert all({"summary", "action"} == set(rule["annotations"]) for rule in rules)
    assert {rule["labels"]["severity"] for rule in rules} == {"page", "ticket"}
    return panels | {f"alert {rule['alert']}": rule["expr"] for rule in rules}


@pytest.mark.django_db
def test_every_metric_that_is_drawn_or_alerted_on_is_measured(client: Client, settings: object) -> None:
    settings.METRICS_TOKEN = "the-monitors-token"
    cache.get("anything")
    client.get("/livez")
    page = client.get("/metrics", headers={"Authorization": "Bearer the-monitors-token"}).content.decode()
    measured = set(re.findall(r"^([a-z_]+)(?:\{| )", page, re.MULTILINE))
    asked = {metric: place for place, text in expressions().items() for metric in METRIC.findall(text)}
    assert len(asked) > 25
    assert {metric: place for metric, place in asked.items() if metric not in measured} == {}


@pytest.mark.parametrize("path", sorted((DEPLOY / "grafana").rglob("*.yaml")), ids=lambda path: path.name)
def test_the_monitors_files_are_yaml(path: Path) -> None:
    assert yaml.safe_load(path.read_text())
