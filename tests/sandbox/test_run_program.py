"""The execution step with a plain Python program in place of an engine's."""

import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from arclight.contracts.events import Event
from arclight.contracts.failure import Failure, FailureKind
from arclight.contracts.finding import Finding
from arclight.contracts.job import Plan
from arclight.contracts.names import Severity
from arclight.contracts.result import ResultKind
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.runtime.work import Work
from arclight.sandbox.crash import Crash
from arclight.sandbox.run_program import MAX_TEXT, Context, run_program
from arclight.sandbox.runner.paths import ground_of
from arclight.sandbox.runner.protocol import Ended
from tests.sandbox import works
from tests.sandbox.running import PlainEngine, running


class NoEngine(PlainEngine):
    """Plain Python, read as the executor reads an engine."""

    noise = re.compile("^noise")
    own_lines = re.compile("^engine:")

    def alone(self, program: str) -> str | None:
        return None

    def fresh(self, program: str) -> str | None:
        return "it is new" if "fresh" in program else None

    def explain(self, exit_: Ended, crash: Crash | None, context: Context) -> Failure | None:
        return None


def execute(work: Work) -> Event:
    return run_program(work, NoEngine())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("run")
    with running(NoEngine(), settings_at(folder)):
        yield folder


@pytest.fixture
def artifacts(home: Path) -> LocalArtifacts:
    return LocalArtifacts(home / "artifacts")


@pytest.fixture
def config(home: Path) -> Settings:
    return settings_at(home)


def settings_at(home: Path) -> Settings:
    return Settings(home=home, scratch=home / "s", run_timeout=timedelta(seconds=30))


def slots(config: Settings) -> list[str]:
    """What is left of slots, once the runner has had a moment to remove the last one."""
    ground = ground_of(config, NoEngine.name)
    for _ in range(100):
        # Unlike `rglob`, `walk` does not mind folders that go while it looks.
        folders = (name for _, names, _ in os.walk(ground) for name in names)
        left = [name for name in folders if name.startswith("arc-")]
        if not left:
            break
        time.sleep(0.05)
    return left


WRITE = """
import argparse, os
import pyarrow as pa, pyarrow.parquet as pq
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
output = parser.parse_args().output
os.makedirs(output)
for n in range(3):
    pq.write_table(pa.table({"n": [n, n + 10]}), f"{output}/part-{n}.parquet")
print("noise"); print("written to", output)
"""


def test_an_answer_comes_back_with_its_origin(artifacts: LocalArtifacts, config: Settings) -> None:
    unread = Finding(code="PRV002", severity=Severity.WARNING, message="planes was not read.")
    run = works.step(WRITE, artifacts, config, findings=(unread,), plan=Plan(sources=("flights",)))

    result = works.answer(execute, run)

    assert (result.kind, result.total_rows, len(result.files)) == (ResultKind.TABLE, 6, 3)
    assert result.sources_read == ("flights",)
    assert result.notes == ("planes was not read.",)
    assert all(f.key.startswith(run.work.output_key) for f in result.files)
    assert run.lines == ["written to <run>/work/output"]
    assert slots(config) == []


