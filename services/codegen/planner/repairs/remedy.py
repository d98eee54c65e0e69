"""A changed plan and its reason."""

import dataclasses
from dataclasses import dataclass

from services.codegen.planner import plan as p


@dataclass(frozen=True)
class Remedy:
    """A changed plan. The reason stands in the attempt, the assumption in the program too."""

    planned: p.Planned
    reason: str


def remedy(planned: p.Planned, root: p.Node, reason: str, assumption: str = "") -> Remedy:
    """The plan with another root, and with what it now takes for granted."""
    said = assumption and assumption not in planned.assumptions
    assumptions = (*planned.assumptions, assumption) if said else planned.assumptions
    return Remedy(dataclasses.replace(planned, root=root, assumptions=assumptions), reason)
