"""The column check is quick, and no text makes it raise."""

import ast
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arclight.contracts.names import Framework
from services.validator.analysis.facts import Facts
from services.validator.analysis.program import Program, TooDeep
from services.validator.columns.evaluate import MAX_STEPS
from services.validator.columns.machine import Machine
from services.validator.columns.miss import Miss
from services.validator.columns.tables import Tables
from tests.validator.columns import test_flow, test_ray_frames, test_spark_frames, test_sql
from tests.validator.columns.programs import RAY, SPARK, TABLES, findings

GOLDEN = Path(__file__).parents[2] / "codegen" / "render" / "golden"
KNOWN = Tables(TABLES, tuple(t.source for t in TABLES))
BODIES = [
    *(SPARK + b for b in test_spark_frames.GOOD),
    *(SPARK + b for b in test_flow.GOOD.values()),
    *(SPARK + test_sql.sql(b) for b in test_sql.GOOD),
    *(RAY + b for b in test_ray_frames.GOOD),
]


def misses(text: str) -> None:
    try:
        facts = Facts(Program.of(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError, TooDeep):
        return
    Machine(facts, KNOWN).misses()


def best_of(work: Callable[[], object]) -> float:
    def once() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return min(once() for _ in range(20))


@pytest.mark.parametrize("golden", ["many_steps_spark.py.txt", "birdstrikes_ray.py.txt"])
def test_a_program_of_the_renderer_takes_a_few_milliseconds(golden: str) -> None:
    text = (GOLDEN / golden).read_text()
    facts = Facts(Program.of(text))
    parsing = best_of(lambda: ast.parse(text))
    running = best_of(lambda: Machine(facts, KNOWN).misses())
    assert running <= max(0.004, 3 * parsing)


HOSTILE = {
    "loops": "".join(f"{'  ' * n}for x{n} in input():\n" for n in range(15))
    + "  " * 15
    + "y = 1\n",
    "calls": "def f(x):\n    f(x)\n    f(x)\n    return f(x)\nf(1)\n",
    "functions": "".join(
        f"def f{n}(x):\n    f{n + 1}(x)\n    return f{n + 1}(x)\n" for n in range(60)
    )
    + "def f60(x): return x\nf0(1)\n",
    "text": "a = 'x'\n" + "a = a + a\n" * 100,
    "lists": "a = [1]\n" + "a = a + a\n" * 40,
    "names": "for a in range(60):\n  for b in range(60):\n    for c in range(60):\n      d = 1\n",
    "columns": "for n in range(60):\n  for m in range(60):\n"
    "    orders = orders.withColumn(f'c{n}_{m}', orders.id)\n",
    "branches": "".join(f"if input():\n    x{n} = {n}\n" for n in range(2000)),
    "sql": f"spark.sql('SELECT {'(' * 5000}')\n",
    "expression": f"orders.filter('{'(' * 150}id{')' * 150}')\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_program_that_is_made_to_be_slow_is_given_up(name: str) -> None:
    started = time.process_time()
    findings(SPARK + HOSTILE[name])
    # 40,000 steps at 2 to 10 µs; without the bound some of these would never end.
    assert time.process_time() - started < 2
    assert MAX_STEPS <= 100_000


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(BODIES), st.data())
def test_any_cut_of_a_program_is_judged(text: str, data: st.DataObject) -> None:
    lines = text.splitlines(keepends=True)
    start = data.draw(st.integers(0, len(lines)))
    end = data.draw(st.integers(start, len(lines)))
    more = data.draw(st.sampled_from(BODIES))
    misses("".join(lines[:start] + lines[end:]) + more)


WORDS = st.sampled_from(
    [
        *("orders", "spark", "F", "pd", "pa", "pc", "ray", "x", "f", "1", "*x", "**x", "[x]"),
        *('"id"', '"a.b"', '"`"', '"SELECT * FROM orders"'),
        *("{'a': x}", "lambda r: r['id']", "(x, x)"),
    ]
)
METHODS = st.sampled_from(
    [
        "select",
        "filter",
        "groupBy",
        "agg",
        "join",
        "union",
        "drop",
        "sum",
        "alias",
        "read",
        "csv",
        "table",
        "sql",
        "createDataFrame",
        "withColumn",
        "map_batches",
        "groupby",
        "sort",
        "aggregate",
        "rename_columns",
        "select_columns",
        "col",
        "field",
        "append",
        "pop",
        "items",
        "join",
        "merge",
        "over",
        "cast",
        "write",
        "columns",
        "schema",
        "names",
        "toDF",
        "pivot",
        "remote",
        "get",
        "keys",
        "set_column",
        "to_pandas",
    ]
)


@st.composite
def chains(draw: st.DrawFn) -> str:
    lines = []
    for _ in range(draw(st.integers(1, 6))):
        text = draw(WORDS).lstrip("*")
        for _ in range(draw(st.integers(0, 4))):
            inner = ", ".join(draw(st.lists(WORDS, max_size=3)))
            shape = draw(st.sampled_from([".{m}({a})", ".{m}", "[{a}]"]))
            text += shape.format(m=draw(METHODS), a=inner or "x")
        lines.append(f"{draw(st.sampled_from(['x', 'f', 'orders', 'x[0]', 'x.y']))} = {text}")
    return "\n".join(lines)


@settings(max_examples=400, deadline=None)
@given(chains(), st.sampled_from([SPARK, RAY]))
def test_any_chain_of_calls_is_judged(body: str, head: str) -> None:
    misses(f"{head}{body}\n")


def test_the_rules_share_one_run(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Machine] = []
    run = Machine.misses

    def counted(machine: Machine) -> tuple[Miss, ...]:
        runs.append(machine)
        return run(machine)

    monkeypatch.setattr(Machine, "misses", counted)
    assert len(findings(SPARK + 'orders.select("zzz")', Framework.SPARK)) == 1
    assert len(runs) == 1
