"""Failures that are told apart by more than a condition: headers, vanished files, memory."""

from pathlib import Path

import pytest

from arclight.contracts.failure import Failure, FailureKind
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash
from arclight.sandbox.limits import Limits
from arclight.sandbox.run_program import Context
from services.executor_ray.classify import classify as classify_ray
from services.executor_spark.classify import classify as classify_spark

HEADER = (
    "CSV header does not conform to the schema.\n Header: name, amount_eur\n"
    " Schema: name, amount\nExpected: amount but found: amount_eur\nCSV file: file:///x/sold.csv"
)


def crash(name: str, message: str, **more: object) -> Crash:
    return Crash.model_validate({"class": name, "message": message, **more})


def context(*declared: str) -> Context:
    return Context("", Limits(), declared, Path("/nowhere"))


def spark(found: Crash) -> Failure | None:
    return classify_spark(found, context())


def test_spark_names_the_columns_of_another_header() -> None:
    java = [{"class": "java.lang.IllegalArgumentException", "message": HEADER}]
    failed = crash(
        "SparkException", "[FAILED_READ_FILE.NO_HINT] …", condition="FAILED_READ_FILE", java=java
    )

    failure = spark(failed)

    assert failure is not None
    assert (failure.kind, failure.code) == (FailureKind.DATA, "HEADER_DIFFERS")
    assert failure.details == {"expected": ["name", "amount"], "header": ["name", "amount_eur"]}
    assert "it has name, amount_eur, not name, amount" in failure.message


def test_spark_says_that_a_header_has_another_length() -> None:
    said = (
        "Number of column in CSV header is not equal to number of fields in the schema:\n"
        " Header length: 8, schema size: 7\nCSV file: file:///x/sold.csv"
    )
    java = [{"class": "java.lang.IllegalArgumentException", "message": said}]

    failure = spark(crash("SparkException", "…", java=java))

    assert failure is not None
    assert (failure.code, failure.details) == ("HEADER_DIFFERS", {})


def test_a_numbered_condition_of_spark_is_no_code() -> None:
    failure = spark(crash("AnalysisException", "It failed.", condition="_LEGACY_ERROR_TEMP_3065"))

    assert failure is not None
    assert failure.code == "ENGINE_ERROR"
    assert failure.details["condition"] == "_LEGACY_ERROR_TEMP_3065"


def test_arrow_names_a_column_that_the_csv_file_does_not_have() -> None:
    said = "Column 'amount' in include_columns does not exist in CSV file"

    failure = classify_ray(crash("RayTaskError(ArrowKeyError)", said), context())

    assert failure is not None
    assert (failure.kind, failure.code) == (FailureKind.CODE, "UNRESOLVED_COLUMN")
    assert failure.details == {"objectName": "amount", "proposal": ""}
    assert failure.message == "There is no column 'amount' in the file."


def test_arrow_divides_by_zero_like_python() -> None:
    failure = classify_ray(crash("RayTaskError(ArrowInvalid)", "divide by zero"), context())

    assert failure is not None
    assert (failure.kind, failure.code) == (FailureKind.DATA, "DIVIDE_BY_ZERO")


def test_a_declared_file_that_vanished_is_not_the_program_s_fault_on_ray(tmp_path: Path) -> None:
    gone, there = tmp_path / "gone.csv", tmp_path / "there.csv"
    there.write_text("a\n1\n")
    declared = context(gone.as_uri(), there.as_uri())

    def read(path: Path) -> Failure | None:
        return classify_ray(crash("FileNotFoundError", str(path)), declared)

    failure = read(gone)
    assert failure is not None
    assert (failure.kind, failure.code) == (FailureKind.REQUEST, "SOURCE_MISSING")
    assert read(there) is None
    assert read(tmp_path / "other.csv") is None


@pytest.mark.parametrize(
    "failed",
    [
        crash("MemoryError", ""),
        crash("_ArrayMemoryError", "Unable to allocate 7 TiB", mro=["MemoryError"]),
        crash("RayTaskError(MemoryError)", "…", mro=["RayTaskError", "MemoryError"]),
    ],
    ids=lambda c: c.name,
)
def test_memory_that_python_cannot_get_is_a_matter_of_resources(failed: Crash) -> None:
    failure = failures.python_failure(failed, Limits())

    assert (failure.kind, failure.code) == (FailureKind.RESOURCE, "OUT_OF_MEMORY")
