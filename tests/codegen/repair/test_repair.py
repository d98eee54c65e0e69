"""The repair as a whole: what it keeps, what it never does twice, and how it ends."""

from collections.abc import Callable
from pathlib import Path

import pytest

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.finding import Finding
from arclight.contracts.names import Framework, Severity
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.planner.plan import Node, Planned
from services.codegen.planner.repair import repair
from services.codegen.planner.repairs.strategies import remedies
from services.codegen.planner.repairs.symptom import BadValue
from tests.codegen.render.tables import profile
from tests.codegen.repair.plans import scan, total


def sold(tmp_path: Path) -> Node:
    path = tmp_path / "sold.csv"
    path.write_text("shop,amount\na,1\n")
    return total(scan(profile(path), "shop", "amount"), "shop", "amount")


def again(root: Node, *messages: str) -> Draft:
    """The repair after each message in turn."""
    ask = Ask(prompt="q", tables=(), framework=Framework.SPARK)
    planner: Callable[[Ask], Planned] = lambda _: Planned(root, "s", (), 1.0)  # noqa: E731
    tried: list[Tried] = []
    for message in messages:
        draft = repair(ask, tried, planner)
        failure = Failure(kind=FailureKind.DATA, code="BAD", message=message)
        tried.append(Tried(program=draft.program, failure=failure))
    return repair(ask, tried, planner)


BAD = "The value '{}' in column 'amount' cannot be read as a bigint."


def test_each_repair_keeps_the_ones_before(tmp_path: Path) -> None:
    draft = again(sold(tmp_path), BAD.format("n/a"), BAD.format("7.5"))
    assert 'to_number(F.col("amount"), "double")' in draft.program
    assert len(draft.plan.assumptions) == 2


def test_no_program_is_given_twice(tmp_path: Path) -> None:
    with pytest.raises(StepFailed) as failed:
        again(sold(tmp_path), BAD.format("n/a"), BAD.format("7.5"), BAD.format("zzz"))
    assert failed.value.failure.code == "NO_FURTHER_REPAIR"
    assert failed.value.failure.kind is FailureKind.DATA
    assert "zzz" in failed.value.failure.message
    assert failed.value.failure.hint


def test_a_rejected_program_of_the_planner_ends_cleanly(tmp_path: Path) -> None:
    ask = Ask(prompt="q", tables=(), framework=Framework.RAY)
    root = sold(tmp_path)
    first = repair(ask, [], lambda _: Planned(root, "s", (), 1.0))
    failure = Failure(kind=FailureKind.REJECTED, code="SEC001", message="It imports socket.")
    finding = Finding(code="SEC001", severity=Severity.ERROR, message="It imports socket.")
    tried = [Tried(program=first.program, failure=failure, findings=(finding,))]
    with pytest.raises(StepFailed) as failed:
        repair(ask, tried, lambda _: Planned(root, "s", (), 1.0))
    assert failed.value.failure.kind is FailureKind.REJECTED
    assert failed.value.failure.code == "NO_FURTHER_REPAIR"


def test_the_program_of_another_generator_is_replaced_by_the_plan(tmp_path: Path) -> None:
    ask = Ask(prompt="q", tables=(), framework=Framework.AUTO)
    failure = Failure(kind=FailureKind.DATA, code="DIVIDE_BY_ZERO", message="A division by zero.")
    tried = [Tried(program="from pyspark.sql import functions as F\n1 / 0\n", failure=failure)]
    draft = repair(ask, tried, lambda _: Planned(sold(tmp_path), "s", (), 1.0))
    assert draft.framework is Framework.SPARK
    assert "anew" in draft.reason


def test_the_offending_column_alone_is_tried_after_all_suspects(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("shop,a,b\nx,1,2\n")
    root = total(scan(profile(path), "shop", "a", "b"), "shop", "a", "b")
    planned = Planned(root, "s", (), 1.0)
    reasons = [r.reason for r in remedies(planned, BadValue("n/a"))]
    assert "'a' and 'b'" in reasons[0]
    assert len(reasons) == 3
