"""A program and its failure in, the mended program out."""

import json
from pathlib import Path
from textwrap import dedent
from typing import Any

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from arclight.contracts.failure import Failure, FailureKind
from arclight.contracts.finding import Finding
from arclight.contracts.names import Framework
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash
from arclight.sandbox.limits import Limits
from arclight.sandbox.run_program import Context
from services.codegen.mend.change import Case
from services.codegen.mend.mend import Mended, mend
from services.codegen.mend.tree import Tree
from services.executor_ray.classify import classify as classify_ray
from services.executor_spark.classify import classify as classify_spark
from services.validator.check import check
from services.validator.context import Context as Judged
from services.validator.context import Declared, Table

RECORDED = Path(__file__).parents[2] / "executors" / "recorded"
SPARK_PROGRAM = (RECORDED / "spark_program.txt").read_text()
"""The program that Spark's failures were recorded from."""

SALES = TableProfile(
    name="sales",
    uri="file:///data/sales.csv",
    format="csv",
    columns=(
        ColumnProfile(name="region", type=ColumnType.STRING),
        ColumnProfile(name="amount", type=ColumnType.INTEGER),
        ColumnProfile(name="day", type=ColumnType.STRING, date_formats=("%d/%m/%Y",)),
    ),
    bytes=100,
    sampled_rows=3,
)
STORES = TableProfile(
    name="stores",
    uri="file:///data/stores.csv",
    format="csv",
    columns=(ColumnProfile(name="region", type=ColumnType.STRING),),
    bytes=100,
    sampled_rows=3,
)
SPARK = """
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.appName("t").getOrCreate()
df = spark.read.csv("file:///data/sales.csv", header=True)
"""
RAY = """
import ray

ray.init()
"""


def recorded(
    engine: str, case: str, /, *, line: int | None = None, program: str = "", **details: str
) -> Failure:
    """What a real engine said, classified as the executor does; at `line` of another program,
    with the engine's own words for what that program calls its columns."""
    crash = Crash.model_validate(json.loads((RECORDED / f"{engine}.json").read_text())[case])
    text = SPARK_PROGRAM if engine.startswith("spark") else program
    context = Context(text, Limits(), (), Path("/nowhere"))
    classify = classify_spark if engine.startswith("spark") else classify_ray
    failure = classify(crash, context) or failures.python_failure(crash, context.limits)
    changed: dict[str, Any] = {"line": line} if line is not None else {}
    if details:
        changed["details"] = {**failure.details, **details}
    return failure.model_copy(update=changed)


def said(code: str, message: str, line: int | None = None, /, **details: Any) -> Failure:
    """A failure in the words of an engine."""
    return Failure(
        kind=FailureKind.CODE, code=code, message=message, line=line, details=details, hint="h"
    )


def mended(
    program: str,
    failure: Failure,
    *tables: TableProfile,
    framework: Framework = Framework.SPARK,
    findings: tuple[Finding, ...] = (),
    tried: tuple[str, ...] = (),
) -> Mended | None:
    tree = Tree.of(program)
    assert tree is not None
    return mend(Case(tree, failure, tables, framework, findings), tried)


def cured(program: str, failure: Failure, *tables: TableProfile, **more: Any) -> str:
    """The program's lines that are new, or changed, as they are now."""
    found = mended(program, failure, *tables, **more)
    assert found is not None, "nothing mends it"
    assert found.reason
    return new_lines(program, found.program)


def new_lines(before: str, after: str) -> str:
    old = before.splitlines()
    return "\n".join(line for line in after.splitlines() if line not in old)


def refused(
    program: str,
    *tables: TableProfile,
    framework: Framework = Framework.SPARK,
    tried: tuple[str, ...] = (),
) -> tuple[Mended | None, tuple[Finding, ...]]:
    """The program after what the real validator said of it, and what it says then."""
    known = tuple(Table(Declared(t.name, t.uri), t) for t in tables)
    judged = Judged(framework, tuple(t.source for t in known), brought=True, tables=known)
    findings = check(program, judged)
    failure = Failure(kind=FailureKind.REJECTED, code=findings[0].code, message="m")
    found = mended(program, failure, *tables, framework=framework, findings=findings, tried=tried)
    return found, check(found.program, judged) if found is not None else ()


def program(text: str, before: str = SPARK) -> str:
    """The usual beginning, and these lines."""
    return before.lstrip() + dedent(text).lstrip("\n")


def line_of(text: str, part: str) -> int:
    """The line that a part of the program stands on."""
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)
