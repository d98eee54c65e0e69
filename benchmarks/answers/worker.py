"""A warm engine in a process of its own that runs programs as scripts, one after the other.

A JSON line in (`program`, `output`: paths), a JSON line out (`error`: null, or what was raised:
`kind` and `message`).
The first line out says that the engine is ready.
"""

import json
import os
import re
import runpy
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from typing import Any

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST = 700
"""Characters kept of the beginning and of the end of an error."""


def _start_spark() -> None:
    from pyspark.sql import SparkSession

    spark: Any = SparkSession.builder.getOrCreate()
    spark.range(2).groupBy().count().collect()


def _start_ray() -> None:
    import ray

    ray.init(
        num_cpus=2,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=256 * 1024**2,
    )
    # The programs' own `ray.init()` would be the second in this process.
    vars(ray)["init"] = lambda *_, **__: None


_STARTS: Mapping[str, Callable[[], None]] = {"spark": _start_spark, "ray": _start_ray}


def _run(program: str, output: str) -> dict[str, str] | None:
    sys.argv = [program, "--output", output]
    try:
        with redirect_stdout(sys.stderr):
            runpy.run_path(program, run_name="__main__")
    except Exception as error:  # noqa: BLE001 whatever a program raises is the answer
        return _said(error, program)
    except SystemExit as error:
        return {"kind": "SystemExit", "message": str(error.code)} if error.code else None
    return None


def _said(error: BaseException, program: str) -> dict[str, str]:
    text = _COLOUR.sub("", str(error))
    if len(text) > 2 * _LONGEST:
        text = f"{text[:_LONGEST]} … {text[-_LONGEST:]}"
    line, at = 0, error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename == program:
            line = at.tb_lineno
        at = at.tb_next
    name = type(error).__name__
    condition = getattr(error, "getCondition", lambda: None)()
    return {"kind": condition or name, "message": f"{name} at line {line} of the program: {text}"}


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    _STARTS[sys.argv[1]]()
    answers.write("ready\n")
    for line in sys.stdin:
        asked = json.loads(line)
        answers.write(json.dumps({"error": _run(asked["program"], asked["output"])}) + "\n")
    os._exit(0)  # Engines leave threads and children behind; our parent ends the process group.


if __name__ == "__main__":
    main()
