"""kill -9 of the gateway while a job runs: what was accepted is there when it comes back."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from arclight.contracts.names import Queue
from arclight.runtime.keys import ensure_first_key
from arclight.runtime.settings import Settings
from tests.faults.processes import Processes, wait_for

pytestmark = [pytest.mark.faults, pytest.mark.redis]


@pytest.fixture
def port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture
def gateway_processes(fault_config: Settings, tmp_path: Path, port: int) -> Iterator[Processes]:
    started = Processes(fault_config, tmp_path / "hold", {"ARCLIGHT_PORT": str(port)})
    yield started
    started.stop()


def test_an_accepted_job_outlives_the_gateway(
    gateway_processes: Processes, fault_config: Settings, port: int
) -> None:
    key = ensure_first_key(fault_config)
    processes = gateway_processes
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": f"Bearer {key}"},
        trust_env=False,
    ) as client:

        def answers() -> bool:
            try:
                return client.get("/health").is_success
            except httpx.TransportError:
                return False

        processes.start("gateway", "services.gateway")
        wait_for(answers, 60, processes.logs)
        accepted = client.post("/v1/jobs", json={"prompt": "first 10 prime numbers"})
        assert accepted.status_code == 202

        processes.kill("gateway")
        processes.worker(Queue.CODEGEN)
        processes.start("gateway", "services.gateway")
        wait_for(answers, 60, processes.logs)

        def generated() -> bool:
            job = client.get(accepted.headers["Location"]).json()
            return job["state"] == "validating"

        wait_for(generated, 60, processes.logs)
