"""deploy/k8s against the published schemas, and against itself."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import kubernetes_validate
import pytest
import yaml

from arclight.runtime.services import SERVICES
from arclight.runtime.settings import GIB, MIB, Settings
from arclight.sandbox import decode
from arclight.sandbox.cage.grants import ports
from tests.deploy.manifests import (
    K8S,
    RUNNER,
    container_of,
    containers_of,
    kubernetes,
    mebibytes,
    of_kind,
    pod_of,
    service_name,
)

VERSION = "1.34"
"""Not the newest: what runs here must run on the clusters that people have."""
CUSTOM = {"ScaledObject", "TriggerAuthentication"}
EXECUTORS = ("executor-spark", "executor-ray")
WORKLOADS: Mapping[str, Mapping[str, Any]] = {**of_kind("Deployment"), **of_kind("StatefulSet")}
Labels = Mapping[str, str]


def label(found: Mapping[str, Any]) -> str:
    return f"{found['kind']} {found['metadata']['name']}"


@pytest.mark.parametrize("found", [d for d in kubernetes() if d["kind"] not in CUSTOM], ids=label)
def test_every_object_follows_its_schema(found: Mapping[str, Any]) -> None:
    kubernetes_validate.validate(found, VERSION, strict=True)


def test_the_schema_check_can_fail() -> None:
    broken = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": {"port": 1}}

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, VERSION, strict=True)


@pytest.mark.parametrize("found", kubernetes(), ids=label)
def test_nothing_is_left_empty(found: Mapping[str, Any]) -> None:
    assert list(_nulls(found, "")) == []


def _nulls(value: Any, path: str) -> Iterator[str]:
    match value:
        case None:
            yield path
        case dict():
            for key, inner in value.items():
                yield from _nulls(inner, f"{path}/{key}")
        case list():
            for i, inner in enumerate(value):
                yield from _nulls(inner, f"{path}/{i}")


def test_the_kustomization_names_every_file() -> None:
    kustomization = yaml.safe_load((K8S / "kustomization.yaml").read_text())

    files = {f.name for f in K8S.glob("*.yaml")} - {"kustomization.yaml"}
    assert sorted(kustomization["resources"]) == sorted(files)
    assert kustomization["kind"] == "Kustomization"
    assert kustomization["namespace"] in of_kind("Namespace")


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_pod_is_fit_for_the_restricted_standard(name: str) -> None:
    pod = pod_of(WORKLOADS[name])

    assert not pod.keys() & {"hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"}
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in containers_of(WORKLOADS[name]).values():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_pod_fits_together(name: str) -> None:
    spec, pod = WORKLOADS[name]["spec"], pod_of(WORKLOADS[name])
    containers = containers_of(WORKLOADS[name]).values()

    labels = spec["template"]["metadata"]["labels"]
    assert spec["selector"]["matchLabels"].items() <= labels.items()
    given = {v["name"] for v in pod.get("volumes", ())}
    given |= {c["metadata"]["name"] for c in spec.get("volumeClaimTemplates", ())}
    assert {m["name"] for c in containers for m in c["volumeMounts"]} == given
    for resources in (c["resources"] for c in containers):
        assert {"cpu", "memory"} <= set(resources["requests"])
        wanted, most = (resources[k]["memory"] for k in ("requests", "limits"))
        assert mebibytes(most) >= mebibytes(wanted)
    claims = {v["persistentVolumeClaim"]["claimName"] for v in pod.get("volumes", ())
              if "persistentVolumeClaim" in v}  # fmt: skip
    assert claims <= set(of_kind("PersistentVolumeClaim"))
    configs = {e["configMapRef"]["name"] for c in containers for e in c.get("envFrom", ())}
    assert configs <= set(of_kind("ConfigMap"))


def test_services_find_their_pods_and_ports() -> None:
    for service in of_kind("Service").values():
        chosen = [w for w in WORKLOADS.values() if _selects(service["spec"]["selector"], w)]
        (workload,) = chosen
        ports = {p["name"] for p in container_of(workload)["ports"]}
        assert {p["targetPort"] for p in service["spec"]["ports"]} <= ports


def test_every_service_may_lose_one_pod_at_a_time() -> None:
    budgets = of_kind("PodDisruptionBudget")

    assert set(budgets) == set(of_kind("Deployment"))
    for name, budget in budgets.items():
        assert budget["spec"]["maxUnavailable"] == 1
        assert _selects(budget["spec"]["selector"]["matchLabels"], WORKLOADS[name])


def test_two_reconcilers_and_two_gateways_run() -> None:
    assert WORKLOADS["reconciler"]["spec"]["replicas"] == 2
    assert WORKLOADS["gateway"]["spec"]["replicas"] == 2


def test_workers_are_scaled_by_keda_and_by_nobody_else() -> None:
    scaled = of_kind("ScaledObject")

    assert {service_name(n) for n in scaled} == {s.name for s in SERVICES if s.queue}
    for name, found in scaled.items():
        assert "replicas" not in WORKLOADS[name]["spec"]
        assert found["apiVersion"] == "keda.sh/v1alpha1"
        assert 1 <= found["spec"]["minReplicaCount"] < found["spec"]["maxReplicaCount"]
        (trigger,) = found["spec"]["triggers"]
        assert trigger["type"] == "redis"
        # KEDA wants strings here and reads nothing else.
        assert {type(v) for v in trigger["metadata"].values()} == {str}
        assert set(trigger["metadata"]) == {"address", "databaseIndex", "listName", "listLength"}
        assert trigger["authenticationRef"]["name"] in of_kind("TriggerAuthentication")


def test_the_store_has_one_address_everywhere() -> None:
    port = of_kind("Service")["redis"]["spec"]["ports"][0]["port"]
    (namespace,) = of_kind("Namespace")

    for found in of_kind("ScaledObject").values():
        address = found["spec"]["triggers"][0]["metadata"]["address"]
        assert address == f"redis.{namespace}.svc.cluster.local:{port}"
    for name, workload in of_kind("Deployment").items():
        env = [e["name"] for e in container_of(workload)["env"]]
        # A reference is only filled in from what stands above it.
        assert env.index("REDIS_PASSWORD") < env.index("ARCLIGHT_REDIS_URL"), name
        host = "$(REDIS_SERVICE_HOST)" if name in EXECUTORS else "redis"
        url = next(e["value"] for e in container_of(workload)["env"] if e["name"].endswith("_URL"))
        assert url == f"redis://:$(REDIS_PASSWORD)@{host}:{port}/0"
        assert pod_of(workload)["enableServiceLinks"] is (name in EXECUTORS)


def test_secrets_are_named_kept_elsewhere_and_told_how_to_make() -> None:
    assert not of_kind("Secret")
    readme = (K8S / "README.md").read_text()
    used = re.findall(r"name: arclight, key: ([\w-]+)", "".join(_texts()))

    assert set(re.findall(r"--from-literal=([\w-]+)=", readme)) == set(used)
    assert not re.search(r"arc_[0-9a-f]{8}_", "".join(_texts()))


def _texts() -> Iterator[str]:
    return (f.read_text() for f in K8S.glob("*.yaml"))


def test_an_executor_may_finish_its_run() -> None:
    run = Settings.model_fields["run_timeout"].default.total_seconds()

    for name in EXECUTORS:
        assert pod_of(WORKLOADS[name])["terminationGracePeriodSeconds"] > run
        # A sidecar: it starts before the executor, and is told to stop when that has ended.
        assert containers_of(WORKLOADS[name])[RUNNER]["restartPolicy"] == "Always"
        first, second = pod_of(WORKLOADS[name])["initContainers"]
        assert second["name"] == RUNNER
        assert first["command"] == ["mkdir", "-p", "/data/artifacts/uploads"]


def test_an_executor_and_its_volumes_fit_into_what_the_pod_may_use() -> None:
    for name in EXECUTORS:
        containers = containers_of(WORKLOADS[name])
        memory = containers[name]["resources"]["limits"]["memory"]
        assert mebibytes(memory) * MIB >= decode.MEMORY + GIB // 2
        limits = [c["resources"]["limits"] for c in containers.values()]
        disk = sum(mebibytes(n.get("ephemeral-storage", "0Mi")) for n in limits)
        volumes = [v["emptyDir"] for v in pod_of(WORKLOADS[name])["volumes"] if "emptyDir" in v]
        assert all("sizeLimit" in v for v in volumes)
        assert sum(mebibytes(v["sizeLimit"]) for v in volumes if "medium" not in v) <= disk


def test_the_ports_of_programs_are_not_those_of_the_store() -> None:
    """Executor and runner share the pod's network; the cage leaves ephemeral ports only."""
    (port,) = {p["port"] for p in of_kind("Service")["redis"]["spec"]["ports"]}

    assert port < ports()[0]


