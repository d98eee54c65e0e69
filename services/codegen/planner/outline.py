"""A plan as the job's record keeps it: words, and steps as data."""

import dataclasses
from datetime import date
from enum import Enum

from pydantic import JsonValue

from arclight.contracts.job import Plan
from services.codegen.planner.plan import Node, Planned, Scan
from services.codegen.planner.render.normal import children, scans


def outline(planned: Planned) -> Plan:
    """What was decided, for people and for machines; steps in the order of execution."""
    names = dict.fromkeys(scan.table.name for scan in scans(planned.root))
    return Plan(
        summary=planned.summary,
        assumptions=planned.assumptions,
        confidence=planned.confidence,
        steps=tuple(_steps(planned.root)),
        sources=tuple(names),
    )


def _steps(node: Node) -> list[dict[str, JsonValue]]:
    below = [step for child in children(node) for step in _steps(child)]
    return [*below, _step(node)]


def _step(node: Node) -> dict[str, JsonValue]:
    step: dict[str, JsonValue] = {"step": type(node).__name__.lower()}
    if isinstance(node, Scan):
        reads = [c.name for c in node.columns]
        return {**step, "table": node.table.name, "uri": node.table.uri, "columns": [*reads]}
    for field in dataclasses.fields(node):
        if field.name not in ("source", "left", "right"):
            step[field.name] = _json(getattr(node, field.name))
    return step


def _json(value: object) -> JsonValue:
    if isinstance(value, Enum):
        return str(value.value)
    if dataclasses.is_dataclass(value):
        fields = dataclasses.fields(value)
        content = {f.name: _json(getattr(value, f.name)) for f in fields}
        return {"kind": type(value).__name__.lower(), **content}
    if isinstance(value, tuple):
        return [_json(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
