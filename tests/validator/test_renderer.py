"""The built-in planner's programs pass: no errors, and every scan is seen as a read."""

import re
from pathlib import Path

import pytest

from arclight.contracts.names import Framework, Severity
from services.codegen.planner.plan import Compute, Limit, Node, Planned, Task
from services.codegen.planner.render import render
from services.validator.check import Checked, check
from services.validator.context import Context, Declared
from tests.codegen.render.cases import Case
from tests.codegen.render.cases_steps import ALL
from tests.codegen.render.long_plans import everything
from tests.codegen.render.tables import Tables, write_tables

FRAMEWORKS = (Framework.SPARK, Framework.RAY)
COMPUTED = (
    Compute(Task.FIRST_PRIMES, (10,)),
    Compute(Task.PRIMES_BELOW, (100,)),
    Compute(Task.RANGE_SUM, (1, 100)),
    Compute(Task.MONTE_CARLO_PI, (1_000_000,)),
    Compute(Task.FIBONACCI, (10,)),
    Compute(Task.FACTORIAL, (20,)),
)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return Tables(write_tables(tmp_path_factory.mktemp("data")))


def program(root: Node, framework: Framework) -> str:
    return render(Planned(root, "Summary", ("An assumption",), 1.0, "Question?"), framework)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("case", ALL, ids=lambda c: c.name)
def test_a_rendered_plan_has_no_findings(case: Case, framework: Framework, tables: Tables) -> None:
    # Given a program that the renderer makes of a plan over known tables
    text = program(case.plan(tables), framework)
    used = {n: p.uri for n, p in tables.profiles.items() if Path(p.uri).name in text}
    sources = tuple(Declared(n, uri) for n, uri in used.items())

    # When it is checked against exactly the tables that it names
    checked = Checked(text, Context(framework=framework, sources=sources))

    # Then nothing is found, and each table is known to be read
    assert checked.findings == (), text
    assert set(checked.sources_read) == set(used)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("task", COMPUTED, ids=lambda c: c.task.value)
@pytest.mark.parametrize("wrapped", [False, True], ids=["plain", "limited"])
def test_a_computation_without_sources_passes(
    task: Compute, framework: Framework, wrapped: bool
) -> None:
    root: Node = Limit(task, 5) if wrapped else task
    checked = Checked(program(root, framework), Context(framework=framework, generated_data=True))
    assert [f for f in checked.findings if f.severity is Severity.ERROR] == []


def test_no_generated_program_has_an_error(tables: Tables) -> None:
    # Given the programs of all plans that the renderers are tested with, on both frameworks
    plans = everything(tables).items()
    texts = [(name, f, render(planned, f)) for name, planned in plans for f in FRAMEWORKS]
    assert len(texts) > 400

    # When each is checked against the files that its plan reads
    wrong = []
    for name, framework, text in texts:
        uris = sorted(set(re.findall(r"file:///[^\"']+", text)) | paths(tables, text))
        sources = tuple(Declared(f"t{n}", uri) for n, uri in enumerate(uris))
        context = Context(framework, sources, generated_data=not sources)
        errors = [f for f in check(text, context) if f.severity is Severity.ERROR]
        wrong += [(name, framework, errors)] if errors else []

    # Then there is no error in any
    assert wrong == []


def paths(tables: Tables, text: str) -> set[str]:
    return {p.uri for p in tables.profiles.values() if Path(p.uri).name in text}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_the_same_program_is_refused_when_its_table_is_not_declared(
    framework: Framework, tables: Tables
) -> None:
    text = program(ALL[0].plan(tables), framework)
    other = Declared("other", "file:///data/other.csv")
    found = Checked(text, Context(framework=framework, sources=(other,))).errors
    assert {f.code for f in found} == {"PRV001", "PRV002"}
