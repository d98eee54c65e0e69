"""Faults of a program that the plan does not have: the plan's own program is the repair."""

from collections.abc import Iterator, Mapping

from arclight.contracts.failure import Failure
from services.codegen.planner import plan as p
from services.codegen.planner.render.normal import children, expressions
from services.codegen.planner.repairs.remedy import Remedy, remedy

ANEW = "Written anew from the plan of the question"

_WHY: Mapping[str, str] = {
    "PATH_NOT_FOUND": "which reads the declared sources by their addresses",
    "FILE_NOT_FOUND_ERROR": "which reads the declared sources by their addresses",
    "TABLE_OR_VIEW_NOT_FOUND": "which reads the declared sources by their addresses",
    "UNRESOLVED_COLUMN": "which names the columns that the data has",
    "KEY_ERROR": "which names the columns that the data has",
    "AMBIGUOUS_REFERENCE": "in which every column has a name of its own",
    "AMBIGUOUS_COLUMN_REFERENCE": "in which every column has a name of its own",
    "DATATYPE_MISMATCH": "in which every column has its type before it is used",
    "CANNOT_CONVERT_COLUMN_INTO_BOOL": "in which conditions are joined by & and |",
    "NO_ANSWER": "which writes its answer into the folder that --output names",
    "PATH_ALREADY_EXISTS": "which writes its answer into the folder that --output names",
    "WORKER_DIED": "whose tasks work on one block of rows at a time",
    "RUN_TIMEOUT": "which leaves all that it can to the engine",
}
_GROUPED = ("MISSING_GROUP_BY", "MISSING_AGGREGATION", "UNRESOLVED_COLUMN_IN_GROUP_BY")


def anew(planned: p.Planned, failure: Failure | None) -> Remedy:
    """The plan as it is, with the reason why its program does not have the fault."""
    if failure is None:
        return Remedy(planned, f"{ANEW}.")
    if failure.code == "DIVIDE_BY_ZERO":
        return _without_zero(planned)
    said = failure.message.rstrip(".")
    why = _WHY.get(failure.code, "")
    if failure.code in _GROUPED:
        why = _groups(planned)
    return Remedy(planned, f"{said}. {ANEW}{f', {why}' if why else ''}.")


def _without_zero(planned: p.Planned) -> Remedy:
    divides = any(
        isinstance(e, p.Arith) and e.op is p.ArithOp.DIVIDE for e in expressions(planned.root)
    )
    return remedy(
        planned,
        planned.root,
        f"A number was divided by zero. {ANEW}, in which such a quotient is missing.",
        "a quotient whose divisor is 0 is missing" if divides else "",
    )


def _groups(planned: p.Planned) -> str:
    names = [f"'{key.name}'" for node in _nodes(planned.root) for key in _keys(node)]
    return f"which groups by {' and '.join(names)}" if names else "which has no groups"


def _keys(node: p.Node) -> tuple[p.Key, ...]:
    return node.keys if isinstance(node, p.Aggregate) else ()


def _nodes(node: p.Node) -> Iterator[p.Node]:
    yield node
    for child in children(node):
        yield from _nodes(child)
