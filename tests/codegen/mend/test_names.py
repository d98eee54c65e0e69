"""Names and modules that were not imported, or are spelt otherwise."""

import pytest

from arclight.contracts.failure import Failure
from arclight.contracts.names import Framework
from tests.codegen.mend.mending import RAY, SALES, cured, mended, program, recorded, refused, said

BARE = "df = make()\n"


def unknown(name: str, line: int | None = None) -> Failure:
    """As Spark's program was recorded with a name of nothing."""
    failure = recorded("spark", "python_name", line=line, name=name)
    return failure.model_copy(update={"message": f"NameError: name {name!r} is not defined"})


@pytest.mark.parametrize(
    ("line", "name", "added"),
    [
        ('df.select(F.col("a"))', "F", "from pyspark.sql import functions as F"),
        ("T.IntegerType()", "T", "from pyspark.sql import types as T"),
        ("x = SparkSession.builder", "SparkSession", "from pyspark.sql import SparkSession"),
        ("Window.partitionBy()", "Window", "from pyspark.sql import Window"),
        ("x = pd.DataFrame()", "pd", "import pandas as pd"),
        ("x = np.zeros(3)", "np", "import numpy as np"),
        ("x = pq.read_table(p)", "pq", "import pyarrow.parquet as pq"),
        ("x = json.dumps(1)", "json", "import json"),
        ("x = datetime.now()", "datetime", "from datetime import datetime"),
        ("x = datetime.date(2026, 1, 1)", "datetime", "import datetime"),
        ("x = timedelta(days=1)", "timedelta", "from datetime import timedelta"),
        ('df.select(col("a"))', "col", "from pyspark.sql.functions import col"),
        ("x = IntegerType()", "IntegerType", "from pyspark.sql.types import IntegerType"),
    ],
)
def test_what_programs_call_a_module_is_imported(line: str, name: str, added: str) -> None:
    text = f"{BARE}{line}\n"

    assert cured(text, unknown(name, 2)) == added


def test_an_import_of_the_same_module_is_extended() -> None:
    text = 'from pyspark.sql.functions import lit\n\ndf.select(col("a"), lit(1))\n'

    lines = cured(text, unknown("col", 3))

    assert lines == "from pyspark.sql.functions import lit, col"


def test_an_import_stands_below_those_that_are_there() -> None:
    text = '"""What it does."""\n\n# ours\nimport os\nimport re  # patterns\n\nx = pd.NA\n'

    found = mended(text, unknown("pd", 7))

    assert found is not None
    assert found.program == text.replace("# patterns\n", "# patterns\nimport pandas as pd\n")


@pytest.mark.parametrize(("name", "new"), [("true", "True"), ("false", "False"), ("null", "None")])
def test_words_of_other_languages_are_python_s(name: str, new: str) -> None:
    text = program(f"x = df.option(header={name})\n")

    assert cured(text, unknown(name, 6)) == f"x = df.option(header={new})"


def test_a_misspelt_variable_is_the_one_that_there_is() -> None:
    text = program("sales = df.distinct()\nsale.show()\nprint(sale.sale)\n")

    lines = cured(text, unknown("sale", 7))

    assert lines == "sales.show()\nprint(sales.sale)"


def test_a_name_with_another_number_is_another_thing() -> None:
    assert mended(program("df2.show()\n"), unknown("df2", 6)) is None


def test_a_name_of_nothing_is_left_alone() -> None:
    assert mended(program("undefined_name\n"), recorded("spark", "python_name", line=6)) is None


def test_ray_workers_say_it_as_text() -> None:
    text = program("@ray.remote\ndef f():\n    return np.zeros(3)\n", RAY)
    failure = recorded("ray", "task_name", line=6)
    failure = failure.model_copy(update={"message": "NameError: name 'np' is not defined"})

    assert cured(text, failure, framework=Framework.RAY) == "import numpy as np"


def test_a_session_that_nobody_made_is_made() -> None:
    text = 'from pyspark.sql import functions as F\n\ndf = spark.table("x")\n'

    assert cured(text, unknown("spark", 3)).splitlines() == [
        "from pyspark.sql import SparkSession",
        'spark = SparkSession.builder.appName("program").getOrCreate()',
    ]


@pytest.mark.parametrize(
    ("line", "name", "new"),
    [
        (
            "from pyspark.sql import function as F",
            "cannot import name 'function' from 'pyspark.sql' (/x/pyspark/sql/__init__.py)",
            None,
        ),
        (
            "from pyspark.sql.functions import coll, lit",
            "cannot import name 'coll' from 'pyspark.sql.functions' (/x/functions.py)",
            "from pyspark.sql.functions import col, lit",
        ),
        (
            "from pyspark.sql import SparkSesion",
            "cannot import name 'SparkSesion' from 'pyspark.sql' (/x/__init__.py)",
            "from pyspark.sql import SparkSession",
        ),
    ],
)
def test_a_misspelt_import_is_what_the_module_offers(line: str, name: str, new: str | None) -> None:
    found = mended(f"{line}\n", said("IMPORT_ERROR", f"ImportError: {name}", 1))

    assert (found.program if found else None) == (f"{new}\n" if new else None)


@pytest.mark.parametrize(
    ("line", "module", "new"),
    [
        ("import panda as pd", "panda", "import pandas as pd"),
        (
            "from pyspark.sql.function import col",
            "pyspark.sql.function",
            "from pyspark.sql.functions import col",
        ),
    ],
)
def test_a_misspelt_module_is_the_one_that_there_is(line: str, module: str, new: str) -> None:
    message = f"ModuleNotFoundError: No module named '{module}'"

    assert cured(f"{line}\n", said("MODULE_NOT_FOUND_ERROR", message, 1)) == new


def test_findspark_is_left_out_before_the_run() -> None:
    text = "import findspark\nfindspark.init()\n" + program("df.show()\n")

    found, after = refused(text, SALES)

    assert found is not None
    assert found.program == program("df.show()\n")
    assert not [f for f in after if f.code.startswith("SEC")]
