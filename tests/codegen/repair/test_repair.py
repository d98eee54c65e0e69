"""The repair as a whole: what it keeps, what it never does twice, and how it ends."""

from collections.abc import Callable
from pathlib import Path

import pytest

from arclight.catalog.profile import ColumnType
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.finding import Finding
from arclight.contracts.names import Framework, Severity
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.planner.plan import Clean, Node, Planned, ReadColumn, Scan
from services.codegen.planner.render.normal import scans
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


# --- programs that are not the plan's own -------------------------------------------------------

FOREIGN = "from pyspark.sql import functions as F\nF.col('shop').cast('int')\n"


def after(root: Node, *failures: tuple[str, Failure]) -> Draft:
    """The repair after these programs and their failures."""
    ask = Ask(prompt="q", tables=(), framework=Framework.SPARK)
    tried = [Tried(program=program, failure=failure) for program, failure in failures]
    return repair(ask, tried, lambda _: Planned(root, "s", (), 1.0))


def own(root: Node) -> str:
    """The plan's own program."""
    ask = Ask(prompt="q", tables=(), framework=Framework.SPARK)
    return repair(ask, [], lambda _: Planned(root, "s", (), 1.0)).program


def data(message: str, code: str = "BAD_VALUE", **details: str) -> Failure:
    return Failure(kind=FailureKind.DATA, code=code, message=message, details={**details})


def test_the_fault_of_another_program_does_not_change_the_plan(tmp_path: Path) -> None:
    root = sold(tmp_path)
    wrong = data("The value 'a' in column 'shop' cannot be read as INT.", value="a", column="shop")

    draft = after(root, (FOREIGN, wrong))

    assert draft.program == own(root)


def test_a_bad_cell_of_a_column_that_the_plan_reads_is_learned_from_another_program(
    tmp_path: Path,
) -> None:
    bad = data(BAD.format("n/a"), value="n/a", column="amount")

    draft = after(sold(tmp_path), (FOREIGN, bad))

    assert "to_number(" in draft.program


def test_memory_that_another_program_used_up_is_spared_at_once(tmp_path: Path) -> None:
    full = Failure(kind=FailureKind.RESOURCE, code="OUT_OF_MEMORY", message="Too much memory.")

    draft = after(sold(tmp_path), (FOREIGN, full))

    assert "autoBroadcastJoinThreshold" in draft.program


# --- the schema read again ----------------------------------------------------------------------


def test_the_plan_begins_from_the_schema_that_was_read_again(tmp_path: Path) -> None:
    old, new = (tmp_path / f"{name}.csv" for name in ("old", "new"))
    old.write_text("shop,amount\na,1\n")
    new.write_text("shop,amount_eur\na,1\n")
    first, again = profile(old), profile(new)
    ask = Ask(prompt="q", tables=(again,), first=(first,), framework=Framework.SPARK)

    def plan(asked: Ask) -> Planned:
        [known] = asked.tables
        column = known.columns[1].name
        return Planned(total(scan(known, "shop", column), "shop", column), "s", (), 1.0)

    known = repair(ask.model_copy(update={"tables": (first,), "first": ()}), [], plan)
    gone = Failure(kind=FailureKind.CODE, code="UNRESOLVED_COLUMN", message="No such column.")

    draft = repair(ask, [Tried(program=known.program, failure=gone)], plan)

    assert "amount_eur" in draft.program
    assert "read again" in draft.reason


def test_a_question_that_the_new_schema_cannot_answer_falls_back_on_the_old_plan(
    tmp_path: Path,
) -> None:
    root = sold(tmp_path)
    [table] = (s.table for s in scans(root))
    ask = Ask(prompt="q", tables=(), first=(table,), framework=Framework.SPARK)

    def plan(asked: Ask) -> Planned:
        if not asked.tables:
            raise StepFailed(Failure(kind=FailureKind.REQUEST, code="NO", message="No."))
        return Planned(root, "s", (), 1.0)

    bad = data(BAD.format("n/a"), value="n/a", column="amount")

    draft = repair(ask, [Tried(program=own(root), failure=bad)], plan)

    assert "to_number(" in draft.program


def test_a_bad_cell_of_a_file_with_another_shape_is_not_taken_for_a_cell(tmp_path: Path) -> None:
    path = tmp_path / "sold.csv"
    path.write_text("shop,amount\na,1\n")
    first = profile(path)
    again = first.model_copy(update={"multiline": True})
    ask = Ask(prompt="q", tables=(again,), first=(first,), framework=Framework.SPARK)

    def plan(asked: Ask) -> Planned:
        [known] = asked.tables
        return Planned(total(scan(known, "shop", "amount"), "shop", "amount"), "s", (), 1.0)

    before = repair(ask.model_copy(update={"tables": (first,), "first": ()}), [], plan)
    bad = data(BAD.format("-"), value="-", column="amount")

    draft = repair(ask, [Tried(program=before.program, failure=bad)], plan)

    assert "multiLine=True" in draft.program
    assert "to_number(" not in draft.program


def test_columns_that_turn_out_to_be_text_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "sold.csv"
    path.write_text("shop,amount\na,1\n")
    first = profile(path)
    path.write_text("shop,amount\na,1\nb,n/a\n")
    again = profile(path)
    ask = Ask(prompt="q", tables=(again,), first=(first,), framework=Framework.SPARK)

    def plan(asked: Ask) -> Planned:
        [known] = asked.tables
        amount = known.columns[1]
        clean = Clean.NONE if amount.type is ColumnType.INTEGER else Clean.NUMBER
        shop = scan(known, "shop").columns
        read = (*shop, ReadColumn("amount", ColumnType.INTEGER, "amount", clean))
        return Planned(total(Scan(known, read), "shop", "amount"), "s", (), 1.0)

    wrong = Failure(kind=FailureKind.CODE, code="NAME_ERROR", message="NameError: x")
    tried = [Tried(program=text, failure=wrong) for text in ("x", "y")]

    draft = repair(ask, tried, plan)

    assert 'report(sold, "amount", to_number(F.col("amount"), "bigint"))' in draft.program
