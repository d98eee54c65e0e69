"""The positive control: a program in a throw-away folder with nothing around it, which must bite.

Whoever reads the answer here is as trusting as a careless executor: it follows links, believes what
a footer says and removes folders by their paths.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from arclight.runtime.settings import Settings
from arclight.sandbox.redteam import machine
from arclight.sandbox.redteam.launching import MARKER, Order, bare_environment, engine_of
from arclight.sandbox.redteam.observation import Ran
from arclight.sandbox.redteam.stage import write_probe
from arclight.sandbox.watch import Reason

_ENOUGH = 6.0
"""Seconds of plain Python after which the control has seen that nothing ends it."""
_FOR_EVER = 3600.0
"""What is noted as the time of a program that had to be ended."""
_KEPT = 4 * 1024**2
"""Bytes of each stream that the judge gets: enough to be far over the limit of a log."""
_READER = """
import glob, json, sys
import pyarrow.parquet as pq
files = sorted(glob.glob("output/*.parquet"))
rows = sum(pq.read_metadata(f).num_rows for f in files)
tables = [pq.ParquetFile(f).read() for f in files]
names = [n for t in tables for n in t.column_names]
print(json.dumps({"rows": rows if files else None, "columns": names,
                  "answer": repr([t.slice(0, 10).to_pylist() for t in tables])}))
"""
_READING = 5.0
"""Seconds that the careless reader gets."""


class BareLauncher:
    """A plain subprocess of our user with all of our environment."""

    def __init__(self, base: Path, config: Settings, canary: int) -> None:
        """`canary` is a descriptor that a careless parent leaves open to its children."""
        self.ground = base / "g"
        self.ground.mkdir()
        self.ground.chmod(0o777)
        self._canary = canary
        self._config = config

    def launch(self, order: Order) -> Ran:
        root = Path(tempfile.mkdtemp(prefix="b-", dir=self.ground))
        for name in ("program", "work", "home", "tmp"):
            (root / name).mkdir()
        work = root / "work"
        program = root / "program" / "program.py"
        write_probe(program, order.probe.text, order.told(root), work)
        order.started(root)
        try:
            ran = self._run(order, root, work, program)
            order.look(root)
            if ran.failure is None:
                ran = _read(ran, work)
            shutil.rmtree(root / "spark", ignore_errors=True)
            return replace(ran, folder_left=not _swept(root))
        finally:
            machine.remove(root)

    def _run(self, order: Order, root: Path, work: Path, program: Path) -> Ran:
        engine = bare_environment(engine_of(order.probe.engine, self._config), root, order.limits)
        began = time.monotonic()
        python = [sys.executable, "-P", "-s", "-u", str(program), "--output", "output"]
        process = subprocess.Popen(
            # A parent in between, with the secret in its environment from the start.
            ["/bin/sh", "-c", '"$0" "$@"; exit $?', *python],
            cwd=work,
            env={**os.environ, **engine, MARKER: order.token, "TMPDIR": str(root / "tmp")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(self._canary,),
            start_new_session=True,
        )
        try:
            out, err = process.communicate(timeout=_patience(order))
            seconds = time.monotonic() - began
        except subprocess.TimeoutExpired as late:
            out, err = late.stdout or b"", late.stderr or b""
            seconds = _FOR_EVER
            process.kill()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        code = process.wait()
        text = err[:_KEPT].decode(errors="replace")
        return Ran(
            reason=Reason.ENDED,
            code=code,
            seconds=seconds,
            log=tuple((out[:_KEPT].decode(errors="replace") + text).split("\n")),
            failure=text or f"exit code {code}" if code else None,
        )


def _patience(order: Order) -> float:
    if order.probe.engine != "python":
        return order.limits.wall.total_seconds()
    return min(_ENOUGH, order.limits.wall.total_seconds())


def _read(ran: Ran, work: Path) -> Ran:
    """The answer as a careless reader takes it; a pipe without a writer holds it up."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _READER], cwd=work, capture_output=True, timeout=_READING
        )
    except subprocess.TimeoutExpired:
        return replace(ran, seconds=_FOR_EVER)
    except OSError as error:
        return replace(ran, failure=str(error))
    if done.returncode != 0:
        return replace(ran, failure=done.stderr.decode(errors="replace"))
    said = json.loads(done.stdout)
    if said["rows"] is None:
        return ran
    return replace(
        ran,
        rows=said["rows"],
        columns=tuple(said["columns"]),
        answer=said["answer"].encode(),
    )


def _swept(root: Path) -> bool:
    """Remove the folder by paths, as a careless broom does; True when it is gone."""
    for folder, folders, files in os.walk(root, topdown=False):
        for name in (*files, *folders):
            path = os.path.join(folder, name)
            try:
                if os.path.isdir(path) and not os.path.islink(path):
                    os.rmdir(path)
                else:
                    os.unlink(path)
            except OSError:
                return False
    try:
        root.rmdir()
    except OSError:
        return False
    return True
