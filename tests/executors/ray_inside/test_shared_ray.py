"""One Ray for many programs: what they find, and what is left of them."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from services.executor_ray.platforms.local import NOISE
from tests.executors.ray_inside.driving import Host, descendants, gone, host, strangers

pytestmark = pytest.mark.ray

ROOT = Path(__file__).parents[3]
GOLDEN = (ROOT / "tests/codegen/render/golden/birdstrikes_ray.py.txt").read_text()
SUMS = GOLDEN.replace("file:///data", (ROOT / "examples/data").as_uri())
ENDLESS = "import time\nprint('runs', flush=True)\nwhile True:\n    time.sleep(1)\n"

ARGUMENTS = """
import os, sys
import ray
from ray import init
context = init(num_cpus=7, ignore_reinit_error=True, include_dashboard=True)
assert context.address_info["gcs_address"]
assert ray.cluster_resources()["CPU"] == 2

@ray.remote
def where(n):
    print("task", n)
    print("trouble", n, file=sys.stderr)
    return os.getcwd(), os.environ["HOME"]

assert ray.get(where.remote(1)) == (os.getcwd(), os.environ["HOME"])
try:
    ray.init()
except RuntimeError as error:
    print("twice:", "ray.init twice" in str(error))
ray.shutdown()
assert not ray.is_initialized()
with ray.init(num_cpus=1, namespace="mine", runtime_env={"env_vars": {"MARK": "7"}}):
    assert ray.get_runtime_context().namespace == "mine"

    @ray.remote
    def marked():
        return os.environ["MARK"], os.getcwd()

    assert ray.get(marked.remote()) == ("7", os.getcwd())
assert not ray.is_initialized()
"""

LITTER = """
import os, subprocess, sys, time
import ray
ray.init()

@ray.remote(num_cpus=0.1)
class Litter:
    def daemon(self):
        subprocess.Popen(["sh", "-c", "setsid sh -c 'sleep 30000; :' arclight-litter & exit"])
        subprocess.Popen(["setsid", "sh", "-c", "sleep 30001; :", "arclight-litter"])

named = Litter.options(
    name="stays", namespace="elsewhere", lifetime="detached", max_restarts=-1
).remote()
ray.get(named.daemon.remote())
other = Litter.options(name="named").remote()
ray.get(other.daemon.remote())
group = ray.util.placement_group([{"CPU": 0.1}], lifetime="detached", name="kept")
ray.get(group.ready())
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sh", ["sh", "-c", "sleep 30002; :", "arclight-litter"])
    os._exit(0)
from ray.experimental.internal_kv import _internal_kv_put
_internal_kv_put(b"litter", b"was here")
open(%r, "w").close()
time.sleep(0.5)
"""

AFTERWARDS = """
import ray
ray.init()
for name, space in (("stays", "elsewhere"), ("named", None)):
    try:
        ray.get_actor(name, namespace=space)
        print("there is", name)
    except ValueError:
        pass
try:
    ray.util.get_placement_group("kept")
    print("there is a group")
except ValueError:
    pass
