"""Plans with names that make the lines of their programs long."""

from itertools import product

from arclight.catalog.profile import ColumnProfile, ColumnType, Format, TableProfile
from services.codegen.planner import plan as p
from services.codegen.planner.plan import (
    Aggregate,
    AllOf,
    AnyOf,
    Arith,
    ArithOp,
    Clean,
    Col,
    Compare,
    CompareOp,
    Compute,
    Derive,
    Filter,
    Func,
    Join,
    Key,
    Limit,
    Lit,
    Measure,
    Node,
    Not,
    OneOf,
    Planned,
    Project,
    ReadColumn,
    Scan,
    SetOperation,
    Sort,
    SortKey,
    Task,
    Window,
)
from tests.codegen.render.cases_steps import ALL
from tests.codegen.render.tables import Tables
from tests.codegen.render.test_answers import TASKS


def everything(tables: Tables) -> dict[str, Planned]:
    """All plans of the suite, and some with names that make lines long."""
    roots: dict[str, Node] = {case.name: case.plan(tables) for case in ALL}
    roots |= {f"{task} {args}": Compute(task, args) for task, args, _ in TASKS}
    roots |= {"digits": Compute(Task.FACTORIAL, (2000,)), "pi": Compute(Task.MONTE_CARLO_PI, (9,))}
    for n in range(1, 60, 2):
        roots |= {f"long {n}": long_names(n), f"long steps {n}": long_steps(n)}
    kinds: tuple[Format, ...] = ("csv", "json", "parquet")
    for n, kind in product(range(1, 32, 2), kinds):
        roots[f"long cells {n} {kind}"] = long_cells(n, kind)
    said = ("read 'price' as unit_price", 'the other reading of "month" is ' + "long " * 40)
    return {name: Planned(root, "Summary " * 12, said, 1.0, "Ask?") for name, root in roots.items()}


def long_names(length: int) -> Node:
    names = [f"{c}{'x' * length}" for c in "abcd"]
    columns = tuple(ColumnProfile(name=n, type=ColumnType.INTEGER) for n in names)
    table = TableProfile(
        name=f"t_{'y' * (length // 2)}",
        uri="file:///data/t.csv",
        format="csv",
        columns=columns,
        bytes=10,
        sampled_rows=1,
    )
    scan = Scan(table, tuple(ReadColumn(n, ColumnType.INTEGER, n) for n in names))
    kept = Filter(scan, Compare(CompareOp.GT, Col(names[0]), Lit(1)))
    measures = (
        Measure(Func.SUM, Col(names[1]), f"sum of {names[1]}"),
        Measure(Func.COUNT, None, "rows"),
    )
    grouped = Aggregate(kept, (Key(Col(names[2]), names[2]),), measures)
    top = Limit(Sort(grouped, (SortKey(f"sum of {names[1]}", True),)), 3)
    return Project(top, (f"sum of {names[1]}", names[2]))


def long_cells(words: int, kind: Format) -> Node:
    """A file in a deep folder, whose columns have sentences for names."""
    cells = (
        (ColumnType.STRING, Clean.NONE, ()),
        (ColumnType.INTEGER, Clean.NONE, ()),
        (ColumnType.TIMESTAMP, Clean.NONE, ()),
        (ColumnType.DOUBLE, Clean.NUMBER, ()),
        (ColumnType.DOUBLE, Clean.FIRST_NUMBER, ()),
        (ColumnType.DATE, Clean.DATE, ("%A, %B %d, %Y", "%d-%b-%y")),
    )
    read = tuple(
        ReadColumn(f"{place}. {'some words ' * words}", type, f"cell_{place}", clean, formats)
        for place, (type, clean, formats) in enumerate(cells)
    )
    table = TableProfile(
        name="t",
        uri=f"file:///data{'/folder' * words}/t.{kind}",
        format=kind,
        columns=tuple(
            ColumnProfile(
                name=c.name,
                type=c.type,
                minimum="2024-01-01T00:00:00+00:00" if c.type is ColumnType.TIMESTAMP else None,
            )
            for c in read
        ),
        bytes=10,
        sampled_rows=1,
    )
    return Scan(table, read, "place", numbered=bool(words % 4 == 1))


def long_steps(length: int) -> Node:
    """Everything that has a line of its own, with names of `length` more letters."""
    left, right = long_scan("l", length), long_scan("r", length)
    a, b, c, d = (Col(column.as_name) for column in left.columns)
    test = AllOf((Compare(CompareOp.GT, a, b), Not(OneOf(c, (Lit(1), Lit(2))))))
    difference = Arith(ArithOp.SUBTRACT, Arith(ArithOp.MULTIPLY, a, b), c)
    share = Arith(ArithOp.DIVIDE, difference, p.Case(((test, difference), (test, a)), d))
    node: Node = Derive(left, f"share{length * 'x'}", share)
    keys = tuple((left.columns[i].as_name, right.columns[i].as_name) for i in (0, 1))
    node = Join(node, right, *keys[0], more=keys[1:])
    node = Join(node, long_scan("s", length), b.name, f"s_b{length * 'x'}", p.How.SEMI)
    node = Filter(node, AnyOf((test, Compare(CompareOp.LT, difference, c))))
    order = (SortKey(c.name, True),)
    for rows in (None, 3):
        name = f"running {rows}"
        node = Window(node, name, p.WindowFunc.SUM, difference, (a.name, b.name), order, rows)
    measures = (
        Measure(Func.COUNT, None, "n", where=test),
        Measure(Func.SUM, difference, f"sum{length * 'x'}", where=test),
        Measure(Func.CORRELATION, difference, "r", other=a, where=test),
        Measure(Func.PERCENTILE, share, "p", fraction=0.25),
    )
    node = Aggregate(node, (Key(a, f"key{length * 'x'}"), Key(share, "s")), measures)
    shown = tuple(m.name for m in measures)
    other = Project(long_scan("o", length), tuple(f"o_{x}{length * 'x'}" for x in "abcd"))
    answer = SetOperation(p.SetOp.UNION, Project(node, shown), other)
    return Project(answer, shown, names=tuple(f"the {n}" for n in shown))


def long_scan(table: str, length: int) -> Scan:
    names = [f"{table}_{x}{length * 'x'}" for x in "abcd"]
    columns = tuple(ColumnProfile(name=n, type=ColumnType.INTEGER) for n in names)
    known = TableProfile(
        name=f"{table}_{'y' * (length // 2)}",
        uri=f"file:///data/{table}.csv",
        format="csv",
        columns=columns,
        bytes=10,
        sampled_rows=1,
    )
    position = f"row of {table}" if table == "l" else ""
    return Scan(known, tuple(ReadColumn(n, ColumnType.INTEGER, n) for n in names), position)
