"""`decide`, as data: what happened, what was spent, what follows."""

from datetime import timedelta

import pytest

from arclight.contracts.budget import (
    Budget,
    Decision,
    Fail,
    Promote,
    Redeliver,
    Repair,
    Spent,
    backoff,
    decide,
)
from arclight.contracts.failure import FailureKind, Payer
from arclight.contracts.names import Platform
from tests.jobs import failure

BUDGET = Budget(max_attempts=5)


@pytest.mark.parametrize(
    ("kind", "spent", "expected"),
    [
        (FailureKind.CODE, Spent(attempts=1), Repair),
        (FailureKind.REJECTED, Spent(attempts=4), Repair),
        (FailureKind.DATA, Spent(attempts=5), Fail),
        (FailureKind.RESOURCE, Spent(attempts=1), Repair),
        (FailureKind.POLICY, Spent(attempts=1), Repair),
        (FailureKind.POLICY, Spent(attempts=2), Fail),
        (FailureKind.THROTTLED, Spent(attempts=5, throttles=9), Redeliver),
        (FailureKind.INFRASTRUCTURE, Spent(attempts=5, losses=0), Redeliver),
        (FailureKind.INFRASTRUCTURE, Spent(attempts=1, losses=1), Redeliver),
        (FailureKind.INFRASTRUCTURE, Spent(attempts=1, losses=2), Fail),
        (FailureKind.REQUEST, Spent(attempts=1), Fail),
        (FailureKind.TIMEOUT, Spent(attempts=1), Fail),
        (FailureKind.CANCELLED, Spent(attempts=1), Fail),
        (FailureKind.CRASHED, Spent(attempts=1), Fail),
    ],
)
def test_who_pays(kind: FailureKind, spent: Spent, expected: type[Decision]) -> None:
    assert isinstance(decide(failure(kind), BUDGET, spent), expected)


def test_the_third_loss_is_a_crash() -> None:
    decision = decide(failure(FailureKind.INFRASTRUCTURE), BUDGET, Spent(attempts=1, losses=2))

    assert isinstance(decision, Fail)
    assert decision.failure.kind is FailureKind.CRASHED


def test_a_throttle_names_its_own_delay() -> None:
    said = failure(FailureKind.THROTTLED, retry_after=timedelta(seconds=7))

    assert decide(said, BUDGET, Spent(attempts=1)) == Redeliver(timedelta(seconds=7))


def test_the_same_failure_twice_stops_the_repair() -> None:
    said = failure(details={"column": "amount"})
    spent = Spent(attempts=2, fingerprints={said.fingerprint})

    decision = decide(said, BUDGET, spent)

    assert isinstance(decision, Fail)
    assert "same way" in str(decision.failure.details["stopped_because"])


def test_a_moved_line_is_still_the_same_failure() -> None:
    assert failure(line=3).fingerprint == failure(line=9).fingerprint
    assert failure(details={"v": 1}).fingerprint != failure(details={"v": 2}).fingerprint


def test_the_first_lack_of_resources_is_promoted_where_there_is_a_larger_platform() -> None:
    decision = decide(
        failure(FailureKind.RESOURCE), BUDGET, Spent(attempts=5), larger=Platform.LOCAL
    )

    assert decision == Promote(Platform.LOCAL)


def test_backoff_rises_to_a_minute() -> None:
    assert [backoff(n).total_seconds() for n in (0, 1, 5, 6, 50)] == [1, 2, 32, 60, 60]


@pytest.mark.parametrize(
    ("kind", "payer", "why"),
    [
        (FailureKind.CODE, Payer.BUDGET, "4 of 5 attempts are left"),
        (FailureKind.THROTTLED, Payer.PLATFORM, "again in 1 s"),
        (FailureKind.INFRASTRUCTURE, Payer.PLATFORM, "loss 1 of 3"),
        (FailureKind.REQUEST, Payer.REQUEST, "the request must change"),
        (FailureKind.CRASHED, Payer.PLATFORM, "loses every worker"),
    ],
)
def test_a_decision_says_who_pays_and_why(kind: FailureKind, payer: Payer, why: str) -> None:
    decision = decide(failure(kind), BUDGET, Spent(attempts=1))

    assert decision.payer is payer
    assert why in decision.why
