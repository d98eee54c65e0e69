"""Compose, Kubernetes, the images and `arclight up` run the same processes in the same way."""

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import arclight
from arclight.cli.stack.home import Home
from arclight.cli.stack.plan import names, service_child
from arclight.contracts.names import Queue
from arclight.runtime.services import SERVICES, Service
from arclight.runtime.settings import Settings
from tests.deploy.manifests import (
    DOCKERIGNORE,
    ENV_EXAMPLE,
    ROOT,
    RUNNER,
    SECRETS,
    Target,
    Unset,
    compose,
    container_of,
    containers_of,
    executor_of,
    kubernetes,
    of_kind,
    service_name,
    targets,
)

OURS = {s.name for s in SERVICES}
BESIDES = {"flower"}
FIELDS = {f"ARCLIGHT_{name.upper()}" for name in Settings.model_fields}
PROBE = ["python", "-m", "arclight.runtime.probe"]
EVERY = pytest.mark.parametrize("service", SERVICES, ids=lambda s: s.name)


def workload(name: str) -> Mapping[str, Any]:
    found = {service_name(n): d for n, d in of_kind("Deployment").items()}
    return found[name]


def home(service: Service) -> str:
    """Name of the image and of the pod that a service runs in."""
    return executor_of(service) if service.runner else service.name


def image(service: Service) -> Target:
    return targets()[home(service)]


def container(service: Service) -> Mapping[str, Any]:
    found = workload(home(service))
    return containers_of(found)[RUNNER] if service.runner else container_of(found)


def test_every_deployment_runs_the_same_services() -> None:
    in_compose = set(compose()["services"]) - {"redis"}
    in_kubernetes = {service_name(n) for n in of_kind("Deployment")}
    in_images = set(targets()) - {"base", "all"}

    apart = {s.name for s in SERVICES if not s.runner}
    assert in_compose == OURS | BESIDES
    assert in_kubernetes == in_images == apart | BESIDES
    assert set(names(flower=True)) - {"store"} == OURS | BESIDES
    assert {s.queue for s in SERVICES if s.queue} == set(Queue)


