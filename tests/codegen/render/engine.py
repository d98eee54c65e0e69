"""One warm engine in a process of its own that runs programs as scripts, one after the other.

Protocol: a JSON line in (`program`, `output`), a JSON line out (`error`: null or what was raised).
"""

import json
import os
import runpy
import sys
from contextlib import redirect_stdout
from typing import Any


def _start_spark() -> None:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
    }.items():
        builder = builder.config(key, value)
    builder.getOrCreate()


def _start_ray() -> None:
    import ray

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    # The programs' own `ray.init()` would be the second in this process.
    ray.init = lambda *args, **kwargs: None


def _describe(error: BaseException) -> dict[str, Any]:
    found: dict[str, Any] = {"type": type(error).__name__, "message": str(error), "causes": []}
    for name, getter in (("condition", "getCondition"), ("parameters", "getMessageParameters")):
        if hasattr(error, getter):
            found[name] = getattr(error, getter)()
    java = getattr(error, "java_exception", None)
    while java is not None:
        found["causes"].append(java.toString())
        java = java.getCause()
    line = None
    at = error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_name in ("main", "summarise") or "program" in (
            at.tb_frame.f_code.co_filename
        ):
            line = at.tb_lineno
        at = at.tb_next
    found["line"] = line
    return found


def _run(program: str, output: str) -> dict[str, Any] | None:
    sys.argv = [program, "--output", output]
    try:
        with redirect_stdout(sys.stderr):
            runpy.run_path(program, run_name="__main__")
    except Exception as error:  # noqa: BLE001 - whatever a program raises is the answer
        return _describe(error)
    return None


def main() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    {"spark": _start_spark, "ray": _start_ray}[sys.argv[1]]()
    answers.write("ready\n")
    for line in sys.stdin:
        asked = json.loads(line)
        error = _run(asked["program"], asked["output"])
        answers.write(json.dumps({"error": error}) + "\n")
    os._exit(0)  # Engines leave threads and children behind; the process group ends with us.


if __name__ == "__main__":
    main()
