"""The accept path against validation only, and accept and poll at 10² and at 10⁵ records."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from arclight.runtime.settings import Settings
from arclight.runtime.store.redis import RedisStore
from benchmarks.loop.latency import submission
from benchmarks.loop.load import Target, rate

KEY = "arc_00000001_" + "b" * 48
BODY = json.dumps({"prompt": "total repair cost by wildlife size", "framework": "spark"}).encode()
FEW, MANY = 100, 100_000


@dataclass
class Rates:
    """Requests per second, a value per round."""

    validation: list[float] = field(default_factory=list)
    accept_few: list[float] = field(default_factory=list)
    accept_many: list[float] = field(default_factory=list)
    poll_few: list[float] = field(default_factory=list)
    poll_many: list[float] = field(default_factory=list)


@contextmanager
def _server(env: dict[str, str], *command: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env={**os.environ, **env, "ARCLIGHT_API_KEYS": KEY},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{port}/health", timeout=1).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError(f"no server answers on {port}")


async def fill(config: Settings, records: int) -> str:
    """Write `records` jobs; the id of one of them."""
    store = RedisStore.from_settings(config)
    last = ""
    for start in range(0, records, 64):
        batch = min(64, records - start)
        written = await asyncio.gather(*(store.submit(submission()) for _ in range(batch)))
        last = written[-1].id
    await store.close()
    return last


def measure(config: Settings, rounds: int, seconds: float) -> Rates:
    """Interleaved rounds over three gateways: validation only, few records, many records."""
    few, many = (config.model_copy(update={"namespace": n}) for n in ("few", "many"))
    ids = asyncio.run(fill(few, FEW)), asyncio.run(fill(many, MANY))
    ports = [config.port + n for n in (1, 2, 3)]
    base = {"ARCLIGHT_REDIS_URL": config.redis_url, "ARCLIGHT_HOME": str(config.home)}
    store = [
        {**base, "ARCLIGHT_NAMESPACE": c.namespace, "ARCLIGHT_PORT": str(p)}
        for c, p in ((few, ports[1]), (many, ports[2]))
    ]
    peer = _server(base, "benchmarks.loop.validation_only", str(ports[0]))
    with peer, _server(store[0], "services.gateway"), _server(store[1], "services.gateway"):
        for port in ports:
            _wait(port)
        return asyncio.run(_rounds(ports, ids, rounds, seconds))


async def _rounds(ports: list[int], ids: tuple[str, str], rounds: int, seconds: float) -> Rates:
    rates = Rates()
    plan = [
        (rates.validation, Target(ports[0], "POST", "/v1/jobs", KEY, BODY)),
        (rates.poll_few, Target(ports[1], "GET", f"/v1/jobs/{ids[0]}", KEY)),
        (rates.poll_many, Target(ports[2], "GET", f"/v1/jobs/{ids[1]}", KEY)),
        (rates.accept_few, Target(ports[1], "POST", "/v1/jobs", KEY, BODY)),
        (rates.accept_many, Target(ports[2], "POST", "/v1/jobs", KEY, BODY)),
    ]
    for _, target in plan:
        await rate(target, 0.5)
    for _ in range(rounds):
        for values, target in plan:
            values.append(await rate(target, seconds))
    return rates
