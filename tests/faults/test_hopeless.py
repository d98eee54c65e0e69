"""A generator that never succeeds: five attempts, exactly, and every one of them is served."""

import httpx
import pytest

from arclight.contracts.names import Queue
from arclight.runtime.settings import Settings
from tests.faults.gateway import gateway
from tests.faults.processes import Processes, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.redis, pytest.mark.ray]


def test_the_job_fails_after_five_attempts_and_shows_them_all(
    processes: Processes, fault_config: Settings
) -> None:
    # Given the real loop around a generator whose programs always fail
    codegen = ["-A", "tests.faults.hopeless_codegen", "worker", "-Q", Queue.CODEGEN, "-c", "1"]
    processes.start(Queue.CODEGEN, "celery", *codegen)
    processes.reconciler()
    for queue in (Queue.VALIDATOR, Queue.EXECUTOR_RAY):
        processes.unheld(queue)

    with gateway(processes, fault_config, processes.gateway_port) as client:
        # When a job runs into its end
        job = client.post("/v1/jobs", json={"prompt": "anything", "framework": "ray"}).json()
        url = f"/v1/jobs/{job['id']}"
        wait_for(lambda: client.get(url).json()["state"] == "failed", 180, processes.logs)

        # Then it says why it stopped, and serves each attempt with all that belongs to it
        job = client.get(url).json()
        assert job["error"]["details"]["stopped_because"] == "All 5 attempts are used"
        assert [a["number"] for a in job["attempts"]] == [1, 2, 3, 4, 5]
        for n in range(1, 6):
            served(client.get(f"{url}/attempts/{n}"), n)


def served(answer: httpx.Response, n: int) -> None:
    attempt = answer.json()
    assert f"missing_{n}" in attempt["program"]
    assert attempt["failure"]["code"] == "NAME_ERROR"
    assert f"missing_{n}" in attempt["failure"]["message"]
    assert attempt["failure"]["line"] == 9
    assert ("+ray.data.from_items" in attempt.get("diff", "")) == (n > 1)
    assert [r["step"] for r in attempt["runs"]] == ["codegen", "validation", "execution"]
    assert all(r["work_s"] >= 0 for r in attempt["runs"])
