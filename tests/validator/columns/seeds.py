"""Schema errors on purpose: programs of the renderer with one column name written wrongly."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from arclight.contracts.finding import Finding
from arclight.contracts.names import Framework
from services.codegen.planner.plan import Planned
from services.codegen.planner.render import render
from services.validator.check import check
from services.validator.context import Context, Declared, Table
from tests.codegen.render.cases_steps import ALL
from tests.codegen.render.tables import Tables

FRAMEWORKS = (Framework.SPARK, Framework.RAY)
_SPARK_USES = frozenset(
    [
        "col",
        "asc",
        "desc",
        "asc_nulls_last",
        "desc_nulls_last",
        "asc_nulls_first",
        "desc_nulls_first",
        "sum",
        "avg",
        "min",
        "max",
        "count",
        "median",
        "stddev",
        "variance",
        "corr",
        "regr_slope",
        "percentile",
        "count_distinct",
        "explode",
        "lag",
        "lead",
        "select",
        "groupBy",
        "partitionBy",
        "orderBy",
        "drop",
    ]
)
_RAY_USES = frozenset(
    ["field", "text_cells", "group_by", "sort_by", "groups", "ranks", "dense_ranks", "changes"]
)
_RAY_SELECTS = frozenset({"select", "select_columns", "drop_columns", "chosen"})
_KEYS = frozenset({"keys", "right_keys", "columns"})


@dataclass(frozen=True)
class Seed:
    """A program with one wrong name; `right` is what stood there."""

    case: str
    framework: Framework
    text: str
    line: int
    right: str
    wrong: str


def rendered(tables: Tables) -> Iterator[tuple[str, Framework, str]]:
    """Every case of the renderer's suite as a program."""
    for framework in FRAMEWORKS:
        for case in ALL:
            planned = Planned(case.plan(tables), "Summary", (), 1.0, "Question?")
            yield case.name, framework, render(planned, framework)


def context(tables: Tables, framework: Framework, text: str) -> Context:
    """The tables that a program names, with their columns."""
    used = [p for p in tables.profiles.values() if Path(p.uri).name in text]
    known = tuple(Table(Declared(p.name, p.uri), p) for p in used)
    return Context(framework, tuple(t.source for t in known), tables=known)


def judged(tables: Tables, framework: Framework, text: str) -> list[Finding]:
    """What the column check says."""
    found = check(text, context(tables, framework, text))
    return [f for f in found if f.code.startswith("COL")]


def seeds(tables: Tables) -> list[Seed]:
    """One wrong name at a time, at every place where a column is used."""
    made: list[Seed] = []
    for case, framework, text in rendered(tables):
        for node in _uses(ast.parse(text), framework):
            wrong = miswritten(str(node.value), len(made))
            changed = _replaced(text, node, wrong)
            line = node.lineno
            made.append(Seed(case, framework, changed, line, str(node.value), wrong))
    return made


def _uses(tree: ast.Module, framework: Framework) -> list[ast.Constant]:
    find = _spark_uses if framework is Framework.SPARK else _ray_uses
    found = [n for call in ast.walk(tree) if isinstance(call, ast.Call) for n in find(call)]
    return sorted(set(found), key=lambda n: (n.lineno, n.col_offset))


def _spark_uses(call: ast.Call) -> Iterator[ast.Constant]:
    if _name(call) in _SPARK_USES:
        yield from _texts(call.args)


def _ray_uses(call: ast.Call) -> Iterator[ast.Constant]:
    name = _name(call)
    if name in _RAY_USES or name in _RAY_SELECTS:
        yield from _texts(call.args)
    if name in ("sort_by", "aggregate"):
        for pairs in call.args:
            for pair in getattr(pairs, "elts", ()):
                yield from _texts(list(getattr(pair, "elts", ()))[:1])
    for keyword in call.keywords:
        if name == "join" and keyword.arg in _KEYS:
            yield from _texts([keyword.value])


def _texts(nodes: list[ast.expr]) -> Iterator[ast.Constant]:
    for node in nodes:
        if isinstance(node, ast.List):
            yield from _texts(node.elts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def miswritten(name: str, number: int) -> str:
    """The name as people get it wrong, one way after the other."""
    middle = max(1, len(name) // 2)
    ways = (
        name[: middle - 1] + name[middle] + name[middle - 1] + name[middle + 1 :]
        if len(name) > 2
        else name + name,
        name[:middle] + name[middle + 1 :] + "x"[: len(name) < 3],
        name + "s",
        name.replace(" ", "_") if " " in name else f"the_{name}",
        f"{name}_id",
        name[:1] + name,
    )
    wrong = ways[number % len(ways)]
    return wrong if wrong.casefold() != name.casefold() else f"{name}_2"


def _replaced(text: str, node: ast.Constant, wrong: str) -> str:
    lines = text.splitlines(keepends=True)
    line = lines[node.lineno - 1].encode()
    changed = line[: node.col_offset] + f'"{wrong}"'.encode() + line[node.end_col_offset :]
    lines[node.lineno - 1] = changed.decode()
    return "".join(lines)
