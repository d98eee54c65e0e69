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
from services.codegen.planner.outline import outline
from services.codegen.planner.plan import (
    Aggregate,
    Col,
    Compare,
    CompareOp,
    Compute,
    Filter,
    Func,
    Key,
    Limit,
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
)
from services.codegen.planner.render import render
from tests.codegen.render.cases import CASES
from tests.codegen.render.conftest import ROOT, Engine
from tests.codegen.render.tables import Tables, profile, write_tables
from tests.codegen.render.test_answers import TASKS, rows_in

FRAMEWORKS = (Framework.SPARK, Framework.RAY)
FORBIDDEN = (
    *("sparkContext", ".rdd", "_jvm", "master(", ".config(", "ansi", "timeZone", "udf"),
    *("password", "secret", "os.environ", "address=", "num_cpus", "collect()", "toPandas"),
)
GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return Tables(write_tables(tmp_path_factory.mktemp("text")))


def everything(tables: Tables) -> dict[str, Planned]:
    """All plans of the suite, and some with names that make lines long."""
    roots: dict[str, Node] = {case.name: case.plan(tables) for case in CASES}
    roots |= {f"{task} {args}": Compute(task, args) for task, args, _ in TASKS}
    roots |= {"digits": Compute(Task.FACTORIAL, (2000,)), "pi": Compute(Task.MONTE_CARLO_PI, (9,))}
    roots |= {f"long {n}": long_names(n) for n in range(1, 60, 2)}
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


def test_the_framework_is_chosen_before() -> None:
    planned = Planned(Compute(Task.FACTORIAL, (3,)), "s", (), 1.0)
    with pytest.raises(ValueError, match="choose spark or ray"):
        render(planned, Framework.AUTO)


def test_the_outline_names_steps_and_sources(tables: Tables) -> None:
    plan = outline(
        Planned(next(c for c in CASES if c.name == "left join").plan(tables), "s", (), 1)
    )
    assert [s["step"] for s in plan.steps] == ["scan", "scan", "join", "project", "sort"]
    assert plan.sources == ("orders", "customers")
    assert plan.steps[2] == {
        "step": "join",
        "left_key": "customer",
        "right_key": "customer id",
        "how": "left",
    }
