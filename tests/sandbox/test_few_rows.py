"""Which failures count: real exceptions of plain programs, and failures of engines."""

from textwrap import dedent

import pytest

from arclight.contracts.failure import Failure, FailureKind
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash
from arclight.sandbox.few_rows import may_be_few_rows
from arclight.sandbox.inside.describe import describe
from arclight.sandbox.limits import Limits

OF_FEW_ROWS = {
    "an index into no rows": "rows = []\nrows[0]",
    "an index behind few rows": "rows = [(1,)]\nrows[3][0]",
    "the largest of nothing": "max([])",
    "the smallest of nothing": "min(r for r in ())",
    "a mean of nothing": "import statistics\nstatistics.mean([])",
    "a share of nothing": "total = 0\nprint(1 / total)",
    "first() of nothing": "first = None\nfirst[0]",
    "an attribute of no row": "first = None\nfirst.total",
    "arithmetic with no value": "total = None\ntotal + 1",
    "a comparison with no value": "total = None\ntotal > 1",
    "a loop over no value": "for row in None: pass",
    "the next of nothing": "next(iter([]))",
    "unpacking nothing": "a, b = []",
    "reducing nothing": "import functools\nfunctools.reduce(max, [])",
    "a whole number of no number": "int(float('nan'))",
    "a number of nothing": "float(None)",
    "an array of nothing": "import numpy\nnumpy.array([]).max()",
    "frames of nothing": "import pandas\npandas.concat([])",
    "a group that is not there": "totals = {k: 1 for k in 'ab'}\ntotals['West']",
    "a group by a computed name": "totals = dict(a=1)\nkey = 'West'\ntotals[key]",
    "what a loop would have bound": "for row in []:\n    last = row\nprint(last)",
    "a local that a loop would have bound": """
        def main():
            while False:
                last = 1
            return last
        main()""",
    "a check of its own": "rows = []\nassert rows, 'no rows'",
    "an error of its own": "rows = []\nif not rows:\n    raise ValueError('no rows for 2019')",
    "an end of its own": "import sys\nsys.exit('nothing to do')",
    "its own words for nothing": """
        try:
            [][0]
        except IndexError as error:
            raise RuntimeError('no answer') from error""",
}
OF_THE_PROGRAM = {
    "a name that is nowhere": "print(totl)",
    "a name of a loop, misspelt": "for row in [1]:\n    print(rwo)",
    "a module that is not there": "import pyspark.sql.funktions",
    "a name that a module lacks": "from json import laods",
    "a function that a module lacks": "import math\nmath.sqroot(4)",
    "a method that a value lacks": "'a'.uppper()",
    "a wrong number of arguments": "len(1, 2)",
    "a wrong keyword": "sorted([], revers=True)",
    "a wrong type": "'a' + 1",
    "a call of what is no function": "x = 1\nx()",
    "a cell of a row, misspelt": "rows = [{'amount': 1}]\nfor row in rows:\n    row['amuont']",
    "a column of a frame": "import pandas\npandas.DataFrame({'a': [1]})['b']",
    "a frame for a truth": """
        import pandas
        if pandas.DataFrame({'a': [1]}):
            pass""",
    "a cell that a row cannot have": "row = (1, 2)\nrow[5]",
    "a cell that is no number": "int('n/a')",
    "the value of what returns none": "rows = [3, 1]\nrows = rows.sort()\nrows[0]",
    "a chain behind what returns none": "[3, 1].sort().reverse()",
    "a syntax error": "def main(:",
    "a file that is not there": "open('/data/none.csv')",
    "a check that cannot be made": "row = {}\nassert {'a': 1}.keys() and row.nope",
    "an error that it only passes on": """
        try:
            print(totl)
        except NameError as error:
            raise RuntimeError('failed') from error""",
    "too many cells": "a, b = (1, 2, 3)",
}


