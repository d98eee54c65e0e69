"""Ray's worker program, as if the job's driver had started it: in the driver's folder.

The raylet of a shared Ray was started elsewhere, and its workers would be there, too.
"""

import contextlib
import importlib.util
import json
import os
import runpy
import sys


def _option(name: str) -> str:
    prefix = f"--{name}="
    return next((word[len(prefix) :] for word in sys.argv if word.startswith(prefix)), "")


def _settle() -> None:
    """Work where the driver of the job works; it left a note before its first task."""
    name = f"job-{os.environ.get('RAY_JOB_ID', '')}.json"
    path = os.path.join(_option("temp-dir"), _option("session-name"), "jobs", name)
    with contextlib.suppress(OSError, ValueError):
        with open(path, encoding="utf-8") as file:
            note = json.load(file)
        os.environ.update(note["environment"])
        os.chdir(note["cwd"])


def _program() -> str:
    """Ray's own, found without importing Ray twice."""
    ray = importlib.util.find_spec("ray")
    assert ray is not None
    assert ray.origin is not None
    return os.path.join(os.path.dirname(ray.origin), "_private", "workers", "default_worker.py")


if __name__ == "__main__":
    _settle()
    # Not the program's business: what lies beside this file.
    sys.path.pop(0)
    runpy.run_path(_program(), run_name="__main__")
