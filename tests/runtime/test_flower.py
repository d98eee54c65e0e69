"""Flower shows every task by its step, and nothing that a user wrote."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from arclight.contracts.names import Queue
from arclight.runtime.settings import Settings
from arclight.runtime.store.redis import RedisStore
from tests import jobs
from tests.runtime.test_broker import SERVICE

pytestmark = pytest.mark.redis

SECRET = "what is in the secret column"
AUTH = ("operator", "only-for-this-test")


@pytest.fixture
def flower(redis_config: Settings, tmp_path: Path) -> Iterator[str]:
    (tmp_path / "service.py").write_text(SERVICE)
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    env = {
        **os.environ,
        "ARCLIGHT_REDIS_URL": redis_config.redis_url,
        "ARCLIGHT_NAMESPACE": redis_config.namespace,
        "ARCLIGHT_HOME": str(redis_config.home),
        "PYTHONPATH": f"{os.getcwd()}:{tmp_path}",
    }
    watch = ["flower", "--address=127.0.0.1", f"--port={port}", f"--basic-auth={':'.join(AUTH)}"]
    commands = [
        ["-A", "service", "worker", "-Q", Queue.CODEGEN, "-n", f"{Queue.CODEGEN}@%h", "-c", "1"],
        ["-A", "arclight.runtime.flower_app", *watch],
    ]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "celery", *command],
            env=env,
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    yield f"http://127.0.0.1:{port}"
    for process in started:
        process.terminate()
    for process in started:
        process.wait(20)


async def test_tasks_are_named_by_step_and_show_ids_only(
    redis_config: Settings, flower: str
) -> None:
    store = RedisStore.from_settings(redis_config)
    tasks: dict[str, dict[str, str]] = {}
    pages: list[str] = []
    deadline = time.monotonic() + 60
    async with httpx.AsyncClient(base_url=flower, auth=AUTH, trust_env=False) as client:
        # A task under way when Flower turns the events on has no name yet.
        while not any(t["name"] for t in tasks.values()):
            assert time.monotonic() < deadline, "Flower never showed a task"
            job = await store.submit(jobs.submitted_now(prompt=SECRET))
            await store.wait(job.id, 2, jobs.timedelta(seconds=2))
            try:
                tasks = (await client.get("/api/tasks")).json()
            except httpx.ConnectError:
                continue
        pages = [(await client.get(page)).text for page in ("/tasks", "/workers", "/broker")]
        without = await client.get("/api/tasks", auth=("operator", "wrong"))
    await store.close()

    assert {t["name"] for t in tasks.values()} <= {"codegen.generate", None}
    shown = json.dumps(tasks) + "".join(pages)
    assert "job_" in shown
    assert SECRET not in shown
    assert without.status_code == 401
