"""Changes throughout a plan."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from services.codegen.planner import plan as p

T = TypeVar("T")


def rebuild(part: T, change: Callable[[Any], Any]) -> T:
    """A copy of `part` of a plan with `change` applied to each dataclass in it, inside first."""
    if isinstance(part, tuple):
        return tuple(rebuild(item, change) for item in part)  # type: ignore[return-value]
    if not dataclasses.is_dataclass(part) or isinstance(part, type):
        return part
    fields = {f.name: rebuild(getattr(part, f.name), change) for f in dataclasses.fields(part)}
    changed = {name: new for name, new in fields.items() if new is not getattr(part, name)}
    return change(dataclasses.replace(part, **changed) if changed else part)  # type: ignore[no-any-return]


def read_otherwise(root: p.Node, change: Callable[[p.Scan, p.ReadColumn], p.ReadColumn]) -> p.Node:
    """The plan with each column that a scan reads changed."""

    def rescan(part: Any) -> Any:
        if not isinstance(part, p.Scan):
            return part
        columns = tuple(change(part, c) for c in part.columns)
        return part if columns == part.columns else dataclasses.replace(part, columns=columns)

    return rebuild(root, rescan)


def rename(root: p.Node, scan: p.Scan, names: Mapping[str, str]) -> p.Node:
    """The plan with columns of one scan under other plan-wide names."""

    def renamed(part: Any) -> Any:
        match part:
            case p.Col(name) | p.Key(_, name) | p.SortKey(name) if name in names:
                return dataclasses.replace(part, name=names[name])
            case p.Project(_, columns):
                return dataclasses.replace(part, columns=tuple(names.get(c, c) for c in columns))
            case p.Join(_, _, left, right):
                return dataclasses.replace(
                    part, left_key=names.get(left, left), right_key=names.get(right, right)
                )
            case p.WordCount(_, column):
                return dataclasses.replace(part, column=names.get(column, column))
            case p.Scan(table, columns) if part == scan:
                read = tuple(_under(c, names) for c in columns)
                return p.Scan(table, read)
            case _:
                return part

    return rebuild(root, renamed)


def _under(column: p.ReadColumn, names: Mapping[str, str]) -> p.ReadColumn:
    return dataclasses.replace(column, as_name=names.get(column.as_name, column.as_name))
