"""A slot, a cage, and a Python program in it, through the real launcher."""

import functools
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from arclight.sandbox.cage.detect import detect
from arclight.sandbox.cage.policy import Policy
from arclight.sandbox.cage.tier import Cage, Tier
from arclight.sandbox.launch import Exit, LaunchSpec, run
from arclight.sandbox.limits import Limits

BOTH = (Tier.T3, Tier.T2)


@functools.cache
def cage(tier: Tier) -> Cage:
    """This machine's cage, which must have the tier."""
    found = detect(most=tier)
    assert found.tier is tier, found.to_json()
    return found


@contextmanager
def slot() -> Iterator[Path]:
    """A run's folder, as the runner makes it; its path is short enough for Ray's sockets."""
    folder = Path(tempfile.mkdtemp(prefix="arc-")).resolve()
    try:
        for name in ("program", "in", "work", "home", "tmp"):
            (folder / name).mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Ended:
    exit: Exit
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def run_in(
    cage: Cage | None,
    folder: Path,
    source: str,
    *arguments: object,
    policy: Policy | None = None,
    env: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    uid: int | None = None,
    isolated: bool = True,
) -> Ended:
    """Run Python source in the cage; None runs it bare, as the positive control."""
    lines: list[str] = []
    spec = LaunchSpec(
        run=f"test:{folder.name}",
        argv=[sys.executable, "-I" if isolated else "-P", "-c", source, *map(str, arguments)],
        env=env or {},
        scratch=folder,
        cwd=folder / "work",
        limits=limits or Limits(wall=timedelta(seconds=30)),
        cage=cage,
        policy=policy or Policy(folder),
        uid=uid,
    )
    exit_ = run(spec, log=lines.append, cancelled=threading.Event())
    return Ended(exit_, lines)


def without(cage: Cage, layer: str) -> Cage:
    """The same cage with one layer taken out, to see its probe bite."""
    changes: dict[str, dict[str, object]] = {
        "landlock": {"landlock": 0},
        "seccomp": {"seccomp": False},
        "uid": {"uid": None, "bare": os.geteuid() == 0},
    }
    return replace(cage, **changes[layer])  # type: ignore[arg-type]
