"""Programs that kept their answer to themselves."""

import pytest

from arclight.contracts.names import Framework
from arclight.sandbox import failures
from tests.codegen.mend.mending import RAY, cured, mended, program

NOTHING = failures.no_answer()
PARSER = [
    "import argparse",
    "",
    "parser = argparse.ArgumentParser()",
    'parser.add_argument("--output", default="output")',
    "output = parser.parse_args().output",
]


def added(text: str, **more: object) -> list[str]:
    """The lines that the mended program has more; blank ones left out."""
    lines = cured(text, NOTHING, **more).splitlines()  # type: ignore[arg-type]
    return [line for line in lines if line not in PARSER]


def test_the_last_frame_is_written() -> None:
    text = program('a = df.filter("amount > 1")\nb = a.groupBy("region").count()\nn = b.count()\n')

    found = mended(text, NOTHING)

    assert found is not None
    assert [line for line in PARSER if line not in found.program.splitlines()] == []
    assert found.program.splitlines()[-1] == 'b.write.mode("overwrite").parquet(output)'
    assert "b, is written" in found.reason


def test_the_last_line_of_a_notebook_is_the_frame() -> None:
    text = program('df.groupBy("region").count()\n')

    assert added(text) == ['df.groupBy("region").count().write.mode("overwrite").parquet(output)']


def test_it_is_written_before_the_session_stops() -> None:
    text = program("a = df.distinct()\nspark.stop()\n")

    found = mended(text, NOTHING)

    assert found is not None
    assert found.program.splitlines()[-2:] == [
        'a.write.mode("overwrite").parquet(output)',
        "spark.stop()",
    ]


def test_within_a_function_it_is_written_there() -> None:
    text = program(
        """
        def main():
            a = spark.range(3)
            return a

        main()
        """
    )

    assert added(text) == ['    a.write.mode("overwrite").parquet(output)']


def test_the_program_s_own_arguments_are_used() -> None:
    text = program(
        "import argparse\np = argparse.ArgumentParser()\n"
        'p.add_argument("--output")\nargs = p.parse_args()\na = df.distinct()\n'
    )

    assert cured(text, NOTHING) == 'a.write.mode("overwrite").parquet(args.output)'


def test_they_get_the_option_that_they_lack() -> None:
    text = program(
        "import argparse\np = argparse.ArgumentParser()\nargs = p.parse_args()\na = df.distinct()\n"
    )

    assert cured(text, NOTHING).splitlines() == [
        'p.add_argument("--output", default="output")',
        'a.write.mode("overwrite").parquet(args.output)',
    ]


@pytest.mark.parametrize(
    ("line", "new"),
    [
        (
            'df.write.mode("overwrite").parquet("/tmp/result")',
            'df.write.mode("overwrite").parquet(output)',
        ),
        ('df.write.save("result")', "df.write.save(output)"),
    ],
)
def test_an_answer_that_went_elsewhere_goes_to_the_folder(line: str, new: str) -> None:
    assert added(program(f"{line}\n")) == [new]


def test_a_dataset_of_ray_is_written_its_way() -> None:
    text = program("d = ray.data.range(3)\nm = d.map(lambda r: r)\n", RAY)

    assert added(text, framework=Framework.RAY) == ["m.write_parquet(output)"]


@pytest.mark.parametrize(
    ("line", "new"),
    [("total = sum(ray.get(refs))", "print(total)"), ("total", "print(total)")],
)
def test_another_value_of_ray_is_printed(line: str, new: str) -> None:
    text = program(f"total = 1\n{line}\n", RAY)

    assert added(text, framework=Framework.RAY) == [new]


def test_what_is_no_frame_is_not_written() -> None:
    text = program("import math\nx = math.sqrt(2)\n", "from pyspark.sql import SparkSession\n")

    assert mended(text, NOTHING) is None
