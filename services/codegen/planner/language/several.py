"""What no single row fulfils: one thing may have a row for each of the conditions."""

from dataclasses import replace

from services.codegen.planner.language.conditions import excludes
from services.codegen.planner.language.query import Clause, Linked, Query, Un, columns_in, grouped
from services.codegen.planner.language.reader import Reader
from services.codegen.planner.language.tables import single


def rows_of_their_own(q: Query, r: Reader, mine: str) -> None:
    """`customers with orders in 2022 and in 2024`, `in 2023 but not in 2024`: a row of the other
    table for each, or none."""
    if grouped(q) or not mine:
        return
    for table in r.schema.tables:
        own = [c for c in q.where if _tables(c, r) == {table}]
        pairs = _pairs(own) or _denied(q, table, own)
        if not pairs or table == mine or single(r.schema, mine, table, r.stems):
            continue
        shared = [c for c in own if c not in pairs]
        rest = [c for c in q.where if c not in own]
        used = {t for thing in (*q.items, *rest) for t in _tables(thing, r)}
        kept = [t for t in q.tables if t in used or t == mine or single(r.schema, mine, t, r.stems)]
        between = [t for t in q.tables if t not in kept and t != table]
        q.where = rest + [_linked(c, shared, [table, *between]) for c in pairs]
        # What is shown is whose rows they are.
        q.tables, q.entity = kept, mine


def _tables(c: object, r: Reader) -> set[str]:
    return {r.schema.fields[n].table.name for n in columns_in(c) if n in r.schema.fields}


def _pairs(own: list[Clause]) -> list[Clause]:
    """Conditions each of which excludes another one."""
    return [c for c in own if any(excludes(c.cond, d.cond) for d in own if d is not c)]


def _denied(q: Query, table: str, own: list[Clause]) -> list[Clause]:
    """What holds for some row of the table while it, or another thing, holds for none."""
    denied = [c for c in own if isinstance(c.cond, Un)]
    held = [c for c in own if c not in denied]
    if not denied and not any(_none_of(c, table) for c in q.where):
        return []
    same = {n for c in denied for n in columns_in(c)}
    if denied and not any(same & set(columns_in(c)) for c in held):
        return []
    return own if held else []


def _none_of(c: Clause, table: str) -> bool:
    link = c.cond
    return isinstance(link, Linked) and link.negated and link.table == table and link.key is None


def _linked(c: Clause, shared: list[Clause], tables: list[str]) -> Clause:
    negated = isinstance(c.cond, Un)
    own = replace(c, cond=c.cond.of, negated=False) if isinstance(c.cond, Un) else c
    inner = Query(tables=tables, where=[*shared, own])
    return Clause(Linked(inner, negated, tables[0]))
