"""Whether a reading may be answered: what it left out, and what no one can have meant."""

from typing import TYPE_CHECKING

from services.codegen.planner.language import lost, unfit
from services.codegen.planner.language.left import Left, Loss

if TYPE_CHECKING:
    from services.codegen.planner.language.choose import Reading


def losses(reading: "Reading") -> list[Loss]:
    """All that was left out, each word once, what is grave first."""
    left = Left(reading)
    found = [loss for check in (*lost.CHECKS, *unfit.CHECKS) for loss in check(left)]
    out: list[Loss] = []
    for loss in sorted(found, key=lambda x: (not x.grave, not x.doubtful)):
        met = {w for x in out for w in x.words}
        if not loss.words or not met.issuperset(loss.words):
            out.append(loss)
    return out


def said(loss: Loss) -> str:
    """The assumption in words."""
    return f"left out {named(loss)}: {loss.why}" if loss.words else loss.why


def named(loss: Loss) -> str:
    """The words, each in quotes."""
    return ", ".join(f"'{w}'" for w in loss.words)
