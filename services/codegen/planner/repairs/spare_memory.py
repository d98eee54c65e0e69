"""Out of memory: smaller pieces, and no side of a join in one piece."""

import dataclasses
from collections.abc import Iterator

from services.codegen.planner.plan import Compute, Planned
from services.codegen.planner.repairs.remedy import Remedy


def spare_memory(planned: Planned) -> Iterator[Remedy]:
    """The same plan, written for little memory. There is no second step: then the machine is
    too small, and a larger platform is the answer."""
    if planned.sparing or isinstance(planned.root, Compute):
        return
    yield Remedy(
        dataclasses.replace(planned, sparing=True),
        "The run needed too much memory, so the work is cut into smaller parts, and no side of a "
        "join is sent whole to every task where the engine can do without.",
    )
