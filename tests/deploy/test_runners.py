"""Runners hold what is hostile: what each deployment lets them know and reach."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from arclight.cli.stack.home import Home
from arclight.cli.stack.plan import service_child
from arclight.runtime import probe
from arclight.runtime.services import SERVICES, Service, without_secrets
from arclight.runtime.settings import MIB, Settings
from tests.deploy.manifests import (
    RUNNER,
    SECRETS,
    compose,
    containers_of,
    executor_of,
    mebibytes,
    of_kind,
    pod_of,
    service_name,
    targets,
)

RUNNERS = [s for s in SERVICES if s.runner]
EACH = pytest.mark.parametrize("runner", RUNNERS, ids=lambda s: s.name)
PATHS = {"ARCLIGHT_SCRATCH": "/run/arc"}
ARTIFACTS = "/data/artifacts"
RAY_BELOW = len("/shared/arc-12345678/tmp")
"""Characters from the ground of the slots to the folder that a Ray is given."""
RAY_LONGEST = 38
"""Characters of that folder: Ray appends 68, and the path of a socket may have 107."""

Container = Mapping[str, Any]


def in_compose(runner: Service) -> tuple[Container, Container]:
    """The runner and its executor."""
    services = compose(SECRETS)["services"]
    return services[runner.name], services[executor_of(runner)]


def pod(runner: Service) -> Mapping[str, Any]:
    return {service_name(n): d for n, d in of_kind("Deployment").items()}[executor_of(runner)]


def in_kubernetes(runner: Service) -> tuple[Container, Container]:
    containers = containers_of(pod(runner))
    return containers[RUNNER], containers[executor_of(runner).replace("_", "-")]


def values(container: Container) -> Mapping[str, str]:
    """The plain values of a container's environment in Kubernetes."""
    return {e["name"]: e["value"] for e in container["env"] if "value" in e}


@EACH
def test_a_runner_lives_in_the_image_of_its_executor(runner: Service) -> None:
    for beside, executor in (in_compose(runner), in_kubernetes(runner)):
        assert beside["image"] == executor["image"]
    assert "build" not in in_compose(runner)[0]
    assert len(RUNNERS) == 2


@EACH
def test_no_secret_reaches_a_runner_in_compose(runner: Service) -> None:
    beside, _ = in_compose(runner)

    assert [s for s in SECRETS.values() if s in str(beside)] == []
    assert not beside.keys() & {"secrets", "env_file", "configs"}
    assert without_secrets(beside["environment"]) == beside["environment"]


@EACH
def test_no_secret_reaches_a_runner_in_kubernetes(runner: Service) -> None:
    beside, _ = in_kubernetes(runner)
    config = of_kind("ConfigMap")["arclight"]["data"]

    assert [e for e in beside["env"] if "valueFrom" in e] == []
    assert beside["envFrom"] == [{"configMapRef": {"name": "arclight"}}]
    environment = {**config, **values(beside)}
    assert without_secrets(environment) == environment
    mounted = {m["name"] for m in beside["volumeMounts"]}
    kinds = {next(k for k in v if k != "name") for v in pod_of(pod(runner))["volumes"]
             if v["name"] in mounted}  # fmt: skip
    assert kinds == {"emptyDir", "persistentVolumeClaim"}


@EACH
def test_no_secret_reaches_a_runner_of_arclight_up(
    runner: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, secret in SECRETS.items():
        monkeypatch.setenv(name, secret)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "aws-1")
    monkeypatch.setattr("arclight.cli.stack.plan.Child", lambda name, command, env, *_: env)

    env: object = service_child(
        runner, Settings(home=tmp_path, redis_url="redis://:ab12@x:1/0"), Home(tmp_path)
    )

    assert isinstance(env, dict)
    assert [v for v in env.values() if v in {*SECRETS.values(), "aws-1"} or "ab12" in v] == []


def test_no_secret_lies_in_an_image() -> None:
    for name, target in targets().items():
        assert without_secrets(target.env).keys() >= {
            n for n in target.env if n.startswith("ARCLIGHT_")
        }, name


