"""The verb: several faults at once, what was tried, and texts that nobody would write."""

import string
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arclight.contracts.failure import Failure, FailureKind
from arclight.contracts.finding import Finding, Fix
from arclight.contracts.names import Framework, Severity
from services.codegen.mend import look
from services.codegen.mend.change import Case
from services.codegen.mend.mend import mend, mend_text
from services.codegen.mend.strategies import BY_FAILURE, BY_FINDING
from services.codegen.mend.tree import Edit, Tree, edited, parses
from tests.codegen.mend.mending import (
    RAY,
    SALES,
    SPARK,
    SPARK_PROGRAM,
    mended,
    new_lines,
    program,
    recorded,
    refused,
    said,
)

WRONG = '''\
"""Totals by region."""  # kept

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = (
    SparkSession.builder
    .master("yarn")  # ours
    .appName("totals")
    .getOrCreate()
)
df = spark.read.csv( 'in/sales.csv', header = True )   # as it came
big = df.filter(F.col("amount") > 1 and F.col("region") != "x")
big.groupBy("region").count().show()
'''


def finding(**more: object) -> Finding:
    given = {"code": "COL001", "severity": Severity.ERROR, "message": "No column 'x'.", **more}
    return Finding.model_validate(given)


def test_several_findings_are_mended_in_one_go_and_nothing_else_is_touched() -> None:
    found, after = refused(WRONG, SALES)

    assert found is not None
    assert not [f for f in after if f.severity is Severity.ERROR]
    expected = WRONG
    for old, new in (
        ('builder\n    .master("yarn")', "builder"),
        ("'in/sales.csv'", "'file:///data/sales.csv'"),
        ('F.col("amount") > 1 and', '(F.col("amount") > 1) &'),
        ('F.col("region") != "x")', '(F.col("region") != "x"))'),
    ):
        expected = expected.replace(old, new)
    assert found.program == expected
    assert found.reason.count(".") >= 3


def test_a_fix_of_the_validator_is_applied_as_it_is() -> None:
    text = program('x = "é"; df.select("amuont")\n')
    line = text.splitlines()[-1]
    start = line.encode().index(b'"amuont"')
    fix = Fix(line=6, column=start, end_line=6, end_column=start + 8, text='"amount"')

    found = mended(text, said("COL001", "m", 6), findings=(finding(line=6, fix=fix),))

    assert found is not None
    assert found.program == text.replace("amuont", "amount")
    assert found.reason == "'amuont' is now 'amount': No column 'x'."


@pytest.mark.parametrize(
    ("line", "column", "new"),
    [
        ('df.select("amuont")', 10, 'df.select("amount")'),
        ("df.select(df.amuont)", 10, "df.select(df.amount)"),
        ('spark.sql("select amuont from s")', 10, 'spark.sql("select amount from s")'),
    ],
)
def test_a_candidate_of_the_validator_takes_the_place_of_the_name(
    line: str, column: int, new: str
) -> None:
    text = program(f"{line}\n")
    unknown = finding(
        line=6, column=column, message="There is no column 'amuont'.", candidates=("amount",)
    )

    found = mended(text, said("COL001", "m", 6), findings=(unknown,))

    assert found is not None
    assert found.program == program(f"{new}\n")


@pytest.mark.parametrize(
    ("lines", "new"),
    [
        (
            'x = df.select(df.amuont, F.col("regon"))\nx.show()\n',
            'x = df.select(df.amount, F.col("region"))',
        ),
        (
            'df.createOrReplaceTempView("s")\n'
            "spark.sql(\"select amuont, regon from s where day = 'amuont'\").show()\n",
            "spark.sql(\"select amount, region from s where day = 'amuont'\").show()",
        ),
        (
            'other = df.groupBy("region").count()\n'
            'both = df.join(other, df.region == other.region)\nboth.select("region").show()\n',
            'both = df.join(other, "region")',
        ),
        (
            'df.alias("a").join(df.alias("b"), "region").select("amount").show()\n',
            'df.alias("a").join(df.alias("b"), "region").select("a.amount").show()',
        ),
    ],
)
def test_what_the_validator_knows_of_the_columns_is_mended_before_any_run(
    lines: str, new: str
) -> None:
    text = program(lines)

    found, after = refused(text, SALES)

    assert found is not None
    assert new_lines(text, found.program) == new
    assert not [f for f in after if f.severity is Severity.ERROR]


def test_a_warning_with_a_fix_helps_when_the_run_fails_on_its_line() -> None:
    text = program("df.nothing_like_it\n")
    fix = Fix(line=6, column=3, end_line=6, end_column=18, text="count()")
    warning = finding(line=6, fix=fix, severity=Severity.WARNING)

    found = mended(text, said("STRANGE", "m", 6), findings=(warning,))

    assert found is not None
    assert found.program.endswith("df.count()\n")


def test_a_finding_that_nobody_can_mend_does_not_keep_the_others_from_it() -> None:
    text = "import subprocess\n" + program("df.show()\n").replace(
        "builder", 'builder.master("yarn")'
    )

    found, after = refused(text, SALES)

    assert found is not None
    assert ".master(" not in found.program
    assert {f.code for f in after if f.severity is Severity.ERROR} == {"SEC002"}


def test_what_the_cage_forbids_is_never_mended() -> None:
    text = program("import subprocess\nsubprocess.run(['ls'])\n")

    assert refused(text)[0] is None
    assert mended(SPARK_PROGRAM, recorded("spark", "restricted")) is None


