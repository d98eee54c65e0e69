"""Programs that people bring really fail, are mended, and then really give the right answer.

The validator is not told the columns here, so that the engines say what is wrong with them.
"""

from collections.abc import Callable
from textwrap import dedent

import pytest

from arclight.catalog.upload import UploadCatalog
from arclight.contracts.events import Event
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.names import Framework, Severity
from arclight.contracts.result import Result
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.runtime.work import Work
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.mend.mender import Mender
from services.executor_ray.execute import execute as execute_ray
from services.executor_spark.execute import execute as execute_spark
from services.validator.check import check
from services.validator.context import Context, declared
from tests.executors.conftest import until_warm
from tests.sandbox import works

CSV = b"""\
region,amount,parts,day
north,10,2,24/12/2026
south,20,0,25/12/2026
north,unknown,4,26/12/2026
south,30,5,27/12/2026
"""
SPARK = """
import argparse
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
output = parser.parse_args().output
spark = SparkSession.builder.appName("test").getOrCreate()
df = spark.read.csv("SOURCE", header=True)
"""
WRITE = 'answer.write.mode("overwrite").parquet(output)\n'
RAY = """
import ray
ray.init()
"""

# A runner of its own, and up to five real runs for each program: minutes.
pytestmark = pytest.mark.proof


class Loop:
    """Validator, engine and mender, one after another, as the services do it."""

    def __init__(self, framework: Framework, artifacts: LocalArtifacts, config: Settings) -> None:
        self.framework, self.artifacts, self.config = framework, artifacts, config
        id_ = f"src_{1:028x}"
        file = config.home / "sales.csv"
        file.write_bytes(CSV)
        added = UploadCatalog(artifacts).add(file, "sales.csv", id_)
        self.tables = (added.profile,)
        self.source = UploadSource(id=id_, uri=added.profile.uri)
        self.execute: Callable[[Work], Event] = (
            execute_ray if framework is Framework.RAY else execute_spark
        )
        self.sources: tuple[UploadSource, ...] = ()
        self.codes: list[str] = []
        self.drafts: list[Draft] = []
        self.lines: list[str] = []

    def run(self, text: str) -> Result:
        """The answer of the program, or of what the mender makes of it within five attempts; the
        source is declared where the program knows of it."""
        tried: list[Tried] = []
        self.sources = (self.source,) if "SOURCE" in text or "sales" in text else ()
        text = text.replace("SOURCE", self.source.uri).lstrip()
        for _ in range(5):
            outcome = self._outcome(text)
            if isinstance(outcome, Result):
                return outcome
            tried.append(outcome)
            assert outcome.failure is not None
            self.codes.append(outcome.failure.code)
            ask = Ask(prompt="", tables=self.tables, framework=self.framework)
            self.drafts.append(Mender().repair(ask, tried))
            text = self.drafts[-1].program
        raise AssertionError(f"five attempts did not help: {self.codes}")

    def _outcome(self, text: str) -> Result | Tried:
        judged = Context(
            self.framework,
            declared(self.sources),
            brought=True,
            generated_data=not self.sources,
        )
        findings = check(text, judged)
        errors = [f for f in findings if f.severity is Severity.ERROR]
        if errors:
            said = Failure(kind=FailureKind.REJECTED, code=errors[0].code, message="refused")
            return Tried(program=text, failure=said, findings=findings)
        run = works.step(
            text,
            self.artifacts,
            self.config,
            framework=self.framework,
            user=True,
            sources=self.sources,
        )
        try:
            return works.answer(self.execute, run)
        except StepFailed as failed:
            return Tried(program=text, failure=failed.failure, findings=findings)
        finally:
            self.lines += run.lines


@pytest.fixture
def spark(artifacts: LocalArtifacts, spark_runner: Settings) -> Loop:
    until_warm(spark_runner, "spark")
    return Loop(Framework.SPARK, artifacts, spark_runner)


@pytest.fixture
def ray(artifacts: LocalArtifacts, ray_runner: Settings) -> Loop:
    until_warm(ray_runner, "ray")
    return Loop(Framework.RAY, artifacts, ray_runner)


def rows(result: Result) -> list[tuple[object, ...]]:
    return sorted((tuple(row) for row in result.preview), key=repr)


SUMS = [("north", 10), ("south", 50)]
COUNTS = [("north", 2), ("south", 2)]