def crash_of(program: str) -> Crash:
    """What the cage would report of the program's end."""
    try:
        exec(compile(program, "program.py", "exec"), {"__name__": "__main__"})
    except Exception as error:  # noqa: BLE001
        return Crash.model_validate(describe(error, "program.py"))
    raise AssertionError("the program ended well")


def judged(program: str) -> bool:
    if "sys.exit" in program:
        exited = Failure(kind=FailureKind.CODE, code="PROGRAM_EXITED", message="It ended itself.")
        return may_be_few_rows(exited, None, program)
    crash = crash_of(program)
    return may_be_few_rows(failures.python_failure(crash, Limits()), crash, program)


@pytest.mark.parametrize("name", OF_FEW_ROWS)
def test_what_few_rows_may_cause_does_not_count(name: str) -> None:
    assert judged(dedent(OF_FEW_ROWS[name]))


@pytest.mark.parametrize("name", OF_THE_PROGRAM)
def test_what_no_rows_can_mend_counts(name: str) -> None:
    assert not judged(dedent(OF_THE_PROGRAM[name]))


@pytest.mark.parametrize(
    ("kind", "code", "details", "few"),
    [
        (FailureKind.DATA, "DIVIDE_BY_ZERO", {"condition": "DIVIDE_BY_ZERO"}, True),
        (FailureKind.DATA, "INVALID_ARRAY_INDEX", {"condition": "INVALID_ARRAY_INDEX"}, True),
        (FailureKind.DATA, "BAD_VALUE", {"value": "n/a", "condition": "CAST_INVALID_INPUT"}, False),
        (FailureKind.DATA, "BAD_VALUE", {"value": ""}, True),
        (FailureKind.DATA, "FAILED_READ_FILE", {"condition": "FAILED_READ_FILE"}, False),
        (FailureKind.CODE, "UNRESOLVED_COLUMN", {"condition": "UNRESOLVED_COLUMN"}, False),
        (FailureKind.CODE, "UNRESOLVED_COLUMN", {"objectName": "x", "proposal": "a, b"}, False),
        # Ray says so of a table that lost all its rows.
        (FailureKind.CODE, "UNRESOLVED_COLUMN", {"objectName": "x", "proposal": ""}, True),
        (FailureKind.POLICY, "FORBIDDEN_FEATURE", {}, False),
    ],
)
def test_failures_of_engines(
    kind: FailureKind, code: str, details: dict[str, str], few: bool
) -> None:
    failure = Failure(kind=kind, code=code, message="It failed.", details=dict(details))
    crash = Crash.model_validate({"class": "AnalysisException", "line": 1})

    assert may_be_few_rows(failure, crash, "df.collect()") is few


def test_arrow_s_column_without_values() -> None:
    said = "Function 'sum' has no kernel matching input types (null)"
    crash = Crash.model_validate({"class": "ArrowNotImplementedError", "message": said, "line": 1})

    assert may_be_few_rows(failures.python_failure(crash, Limits()), crash, "pc.sum(column)")


@pytest.mark.parametrize(
    ("raised", "line", "few"),
    [
        (["AssertionError"], 2, True),
        (["AssertionError", "UserCodeException"], 2, True),
        (["NameError", "RuntimeError"], 4, False),
        (["IndexError", "RuntimeError"], 4, True),
        (["KeyError"], 5, True),
        (["KeyError"], 6, False),
    ],
)
def test_what_a_worker_reports(raised: list[str], line: int, few: bool) -> None:
    """As Ray hands it on: the first exception in front, the program's line beside them."""
    program = dedent("""\
        totals = {}
        assert rows, "no rows"

        raise RuntimeError("failed") from error
        totals["West"]
        row["West"]
    """)
    errors = [{"class": name, "message": "'West'"} for name in raised]
    crash = Crash.model_validate(
        {
            "class": "RayTaskError(X)",
            "causes": [{"class": raised[-1], "message": "'West'"}],
            "remote": [{"line": line}],
            "remote_errors": errors,
        }
    )

    failure = failures.python_failure(crash, Limits())

    assert may_be_few_rows(failure, crash, program) is few
