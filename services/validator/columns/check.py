"""Holding names against the columns of a frame."""

import ast
from collections.abc import Iterable
from dataclasses import replace

from services.validator.columns.calls import Call, plain_ref
from services.validator.columns.miss import Miss, Problem, Ref, Style
from services.validator.columns.schema import Column, Kind, Schema
from services.validator.columns.spark_names import in_sql, split_name
from services.validator.columns.values import Engine, Frame, Text

_METADATA = "_metadata"
"""Spark's hidden column of every frame that is read from files."""


def check_refs(call: Call, frame: Frame, refs: Iterable[Ref], *, above: bool = False) -> None:
    """Report the names that Spark would not find in `frame`.

    `above`: a filter or a sort, which also reaches what a projection right below left out.
    """
    schema = frame.schema
    if schema is None:
        return
    for ref in refs:
        if not (above and _below(schema, ref)):
            found = lookup(schema, ref)
            if isinstance(found, Miss):
                call.missing(found)
            elif found is not None and ref.needs:
                check_kind(call, ref, found)


def _below(schema: Schema, ref: Ref) -> bool:
    names = {p.casefold() for p in ref.parts}
    found = [schema.hidden, schema.beneath] if ref.aggregated else [schema.hidden]
    return any(below is None or names & below for below in found)


def lookup(schema: Schema, ref: Ref) -> Column | Miss | None:
    """The column that a name means, or what is wrong with it; None when that cannot be said."""
    first, *more = ref.parts
    if first.casefold() == _METADATA:
        return None
    found = schema.find(first)
    if more:
        aliased = [c for c in schema.find(more[0]) if first.casefold() in c.qualifiers]
        if not aliased and not found:
            aliased = _by_long_name(schema, ref)
        found = aliased or found
    if not found:
        return _unknown(schema, ref)
    if len({c.key for c in found}) > 1 and not schema.merged:
        return Miss(Problem.AMBIGUOUS, ref, schema, _qualified(found), sure=not schema.loose)
    return found[0]


def _by_long_name(schema: Schema, ref: Ref) -> list[Column]:
    """`catalog.database.table.column`."""
    names = {".".join(ref.parts[:i]).casefold() for i in range(1, len(ref.parts))}
    names |= {".".join(ref.parts[i:-1]).casefold() for i in range(1, len(ref.parts) - 1)}
    by_name = [c for c in schema.find(ref.parts[-1]) if names & c.qualifiers]
    struct = [c for i in range(1, len(ref.parts)) for c in schema.find(ref.parts[i])]
    return by_name or [c for c in struct if names & c.qualifiers]


def _unknown(schema: Schema, ref: Ref) -> Miss | None:
    if schema.vague and "(" in ref.name:
        return None
    choices = schema.names
    if len(ref.parts) > 1:
        mine = [c for c in schema.columns if ref.parts[0].casefold() in c.qualifiers]
        choices = tuple(f"{ref.parts[0]}.{in_sql(c.name)}" for c in mine) or choices
    return Miss(Problem.COLUMN, ref, schema, choices, sure=not schema.loose)


def _qualified(columns: list[Column]) -> tuple[str, ...]:
    return tuple(f"{q}.{in_sql(c.name)}" for c in columns for q in sorted(c.qualifiers)[:1])


def spark_ref(text: Text, at: ast.AST, *, aggregated: bool = False) -> Ref | None:
    """The column that a string names for Spark; None for a text that it would refuse."""
    parts = split_name(text.text)
    if parts is None:
        return None
    return Ref(parts, text.node or at, Style.SPARK, text.node, aggregated=aggregated)


def check_plain(call: Call, schema: Schema | None, wanted: Iterable[Text]) -> list[str]:
    """Report the texts that are no column of `schema`; the names of those that are."""
    found: list[str] = []
    for text in wanted:
        if schema is None or schema.find(text.text):
            found.append(text.text)
            continue
        miss = _unknown(schema, plain_ref(text, call.node))
        if miss is not None:
            call.missing(miss)
    return found


def check_kind(call: Call, ref: Ref, column: Column) -> None:
    """Report a column without numbers where a function needs them."""
    if column.kind not in (None, Kind.NUMBER):
        what = f"`{ref.needs}` needs numbers, but the column {column.name!r} holds {column.kind}."
        call.missing(Miss(Problem.KIND, ref, message=what, sure=False))


def hinted(miss: Miss, hint: str, *, sure: bool | None = None) -> Miss:
    return replace(miss, hint=hint, sure=miss.sure if sure is None else sure)


def known(engine: Engine, schema: Schema | None) -> Frame:
    return Frame(engine, schema)