@pytest.mark.spark
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("lines", "codes", "expected"),
    [
        (
            'answer = df.groupBy("regoin").count()',
            ["UNRESOLVED_COLUMN"],
            COUNTS,
        ),
        (
            'answer = df.groupby_("region").count().orderby("region")',
            ["TYPE_ERROR", "TYPE_ERROR"],
            COUNTS,
        ),
        (
            'answer = df.groupBy("region").agg(F.sum(F.col("amount").cast("int")).alias("s"))',
            ["BAD_VALUE"],
            SUMS,
        ),
        (
            'answer = df.select("region", (F.lit(20) / F.col("parts").cast("int")).alias("p"))'
            '.filter(F.col("region") == "south")',
            ["DIVIDE_BY_ZERO"],
            [("south", 4.0), ("south", None)],
        ),
        (
            'answer = spark.sql("select region, count(*) as n from sales")',
            ["PRV002", "MISSING_GROUP_BY"],
            COUNTS,
        ),
        (
            'answer = df.select("region", F.count("*").alias("n"))',
            ["MISSING_GROUP_BY"],
            COUNTS,
        ),
        (
            'other = df.groupBy("region").count()\n'
            "both = df.join(other, df.region == other.region)\n"
            'answer = both.select("region", "count").distinct()',
            ["AMBIGUOUS_REFERENCE"],
            COUNTS,
        ),
        (
            'answer = df.filter(df.parts > 3 and df.region == "north").select("region", "parts")',
            ["CANNOT_CONVERT_COLUMN_INTO_BOOL"],
            [("north", "4")],
        ),
        (
            'answer = df.filter(F.col("day").isnull()).groupBy("region").count()',
            ["TYPE_ERROR"],
            [],
        ),
        (
            'answer = df.select("region", F.to_date("day", "yyyy-MM-dd").alias("d"))'
            '.filter(F.year("d") == 2026).groupBy("region").count()',
            ["BAD_VALUE"],
            COUNTS,
        ),
        (
            "answer = df.filter(df.amount.cast(T.IntegerType()) > 15)"
            ".select(F.uper('region').alias('r')).groupBy('r').count()",
            ["NAME_ERROR", "ATTRIBUTE_ERROR", "BAD_VALUE"],
            [("SOUTH", 2)],
        ),
        (
            'answer = df.groupBy("region").count()\nanswer.write.parquet(output)\n'
            "answer.write.parquet(output)",
            ["PATH_ALREADY_EXISTS"],
            COUNTS,
        ),
        (
            'df.createOrReplaceTempView("s")\n'
            "answer = spark.sql(\"selec distinct lenght('four') as n from s\")",
            ["PARSE_SYNTAX_ERROR", "UNRESOLVED_ROUTINE"],
            [(4,)],
        ),
        (
            'answer = spark.read.csv("SOURCE", heder=True).groupBy("region").count()',
            ["TYPE_ERROR"],
            COUNTS,
        ),
        (
            'answer = df.limit(1).select((F.lit(2147483647).cast("int")'
            ' + F.lit(1).cast("int")).alias("n"))',
            ["ARITHMETIC_OVERFLOW"],
            [(2147483648,)],
        ),
    ],
)
def test_a_spark_program_is_mended(
    spark: Loop, lines: str, codes: list[str], expected: list[tuple[object, ...]]
) -> None:
    result = spark.run(f"{SPARK}{lines}\n{WRITE}")

    assert rows(result) == sorted(expected, key=repr)
    assert spark.codes == codes


@pytest.mark.spark
@pytest.mark.timeout(600)
def test_cells_that_go_missing_are_counted_on_the_log(spark: Loop) -> None:
    spark.run(f'{SPARK}answer = df.select(F.sum(F.col("amount").cast("int")).alias("s"))\n{WRITE}')

    said = "Cells of 'amount' that are no INT and count as missing: 1"
    assert [line for line in spark.lines if said in line]
    assert spark.drafts[0].plan.assumptions == (
        "cells of 'amount' that are no INT count as missing, such as 'unknown'.",
    )


@pytest.mark.spark
@pytest.mark.timeout(600)
def test_a_program_with_no_session_another_path_and_no_answer_becomes_one(spark: Loop) -> None:
    program = """
        from pyspark.sql.functions import *

        df = spark.read.csv("data/sales.csv", header=True)  # ours
        weights = sum([1, 2])
        big = df.filter(col("parts") > 1 and col("region") != "west")
        totals = big.groupBy("region").agg(count("*").alias("n"))
        """

    result = spark.run(dedent(program))

    assert rows(result) == [("north", 2), ("south", 1)]
    last = spark.drafts[-1].program
    assert 'F.count("*")' in last
    assert "weights = sum([1, 2])" in last
    assert "# ours" in last


@pytest.mark.ray
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("program", "codes", "said"),
    [
        (
            """
            @ray.remote
            def square(n):
                return n * n

            print(sum([square(n) for n in range(4)]))
            """,
            ["RAY003"],
            "14",
        ),
        (
            """
            @ray.remote
            def square(n):
                return np.square(n)

            refs = [square.remote(n) for n in range(4)]
            print(int(sum(refs)))
            """,
            ["TYPE_ERROR", "NAME_ERROR"],
            "14",
        ),
        (
            """
            d = ray.data.read_csv("SOURCE")
            print(d.group_by("region").count().take_all())
            """,
            ["ATTRIBUTE_ERROR"],
            "north",
        ),
        (
            """
            import pandas as pd

            def numbers(batch):
                batch["n"] = pd.to_numeric(batch["amuont"])
                return batch

            d = ray.data.read_csv("SOURCE").map_batches(numbers, batch_format="pandas")
            print(d.sum("n"))
            """,
            ["KEY_ERROR", "BAD_VALUE"],
            "60",
        ),
        (
            """
            d = ray.data.read_csv("SOURCE")
            print(d.sum("part"))
            """,
            ["UNRESOLVED_COLUMN"],
            "11",
        ),
        (
            """
            @ray.remote
            def share(a, b):
                return a / b

            print(ray.get([share.remote(1, b) for b in (0, 2)]))
            """,
            ["DIVIDE_BY_ZERO"],
            "[None, 0.5]",
        ),
    ],
)
def test_a_ray_program_is_mended(ray: Loop, program: str, codes: list[str], said: str) -> None:
    result = ray.run(RAY + dedent(program))

    assert said in result.text
    assert ray.codes == codes
