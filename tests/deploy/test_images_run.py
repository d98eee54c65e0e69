"""Each image's command runs until its own health check passes, and stops when told."""

import shlex
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from arclight.runtime.services import SERVICES, Service
from tests.deploy.image import Place, Started, built
from tests.deploy.manifests import ROOT, Target, compose, executor_of, targets

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
        "ARCLIGHT_SCRATCH": str(folder / "run"),
        "ARCLIGHT_HOST": "127.0.0.1",
        "ARCLIGHT_PORT": str(_free_port()),
    }
    env = {k: here.get(k, v) for k, v in given.items() if k != "TMPDIR"}
    image = compose(SECRETS)["services"][name]["image"].partition("/")[2].partition(":")[0]
    env |= {k: v for k, v in targets()[image].env.items() if k.startswith("PYTHON")}
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
    secrets = {KEY, "me:secret", WEBHOOK}
    if url := at.env.get("ARCLIGHT_REDIS_URL"):
        secrets.add(url.partition("@")[0].rpartition(":")[2])

    assert [s for s in secrets if s in said] == []


@pytest.mark.parametrize("name", IMAGES)
def test_the_command_of_an_image_serves_until_it_is_told_to_stop(
    name: str, tmp_path: Path, valkey_url: str
) -> None:
    at = place(name, HERE, tmp_path, valkey_url)

    comes_up_and_goes(targets()[name], at)


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with a path as short as the one in the containers: sockets lie below it."""
    with tempfile.TemporaryDirectory(prefix="r", dir="/var/tmp") as name:
        yield Path(name)


@pytest.mark.parametrize("runner", [s for s in SERVICES if s.runner], ids=lambda s: s.name)
def test_a_runner_serves_beside_its_executor_until_it_is_told_to_stop(
    runner: Service, short: Path, valkey_url: str
) -> None:
    given = compose(SECRETS)["services"][runner.name]
    at = place(runner.name, HERE, short, valkey_url)
    # Engines that start take a minute; here it is the process that counts.
    at = replace(at, env={**at.env, "ARCLIGHT_LAZY": "true"})
    target = replace(
        targets()[executor_of(runner)],
        command=given["command"],
        healthcheck=given["healthcheck"]["test"][1:],
    )

    comes_up_and_goes(target, at)

    assert "ARCLIGHT_REDIS_URL" not in at.env


@pytest.mark.proof
@pytest.mark.spark
@pytest.mark.timeout(900)
def test_the_class_archive_of_the_image_of_spark_is_made_as_the_image_makes_it(
    tmp_path: Path,
) -> None:
    target = targets()["executor_spark"]
    (made,) = (r for r in target.runs if "archive.ensure" in r)
    folder = target.env["ARCLIGHT_PREPARED"]
    env = {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}

    done = Place(HERE, tmp_path, env, {folder: str(tmp_path / "prepared")}).run(
        shlex.split(made), 800
    )

    assert done.returncode == 0, done.stderr[-4000:]
    (archive,) = (tmp_path / "prepared").glob("spark/*/classes.*")
    # Every user of the image can read it.
    assert archive.stat().st_mode & 0o444 == 0o444


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
