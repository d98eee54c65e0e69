"""A real gateway among the processes of a test, and a client that may use it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from arclight.runtime.keys import ensure_first_key
from arclight.runtime.settings import Settings
from tests.faults.processes import Processes, wait_for


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def gateway(processes: Processes, config: Settings, port: int) -> Iterator[httpx.Client]:
    """Started and answering; the test may kill it and call `start_gateway` again."""
    key = ensure_first_key(config)
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": f"Bearer {key}"},
        trust_env=False,
    ) as client:
        start_gateway(processes, client)
        yield client


def start_gateway(processes: Processes, client: httpx.Client) -> None:
    def answers() -> bool:
        try:
            return client.get("/health").is_success
        except httpx.TransportError:
            return False

    processes.start("gateway", "services.gateway")
    wait_for(answers, 60, processes.logs)
