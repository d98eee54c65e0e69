"""A full disk: whether the program filled it, or found it full."""

import shutil
from pathlib import Path

from arclight.contracts.failure import Failure, FailureKind
from arclight.sandbox.crash import Crash
from arclight.sandbox.limits import Limits
from arclight.sandbox.usage import usage

_FULL = ("No space left on device", "[Errno 28]", "OutOfDiskError")
"""How Python, Java and Ray say it."""


NO_ROOM = 1024**2
"""Bytes. With less, a program could not even write down why it failed."""


def disk_full(crash: Crash | None, root: Path, limits: Limits) -> Failure | None:
    """The failure of a run that met a full disk while it used less than it may; else None.

    Then the machine is to blame: the run starts again and costs no attempt.
    """
    if not (_said(crash) if crash is not None else shutil.disk_usage(root).free < NO_ROOM):
        return None
    used, _ = usage(root, limits.files + 1)
    if used > limits.output // 2:
        return None
    return Failure(
        kind=FailureKind.INFRASTRUCTURE,
        code="DISK_FULL",
        message="The disk that holds the folders of running programs is full.",
        hint=f"Free space there (ARCLIGHT_SCRATCH; `arclight doctor` names it): a run may write "
        f"{limits.output // 1024**2:,} MiB. The run starts again.",
        details={"used": used},
    )


def _said(crash: Crash) -> bool:
    links = (crash, *crash.roots)
    return any(word in f"{link.name} {link.message}" for link in links for word in _FULL)
