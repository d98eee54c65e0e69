"""What executors and repair make of failures that real engines were driven into for this."""

from typing import Any

import pytest

from arclight.contracts.failure import FailureKind as K
from services.codegen.planner.plan import Planned
from services.codegen.planner.repairs.anew import anew
from services.codegen.planner.repairs.diagnosis import symptom_of
from services.codegen.planner.repairs.strategies import remedies
from services.codegen.planner.repairs.symptom import (
    NoMetastore,
    OtherHeader,
    OutOfMemory,
    UnknownColumn,
)
from tests.codegen.repair.record import PROGRAMS
from tests.codegen.repair.recordings import more

SAID: dict[str, tuple[K, str, Any]] = {
    "ray_column": (K.CODE, "UNRESOLVED_COLUMN", UnknownColumn("amuont", ())),
    "ray_memory": (K.RESOURCE, "OUT_OF_MEMORY", OutOfMemory()),
    "ray_zero": (K.DATA, "DIVIDE_BY_ZERO", None),
    "spark_and": (K.CODE, "CANNOT_CONVERT_COLUMN_INTO_BOOL", None),
    "spark_header": (
        K.DATA, "HEADER_DIFFERS", OtherHeader(("name", "amount_eur"), ("name", "amount"))
    ),
    "spark_hive": (K.CODE, "ENGINE_ERROR", NoMetastore()),
    "spark_longer": (K.DATA, "HEADER_DIFFERS", None),
    "spark_memory": (K.RESOURCE, "OUT_OF_MEMORY", OutOfMemory()),
    "spark_method": (K.CODE, "ATTRIBUTE_NOT_SUPPORTED", None),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_is_told_apart(name: str, planned: Planned) -> None:
    kind, code, symptom = SAID[name]
    tried = more(name)

    assert tried.failure is not None
    assert (tried.failure.kind, tried.failure.code) == (kind, code)
    assert symptom_of(tried) == symptom
    assert "anew" in anew(planned, tried.failure).reason


@pytest.mark.parametrize("name", ["spark_hive", "spark_memory", "ray_memory"])
def test_what_may_hit_the_plan_too_changes_it(name: str, planned: Planned) -> None:
    symptom = symptom_of(more(name))
    assert symptom is not None

    [found] = remedies(planned, symptom)

    assert found.planned != planned
    assert found.planned.root == planned.root
