"""Ray as its runner knows it: how its processes are started."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from arclight.contracts.names import Way
from arclight.runtime.settings import Settings
from arclight.sandbox.limits import MIB, Limits
from arclight.sandbox.runner.engine import Start
from arclight.sandbox.scratch import Scratch
from services.executor_ray.platforms.local import (
    common_environment,
    memory_of,
    own_environment,
    ray_tmp,
    runtime_trees,
    store_of,
)

NAME = "ray"
INSIDE = Path(__file__).resolve().parent / "inside"
HOST = INSIDE / "host.py"
DRIVER = INSIDE / "driver.py"

SPARE_SHM = 64 * MIB
"""Of shared memory beside the object store, for what programs put there."""


class RayEngine:
    """A Ray of its own for each program, or a host with drivers."""

    name = NAME

    def __init__(self, config: Settings) -> None:
        self._config = config

    def start(self, folder: Scratch, limits: Limits, way: Way, *, private_tmp: bool) -> Start:
        """A program that starts its own Ray. Raises StepFailed for a path too long for sockets."""
        env = own_environment(folder, limits, private_tmp=private_tmp)
        return Start(
            prepare=INSIDE / "fresh.py",
            env={**env, "ARCLIGHT_RAY_START": "1"} if way is Way.WARM else env,
            runtime=runtime_trees(),
            shm=store_of(limits) + SPARE_SHM,
        )

    def host(self, folder: Scratch, limits: Limits, *, private_tmp: bool, slots: Path) -> Start:
        """The process that keeps the shared Ray; it sees the folder of all slots."""
        settings = {
            "cpus": limits.cores,
            "memory": memory_of(limits),
            "store": store_of(limits),
            "tmp": ray_tmp(folder, private_tmp=private_tmp),
            "sweep": ["/tmp", "/dev/shm"] if private_tmp else [],
        }
        return Start(
            prepare=None,
            env={**common_environment(limits), "ARCLIGHT_RAY": json.dumps(settings)},
            runtime=runtime_trees(),
            shm=store_of(limits) + SPARE_SHM,
            writable=(slots,),
        )

    def driver(self, folder: Scratch, limits: Limits, said: Mapping[str, Any]) -> Start:
        """A process of the host, connected to its Ray; the host adds the address and the token."""
        return Start(prepare=DRIVER, env=common_environment(limits))