def test_without_a_plan_the_declared_sources_are_named(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    sources = (UploadSource(id=f"src_{1:028x}", name="flights"), UploadSource(id=f"src_{2:028x}"))

    result = works.answer(execute, works.step(WRITE, artifacts, config, user=True, sources=sources))

    assert result.sources_read == ("flights", f"src_{2:028x}")


def test_what_a_user_s_program_prints_is_its_answer(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    run = works.step("print('42')\nprint('done')", artifacts, config, user=True, prompt="")

    result = works.answer(execute, run)

    assert (result.kind, result.text) == (ResultKind.TEXT, "42\ndone")
    assert artifacts.get(f"{run.work.output_key}/answer.txt") == b"42\ndone"
    assert [(f.key, f.bytes) for f in result.files] == [(f"{run.work.output_key}/answer.txt", 7)]


def test_what_a_generated_program_notes_stands_beside_its_answer(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    text = WRITE + "print('note: 2 cells of amount count as missing: \\x1b[31m')\nprint('else')\n"

    generated = works.answer(execute, works.step(text, artifacts, config))
    brought = works.answer(execute, works.step(text, artifacts, config, user=True))

    [note] = generated.notes
    assert note.startswith("2 cells of amount count as missing")
    assert "\x1b" not in note
    assert brought.notes == ()


def test_a_long_text_is_kept_whole(artifacts: LocalArtifacts, config: Settings) -> None:
    run = works.step("print('x' * 100_000)", artifacts, config, user=True, prompt="")

    result = works.answer(execute, run)

    assert (len(result.text), result.truncated) == (MAX_TEXT, True)
    assert artifacts.get(result.files[0].key) == b"x" * 100_000
    assert "100,000 bytes are kept" in result.notes[0]


FORGED = """
import json, os, sys
home = os.path.dirname(os.environ["HOME"])
json.dump({"class": "Success", "state": "succeeded"}, open(f"{home}/failure.json", "w"))
print('{"state": "succeeded", "total_rows": 1000000}')
sys.exit(%d)
"""

FAILING = [
    ("print('only text')", "NO_ANSWER", FailureKind.CODE, None),
    (FORGED % 0, "NO_ANSWER", FailureKind.CODE, None),
    (FORGED % 3, "PROGRAM_EXITED", FailureKind.CODE, None),
    (WRITE + "import sys; sys.exit(2)", "PROGRAM_EXITED", FailureKind.CODE, None),
    ("x = 1\nmissing_name\n", "NAME_ERROR", FailureKind.CODE, 2),
    ("import nothing_like_it", "MODULE_NOT_FOUND_ERROR", FailureKind.CODE, 1),
    ("x = int('1,234')", "BAD_VALUE", FailureKind.DATA, 1),
    ("rows = [0]\nx = 1 / rows[0]", "DIVIDE_BY_ZERO", FailureKind.DATA, 2),
    ("raise MemoryError", "OUT_OF_MEMORY", FailureKind.RESOURCE, None),
    ("import os; os.kill(os.getpid(), 9)", "OUT_OF_MEMORY", FailureKind.RESOURCE, None),
    ("import os; os.abort()", "PROGRAM_CRASHED", FailureKind.CODE, None),
]


@pytest.mark.parametrize(("program", "code", "kind", "line"), FAILING)
def test_a_failure_has_a_kind_a_code_and_a_line(
    artifacts: LocalArtifacts,
    config: Settings,
    program: str,
    code: str,
    kind: FailureKind,
    line: int | None,
) -> None:
    failure = works.failure(execute, works.step(program, artifacts, config))

    assert (failure.code, failure.kind, failure.line) == (code, kind, line)
    assert failure.message
    assert failure.hint
    assert slots(config) == []


ACTING = """
class Odd(Exception): pass
Odd.__name__ = "Odd\\x1b[2J\\u202e"
raise Odd("first\\x1b]0;title\\x07 \\u2066line\\nsecond\\x9b")
"""


def test_nothing_in_a_failure_acts_on_a_terminal(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    failure = works.failure(execute, works.step(ACTING, artifacts, config))

    texts = [failure.message, failure.hint, failure.model_dump_json(), failure.traceback]
    assert [t for t in texts if not t.replace("\n", "").isprintable()] == []
    assert "\\x1b" in failure.message
    assert len(failure.traceback.splitlines()) >= 3


def test_equal_failures_look_equal_wherever_they_ran(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    program = "import os\nopen(os.path.join(os.environ['HOME'], 'none'))"
    moved = "import os\n\n\nopen(os.path.join(os.environ['HOME'], 'none'))"

    failures = [works.failure(execute, works.step(p, artifacts, config)) for p in (program, moved)]

    assert failures[0].fingerprint == failures[1].fingerprint
    assert [f.line for f in failures] == [2, 4]
    assert str(config.scratch) not in failures[0].model_dump_json()


def test_a_limit_is_named_with_its_number(artifacts: LocalArtifacts, config: Settings) -> None:
    config = config.model_copy(update={"run_timeout": timedelta(seconds=0.5)})

    failure = works.failure(execute, works.step("import time; time.sleep(60)", artifacts, config))

    assert (failure.kind, failure.code) == (FailureKind.RESOURCE, "RUN_TIMEOUT")
    assert "0.5 s" in failure.message


def test_cancel_reaches_the_program(artifacts: LocalArtifacts, config: Settings) -> None:
    run = works.step("import time; time.sleep(60)", artifacts, config)
    threading.Timer(0.3, run.work.cancelled.set).start()

    failure = works.failure(execute, run)

    assert failure.kind is FailureKind.CANCELLED


def test_a_program_that_locks_its_folders_is_still_removed(
    artifacts: LocalArtifacts, config: Settings
) -> None:
    locked = WRITE + "os.makedirs('a/b'); open('a/b/c', 'w'); os.chmod('a/b', 0); os.chmod('a', 0)"

    works.answer(execute, works.step(locked, artifacts, config))

    assert slots(config) == []
