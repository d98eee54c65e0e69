"""Follow-ups: what they make of the question before, and the answers of whole sessions."""

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arclight.contracts.failure import StepFailed
from arclight.contracts.names import Framework
from services.codegen.generator import Ask
from services.codegen.planner.edits import First, HowMany, Order, Share, change, edit_of
from services.codegen.planner.followup import merge, thread_of
from services.codegen.planner.followup_shapes import without_lead
from services.codegen.planner.plan import Compute, Planned, Task
from services.codegen.planner.planner import Planner, plan
from tests.codegen.planner_language.folders import by_hand, of_plan, plain, profiles, same

_RAW = tomllib.loads((Path(__file__).parent / "followups.toml").read_text("utf-8"))
_BIRDS = profiles("birdstrikes")


def continued(asks: list[str], db: str, tables: tuple[str, ...] = ()) -> Planned:
    *before, now = asks
    return plan(
        Ask(
            prompt=now,
            tables=profiles(db, tables),
            framework=Framework.SPARK,
            before=tuple(before),
        )
    )


@pytest.mark.parametrize("case", _RAW["merge"], ids=lambda c: f"{c['before']} + {c['now']}")
def test_a_follow_up_changes_the_question(case: dict[str, str]) -> None:
    assert merge(case["before"], case["now"], _BIRDS) == case.get("question")


@pytest.mark.parametrize("case", _RAW["answer"], ids=lambda c: " + ".join(c["asks"]))
def test_the_answer_of_a_session_is_the_one_by_hand(case: dict[str, Any]) -> None:
    planned = continued(case["asks"], case["db"], tuple(case.get("tables", ())))

    found, expected = of_plan(case["db"], planned.root), by_hand(case["db"], case["sql"])
    assert same(found, expected), f"{found[:3]}, not {expected[:3]}: {planned.assumptions}"
    if case.get("ordered"):
        values = [[plain(v) for v in row] for row in found]
        assert values == [[plain(v) for v in row] for row in expected]
    says = any(a.startswith("continued from: ") for a in planned.assumptions)
    assert says is not case.get("alone", False)


@pytest.mark.parametrize(
    ("said", "edit"),
    [
        ("sort by the second column", Order(2)),
        ("sort it by cost descending", Order("cost", descending=True)),
        ("sorted by the last column, ascending", Order(-1, descending=False)),
        ("in descending order", Order(-1, descending=True)),
        ("lowest first", Order(-1, descending=False)),
        ("top 5 only", First(5)),
        ("show only the top three", First(3)),
        ("limit it to 10 rows", First(10)),
        ("the last 2", First(2, last=True)),
        ("as a percentage of the total", Share()),
        ("now in percent, please", Share()),
        ("show it as a share of the total", Share()),
        ("how many are there?", HowMany()),
        ("count them", HowMany()),
        ("top 5 states", None),
        ("sort out the missing values", None),
        ("how many strikes are there", None),
        ("percentage of strikes at night", None),
    ],
)
def test_an_edit_of_the_answer_is_told_from_a_question(said: str, edit: object) -> None:
    assert edit_of(without_lead(said).core) == edit


def test_a_later_order_replaces_the_one_before() -> None:
    thread = thread_of(["strikes by state", "sort by the first column", "highest first"])

    assert thread.question == "strikes by state"
    assert thread.edits == (Order(-1, descending=True),)


def test_a_new_question_forgets_what_was_before() -> None:
    new = "average speed for small birds by phase of flight"
    thread = thread_of(["number of strikes by state", "as a percentage", new])

    assert (thread.question, thread.edits) == (new, ())


def test_a_column_that_the_answer_lacks_leaves_it_as_it_is_and_says_so() -> None:
    asks = ["total repair cost by wildlife size", "sort by the fifth column"]

    planned = continued(asks, "birdstrikes")

    assert any(a.startswith("left out: the order by column 5") for a in planned.assumptions)


def test_an_edit_does_not_fit_every_answer() -> None:
    primes = Planned(Compute(Task.FIRST_PRIMES, (5,)), "five primes", (), 0.97)

    for edit in (Order(1), First(2), Share(), HowMany()):
        root = change(primes, edit)[0].root
        assert root is primes.root


def test_a_refused_follow_up_says_how_it_was_read() -> None:
    asks = ["number of strikes by state", "now by zwurbelgrad"]

    with pytest.raises(StepFailed) as refused:
        continued(asks, "birdstrikes")

    assert "number of strikes by zwurbelgrad" in refused.value.failure.message
    read = refused.value.failure.details["read_as"]
    assert read == "number of strikes by zwurbelgrad"


@pytest.mark.parametrize("engine", [Framework.SPARK, Framework.RAY])
def test_the_program_of_a_follow_up_begins_with_what_was_asked(engine: Framework) -> None:
    ask = Ask(
        prompt="as a percentage",
        tables=_BIRDS,
        framework=engine,
        before=("total repair cost by wildlife size", "top 2 only"),
    )

    draft = Planner().generate(ask)

    compile(draft.program, "program.py", "exec")
    first = draft.program.splitlines()[0]
    assert first.startswith('"""as a percentage (continued from: total repair cost')
    assert draft == Planner().generate(ask)


@pytest.mark.parametrize("word", ["only ", "now ", "by x ", "not ", "top 5 ", "as a "])
def test_a_long_prompt_is_no_follow_up_and_takes_no_time(word: str) -> None:
    long = word * 6000

    began = time.process_time()
    thread = thread_of([long, "now by month", long], _BIRDS)

    assert (thread.question, thread.edits) == (long, ())
    assert time.process_time() - began < 1.0


_PIECES = (
    *("now", "only", "by", "and", "for", "2001", "Texas", "the same", "instead", "also"),
    *("top 5", "as a percentage", "sort", "what about", "without", "month", "average"),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.lists(st.sampled_from(_PIECES)).map(" ".join), st.text()), max_size=5))
def test_any_conversation_comes_to_a_question(prompts: list[str]) -> None:
    thread = thread_of(prompts, _BIRDS)

    assert thread == thread_of(prompts, _BIRDS)
    assert bool(thread.question.strip()) or not any(p.strip() for p in prompts[-1:])