from ray.experimental.internal_kv import _internal_kv_list
print(*[f"there is {key}" for key in _internal_kv_list(b"") if b"litter" in key], sep="", end="")
"""

HIDDEN = """
import ray
from ray.experimental.internal_kv import _internal_kv_put
ray.init()
_internal_kv_put(b"hidden", b"was here", namespace=b"a space of its own")
"""


@pytest.fixture(scope="module")
def shared() -> Iterator[Host]:
    with host() as found:
        yield found


def test_two_programs_at_once_and_their_answers(shared: Host) -> None:
    drivers = [shared.driver("a"), shared.driver("b")]
    jobs = {driver.ready()["ray_job"] for driver in drivers}
    assert len(jobs) == 2
    for driver in drivers:
        driver.run(SUMS, "--output", str(driver.folder / "output"))

    for driver in drivers:
        end = shared.end_of(driver.name)
        assert end["exit"]["code"] == 0, driver.text("err")
        assert end["exit"]["max_rss"] > 10_000_000
        table = pq.read_table(driver.folder / "output" / "part-00000.parquet")
        assert table.num_rows == 3
        said = driver.text("err").splitlines()
        assert [line for line in said if not NOISE.match(line)] == []
    progress = drivers[0].channel.receive()
    # As many as the program has alone: those of its neighbour are not counted.
    assert progress is None or progress["progress"]["tasks"] <= 5


def test_init_with_arguments_finds_the_connection_made(shared: Host) -> None:
    driver = shared.driver("arguments")
    driver.ready()
    driver.run(ARGUMENTS)

    assert shared.end_of("arguments")["exit"]["code"] == 0, driver.text("err")
    lines = driver.text("out").splitlines()
    assert [line.partition(") ")[2] for line in lines if line.startswith("(where pid=")] == [
        "task 1"
    ]
    assert "twice: True" in lines
    assert "trouble 1" in driver.text("err")


def test_nothing_of_a_job_is_left_and_its_neighbour_goes_on(shared: Host) -> None:
    neighbour, driver = shared.driver("neighbour"), shared.driver("litter")
    neighbour.ready()
    driver.ready()
    swept = shared.folder / "swept"
    driver.run(LITTER % str(swept / "left"))

    end = shared.end_of("litter")

    assert end["exit"]["code"] == 0, driver.text("err")
    assert end["cleaned"]["actors"] >= 2
    assert end["cleaned"]["processes"] >= 3
    assert end["cleaned"]["left"] == 0
    assert strangers("arclight-litter") == []
    neighbour.run(AFTERWARDS)
    assert shared.end_of("neighbour")["exit"]["code"] == 0, neighbour.text("err")
    assert neighbour.text("out") == ""
    # Its neighbour might have written it, so it went with the neighbour.
    assert list(swept.iterdir()) == []
    logs = Path(shared.ready["session"], "logs")
    assert [path.name for path in logs.glob("worker-*")] == []


def test_what_cannot_be_cleared_is_told(shared: Host) -> None:
    driver = shared.driver("hidden")
    driver.ready()
    driver.run(HIDDEN)

    assert shared.end_of("hidden")["cleaned"]["left"] == 1


def test_tasks_are_counted(shared: Host) -> None:
    driver = shared.driver("count")
    driver.ready()
    driver.run(
        "import ray, time\nray.init()\n"
        "@ray.remote\ndef nap():\n    time.sleep(0.3)\n"
        "ray.get([nap.remote() for _ in range(6)])\ntime.sleep(0.6)\n"
    )
    assert shared.end_of("count")["exit"]["code"] == 0, driver.text("err")
    said = []
    while (message := driver.channel.receive()) is not None:
        said.append((message["progress"]["tasks_done"], message["progress"]["tasks"]))

    assert said[-1] == (6, 6)
    assert any(0 < done < 6 for done, _ in said)
    assert said == sorted(said)


def test_an_exception_of_a_task_is_in_the_failure_file(shared: Host) -> None:
    driver = shared.driver("error")
    driver.ready()
    driver.run(
        "import ray\nray.init()\n@ray.remote\ndef f():\n    return {}['x']\nray.get(f.remote())\n"
    )

    assert shared.end_of("error")["exit"]["code"] == 1
    said = json.loads(driver.text("failure.json"))
    assert said["class"] == "RayTaskError(KeyError)"
    assert said["remote"][-1]["line"] == 5


def test_a_driver_is_ended(shared: Host) -> None:
    driver = shared.driver("endless")
    driver.ready()
    driver.run("import signal\nsignal.signal(15, signal.SIG_IGN)\n" + ENDLESS)
    while "runs" not in driver.text("out"):
        time.sleep(0.05)

    shared.channel.send({"end": {"id": "endless", "grace": 0.5}})

    end = shared.end_of("endless")["exit"]
    assert (end["code"], end["signal"]) == (None, signal.SIGKILL)


@pytest.mark.faults
@pytest.mark.parametrize("name", ["raylet", "gcs_server"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_dead_ray_is_noticed_within_a_second(name: str, how: signal.Signals) -> None:
    with host() as found:
        everything = descendants(found.process.pid)
        victim = found.process_named(name)
        began = time.monotonic()
        os.kill(victim.pid, how)

        said = found.channel.receive()

        assert said is not None
        assert time.monotonic() - began < 1
        assert name in said["broken"]
        assert found.process.wait(5) == 3
        assert gone(everything, 1)


@pytest.mark.faults
def test_the_end_of_the_connection_ends_everything() -> None:
    with host() as found:
        driver = found.driver("any")
        driver.ready()
        driver.run(ENDLESS)
        while "runs" not in driver.text("out"):
            time.sleep(0.05)
        everything = descendants(found.process.pid)
        began = time.monotonic()

        found.channel.connection.close()

        assert found.process.wait(5) == 0
        assert gone(everything, 1)
        assert time.monotonic() - began < 2
        assert not Path(found.ready["session"]).exists()
