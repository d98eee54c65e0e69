"""kill -9 of the gateway while a job runs: what was accepted is there when it comes back."""

import pytest

from arclight.contracts.names import Queue
from arclight.runtime.settings import Settings
from tests.faults.gateway import gateway, start_gateway
from tests.faults.processes import Processes, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.redis]


def test_an_accepted_job_outlives_the_gateway(processes: Processes, fault_config: Settings) -> None:
    with gateway(processes, fault_config, processes.gateway_port) as client:
        accepted = client.post("/v1/jobs", json={"prompt": "first 10 prime numbers"})
        assert accepted.status_code == 202

        processes.kill("gateway")
        processes.worker(Queue.CODEGEN)
        start_gateway(processes, client)

        def generated() -> bool:
            return bool(client.get(accepted.headers["Location"]).json()["state"] == "validating")

        wait_for(generated, 60, processes.logs)
