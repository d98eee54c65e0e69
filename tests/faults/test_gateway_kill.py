"""kill -9 of the gateway while a job runs: what was accepted is there when it comes back."""

import pytest

from arclight.contracts.names import Queue
from arclight.runtime.settings import Settings
from tests.faults.gateway import gateway, start_gateway
from tests.faults.processes import Processes, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.redis, pytest.mark.ray]


PRIMES = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]


def test_a_running_job_outlives_the_gateway(processes: Processes, fault_config: Settings) -> None:
    """Given a gateway killed while the program runs, the job ends right, and once."""
    processes.hold_at("before")
    processes.reconciler()
    for queue in (Queue.CODEGEN, Queue.VALIDATOR):
        processes.unheld(queue)
    processes.worker(Queue.EXECUTOR_RAY)
    with gateway(processes, fault_config, processes.gateway_port) as client:
        asked = {"prompt": "first 10 prime numbers", "framework": "ray"}
        accepted = client.post("/v1/jobs", json=asked)
        assert accepted.status_code == 202
        url = accepted.headers["Location"]
        processes.wait_until_held()

        processes.kill("gateway")
        processes.release()
        start_gateway(processes, client)
        wait_for(lambda: client.get(url).json()["state"] == "succeeded", 90, processes.logs)

        rows = client.get(f"{url}/result").json()["rows"]
        assert [row[-1] for row in rows] == PRIMES
        assert len(client.get(url).json()["attempts"]) == 1
        assert client.get(f"{url}/events").text.count("event: job.finished") == 1
