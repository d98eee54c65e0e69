"""Two hundred jobs of mixed kind, eight at once: all right, and nothing of them stays."""

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from arclight.client import Client
from arclight.runtime.settings import Settings
from arclight.sandbox.runner.client import health
from arclight.sandbox.runner.paths import ground_of, socket_of
from tests.stack.running import Up, eventually, up

pytestmark = [
    pytest.mark.stack,
    pytest.mark.spark,
    pytest.mark.ray,
    pytest.mark.proof,
    pytest.mark.timeout(3600),
]

JOBS, AT_ONCE, FIRST = 200, 8, 40
"""The services are measured after the first jobs, when everything has been loaded once."""
FLAT = 1.05
ENGINES = ("spark", "ray")
UDF = """
import argparse
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
spark = SparkSession.builder.getOrCreate()
twice = F.udf(lambda n: 2 * n, "long")
spark.range(10).select(twice("id").alias("n")).write.parquet(parser.parse_args().output)
"""
VIEWS = """
import argparse
from pyspark.sql import SparkSession
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
spark = SparkSession.builder.getOrCreate()
spark.range(10).createOrReplaceTempView("left_behind")
spark.sql("select id from left_behind where id < 4").write.parquet(parser.parse_args().output)
"""
ACTOR = """
import argparse, os
import pyarrow as pa, pyarrow.parquet as pq, ray
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
output = parser.parse_args().output
ray.init()

@ray.remote
class Left:
    def value(self):
        return 7

left = Left.options(lifetime="detached").remote()
value = ray.get(left.value.remote())
os.makedirs(output)
pq.write_table(pa.table({"n": [value] * 5}), output + "/part-0.parquet")
"""
WRONG = "import ray\nray.init()\nprint(missing_name)\n"
KINDS: list[tuple[dict[str, str], str, int]] = [
    ({"prompt": "first 10 prime numbers", "framework": "ray"}, "succeeded", 10),
    ({"prompt": "first 10 prime numbers", "framework": "spark"}, "succeeded", 10),
    ({"program": VIEWS, "framework": "spark"}, "succeeded", 4),
    ({"program": ACTOR, "framework": "ray"}, "succeeded", 5),
    ({"program": WRONG, "framework": "ray"}, "failed", 0),
    ({"program": VIEWS, "framework": "spark"}, "succeeded", 4),
    ({"program": ACTOR, "framework": "ray"}, "succeeded", 5),
    ({"program": UDF, "framework": "spark"}, "succeeded", 10),
]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    with up(tmp_path_factory.mktemp("many")) as stack:
        yield stack


def test_two_hundred_jobs_leave_nothing(own: Up) -> None:
    kinds = list(itertools.islice(itertools.cycle(KINDS), JOBS))
    run_all(own, kinds[:FIRST])
    before = quiet(own)

    run_all(own, kinds[FIRST:])
    after = quiet(own)

    assert after["slots"] == before["slots"]
    assert after["sockets"] <= before["sockets"] + 2
    assert after["files"] <= before["files"] + 4
    assert after["processes"] <= before["processes"]
    grown = after["memory"] / before["memory"]
    assert grown <= FLAT, f"{before} → {after}: {grown:.3f}"


def run_all(own: Up, kinds: list[tuple[dict[str, str], str, int]]) -> None:
    def one(kind: tuple[dict[str, str], str, int]) -> tuple[str, int]:
        asked, _, _ = kind
        with own.client() as client:
            return ended(client, asked)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(one, kinds))
    wrong = [(k[0], f) for k, f in zip(kinds, found, strict=True) if f != k[1:]]
    assert wrong == []


def ended(client: Client, asked: dict[str, str]) -> tuple[str, int]:
    job = client.submit(
        asked.get("prompt", ""), **{k: v for k, v in asked.items() if k != "prompt"}
    )
    job = client.wait(job.id, timeout=900)
    return job.state, job.result.total_rows if job.result else 0


def quiet(own: Up) -> Counter[str]:
    """What the stack holds when everything is warm again and nothing runs."""
    config = Settings(home=own.home.path)

    def rested() -> bool:
        found = [health(socket_of(config, engine)) for engine in ENGINES]
        return all(h is not None and h.warm and h.running == 0 for h in found)

    assert eventually(rested, 300)
    time.sleep(45)  # The pause after which the engines rest.
    assert eventually(rested, 300)
    held: Counter[str] = Counter()
    for engine in ENGINES:
        held["slots"] += len(list(ground_of(config, engine).rglob("arc-*")))
    for process in own.processes():
        try:
            held["processes"] += 1
            if ours(process):
                held["memory"] += process.memory_full_info().uss
                held["files"] += process.num_fds()
                held["sockets"] += len(process.net_connections("all"))
        except psutil.Error:
            continue
    return held


def ours(process: psutil.Process) -> bool:
    """A service, not an engine or a process that waits for a program."""
    line = " ".join(process.cmdline())
    return any(word in line for word in (".runtime.", "services.", "arclight.cli", "valkey"))
