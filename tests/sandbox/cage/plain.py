"""`python -m tests.sandbox.cage.plain TIER`, as root: the same attempts as an ordinary user.

Becomes nobody, in a mount name space in which that user can reach the interpreter; then prints what
the cage let through, as JSON.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from arclight.sandbox.cage import child, layout
from arclight.sandbox.cage.view import barrier

NOBODY = 65_534


def main(tier: str) -> None:
    home = tempfile.mkdtemp(prefix="arc-plain-")
    os.chown(home, NOBODY, NOBODY)
    trees = layout.python()
    barriers = {b for tree in trees if (b := barrier(tree, NOBODY)) is not None}
    kept = [(str(t), str(t), False) for t in trees if layout.within(t, barriers)]
    empty = [(str(path), 1 << 22, 0o755) for path in barriers]
    view = {"empty": empty, "kept": kept, "files": [], "processes": False}
    child.separate({"view": view, "network": True})
    child.become(NOBODY, NOBODY, bare=False)
    tempfile.tempdir = home
    try:
        sys.stdout.write(json.dumps(_examined(tier)))
    finally:
        shutil.rmtree(home)


def _examined(tier: str) -> dict[str, object]:
    from arclight.sandbox.cage.detect import detect
    from arclight.sandbox.cage.probe import prove
    from arclight.sandbox.cage.tier import Tier
    from tests.sandbox.cage.attempts import attempt_all

    cage = detect(most=Tier[tier])
    verdict = prove(cage, parent=Path(tempfile.gettempdir()))
    leaks = {name: leak for name, leak in verdict.leaks.items() if name != "user" and leak}
    report = {"cage": cage.to_json(), "uid": cage.uid, "leaks": leaks, "error": verdict.error}
    return {**report, **attempt_all(cage), "outer": os.getuid()}


if __name__ == "__main__":
    main(sys.argv[1])
