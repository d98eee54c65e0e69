"""What a failure says about the data, the plan or the run, from its fields or else its words.

The words are those of pyspark 4.3 and pyarrow 26; the tests in `tests/codegen/repair` hold them
against recordings of the engines, and run programs into them.
"""

import re

from arclight.contracts.failure import Failure
from services.codegen.generator import Tried
from services.codegen.planner.repairs.said_of_columns import (
    ambiguous,
    found_by_validator,
    other_header,
    unknown,
)
from services.codegen.planner.repairs.said_of_values import bad_value
from services.codegen.planner.repairs.symptom import (
    BrokenRecord,
    NoMetastore,
    OutOfMemory,
    Overflow,
    Symptom,
)

_OVERFLOW = re.compile(r"ARITHMETIC_OVERFLOW|CAST_OVERFLOW|ArrowInvalid: overflow|\boverflow\b")
_BROKEN = re.compile(
    r"MALFORMED_CSV_RECORD|CSV parse error: .*?Expected \d+ columns, got \d+", re.S
)
_MEMORY_CODES = frozenset({"OUT_OF_MEMORY", "WORKER_DIED"})
_MEMORY = re.compile(
    r"java\.lang\.OutOfMemoryError|UNABLE_TO_ACQUIRE_MEMORY|SparkOutOfMemoryError"
    r"|Not enough memory to build and broadcast|Cannot broadcast the table"
    r"|is bigger than spark\.driver\.maxResultSize|ObjectStoreFullError"
)
_METASTORE = re.compile(
    r"HiveMetaStoreClient|\bmetastore_db\b|ERROR XBM0H|ERROR XSDB6|ERROR XJ040"
    r"|Unable to open a test connection|not permitted for a read-only connection"
)


def symptom_of(tried: Tried) -> Symptom | None:
    """What the failure of an attempt points at; None when it points at nothing known."""
    failure = tried.failure
    if failure is None:
        return None
    said = f"{failure.traceback}\n\n{failure.message}"
    return (
        _of_the_run(failure, said)
        or found_by_validator(tried)
        or ambiguous(failure.code, failure.details, said)
        or other_header(failure.details, said)
        or unknown(failure.details, said)
        or _of_the_data(tried, failure, said)
    )


def _of_the_run(failure: Failure, said: str) -> Symptom | None:
    if failure.code in _MEMORY_CODES or _MEMORY.search(said):
        return OutOfMemory()
    return NoMetastore() if _METASTORE.search(said) else None


def _of_the_data(tried: Tried, failure: Failure, said: str) -> Symptom | None:
    if _BROKEN.search(said):
        return BrokenRecord()
    if found := bad_value(tried, said):
        return found
    if failure.code.startswith("MALFORMED"):
        return BrokenRecord()
    if "OVERFLOW" in failure.code or _OVERFLOW.search(said):
        return Overflow(product="try_multiply" in said or "multiply_checked" in said)
    return None
