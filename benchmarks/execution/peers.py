"""The stock ways to run the same programs: `spark-submit`, Spark Connect, `ray job submit`."""

import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

from arclight.runtime.settings import Settings
from arclight.sandbox.runner.main import default_limits
from benchmarks.execution import data
from benchmarks.execution.data import Input
from benchmarks.execution.processes import environment, free_port, listens, running, timed
from services.executor_ray.platforms.local import store_of
from services.executor_spark.engine import heap_of
from services.executor_spark.platforms.java import OLDEST


@dataclass(frozen=True)
class Spark:
    """Stock Spark, on the machine's own Java, with as many cores and as much heap as ours."""

    folder: Path
    java: Path
    release: int
    """Of that Java."""
    cores: int
    heap: int
    """Bytes."""

    def submit(self, given: Input) -> float:
        """Seconds of `spark-submit` from its start to its end. Raises DidNotWork, WrongAnswer."""
        return self._run([str(_submit()), *self._options()], {}, given)

    def at_once(self, given: Input, jobs: int) -> float:
        """Seconds of the slowest of some that start together."""
        with ThreadPoolExecutor(jobs) as pool:
            return max(pool.map(lambda _: self.submit(given), range(jobs)))

    def client(self, given: Input, port: int) -> float:
        """Seconds of a new Python process that uses the Connect server on `port`."""
        remote = {"SPARK_REMOTE": f"sc://127.0.0.1:{port}"}
        return self._run([sys.executable], remote, given)

    @contextmanager
    def connect_server(self, port: int) -> Iterator[psutil.Process]:
        """What `start-connect-server.sh` starts, in the foreground."""
        server = "org.apache.spark.sql.connect.service.SparkConnectServer"
        address = ["--conf", f"spark.connect.grpc.binding.port={port}"]
        command = [str(_submit()), "--class", server, *self._options(), *address, "spark-internal"]
        log = self.folder / "connect.log"
        with running(command, self._environment(), log, lambda: listens(port)) as process:
            yield process

    def _run(self, command: list[str], more: Mapping[str, str], given: Input) -> float:
        text = data.program("spark", given.path.as_uri())
        with _place(self.folder, text) as (program, output):
            whole = [*command, str(program), "--output", str(output)]
            seconds = timed(whole, self._environment(**more), program.parent)
            data.check_files(output, given)
        return seconds

    def _options(self) -> list[str]:
        memory = f"{self.heap // 1024**2}m"
        return ["--master", f"local[{self.cores}]", "--driver-memory", memory]

    def _environment(self, **more: str) -> dict[str, str]:
        return environment(JAVA_HOME=str(self.java), PYSPARK_PYTHON=sys.executable, **more)


def spark(folder: Path) -> Spark | str:
    """Stock Spark; or why this machine has none."""
    java = shutil.which("java")
    if java is None:
        return "no `java` on the PATH, and stock Spark brings none"
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    if found is None or int(found[1]) < OLDEST:
        return f"the `java` on the PATH is no Java {OLDEST} or newer"
    limits = default_limits(Settings())
    home = Path(java).resolve().parents[1]
    return Spark(folder, home, int(found[1]), limits.cores, heap_of(limits.memory))


@dataclass(frozen=True)
class RayJobs:
    """A running head with dashboard and its job API."""

    folder: Path
    venv: Path
    dashboard: str
    head: psutil.Process

    def submit(self, given: Input) -> float:
        """Seconds of `ray job submit` from its start to its end. Raises DidNotWork, WrongAnswer."""
        text = data.program("ray", given.path.as_uri())
        with _place(self.folder, text) as (program, output):
            entry = [str(self.venv / "bin" / "python"), str(program), "--output", str(output)]
            ray = str(self.venv / "bin" / "ray")
            command = [ray, "job", "submit", "--address", self.dashboard, "--", *entry]
            seconds = timed(command, environment(), program.parent)
            data.check_files(output, given)
        return seconds


@contextmanager
def ray_head(folder: Path, venv: Path) -> Iterator[RayJobs]:
    """Start it, with as many cores and as large an object store as ours. Raises DidNotWork."""
    port, dashboard = free_port(), free_port()
    url = f"http://127.0.0.1:{dashboard}"
    limits = default_limits(Settings())
    sizes = ["--num-cpus", str(limits.cores), "--object-store-memory", str(store_of(limits))]
    # Its sockets lie below it, and a socket's path has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp") as session:
        places = ["--port", str(port), "--dashboard-port", str(dashboard), "--temp-dir", session]
        host = ["--node-ip-address", "127.0.0.1", "--dashboard-host", "127.0.0.1"]
        ray = str(venv / "bin" / "ray")
        command = [ray, "start", "--head", "--block", "--disable-usage-stats"]
        command += [*sizes, *places, *host]
        log = folder / "ray-head.log"
        with running(command, environment(), log, lambda: _answers(f"{url}/api/jobs/")) as head:
            yield RayJobs(folder, venv, url, head)


def install_ray(venv: Path) -> str:
    """Make an environment with Ray's job API, unless it is there. What was installed.

    Raises CalledProcessError; pip has said why."""
    wanted = [f"ray[default]=={version('ray')}", f"pyarrow=={version('pyarrow')}"]
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", *wanted]
    if not (venv / "bin" / "ray").exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run(pip, check=True)
    return f"pip install {' '.join(wanted)}"


def _submit() -> Path:
    import pyspark

    return Path(pyspark.__file__).parent / "bin" / "spark-submit"


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def _place(folder: Path, text: str) -> Iterator[tuple[Path, Path]]:
    """A program's file and the place of its answer, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="peer-", dir=folder) as own:
        program = Path(own, "program.py")
        program.write_text(text)
        yield program, Path(own, "answer")
