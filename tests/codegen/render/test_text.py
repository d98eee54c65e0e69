"""The text of programs: formatted, plain, and about nothing but the question."""

import ast
import csv
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from arclight.contracts.names import Framework
from services.codegen.planner import plan as p
from services.codegen.planner.outline import outline
from services.codegen.planner.plan import (
    Aggregate,
    Arith,
    ArithOp,
    Col,
    Compare,
    CompareOp,
    Compute,
    Derive,
    Filter,
    Func,
    Join,
    Key,
    Lit,
    Measure,
    Node,
    Planned,
    Project,
    ReadColumn,
    Scan,
    Sort,
    SortKey,
    Task,
    Window,
)
from services.codegen.planner.render import render
from tests.codegen.render.cases_steps import ALL
from tests.codegen.render.conftest import ROOT, Engine
from tests.codegen.render.long_plans import everything
from tests.codegen.render.tables import Tables, profile, write_tables
from tests.codegen.render.test_answers import rows_in

FRAMEWORKS = (Framework.SPARK, Framework.RAY)
FORBIDDEN = (
    *("sparkContext", ".rdd", "_jvm", "master(", ".config(", "ansi", "timeZone", "udf"),
    *("password", "secret", "os.environ", "address=", "num_cpus", "collect()", "toPandas"),
)
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return Tables(write_tables(tmp_path_factory.mktemp("text")))


def ruff(*arguments: str, cwd: Path) -> str:
    command = [sys.executable, "-m", "ruff", *arguments, "--config", str(ROOT / "pyproject.toml")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)
    return "" if done.returncode == 0 else done.stdout[-3000:] + done.stderr[-1000:]


def test_every_program_is_formatted_and_clean(tables: Tables, tmp_path: Path) -> None:
    # Given every plan of the suite as a program on both frameworks
    for number, (planned, framework) in enumerate(product(everything(tables).values(), FRAMEWORKS)):
        text = render(planned, framework)
        compile(text, "program.py", "exec")
        (tmp_path / f"program_{number}.py").write_text(text)
    # When ruff looks at them, Then it finds nothing to change
    assert ruff("format", "--diff", ".", cwd=tmp_path) == ""
    assert ruff("check", "--output-format", "concise", ".", cwd=tmp_path) == ""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_same_plan_gives_the_same_program(tables: Tables, framework: Framework) -> None:
    first, second = (everything(tables) for _ in range(2))
    for name, planned in first.items():
        assert render(planned, framework) == render(second[name], framework)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_no_session_limits_or_credentials(tables: Tables, framework: Framework) -> None:
    for planned in everything(tables).values():
        text = render(planned, framework)
        assert [word for word in FORBIDDEN if word in text] == []
        assert 'add_argument("--output", default="arclight-output"' in text


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_only_the_plans_tables_are_read(tables: Tables, framework: Framework) -> None:
    for planned in everything(tables).values():
        tree = ast.parse(render(planned, framework))
        texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
        uris = {t for t in texts if isinstance(t, str) and t.startswith("file://")}
        declared = {step["uri"] for step in outline(planned).steps if "uri" in step}
        assert uris == declared


@pytest.mark.parametrize("framework", FRAMEWORKS)
@given(question=st.text(max_size=300), assumption=st.text(max_size=120), name=st.text(min_size=1))
@settings(max_examples=60, deadline=None)
def test_any_prompt_and_any_name_stay_text(
    question: str, assumption: str, name: str, framework: Framework
) -> None:
    column = ColumnProfile(name=name, type=ColumnType.STRING)
    table = TableProfile(
        name=name, uri="file:///t.csv", format="csv", columns=(column,), bytes=1, sampled_rows=1
    )
    scan = Scan(table, (ReadColumn(name, ColumnType.STRING, name),))
    root = Filter(scan, Compare(CompareOp.EQ, Col(name), Lit(question)))
    text = render(Planned(root, question, (assumption,), 1.0, question), framework)
    tree = ast.parse(text)
    assert isinstance(tree.body[0], ast.Expr)
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    assert name in texts or f"`{name.replace('`', '``')}`" in texts
    assert question in texts


