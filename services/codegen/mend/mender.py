"""The mender behind codegen's port: it repairs what a person brought, and invents nothing."""

from collections.abc import Sequence

from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.job import MENDED, Plan
from services.codegen.generator import Ask, Draft, Tried
from services.codegen.mend.change import Case
from services.codegen.mend.mend import Mended, mend, mend_text
from services.codegen.mend.tree import Tree


class Mender:
    """Deterministic, local, in a fraction of a second. Implements Repairer."""

    name = MENDED

    def repair(self, ask: Ask, tried: Sequence[Tried]) -> Draft:
        """The last program, mended. Raises StepFailed when it knows no cure for the failure."""
        last = tried[-1]
        mended = _mended(ask, last, {t.program for t in tried})
        if mended is None:
            raise StepFailed(_unknown(last.failure))
        return Draft(
            program=mended.program,
            framework=ask.framework,
            plan=Plan(
                summary="The program that was brought, mended.", assumptions=mended.assumptions
            ),
            reason=mended.reason,
        )


def _mended(ask: Ask, last: Tried, programs: set[str]) -> Mended | None:
    if last.failure is None:
        return None
    tree = Tree.of(last.program)
    if tree is None:
        return mend_text(last.program, programs)
    case = Case(
        tree=tree,
        failure=last.failure,
        tables=ask.tables,
        framework=ask.framework,
        findings=last.findings,
    )
    return mend(case, programs)


def _unknown(failure: Failure | None) -> Failure:
    said = f" for {failure.code}" if failure is not None else ""
    return Failure(
        kind=failure.kind if failure is not None else FailureKind.CODE,
        code="NOT_MENDED",
        message=f"No small change is known{said} that was not tried, so the program is as it was"
        " brought last.",
        hint="Change the program where the failure points, and submit it again.",
    )
