"""The harness runs a program as Python would, and describes what went wrong."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from arclight.sandbox.inside import harness

MAIN = f"""
import sys
sys.path.insert(0, {str(Path(harness.__file__).parent)!r})
import harness
program, failure, *arguments = sys.argv[1:]
sys.path.pop(0)
harness.execute(program, arguments, failure)
"""


def run(
    tmp_path: Path, source: str | bytes, *arguments: str
) -> tuple[subprocess.CompletedProcess[str], dict[str, Any] | None]:
    program = tmp_path / "program.py"
    program.write_bytes(source if isinstance(source, bytes) else source.encode())
    failure = tmp_path / "failure.json"
    done = subprocess.run(
        [sys.executable, "-I", "-c", MAIN, str(program), str(failure), *arguments],
        capture_output=True,
        text=True,
        timeout=30,
    )
    said = json.loads(failure.read_text()) if failure.exists() else None
    return done, said


def test_the_program_is_main(tmp_path: Path) -> None:
    done, failure = run(
        tmp_path,
        "import sys, __main__, pickle\n"
        "def f(): pass\n"
        "print(__name__, sys.argv[1:], __file__ == sys.argv[0], __main__.f is f, f.__module__)\n"
        "print(sorted(k for k in globals() if not k.startswith('__')))\n"
        "pickle.dumps(f)\n",
        "--output",
        "there",
    )

    assert done.stdout.splitlines() == [
        "__main__ ['--output', 'there'] True True __main__",
        "['f', 'pickle', 'sys']",
    ]
    assert (done.returncode, failure, done.stderr) == (0, None, "")


@pytest.mark.parametrize(
    ("code", "expected"), [("", 0), ("0", 0), ("None", 0), ("3", 3), ("'no luck'", 1)]
)
def test_the_program_chooses_its_exit(tmp_path: Path, code: str, expected: int) -> None:
    done, failure = run(tmp_path, f"import sys\nsys.exit({code})")

    assert (done.returncode, failure) == (expected, None)


def test_an_exception_is_described_at_the_program_s_line(tmp_path: Path) -> None:
    done, failure = run(
        tmp_path,
        "def f(x):\n    return 1 / x\n\ntry:\n    f(0)\nexcept Exception as e:\n    boom\n",
    )

    assert done.returncode == 1
    assert failure is not None
    assert failure["class"] == "NameError"
    assert failure["line"] == 7
    assert failure["attributes"]["name"] == "boom"
    assert [c["class"] for c in failure["causes"]] == ["ZeroDivisionError"]
    assert 'File "program.py", line 7, in <module>' in done.stderr
    assert "harness" not in done.stderr


def test_a_syntax_error_has_its_line(tmp_path: Path) -> None:
    done, failure = run(tmp_path, "x = 1\ny = = 2\n")

    assert done.returncode == 1
    assert failure is not None
    assert (failure["class"], failure["line"]) == ("SyntaxError", 2)


def test_a_coding_cookie_changes_nothing(tmp_path: Path) -> None:
    source = b"# -*- coding: utf-7 -*-\nx = 'before' #+AAo-x = 'after'\nprint(x)\n"

    done, _ = run(tmp_path, source)

    assert done.stdout == "before\n"


HOSTILE = """
class Bad(Exception):
    def __str__(self): raise RuntimeError("no")
    @property
    def cause(self): raise RuntimeError("no")
    def getCondition(self): raise RuntimeError("no")
    def getQueryContext(self): return [object()]
raise Bad()
"""


def test_getters_that_raise_do_no_harm(tmp_path: Path) -> None:
    done, failure = run(tmp_path, HOSTILE)

    assert done.returncode == 1
    assert failure is not None
    assert failure["class"] == "Bad"
    assert failure["condition"] is None


def test_everything_is_bounded(tmp_path: Path) -> None:
    done, failure = run(
        tmp_path,
        "def f(n):\n    if n: f(n - 1)\n    raise ValueError('x' * 10_000_000)\nf(500)\n",
    )

    assert failure is not None
    assert len(json.dumps(failure)) < 100_000
    assert len(done.stderr) < 100_000
