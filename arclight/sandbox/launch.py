"""`start(spec)`: one program in a process tree of its own, caged and under limits.

Runners and tests know this module and nothing below it, so the cage can get stronger here alone.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arclight.sandbox import supervisor as supervisor_script
from arclight.sandbox import tree
from arclight.sandbox.cage.enter import enter
from arclight.sandbox.cage.policy import Policy
from arclight.sandbox.cage.tier import Cage
from arclight.sandbox.caged import BACKSTOP, GRACE, Caged, Exit
from arclight.sandbox.limits import Limits

__all__ = ["Exit", "LaunchSpec", "run", "start"]


@dataclass(frozen=True)
class LaunchSpec:
    """What to run. Nothing is inherited: `env` is the whole environment."""

    run: str
    """Unique name of this run; the mark by which its processes are found."""
    argv: Sequence[str]
    """Absolute path of the executable first."""
    env: Mapping[str, str]
    scratch: Path
    """Folder that the run may fill. It exists, and only this run uses it."""
    cwd: Path
    limits: Limits = field(default_factory=Limits)
    cage: Cage | None = None
    """What holds the program; None runs it bare, which only tests and the positive control do."""
    policy: Policy | None = None
    """What the cage shows; needed with `cage`."""
    uid: int | None = None
    """User to run as, where this process is root."""


def start(spec: LaunchSpec) -> Caged:
    """Start the program and return at once.

    The process that starts it may be replaced, and its threads may end: the supervisor in between
    holds the program, and kills it when this side closes its pipe.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    status_read, status_write = os.pipe()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", supervisor_script.__file__, str(status_write)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={},
            cwd="/",
            pass_fds=(status_write, theirs.fileno()),
            start_new_session=True,
        )
        order = _order(spec, theirs.fileno())
        os.close(status_write)
    return Caged(spec.run, spec.scratch, process, order, status_read, ours)


def run(spec: LaunchSpec, *, log: Callable[[str], None], cancelled: threading.Event) -> Exit:
    """Run the program to its end or to its limit. Blocks; `log` is called from other threads."""
    with start(spec) as caged:
        return caged.follow(spec.limits, log=lambda line, _: log(line), cancelled=cancelled)


def _order(spec: LaunchSpec, control: int) -> dict[str, Any]:
    limits = spec.limits
    entry: dict[str, Any] = {"argv": list(spec.argv)}
    if spec.cage is not None:
        assert spec.policy is not None
        entry = dict(enter(spec.cage, spec.policy, spec.argv, spec.uid).order())
    return {
        "env": {**spec.env, tree.MARKER: spec.run},
        "cwd": str(spec.cwd),
        "scratch": str(spec.scratch),
        "control": control,
        "grace": GRACE,
        "wall": limits.wall.total_seconds() + BACKSTOP,
        # No limit of address space: it breaks the JVM. Memory is watched instead.
        "rlimits": {
            "RLIMIT_CORE": 0,
            "RLIMIT_NOFILE": limits.open_files,
            "RLIMIT_FSIZE": limits.file_size,
        },
        **entry,
    }