def test_odd_column_names(tmp_path: Path, engine: tuple[str, Engine]) -> None:
    # Given columns whose names hold everything that engines and Python quote
    names = ["a.b", 'say "x"', "it's", "g`h", "i, j {k}=(l);", "größe %", "a\\b", "class", "F"]
    path = tmp_path / "class.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([names, [*range(len(names))], [*range(len(names))]])
    table = profile(path)
    scan = Scan(table, tuple(ReadColumn(n, ColumnType.INTEGER, n) for n in names))
    keys = tuple(Key(Col(n), n) for n in names[:5])
    measures = tuple(Measure(Func.SUM, Col(n), f"{n} total") for n in names)
    root = Sort(
        Aggregate(Filter(scan, Compare(CompareOp.GE, Col("a.b"), Lit(0))), keys, measures),
        tuple(SortKey(n) for n in names[:5]),
    )
    # When the program runs
    framework, runner = engine
    answer = runner.run(render(Planned(root, "odd", (), 1.0), Framework(framework)))
    # Then every column kept its name and its values
    assert answer.column_names == [*names[:5], *(f"{n} total" for n in names)]
    assert rows_in(answer) == [(0, 1, 2, 3, 4, *(2 * i for i in range(len(names))))]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_program_as_people_see_it(framework: Framework) -> None:
    birdstrikes = profile(ROOT / "examples" / "data" / "birdstrikes.csv").model_copy(
        update={"uri": "file:///data/birdstrikes.csv"}
    )
    columns = ("Wildlife Size", "Cost Repair")
    known = {c.name: c.type for c in birdstrikes.columns}
    scan = Scan(birdstrikes, tuple(ReadColumn(c, known[c], c) for c in columns))
    measure = Measure(Func.SUM, Col("Cost Repair"), "total Cost Repair")
    root = Sort(
        Aggregate(scan, (Key(Col("Wildlife Size"), "Wildlife Size"),), (measure,)),
        (SortKey("total Cost Repair", True),),
    )
    planned = Planned(
        root,
        "Sum of Cost Repair by Wildlife Size, largest first.",
        ("read 'repair cost' as the column 'Cost Repair'",),
        0.97,
        "total repair cost by wildlife size",
    )
    golden = GOLDEN / f"birdstrikes_{framework}.py.txt"
    assert render(planned, framework) == golden.read_text()


def many_steps(tables: Tables) -> Node:
    """The two best regions of each city, by revenue."""
    places = {
        name: table.model_copy(update={"uri": f"file:///data/{name}.csv"})
        for name, table in tables.profiles.items()
    }
    known = Tables(places)
    orders = known.scan("orders", "customer", "region", "quantity", "unit_price", "discount")
    node: Node = Filter(orders, Compare(CompareOp.GT, Col("quantity"), Lit(0)))
    customers = known.scan("customers", "customer id", "city")
    node = Join(node, customers, "customer", "customer id")
    revenue = Arith(ArithOp.MULTIPLY, Col("quantity"), Col("unit_price"))
    large = Compare(CompareOp.GE, Col("quantity"), Lit(4))
    measures = (
        Measure(Func.SUM, revenue, "revenue"),
        Measure(Func.COUNT, None, "large orders", where=large),
    )
    node = Aggregate(node, tuple(Key(Col(n), n) for n in ("city", "region")), measures)
    best = (SortKey("revenue", True),)
    node = Window(node, "place", p.WindowFunc.ROW_NUMBER, None, ("city",), best)
    node = Window(node, "city revenue", p.WindowFunc.SUM, Col("revenue"), ("city",))
    node = Filter(node, Compare(CompareOp.LE, Col("place"), Lit(2)))
    share = Arith(ArithOp.DIVIDE, Col("revenue"), Col("city revenue"))
    node = Derive(node, "share", share)
    node = Sort(node, (SortKey("city"), SortKey("place")))
    columns = ("city", "region", "revenue", "share", "large orders")
    return Project(node, columns, names=("City", "Region", "Revenue", "Share", "Large orders"))


def test_a_program_of_many_steps(tables: Tables) -> None:
    summary = "The two regions with the most revenue in each city, with their share."
    planned = Planned(many_steps(tables), summary, (), 0.9, "best two regions by city")
    golden = GOLDEN / "many_steps_spark.py.txt"
    assert render(planned, Framework.SPARK) == golden.read_text()


def test_only_a_small_side_of_a_join_is_broadcast(tables: Tables) -> None:
    case = next(c for c in ALL if c.name == "inner join")
    small = tables.profiles
    large = {n: t.model_copy(update={"bytes": 10**9}) for n, t in small.items()}
    for profiles, side in (
        (small, "orders.join(\n        F.broadcast(customers),"),
        ({**small, "customers": large["customers"]}, "F.broadcast(orders).join("),
        (large, "orders.join("),
    ):
        root = case.plan(Tables(profiles))
        text = render(Planned(root, "s", (), 1.0), Framework.SPARK)
        assert side.replace("\n        ", "") in text.replace("\n        ", "")
        assert text.count("F.broadcast(") == side.count("F.broadcast(")


def test_a_scan_may_stand_twice_in_a_plan(tables: Tables) -> None:
    case = next(c for c in ALL if c.name.startswith("more than the mean"))
    text = render(Planned(case.plan(tables), "s", (), 1.0), Framework.SPARK)
    assert "joined = orders.crossJoin(totals)" in text
    assert text.count("spark.read.csv(") == 2


def test_the_framework_is_chosen_before() -> None:
    planned = Planned(Compute(Task.FACTORIAL, (3,)), "s", (), 1.0)
    with pytest.raises(ValueError, match="choose spark or ray"):
        render(planned, Framework.AUTO)


def test_the_outline_names_steps_and_sources(tables: Tables) -> None:
    plan = outline(Planned(next(c for c in ALL if c.name == "left join").plan(tables), "s", (), 1))
    assert [s["step"] for s in plan.steps] == ["scan", "scan", "join", "project", "sort"]
    assert plan.sources == ("orders", "customers")
    assert plan.steps[2] == {
        "step": "join",
        "left_key": "customer",
        "right_key": "customer id",
        "how": "left",
        "more": [],
    }
