"""The engines themselves say the same of the programs that the other tests judge."""

import ast
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.codegen.render.conftest import Engine, ProgramFailed, ray, spark
from tests.validator.columns import test_flow as flow
from tests.validator.columns import test_ray_frames as on_ray
from tests.validator.columns import test_spark_frames as on_spark
from tests.validator.columns import test_sql as sql
from tests.validator.columns.programs import RAY, SPARK

__all__ = ["ray", "spark"]

NOT_THERE = (
    *("unknown", "other.csv", "elsewhere", "somethingNew", "no SQL", "sales.", "input()"),
    'orders.join(customers, "inner"',
)
"""Marks of programs over sources that are not there, that ask a person, or that need Polars, which
Ray joins with."""
HEAD = "import builtins, sys\nbuiltins.input = lambda *a: ''\n"
LAST = "\nif hasattr(last, 'materialize'):\n    last.materialize()\n"
ANSWER = (
    "import pathlib, pyarrow, pyarrow.parquet\n"
    "pathlib.Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)\n"
    "pyarrow.parquet.write_table(pyarrow.table({'a': [1]}), sys.argv[2] + '/a.parquet')\n"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of `programs` as files."""
    folder = tmp_path_factory.mktemp("columns")
    head = "id,customer_id,Region,quantity,unit price,ordered\n"
    rows = "1,7,North,2,1.5,2024-01-01\n2,8,South,3,2.5,2024-02-01\n"
    (folder / "orders.csv").write_text(head + rows)
    people = {"customer_id": [7, 8], "name": ["Ann", "Bob"], "city": ["Oslo", "Rome"]}
    pq.write_table(pa.table(people), folder / "customers.parquet")
    (folder / "events.json").write_text('{"kind": "click"}\n')
    return folder


def program(head: str, body: str, data: Path) -> str:
    """The body with its last value at work: Ray does nothing before that."""
    tree = ast.parse(head + body)
    tree.body.insert(-1, ast.parse("last = None").body[0])
    if isinstance(tree.body[-1], ast.Expr):
        tree.body[-1] = ast.Assign([ast.Name("last", ast.Store())], tree.body[-1].value)
    text = ast.unparse(ast.fix_missing_locations(tree))
    text = text.replace("s3://data", str(data)).replace(
        ".parquet('o')", ".parquet(sys.argv[2] + 'o')"
    )
    return HEAD + text + LAST + ANSWER


def runs(engine: Engine, head: str, bodies: Iterable[str], data: Path) -> dict[str, str]:
    """What each body raises; an empty text for nothing."""
    found: dict[str, str] = {}
    for body in bodies:
        if not any(mark in body for mark in NOT_THERE):
            try:
                engine.run(program(head, body, data))
                found[body] = ""
            except ProgramFailed as failed:
                found[body] = str(failed)[:300]
    return found


def raised(found: dict[str, str]) -> dict[str, str]:
    return {body: said for body, said in found.items() if said}


def passed(found: dict[str, str]) -> list[str]:
    return [body for body, said in found.items() if not said]


pytestmark = pytest.mark.proof
"""Engines start for it. What the check says of the same programs is in the tests beside it."""

SPARK_GOOD = [*on_spark.GOOD, *map(sql.sql, sql.GOOD), *flow.GOOD.values()]
SPARK_BAD = [
    *(body for body, _, _ in on_spark.BAD),
    *(sql.sql(statement) for statement, _, _ in sql.BAD),
    *(body for body in flow.BAD.values()),
]


@pytest.mark.spark
def test_spark_runs_what_is_not_judged(spark: Engine, data: Path) -> None:
    assert raised(runs(spark, SPARK, SPARK_GOOD, data)) == {}


@pytest.mark.spark
def test_spark_refuses_what_is_an_error(spark: Engine, data: Path) -> None:
    assert passed(runs(spark, SPARK, SPARK_BAD, data)) == []


@pytest.mark.ray
def test_ray_runs_what_is_not_judged(ray: Engine, data: Path) -> None:
    assert raised(runs(ray, RAY, on_ray.GOOD, data)) == {}


@pytest.mark.ray
def test_ray_refuses_what_is_an_error(ray: Engine, data: Path) -> None:
    bodies = [body for body, _, _ in on_ray.BAD]
    # These Ray leaves out without a word, and the answer lacks what was asked for.
    assert all("columns" in body for body in passed(runs(ray, RAY, bodies, data)))