@pytest.mark.parametrize("case", ["column", "cast", "divide_by_zero", "path_exists", "overflow"])
def test_a_program_that_was_tried_is_never_given_again(case: str) -> None:
    failure = recorded("spark", case)
    tried: list[str] = []

    while (found := mended(SPARK_PROGRAM, failure, SALES, tried=tuple(tried))) is not None:
        assert found.program not in (SPARK_PROGRAM, *tried)
        tried.append(found.program)

    assert 1 <= len(tried) < 10


def test_edits_of_one_place_do_not_go_together() -> None:
    assert edited("abc", [Edit(0, 2, "x"), Edit(1, 3, "y")]) is None
    assert edited("abc", [Edit(1, 1, "x"), Edit(1, 2, "y"), Edit(0, 1, "")]) == "xyc"
    assert edited("é", [Edit(1, 1, "x")]) is None


def test_an_import_that_two_changes_need_is_there_once() -> None:
    edits = [Edit(0, 0, "import a\n", once=True), Edit(0, 0, "(")] * 2

    assert edited("x", edits) == "import a\n((x"


# --- whatever anybody writes -------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        *(line for text in (SPARK, RAY, SPARK_PROGRAM, WRONG) for line in text.splitlines()),
        "def f(x):",
        "    return x",
        "@ray.remote",
        "if x and not y in z < 3 < 4: pass",
        "class A: x = 1; y = 2",
        "(a := 1)",
        "x = f'{a} select é from {b!r:>{w}}' 'more'",
        "print(*a, **b)",
        "async def g(): await h()",
        "match x:",
        "    case {'a': [1, *r]}: pass",
        "lambda *a, k=1: (yield)",
        "df['a']['b'](1)(2).cast",
        "spark.sql()",
        "F.col().cast()",
        "x.write.parquet()",
        "ray.init(*a)",
        "f.remote()",
        "",
        "\\",
        "\t",
        '"""',
        "import a.b as c, d; from . import *",
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=12).map("\n".join),
    st.lists(PIECES, max_size=6).map("\r\n".join),
    st.text(max_size=80),
    st.text(alphabet=string.printable, max_size=80),
)
WORDS = st.one_of(
    st.sampled_from(["amuont", "df", "F", "spark", "ray", "a.b", "sales", "1,234"]),
    st.sampled_from(["CAST_INVALID_INPUT", "CANNOT_PARSE_TIMESTAMP", "DIVIDE_BY_ZERO"]),
    st.text(max_size=12),
)
KEYS = st.sampled_from(
    sorted(
        look.words(
            "objectName proposal name value column condition key attr_name referenceNames path "
            "relationName routineName error target_type"
        )
    )
)
FAILURES = st.builds(
    Failure,
    kind=st.sampled_from([FailureKind.CODE, FailureKind.DATA, FailureKind.RESOURCE]),
    code=st.sampled_from([*BY_FAILURE, "OTHER"]),
    message=st.one_of(
        WORDS,
        st.sampled_from(
            [
                "name 'pd' is not defined",
                "'Column' object is not callable",
                "'GroupedData' object has no attribute 'summ'",
                "csv() got an unexpected keyword argument 'heder'",
                "ObjectRef",
                "Hive metastore_db",
                "cannot import name 'x' from 'ray'",
                "no attribute 'remote'",
                "FileNotFoundError: x",
            ]
        ),
    ),
    line=st.none() | st.integers(1, 30),
    details=st.dictionaries(KEYS, WORDS, max_size=4),
)
PLACES = st.integers(1, 12)
FINDINGS = st.builds(
    Finding,
    code=st.sampled_from([*BY_FINDING, "COL001"]),
    severity=st.sampled_from(list(Severity)),
    message=st.one_of(
        WORDS, st.sampled_from(["f() is remote", "place 'x'", "table 'x'", "f.remote() is called"])
    ),
    line=PLACES,
    column=st.integers(0, 40),
    candidates=st.lists(WORDS, max_size=2).map(tuple),
    fix=st.none()
    | st.builds(
        Fix,
        line=PLACES,
        column=st.integers(0, 20),
        end_line=PLACES,
        end_column=st.integers(0, 20),
        text=st.text(max_size=8),
    ),
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    text=TEXTS,
    failure=FAILURES,
    findings=st.lists(FINDINGS, max_size=3).map(tuple),
    framework=st.sampled_from(list(Framework)),
)
def test_mending_never_raises_and_what_it_gives_parses(
    text: str, failure: Failure, findings: tuple[Finding, ...], framework: Framework
) -> None:
    tree = Tree.of(text)
    if tree is None:
        found = mend_text(text, ())
    else:
        found = mend(Case(tree, failure, (SALES,), framework, findings), ())

    if found is not None:
        assert parses(found.program)
        assert found.program != text
        assert found.reason


@pytest.mark.parametrize(
    "deep",
    [
        lambda n: "x = " + "(" * n + "1" + ")" * n,
        lambda n: "x = " + "not " * n + "y",
        lambda n: "x = a" + ".b()" * n,
        lambda n: "x = 1" + " + 1" * n,
        lambda n: "\n".join(" " * i + "if x:" for i in range(n)) + "\n" + " " * n + "pass",
    ],
)
@pytest.mark.parametrize("levels", [50, 150, 3000])
def test_no_program_is_too_deep_to_be_looked_at(deep: Callable[[int], str], levels: int) -> None:
    tree = Tree.of(deep(levels))

    if tree is not None:
        mend(Case(tree, recorded("spark", "column")), ())