@EACH
def test_inputs_are_read_only_for_a_runner(runner: Service) -> None:
    beside, executor = in_compose(runner)
    assert f"artifacts:{ARTIFACTS}:ro" in beside["volumes"]
    assert f"artifacts:{ARTIFACTS}" in executor["volumes"]

    beside, executor = in_kubernetes(runner)
    mount = {"name": "artifacts", "mountPath": ARTIFACTS}
    assert {**mount, "readOnly": True} in beside["volumeMounts"]
    assert mount in executor["volumeMounts"]


@EACH
def test_executor_and_runner_meet_at_one_path(runner: Service) -> None:
    for sides in (in_compose(runner), in_kubernetes(runner)):
        for side in sides:
            mounts = side.get("volumeMounts") or [
                {"name": v.split(":")[0], "mountPath": v.split(":")[1]} for v in side["volumes"]
            ]
            (volume,) = {m["name"] for m in mounts if m["mountPath"] == "/run/arc"}
            assert volume.endswith("scratch")
            env = side["environment"] if "environment" in side else values(side)
            assert PATHS.items() <= env.items()
    shared = {v.split(":")[0] for v in in_compose(runner)[0]["volumes"]}
    assert shared & {v.split(":")[0] for v in in_compose(runner)[1]["volumes"]} == shared


@EACH
def test_executor_and_runner_agree_on_every_setting_that_both_have(runner: Service) -> None:
    beside, executor = (side["environment"] for side in in_compose(runner))
    assert beside.items() <= executor.items()

    beside, executor = map(values, in_kubernetes(runner))
    assert beside.items() <= executor.items()


@EACH
def test_a_container_does_not_count_its_slots_by_the_memory_of_the_host(runner: Service) -> None:
    for slots in ("1", "3"):
        services = compose({**SECRETS, "RUN_SLOTS": slots})["services"]
        executor = services[executor_of(runner)]["environment"]
        assert services[runner.name]["environment"]["ARCLIGHT_RUN_SLOTS"] == slots
        assert executor["ARCLIGHT_CONCURRENCY"] == slots
    beside, executor = map(values, in_kubernetes(runner))
    assert beside["ARCLIGHT_RUN_SLOTS"] == executor.get("ARCLIGHT_CONCURRENCY", "1") == "1"


def test_the_shared_folder_is_short_enough_for_a_ray() -> None:
    assert len(f"{PATHS['ARCLIGHT_SCRATCH']}/ray") + RAY_BELOW <= RAY_LONGEST


@EACH
def test_executor_and_runner_are_one_user(runner: Service) -> None:
    assert not {"user"} & (in_compose(runner)[0].keys() | in_compose(runner)[1].keys())
    for side in in_kubernetes(runner):
        assert "runAsUser" not in side["securityContext"]
    # A volume takes the owner of the folder in the image.
    (makes,) = (r for r in targets()[executor_of(runner)].runs if "install -d" in r)
    assert {"/run/arc", f"{ARTIFACTS}/uploads"} <= set(makes.split())
    assert "-o 10001 -g 10001" in makes


@EACH
def test_a_runner_has_room_for_its_engines_and_one_program(runner: Service) -> None:
    one = Settings.model_fields["run_memory"].default / MIB
    # The shared Spark server: half of it as heap and 768 MiB; the shared Ray: it and 1 GiB.
    engine = {"spark": one / 2 + 768, "ray": one + 1024}[runner.runner or ""]

    limits = (
        in_compose(runner)[0]["mem_limit"],
        in_kubernetes(runner)[0]["resources"]["limits"]["memory"],
    )
    for limit in limits:
        assert mebibytes(limit) >= one + engine + 1024
    assert in_compose(runner)[0]["pids_limit"] >= 2048


@EACH
def test_a_runner_is_asked_for_its_sign_of_life(runner: Service) -> None:
    asks = ["python", "-m", "arclight.runtime.probe", "live", runner.name]

    assert in_compose(runner)[0]["healthcheck"]["test"] == ["CMD", *asks]
    for kind in ("startupProbe", "livenessProbe"):
        assert in_kubernetes(runner)[0][kind]["exec"]["command"] == asks
    assert runner.name in probe.LIVING


@pytest.mark.parametrize("name", ["executor_spark", "all"])
def test_an_image_with_spark_brings_its_class_archive(name: str) -> None:
    target = targets()[name]

    (made,) = (r for r in target.runs if "archive.ensure" in r)
    assert f"Path('{target.env['ARCLIGHT_PREPARED']}')" in made
