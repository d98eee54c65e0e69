"""Spark on this machine, as the executor reads its programs and their failures."""

import re
from pathlib import Path

from arclight.contracts.failure import Failure
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash
from arclight.sandbox.run_program import Context
from arclight.sandbox.runner.protocol import Ended
from services.executor_spark.classify import classify
from services.executor_spark.engine import NAME, heap_of, spark_folder
from services.executor_spark.platforms.needs import needs_fresh_session, server_side
from services.executor_spark.platforms.spark_home import OOM_MARKER


class LocalSpark:
    """The engine of platform `local`."""

    name = NAME
    # PySpark logs an exception with its Java stack as one line of JSON before raising it.
    noise = re.compile(r'\{"ts": .*"logger": "(DataFrame|SQL)QueryContextLogger"')
    # As `platforms/conf.py` has Log4j write them.
    own_lines = re.compile(r"(WARN|ERROR|FATAL) [\w$]+: ")

    def alone(self, program: str) -> str | None:
        return server_side(program)

    def fresh(self, program: str) -> str | None:
        return needs_fresh_session(program)

    def explain(self, exit_: Ended, crash: Crash | None, context: Context) -> Failure | None:
        if _heap_ran_out(context.scratch):
            return failures.out_of_memory(heap_of(context.limits.memory), "Spark's Java heap")
        return classify(crash, context) if crash is not None else None


def _heap_ran_out(root: Path) -> bool:
    return (spark_folder(root) / OOM_MARKER).is_file()
