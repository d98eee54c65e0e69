"""Generated programs on a real engine: rendered, checked, run as scripts in one warm process."""

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import pyarrow.parquet as pq

from arclight.catalog.profile import TableProfile
from arclight.contracts.names import Framework
from benchmarks.answers.engine import Answer, TooSlow
from benchmarks.answers.sets import Rows
from benchmarks.answers.values import MOST_ROWS, json_rows
from services.codegen.planner.plan import Compute, Planned
from services.codegen.planner.render import render
from services.codegen.planner.render.normal import scans
from services.executor_spark.platforms.spark_home import prepare
from services.validator.check import Checked
from services.validator.context import Context, Declared

START_SECONDS = 180.0
_WORKER = Path(__file__).with_name("worker.py")
_SPARK = {
    # One task each: the tables of a question have some rows, and a task costs more than they do.
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    # Re-planning after each stage finds nothing better here, and costs a job for each.
    "spark.sql.adaptive.enabled": "false",
}
_RAY = {
    "RAY_AUTH_MODE": "disabled",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    # Ray Data cuts every small table into 200 blocks by default.
    "RAY_DATA_DEFAULT_MIN_PARALLELISM": "2",
    "RAY_TQDM": "0",
    "RAY_memory_monitor_refresh_ms": "0",
    "RAY_enable_metrics_collection": "0",
}


class ProgramFailed(Exception):
    """A generated program was rejected, or raised."""

    def __init__(self, said: str, program: str = "", kind: str = "") -> None:
        super().__init__(said)
        self.program = program
        self.kind = kind or "ProgramFailed"
        """What the program raised: an exception's type, Spark's condition."""


class ProgramEngine:
    """Spark or Ray. Implements Engine."""

    def __init__(self, framework: str, limit: float) -> None:
        """`limit`: seconds that one program may take. The engine starts at once."""
        self.framework = framework
        self.limit = limit
        self._folder = Path(tempfile.mkdtemp(prefix="answers-"))
        self._process: subprocess.Popen[str] | None = None
        try:
            self._begin()
        except Exception:
            self.close()
            raise

    def answer(self, planned: Planned, tables: Sequence[TableProfile]) -> Answer:
        """Raises ProgramFailed, TooSlow, and whatever the renderer raises."""
        text = render(planned, Framework(self.framework))
        _check(text, planned, tables, Framework(self.framework))
        path, output = self._folder / "program.py", self._folder / "output"
        path.write_text(text, "utf-8")
        shutil.rmtree(output, ignore_errors=True)
        said = self._ask({"program": str(path), "output": str(output)})
        if said is not None:
            raise ProgramFailed(said["message"], text, said["kind"])
        return Answer(text, rows_of(output))

    def close(self) -> None:
        self._end()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, asked: Mapping[str, str]) -> dict[str, str] | None:
        """What the program raised, if anything; an engine that died or hangs is replaced."""
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            self._begin()
        assert self._process is not None
        stdin = _pipe(self._process.stdin)
        stdin.write(json.dumps(asked) + "\n")
        stdin.flush()
        try:
            said: dict[str, str] | None = json.loads(self._line(self.limit))["error"]
        except TooSlow:
            self._end()
            raise
        return said

    def _begin(self) -> None:
        environment = {**os.environ, **self._settings(), "PYTHONPATH": ""}
        # Run from there: beside the original lie modules that programs must not find.
        worker = shutil.copy(_WORKER, self._folder)
        with (self._folder / "engine.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, worker, self.framework],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
                cwd=self._folder,
                start_new_session=True,
            )
        try:
            self._line(START_SECONDS)
        except TooSlow:
            self._end()
            raise

    def _settings(self) -> dict[str, str]:
        if self.framework == "ray":
            return _RAY
        found = prepare(self._folder)
        with (Path(found["SPARK_CONF_DIR"]) / "spark-defaults.conf").open("a") as file:
            file.writelines(f"{key}={value}\n" for key, value in _SPARK.items())
        return found

    def _line(self, seconds: float) -> str:
        """The next line of the worker. Raises TooSlow, and ProgramFailed when it is dead."""
        assert self._process is not None
        stdout = _pipe(self._process.stdout)
        if not select.select([stdout], [], [], seconds)[0]:
            raise TooSlow(f"{self.framework} took longer than {seconds:.0f} s")
        line = stdout.readline()
        if not line:
            self._end()
            last = (self._folder / "engine.log").read_text("utf-8", "replace")[-1000:]
            raise ProgramFailed(f"the process of {self.framework} died: {last}")
        return line

    def _end(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
            time.sleep(0.5)
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(BrokenPipeError):
                _pipe(pipe).close()
        self._process = None


def rows_of(folder: Path) -> Rows:
    """The rows of all part files, in the order of their names; MOST_ROWS at most."""
    rows: Rows = []
    for part in sorted(folder.glob("*.parquet")):
        table = pq.read_table(part).slice(0, MOST_ROWS - len(rows))
        rows += json_rows(zip(*(c.to_pylist() for c in table.columns), strict=True))
    return rows


def _check(
    text: str, planned: Planned, tables: Sequence[TableProfile], framework: Framework
) -> None:
    """Raises ProgramFailed for a program that the validator rejects."""
    context = Context(
        framework=framework,
        sources=tuple(Declared(t.name, t.uri) for t in tables),
        prompt=planned.question,
        planned=tuple(dict.fromkeys(s.table.name for s in scans(planned.root))),
        generated_data=isinstance(planned.root, Compute),
    )
    errors = Checked(text, context).errors
    if errors:
        said = "; ".join(f"{f.code} line {f.line}: {f.message}" for f in errors)
        raise ProgramFailed(f"the validator rejects the program: {said}", text, errors[0].code)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