def test_the_sandboxed_runtime_is_for_the_pods_of_programs() -> None:
    component = yaml.safe_load((K8S / "components/gvisor/kustomization.yaml").read_text())
    (patch,) = component["patches"]
    changes = {c["path"]: c["value"] for c in yaml.safe_load(patch["patch"])}

    assert component["kind"] == "Component"
    assert {n for n in WORKLOADS if re.fullmatch(patch["target"]["name"], n)} == set(EXECUTORS)
    assert changes["/spec/template/spec/runtimeClassName"] == "gvisor"
    shared = "dev.gvisor.spec.mount.scratch.share"
    assert changes["/spec/template/metadata/annotations"][shared] == "pod"
    for name in EXECUTORS:
        assert "annotations" not in WORKLOADS[name]["spec"]["template"]["metadata"]
        assert "scratch" in {v["name"] for v in pod_of(WORKLOADS[name])["volumes"]}


def test_executors_reach_the_store_and_nothing_else() -> None:
    for name in EXECUTORS:
        (rule,) = _rules(WORKLOADS[name], "egress")
        (peer,) = rule["to"]
        assert peer == {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "redis"}}}
        assert _rules(WORKLOADS[name], "ingress") == []
    default = of_kind("NetworkPolicy")["default-deny"]["spec"]
    assert default == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_everyone_reaches_the_store_and_only_the_notifier_the_world() -> None:
    for name in of_kind("Deployment"):
        reached = [p for r in _rules(WORKLOADS[name], "egress") for p in r["to"]]
        assert any("redis" in str(p) for p in reached), name
        assert any("ipBlock" in p for p in reached) == (name == "notifier")


def _rules(workload: Mapping[str, Any], direction: str) -> list[Mapping[str, Any]]:
    policies = [p["spec"] for p in of_kind("NetworkPolicy").values()]
    return [
        r for p in policies if _picked(p["podSelector"], workload) for r in p.get(direction, ())
    ]


def _picked(selector: Mapping[str, Any], workload: Mapping[str, Any]) -> bool:
    labels = _labels(workload)
    wanted = selector.get("matchLabels", {}).items() <= labels.items()
    kept_out = False
    for e in selector.get("matchExpressions", ()):
        assert e["operator"] == "NotIn"
        kept_out = kept_out or labels.get(e["key"]) in e["values"]
    return wanted and not kept_out


def _selects(wanted: Labels, workload: Mapping[str, Any]) -> bool:
    return wanted.items() <= _labels(workload).items()


def _labels(workload: Mapping[str, Any]) -> Labels:
    labels: Labels = workload["spec"]["template"]["metadata"]["labels"]
    return labels
