"""Each image's command runs until its own health check passes, and stops when told."""

import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from tests.deploy.image import Place, Started, built
from tests.deploy.manifests import ROOT, Target, compose, targets

pytestmark = pytest.mark.redis

KEY = "arc_00000000_" + "0" * 48
WEBHOOK = "whsec_" + "c2VjcmV0" * 4
SECRETS = {
    "ARCLIGHT_API_KEYS": KEY,
    "REDIS_PASSWORD": "x",
    "FLOWER_BASIC_AUTH": "me:secret",
    "ARCLIGHT_WEBHOOK_SECRET": WEBHOOK,
}
HERE = Path(sys.executable)
"""The environment of the tests, which has what every image installs."""
IMAGES = sorted(set(targets()) - {"base", "all"})
OTHERS = {"services.gateway", "services.codegen", "services.validator", "services.executor_spark"}


def place(name: str, python: Path, folder: Path, valkey_url: str) -> Place:
    """As compose would start it, with this machine's store, folders and free ports."""
    given: Mapping[str, str] = compose(SECRETS)["services"][name]["environment"]
    here = {
        "ARCLIGHT_REDIS_URL": valkey_url,
        "ARCLIGHT_ARTIFACTS": (folder / "artifacts").as_uri(),
        "ARCLIGHT_HOST": "127.0.0.1",
        "ARCLIGHT_PORT": str(_free_port()),
    }
    env = {k: here.get(k, v) for k, v in given.items() if k != "TMPDIR"}
    env |= {k: v for k, v in targets()[name].env.items() if k.startswith("PYTHON")}
    env["ARCLIGHT_HOME"] = str(folder / "home")
    env["ARCLIGHT_NAMESPACE"] = f"image-{uuid4().hex[:12]}"
    swaps = {"8484": env.get("ARCLIGHT_PORT", "8484"), "5555": str(_free_port())}
    if python == HERE:
        env["PYTHONPATH"] = str(ROOT)
    return Place(python, folder, env, swaps)


def comes_up_and_goes(target: Target, at: Place) -> None:
    """Start; wait for the health check; stop."""
    with at.started(target) as started:
        if target.healthcheck:
            started.until(lambda: at.run(target.healthcheck, 30).returncode == 0, 60)
        else:
            started.until(lambda: "reconciler started" in started.said, 30)
        assert started.stop() in (0, -15), started.said[-4000:]
        _said_no_secret(started, at)


def _said_no_secret(started: Started, at: Place) -> None:
    said = started.said
    password = at.env["ARCLIGHT_REDIS_URL"].partition("@")[0].rpartition(":")[2]

    assert [s for s in (KEY, password, "me:secret", WEBHOOK) if s in said] == []


@pytest.mark.parametrize("name", IMAGES)
def test_the_command_of_an_image_serves_until_it_is_told_to_stop(
    name: str, tmp_path: Path, valkey_url: str
) -> None:
    at = place(name, HERE, tmp_path, valkey_url)

    comes_up_and_goes(targets()[name], at)


def test_a_health_check_fails_when_nobody_serves(tmp_path: Path, valkey_url: str) -> None:
    for name in ("gateway", "validator"):
        at = place(name, HERE, tmp_path, valkey_url)
        asked = at.run(targets()[name].healthcheck, 30)
        assert asked.returncode == 1
        assert "ModuleNotFoundError" not in asked.stderr


def test_flower_does_not_start_without_a_password(tmp_path: Path, valkey_url: str) -> None:
    at = place("flower", HERE, tmp_path, valkey_url)
    open_to_all = Place(at.python, at.folder, {**at.env, "FLOWER_BASIC_AUTH": ""}, at.swaps)

    refused = open_to_all.run(targets()["flower"].command, 30)

    assert refused.returncode != 0
    assert "USER:PASSWORD" in refused.stderr


@pytest.mark.proof
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", IMAGES)
def test_an_image_installs_in_an_empty_environment_and_serves(
    name: str, tmp_path: Path, valkey_url: str
) -> None:
    target = targets()[name]

    with built(target, tmp_path) as python:
        at = place(name, python, tmp_path, valkey_url)
        for other in OTHERS - {f"services.{s}" for s in target.services}:
            absent = at.run(["python", "-c", f"import {other}"], 30)
            assert "ModuleNotFoundError" in absent.stderr
        comes_up_and_goes(target, at)


@pytest.mark.proof
@pytest.mark.timeout(1800)
def test_the_image_of_everything_installs_and_serves(tmp_path: Path) -> None:
    target = targets()["all"]
    port = str(_free_port())
    env = {"ARCLIGHT_HOME": str(tmp_path / "home"), "ARCLIGHT_API_KEYS": KEY}
    env |= {"ARCLIGHT_PORT": port, "PYTHONSAFEPATH": "1"}

    with built(target, tmp_path) as python:
        at = Place(python, tmp_path, env, {"8484": port})
        with at.started(target) as started:
            started.until(lambda: at.run(target.healthcheck, 30).returncode == 0, 120)
            assert started.stop() == 0


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])
