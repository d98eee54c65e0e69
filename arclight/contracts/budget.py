"""How much may be spent, and the one pure decision after a failure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from pydantic import Field

from arclight.contracts.base import Frozen
from arclight.contracts.failure import COSTS_AN_ATTEMPT, Failure, FailureKind, Payer
from arclight.contracts.names import Platform

MAX_LOSSES = 3
"""Lost workers per step; the third says that the step itself kills them."""


class Budget(Frozen):
    """What one job may spend."""

    max_attempts: int = Field(
        default=5, ge=1, le=10, description="Programs. Most repairs that help come in two rounds."
    )
    wall: timedelta = Field(
        default=timedelta(minutes=15),
        gt=timedelta(0),
        le=timedelta(hours=24),
        description="From submit to the end of the job, without the wait for an approval.",
    )
    review: timedelta = Field(
        default=timedelta(days=7),
        gt=timedelta(0),
        le=timedelta(days=30),
        description="How long a program waits for a person's approval in mode `review`.",
    )


@dataclass(frozen=True)
class Spent:
    """What the job has used when the failure arrives."""

    attempts: int
    """Attempts made, the failing one included."""
    losses: int = 0
    """Workers lost on this step, this loss not included."""
    throttles: int = 0
    """Throttled runs of this step so far."""
    fingerprints: Collection[str] = ()
    """Fingerprints of the failures of earlier attempts."""


@dataclass(frozen=True)
class Repair:
    """Back to codegen with the failure."""

    why: str = field(default="", compare=False)
    payer: ClassVar = Payer.BUDGET


@dataclass(frozen=True)
class Redeliver:
    """The same step again, as a new run."""

    after: timedelta
    why: str = field(default="", compare=False)
    payer: ClassVar = Payer.PLATFORM


@dataclass(frozen=True)
class Promote:
    """The same program on a larger platform."""

    platform: Platform
    why: str = field(default="", compare=False)
    payer: ClassVar = Payer.PLATFORM


@dataclass(frozen=True)
class Fail:
    """The end of the job."""

    failure: Failure
    why: str = field(default="", compare=False)

    @property
    def payer(self) -> Payer:
        if self.failure.kind in COSTS_AN_ATTEMPT | {FailureKind.RESOURCE}:
            return Payer.BUDGET
        return Payer.PLATFORM if self.failure.kind is FailureKind.CRASHED else Payer.REQUEST


Decision = Repair | Redeliver | Promote | Fail


def decide(
    failure: Failure, budget: Budget, spent: Spent, *, larger: Platform | None = None
) -> Decision:
    """What happens after `failure`; `larger` is the next bigger platform, if there is one."""
    match failure.kind:
        case FailureKind.THROTTLED:
            delay = failure.retry_after or backoff(spent.throttles)
            return Redeliver(delay, f"It was told to slow down: again in {_seconds(delay)}.")
        case FailureKind.INFRASTRUCTURE:
            return _after_loss(failure, spent)
        case FailureKind.RESOURCE if larger is not None:
            return Promote(larger, f"Too large for here: the same program on {larger}.")
        case FailureKind.RESOURCE:
            return _repair_or_fail(failure, budget, spent)
        case kind if kind in COSTS_AN_ATTEMPT:
            return _repair_or_fail(failure, budget, spent)
        case _:
            return Fail(failure, _ENDS.get(failure.kind, "Another attempt cannot help."))


_ENDS = {
    FailureKind.REQUEST: "Another attempt cannot help: the request must change.",
    FailureKind.CANCELLED: "Somebody stopped the job.",
    FailureKind.TIMEOUT: "The job's time is up.",
    FailureKind.CRASHED: "The step loses every worker that takes it.",
}


def _seconds(delay: timedelta) -> str:
    return f"{delay.total_seconds():g} s"


def backoff(tries: int) -> timedelta:
    """1, 2, 4 … 60 seconds: short enough to be unnoticed once, long enough not to hammer."""
    return timedelta(seconds=min(60, 2**tries))


def _after_loss(failure: Failure, spent: Spent) -> Decision:
    if spent.losses + 1 < MAX_LOSSES:
        delay = timedelta(0) if spent.losses == 0 else backoff(spent.losses)
        loss = f"loss {spent.losses + 1} of {MAX_LOSSES} that end a job"
        return Redeliver(delay, f"The platform's fault ({loss}): the same step starts again.")
    crashed = failure.model_copy(
        update={
            "kind": FailureKind.CRASHED,
            "code": "STEP_CRASHED",
            "message": f"This step lost its worker {MAX_LOSSES} times. Last: {failure.message}",
            "hint": "Look at the logs of the worker that is named; then retry the job.",
        }
    )
    return Fail(crashed, f"{MAX_LOSSES} losses of the same step end a job.")


def _repair_or_fail(failure: Failure, budget: Budget, spent: Spent) -> Decision:
    if failure.fingerprint in spent.fingerprints:
        return _stop(failure, "An earlier attempt failed in the same way")
    if failure.kind is FailureKind.POLICY and spent.attempts > 1:
        return _stop(failure, "The sandbox was violated again")
    if spent.attempts >= budget.max_attempts:
        return _stop(failure, f"All {budget.max_attempts} attempts are used")
    left = budget.max_attempts - spent.attempts
    return Repair(f"A changed program may help: {left} of {budget.max_attempts} attempts are left.")


def _stop(failure: Failure, why: str) -> Fail:
    details = {**failure.details, "stopped_because": why}
    return Fail(failure.model_copy(update={"details": details}), f"{why}.")
