"""Warm engines, and the tables that the cases read."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from services.executor_spark.platforms.spark_home import prepare

ROOT = Path(__file__).parents[3]


class ProgramFailed(Exception):
    """The program raised; `error` says what."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['type']}: {error['message'][:2000]}")
        self.error = error


class Engine:
    """Runs program texts; answers are read back from their Parquet files in name order."""

    def __init__(self, kind: str, folder: Path, environment: dict[str, str]) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._log = (folder / "engine.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("engine.py")), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env={**os.environ, **environment, "PYTHONPATH": ""},
            cwd=folder,
            start_new_session=True,
        )
        if self._line() != "ready\n":
            log = (folder / "engine.log").read_text(errors="replace")
            raise RuntimeError(f"{kind} did not start:\n{log[-2000:]}")

    def run(self, text: str) -> pa.Table:
        """The answer. Raises ProgramFailed."""
        number = next(self._numbers)
        program = self._folder / f"program_{number}.py"
        program.write_text(text)
        output = self._folder / f"output_{number}"
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"program": str(program), "output": str(output)}))
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        answer = json.loads(self._line())
        if answer["error"]:
            raise ProgramFailed(answer["error"])
        return pa.concat_tables([pq.read_table(f) for f in sorted(output.glob("*.parquet"))])

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def stop(self) -> None:
        """Ends the engine and every process that it started."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._log):
            assert stream is not None
            stream.close()


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("spark")
    engine = Engine("spark", folder, prepare(folder / "home"))
    yield engine
    engine.stop()


@pytest.fixture(scope="session")
def ray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("ray")
    engine = Engine("ray", folder, {"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"})
    yield engine
    engine.stop()


@pytest.fixture(
    params=[
        pytest.param("spark", marks=pytest.mark.spark),
        pytest.param("ray", marks=pytest.mark.ray),
    ]
)
def engine(request: pytest.FixtureRequest) -> tuple[str, Engine]:
    """Each framework in turn, by name."""
    return request.param, request.getfixturevalue(request.param)