@EVERY
def test_every_deployment_starts_a_service_by_its_one_command(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = list(service.command("python"))
    monkeypatch.setattr("arclight.cli.stack.plan.Child", lambda name, command, *_: (name, command))
    child: object = service_child(service, Settings(home=tmp_path), Home(tmp_path))

    if not service.runner:
        assert image(service).command == command
    assert compose()["services"][service.name]["command"] == command
    assert container(service)["command"] == command
    assert child == (service.name, (sys.executable, *command[1:]))


@EVERY
def test_an_image_has_its_own_extra_and_its_own_service_only(service: Service) -> None:
    target = image(service)
    own = {service.extra} if service.extra else set()
    storage = set() if service.module.startswith("arclight.") else {"s3"}

    assert target.extras == own | storage
    assert target.services == ({home(service)} if service.module.startswith("services.") else set())
    assert (["arclight/"], "arclight/") in target.copies


def test_the_image_of_everything_has_every_extra_and_service() -> None:
    target = targets()["all"]

    assert target.extras == {"all"}
    assert target.services == {"*"}
    assert target.command == ["arclight", "up"]


@pytest.mark.parametrize("name", sorted(set(targets()) - {"base"}))
def test_every_image_installs_pinned_versions_and_runs_as_nobody(name: str) -> None:
    target = targets()[name]

    (install,) = (r for r in target.runs if "pip install" in r)
    assert "-c constraints.txt" in install
    assert target.user == "10001:10001"
    sources = [s for sources, _ in target.copies for s in sources]
    assert [s for s in sources if not (ROOT / s).exists()] == []
    let_in = {line[1:] for line in DOCKERIGNORE.read_text().splitlines() if line.startswith("!")}
    assert [s for s in sources if not any(s.startswith(pattern) for pattern in let_in)] == []


def test_every_setting_that_a_manifest_names_exists() -> None:
    named: dict[str, set[str]] = {}
    for name, service in compose()["services"].items():
        named[f"compose {name}"] = set(service.get("environment", {}))
    for pod, found in of_kind("Deployment").items():
        for name, container in containers_of(found).items():
            named[f"k8s {pod} {name}"] = {e["name"] for e in container.get("env", ())}
    named["k8s config"] = set(of_kind("ConfigMap")["arclight"]["data"])
    named |= {f"image {n}": set(t.env) for n, t in targets().items()}
    named["example"] = set(re.findall(r"^(\w+)=", ENV_EXAMPLE.read_text(), re.MULTILINE))

    ours = {
        where: {n for n in found if n.startswith("ARCLIGHT_")} for where, found in named.items()
    }
    assert {where: found - FIELDS for where, found in ours.items() if found - FIELDS} == {}
    assert len(set().union(*ours.values())) >= 6


@pytest.mark.parametrize("missing", SECRETS)
def test_compose_starts_with_no_secret_left_out(missing: str) -> None:
    with pytest.raises(Unset, match=missing):
        compose({k: v for k, v in SECRETS.items() if k != missing})

    assert set(re.findall(r"^(\w+)=$", ENV_EXAMPLE.read_text(), re.MULTILINE)) == set(SECRETS)


def test_compose_hands_the_same_settings_to_all() -> None:
    services = compose(SECRETS)["services"]
    runners = {s.name for s in SERVICES if s.runner}

    for name in OURS | BESIDES:
        env = {k: v for k, v in services[name]["environment"].items() if k.startswith("ARCLIGHT_")}
        settings = Settings(**{k.removeprefix("ARCLIGHT_").lower(): v for k, v in env.items()})
        if name not in runners:
            assert settings.redis_url == "redis://:ab12@redis:6379/0"
        assert settings.artifact_root == "file:///data/artifacts"
    assert services["redis"]["environment"] == {"REDISCLI_AUTH": "ab12"}
    assert services["gateway"]["environment"]["ARCLIGHT_API_KEYS"] == "arc_1"
    assert "ARCLIGHT_API_KEYS" not in services["executor_spark"]["environment"]


def test_ports_are_those_of_the_code() -> None:
    port = Settings.model_fields["port"].default
    services = compose()["services"]
    (published,) = services["gateway"]["ports"]

    assert published == f"127.0.0.1:{port}:{port}"
    assert services["gateway"]["environment"]["ARCLIGHT_PORT"] == str(port)
    assert targets()["gateway"].ports == targets()["all"].ports == [port]
    assert all(str(port) in targets()[t].healthcheck[-1] for t in ("gateway", "all"))
    assert container_of(workload("gateway"))["ports"] == [{"name": "http", "containerPort": port}]
    assert of_kind("Service")["gateway"]["spec"]["ports"][0]["port"] == port

    assert services["flower"]["ports"] == ["127.0.0.1:5555:5555"]
    assert targets()["flower"].ports == [5555]
    assert "--port=5555" in targets()["flower"].command[-1]


def test_versions_are_that_of_the_code() -> None:
    kustomization = (ROOT / "deploy/k8s/kustomization.yaml").read_text()
    tags = re.findall(r"name: (\S+), newTag: (\S+)\}", kustomization)
    pods = of_kind("Deployment").values()
    images = {c["image"] for d in pods for c in containers_of(d).values()}
    compose_images = {
        s["image"].partition(":")[0]: s["image"].partition(":")[2]
        for name, s in compose()["services"].items()
        if name != "redis"
    }

    assert dict(tags) == dict.fromkeys(images, arclight.__version__)
    assert compose_images == dict.fromkeys(images, f"${{TAG:-{arclight.__version__}}}")


def test_a_worker_scales_on_the_list_that_its_queue_is() -> None:
    config = of_kind("ConfigMap")["arclight"]["data"]
    scaled = of_kind("ScaledObject")

    lists = {
        service_name(name): trigger["metadata"]["listName"]
        for name, s in scaled.items()
        for trigger in s["spec"]["triggers"]
    }
    assert lists == {
        s.name: f"{config['ARCLIGHT_NAMESPACE']}:{s.queue}" for s in SERVICES if s.queue
    }
    assert all(s["spec"]["scaleTargetRef"]["name"] == n for n, s in scaled.items())
    assert config["ARCLIGHT_NAMESPACE"] == Settings.model_fields["namespace"].default


def test_probes_ask_for_the_workers_own_queue() -> None:
    for service in SERVICES:
        if service.queue is None:
            continue
        found = container(service)
        assert image(service).healthcheck == [*PROBE, "live", service.queue]
        assert found["livenessProbe"]["exec"]["command"] == [*PROBE, "live", service.queue]
        assert found["readinessProbe"]["exec"]["command"] == [*PROBE, "ready", service.queue]


def test_every_object_is_ours_to_name() -> None:
    seen = [(d["kind"], d["metadata"]["name"]) for d in kubernetes()]

    assert len(seen) == len(set(seen))
