"""A real Celery worker takes the messages that the store's commits push."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from arclight.contracts.names import JobState, Queue
from arclight.runtime.settings import Settings
from arclight.runtime.store.redis import RedisStore
from tests import jobs

pytestmark = pytest.mark.redis

SERVICE = """
from arclight.contracts.names import Queue
from arclight.runtime.consume import consumer
from tests import jobs

app = consumer(Queue.CODEGEN, lambda work: jobs.generated(work.job).model_copy(update=work.stamp()))
"""


@pytest.fixture
def worker(redis_config: Settings, tmp_path) -> Iterator[subprocess.Popen[bytes]]:
    (tmp_path / "service.py").write_text(SERVICE)
    env = {
        **os.environ,
        "ARCLIGHT_REDIS_URL": redis_config.redis_url,
        "ARCLIGHT_NAMESPACE": redis_config.namespace,
        "ARCLIGHT_HOME": str(redis_config.home),
        "PYTHONPATH": f"{os.getcwd()}:{tmp_path}",
    }
    command = ["celery", "-A", "service", "worker", "-Q", Queue.CODEGEN, "-c", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--without-gossip", "--without-mingle"],
        env=env,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.terminate()
    process.wait(20)


async def test_a_commit_wakes_a_real_worker(
    redis_config: Settings, worker: subprocess.Popen[bytes]
) -> None:
    store = RedisStore.from_settings(redis_config)
    job = await store.submit(jobs.submitted())

    deadline = time.monotonic() + 30
    while (await store.get(job.id)).state is not JobState.VALIDATING:
        assert time.monotonic() < deadline, "the worker never took the message"
        assert worker.poll() is None, "the worker ended"
        job = await store.wait(job.id, job.version, jobs.timedelta(seconds=1))
    await store.close()
