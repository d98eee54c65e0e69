"""Explanations of any program: never an error, never without end, never more than is known."""

import ast
import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arclight.contracts.names import Framework
from services.validator.analysis.facts import Facts
from services.validator.analysis.program import Program
from services.validator.context import Context, Declared
from services.validator.explain.explain import MAX_SENTENCES, explain
from tests.codegen.render.cases import Case
from tests.codegen.render.cases_steps import ALL
from tests.codegen.render.tables import Tables, write_tables
from tests.validator.corpus_files import Entry, entries
from tests.validator.explain.told import SPARK, told
from tests.validator.test_renderer import FRAMEWORKS, program


def explained(text: str) -> tuple[str, ...]:
    return explain(Facts(Program.of(text)), Context())


@pytest.mark.parametrize("entry", entries("good"), ids=lambda e: e.name)
def test_every_good_program_of_the_corpus_is_told(entry: Entry) -> None:
    sentences = explained(entry.text)
    assert sentences
    assert all(s[0].isupper() and s.endswith(".") for s in sentences)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return Tables(write_tables(tmp_path_factory.mktemp("data")))


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("case", ALL, ids=lambda c: c.name)
def test_a_rendered_plan_is_told_from_its_reads_to_its_answer(
    case: Case, framework: Framework, tables: Tables
) -> None:
    text = program(case.plan(tables), framework)
    used = {n: p.uri for n, p in tables.profiles.items() if Path(p.uri).name in text}

    sentences = told(text, [Declared(n, uri) for n, uri in used.items()], framework)

    whole = "\n".join(sentences)
    assert all(f"Read {name} (" in whole for name in used), whole
    assert "cannot be seen" not in whole
    assert "only the run knows" not in whole
    assert any(s.startswith("Write ") and "to the output folder" in s for s in sentences), whole


def test_a_program_of_which_nothing_can_be_followed_says_so() -> None:
    program = SPARK.replace("orders = spark", "later = lambda: spark")
    assert told(program) == [
        "What this program does with what it reads cannot be seen from its text."
    ]


def test_a_long_program_is_cut_and_says_so() -> None:
    sentences = explained(SPARK + "orders.limit(1)\norders.limit(2)\n" * 40)
    assert len(sentences) == MAX_SENTENCES + 1
    assert sentences[-1] == "There are 41 more steps after this."


def test_the_same_step_right_after_itself_is_told_once() -> None:
    assert len(explained(SPARK + "orders.limit(1)\n" * 9)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "df = df.filter(df)\ndf.join(df).show()\n",
        "def f(x):\n    return f(f(x))\nf(1)\n",
        "a, b = b, a\na.join(b)\n",
        "import pandas as pd\nx = pd.read_csv('a')\nx = x[x]\nx[x[x]] = x\n",
        "x = [x for x in x]\nx.limit(1)\n",
        "class A:\n    def f(self): return self.f()\nA().f()\n",
        "spark.sql()\nspark.sql('')\nspark.table()\nspark.table(1).join()\n",
        "import pandas as pd\npd.merge()\npd.merge(*a)\npd.concat([])\npd.concat(x)\n",
        "match x:\n    case [a, *b]:\n        a.limit(1)\nawait x\n",
    ],
)
def test_a_program_that_goes_in_circles_is_told_without_an_error(text: str) -> None:
    explained(text)


def test_every_method_without_arguments_is_no_error() -> None:
    from services.validator.explain.methods import APPLIES, BRINGS, GOES_THROUGH, TELLS, VIEWS

    for name in sorted(TELLS.keys() | APPLIES | BRINGS | GOES_THROUGH | VIEWS):
        for arguments in ("", "None", "*rest", "**more", "'a', 'b', 'c', 'd', 'e'", "x, y, z"):
            explained(
                f"{SPARK}orders.{name}({arguments})\norders.groupBy('a').{name}({arguments})\n"
            )


def test_a_program_that_is_as_deep_as_the_check_allows_is_told_in_time() -> None:
    deep = "(" * 90 + "F.col('a')" + " + 1)" * 90
    chain = "orders" + ".limit(1)" * 100
    start = time.perf_counter()
    explained(f"{SPARK}orders.filter({deep})\n{chain}\n")
    assert time.perf_counter() - start < 2


@given(st.integers(min_value=0, max_value=2**32))
def test_programs_put_together_by_chance_are_told_without_an_error(seed: int) -> None:
    explained(_shuffled(random.Random(seed)))


def _statements(text: str) -> list[str]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return []
    return [ast.unparse(s) for s in ast.walk(tree) if isinstance(s, ast.stmt)]


_STATEMENTS = [
    statement
    for entry in [*entries("good"), *entries("bad")]
    for statement in _statements(entry.text)
]


def _shuffled(chance: random.Random) -> str:
    """Statements of the corpus in any order and nesting."""
    lines: list[str] = [
        "import ray",
        "import pandas as pd",
        "from pyspark.sql import functions as F",
    ]
    for _ in range(chance.randint(1, 25)):
        statement = chance.choice(_STATEMENTS)
        head = chance.choice(["", "", "if x:", "for x in y:", f"def f{chance.randint(0, 3)}(x):"])
        lines += [head, *(f"    {line}" for line in statement.split("\n"))] if head else [statement]
    try:
        ast.parse("\n".join(lines))
    except SyntaxError:
        return ""
    return "\n".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        "orders = orders.join(orders, 'a')",
        "x = spark.read.csv('s3://data/orders.csv')",
        "x = spark.sql('select a from b where c > 1')",
    ],
)
def test_a_program_as_long_as_the_check_allows_is_told_in_time(line: str) -> None:
    facts = Facts(Program.of(f"{SPARK}{line}\n" + f"{line}\n" * 3000))
    assert facts.reads.found
    start = time.perf_counter()
    explain(facts, Context())
    assert time.perf_counter() - start < 2
