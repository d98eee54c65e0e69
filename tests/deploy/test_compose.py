"""docker-compose.yml against the published schema, and how far it locks the services in."""

import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import Draft7Validator
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError
from redis.retry import Retry

from arclight.runtime.embedded import find_binary
from arclight.runtime.settings import GIB, MIB
from arclight.sandbox import decode
from tests.deploy.manifests import SECRETS, compose, mebibytes

SERVICES: dict[str, Any] = compose(SECRETS)["services"]
AT_ONCE = Retry(NoBackoff(), 0)
"""The client's own retries would take 4 s."""
EXECUTORS = ("executor_spark", "executor_ray")
RUNNERS = ("runner_spark", "runner_ray")


def test_the_file_follows_the_compose_specification() -> None:
    schema = get_builtin_schema("vendor.compose-spec")

    errors = sorted(Draft7Validator(schema).iter_errors(compose()), key=lambda e: list(e.path))

    assert [f"{'/'.join(map(str, e.path))}: {e.message}" for e in errors] == []


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_locked_in(name: str) -> None:
    service = SERVICES[name]

    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["read_only"] is True
    assert service["pids_limit"] > 0
    assert mebibytes(service["mem_limit"]) > 0
    assert not any("docker.sock" in v for v in service.get("volumes", ()))
    assert all(p.startswith("127.0.0.1:") for p in service.get("ports", ()))


def test_executors_reach_the_store_and_nothing_else() -> None:
    networks = compose()["networks"]

    for name in EXECUTORS:
        assert SERVICES[name]["networks"] == ["engines"]
    assert networks["engines"] == {"internal": True}
    reached = {n for n, s in SERVICES.items() if "engines" in s.get("networks", ())}
    assert reached == {"redis", *EXECUTORS}


def test_a_runner_has_no_network_at_all() -> None:
    for name in RUNNERS:
        assert SERVICES[name]["network_mode"] == "none"
        assert not SERVICES[name].keys() & {"networks", "ports", "extra_hosts", "links"}


def test_no_service_gets_more_rights_than_a_plain_container() -> None:
    given = {"cap_add", "privileged", "pid", "ipc", "userns_mode", "devices", "cgroup", "user"}

    for name, service in SERVICES.items():
        assert service["security_opt"] == ["no-new-privileges:true"]
        # The store's image starts as root by itself.
        assert service.keys() & given <= ({"user"} if name == "redis" else set()), name


def test_only_those_with_business_outside_can_get_there() -> None:
    outside = {n for n, s in SERVICES.items() if "outside" in s.get("networks", ())}

    assert outside == {"gateway", "notifier", "flower"}
    assert compose()["networks"]["control"] == {"internal": True}


def test_an_executor_keeps_what_is_large_out_of_memory() -> None:
    for name in EXECUTORS:
        assert mebibytes(SERVICES[name]["mem_limit"]) * MIB >= decode.MEMORY + GIB // 2
        environment = SERVICES[name]["environment"]
        assert environment["TMPDIR"] == environment["ARCLIGHT_SCRATCH"]
        assert environment["ARCLIGHT_SCRATCH"] in _mounts(name).values()


def test_every_volume_is_declared_and_all_steps_share_the_artifacts() -> None:
    mounts = {name: _mounts(name) for name in SERVICES}

    assert {v for m in mounts.values() for v in m} == set(compose()["volumes"])
    sharing = {n for n, m in mounts.items() if m.get("artifacts") == "/data/artifacts"}
    assert sharing == {"gateway", "codegen", "validator", "notifier", *EXECUTORS}
    reading = {n for n, m in mounts.items() if m.get("artifacts") == "/data/artifacts:ro"}
    assert reading == set(RUNNERS)


def _mounts(name: str) -> dict[str, str]:
    """Volume → place, with `:ro` where it may not be written."""
    return dict(v.split(":", 1) for v in SERVICES[name].get("volumes", ()))


def test_nothing_starts_before_the_store_answers_nor_an_executor_before_its_runner() -> None:
    store = {"redis": {"condition": "service_healthy"}}

    for name, service in SERVICES.items():
        runner = name.replace("executor", "runner")
        if name in EXECUTORS:
            assert service["depends_on"] == {**store, runner: {"condition": "service_started"}}
        elif name not in ("redis", *RUNNERS):
            assert service["depends_on"] == store
    assert SERVICES["redis"]["healthcheck"]["test"][0] == "CMD"


@pytest.mark.redis
def test_the_store_starts_by_its_command_and_asks_for_the_password(tmp_path: Path) -> None:
    redis = compose({**SECRETS, "REDIS_PASSWORD": "5ec2e7"})["services"]["redis"]
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "valkey-server").symlink_to(find_binary())
    shell, flag, script = redis["command"]
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    script = script.replace("--dir /data", f"--dir {tmp_path} --port {port}")
    env = {**redis["environment"], "PATH": f"{folder}:{os.environ['PATH']}"}

    shell_path = shutil.which(shell)
    assert shell_path
    with subprocess.Popen([shell_path, flag, script], env=env, stdout=subprocess.DEVNULL) as server:
        try:
            assert _answers(port, "5ec2e7")
            with Redis(port=port, retry=AT_ONCE) as stranger, pytest.raises(AuthenticationError):
                stranger.ping()
            with Redis(port=port, password="5ec2e7", decode_responses=True) as client:
                told = client.config_get("append*", "maxmemory-policy", "save")
        finally:
            server.terminate()

    assert told["appendonly"] == "yes"
    assert told["appendfsync"] == "everysec"
    assert told["maxmemory-policy"] == "noeviction"
    assert told["save"] == ""
    assert re.search(r"valkey/valkey:\d", redis["image"])


def _answers(port: int, password: str) -> bool:
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        try:
            with Redis(port=port, password=password, retry=AT_ONCE) as client:
                return bool(client.ping())
        except RedisError:
            time.sleep(0.05)
    return False
