"""Whole SQL statements: `spark.sql(text)` over views and tables."""

from collections.abc import Iterator
from dataclasses import replace

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, ScopeType, build_scope

from services.validator.analysis.sql import FORMATS
from services.validator.columns.calls import Call
from services.validator.columns.check import lookup
from services.validator.columns.containers import spoil_all
from services.validator.columns.miss import Miss, Problem, Ref
from services.validator.columns.schema import Column, Schema
from services.validator.columns.spark_read import named_table
from services.validator.columns.spark_text import columns_of, named, parsed, ref_of
from services.validator.columns.tables import columns_of as columns_of_table
from services.validator.columns.values import Engine, Frame, Text, Value

_OPEN_VIEW = "?"
"""The name in the table of views that says: there may be others."""


def run(call: Call) -> Value:
    """The frame of `spark.sql(text)`."""
    text = call.arg(0, "sqlQuery")
    spoil_all(call)
    if not isinstance(text, Text) or call.open:
        return _unclear(call)
    named_frames = set(call.kwargs) - {"sqlQuery", "args"}
    tree = None if named_frames else parsed(text.text)
    if tree is None:
        return _unclear(call)
    if isinstance(tree, exp.Create):
        return _create(call, text, tree)
    if isinstance(tree, exp.Query):
        return Frame(Engine.SPARK, _Query(call, text).schema(tree))
    return _unclear(call)


def _unclear(call: Call) -> Value:
    """A statement that is not understood may make any view."""
    call.host.store.put(call.host.views, _OPEN_VIEW, Frame(Engine.SPARK, None))
    return Frame(Engine.SPARK, None)


def _create(call: Call, text: Text, tree: exp.Create) -> Value:
    target, query = tree.this, tree.expression
    table = target.this if isinstance(target, exp.Schema) else target
    plain = isinstance(table, exp.Table) and not isinstance(target, exp.Schema)
    schema = _Query(call, text).schema(query) if isinstance(query, exp.Query) else None
    if not isinstance(table, exp.Table):
        return _unclear(call)
    name = ".".join(p.name for p in table.parts).casefold()
    view = Frame(Engine.SPARK, schema if plain else None)
    call.host.store.put(call.host.views, name, view)
    return Frame(Engine.SPARK, None)


class _Query:
    """One statement, its parts from the inside out."""

    def __init__(self, call: Call, text: Text) -> None:
        self._call = call
        self._text = text
        self._done: dict[int, Schema | None] = {}

    def schema(self, tree: exp.Expr) -> Schema | None:
        """The columns of the statement; names that are missing are reported on the way."""
        try:
            root = build_scope(tree)
            scopes = list(root.traverse()) if root is not None else []
        except (SqlglotError, RecursionError, KeyError, AttributeError):
            return None
        for scope in scopes:
            self._done[id(scope)] = self._scope(scope)
        return self._done[id(root)] if root is not None else None

    def _scope(self, scope: Scope) -> Schema | None:
        tree = scope.expression
        if isinstance(tree, exp.SetOperation):
            first = next(iter(scope.set_operation_scopes), None)
            return self._done.get(id(first))
        if not isinstance(tree, exp.Select):
            return None
        used = scope.selected_sources.items()
        sources = {name: self._source(name, source) for name, (_, source) in used}
        laterals = tree.args.get("laterals") or ()
        unclear = any(s is None for s in sources.values()) or any(
            isinstance(n, exp.Pivot) for n in tree.find_all(exp.Pivot)
        )
        if laterals:
            unclear = unclear or not all(_named_lateral(n) for n in laterals)
        merged = None if unclear else _together(tree, sources)
        if not unclear and merged is not None:
            self._check(scope, tree, merged)
        elif unclear:
            self._check_qualified(scope, sources)
        return self._result(tree, sources, merged)

    def _source(self, name: str, source: object) -> Schema | None:
        if isinstance(source, Scope):
            found = self._done.get(id(source))
            if source.scope_type is ScopeType.UDTF or isinstance(source.expression, exp.Lateral):
                found = _lateral_schema(source.expression)
            found = _aliased(source.expression, found)
            return found.qualified(name) if found is not None else None
        if not isinstance(source, exp.Table):
            return None
        found = self._table(source)
        if found is None or source.args.get("pivots"):
            return None
        return found.qualified(name) if source.alias else found

    def _table(self, table: exp.Table) -> Schema | None:
        parts = [p for p in table.parts if isinstance(p, exp.Identifier)]
        if len(parts) != len(table.parts) or not parts:
            return None
        names = tuple(p.name for p in parts)
        if len(names) == 2 and names[0].casefold() in FORMATS:
            profile = self._call.host.tables.at(names[1])
            fits = profile is not None and profile.format == names[0].casefold() != "csv"
            return columns_of_table(profile, folded=True) if profile and fits else None
        start, end = parts[0].meta.get("start"), parts[-1].meta.get("end")
        span = (start, end + 1) if isinstance(start, int) and isinstance(end, int) else None
        text = self._text if span is not None else replace(self._text, node=None)
        return named_table(self._call, names, text, span)

    def _check(self, scope: Scope, tree: exp.Select, schema: Schema) -> None:
        given = {e.alias.casefold() for e in tree.expressions if isinstance(e, exp.Alias)}
        for column in self._columns(scope):
            ref = ref_of(column, self._text, self._call.node)
            if ref is None:
                continue
            found = lookup(schema, ref)
            if not isinstance(found, Miss) or self._outside(scope, ref):
                continue
            if found.problem is Problem.COLUMN and ref.parts[0].casefold() in given:
                continue  # A name that the same SELECT gives.
            if found.problem is Problem.AMBIGUOUS and _in_order(column):
                continue
            self._call.missing(found)

    def _columns(self, scope: Scope) -> Iterator[exp.Column]:
        """The columns of the scope's own SELECT, not those of queries inside it."""
        tree = scope.expression
        return (c for c in columns_of(tree) if c.parent_select is tree)

    def _outside(self, scope: Scope, ref: Ref) -> bool:
        """True for a name that a query around this one may have."""
        outer = scope.parent
        while outer is not None and not scope.is_cte and not scope.is_derived_table:
            for name, source in outer.sources.items():
                found = self._source(name, source) if not isinstance(source, Scope) else None
                if isinstance(source, Scope):
                    found = self._done.get(id(source))
                if found is None or found.find(ref.parts[-1]):
                    return True
            outer = outer.parent
        return False

    def _check_qualified(self, scope: Scope, sources: dict[str, Schema | None]) -> None:
        """With a source that is not known, only names with an alias can be judged."""
        for column in self._columns(scope):
            schema = sources.get(column.table) if column.table else None
            ref = ref_of(column, self._text, self._call.node)
            if schema is not None and ref is not None and len(ref.parts) == 2:
                found = lookup(schema, ref)
                if isinstance(found, Miss) and found.problem is Problem.COLUMN:
                    self._call.missing(found)

    def _result(
        self, tree: exp.Select, sources: dict[str, Schema | None], merged: Schema | None
    ) -> Schema | None:
        out: list[Column] = []
        vague = False
        for item in tree.expressions:
            star = item.is_star
            if star:
                inside = _starred(item, sources, merged)
                if inside is None:
                    return None
                out.extend(inside.columns)
                continue
            names, guessed = named(item)
            vague = vague or guessed
            out.extend(_column(item, name, merged) for name in names)
        plain = tuple(replace(c, qualifiers=frozenset()) for c in out)
        # A sort of the frame reaches below its SELECT as below any projection.
        return Schema(plain, folded=True, vague=vague, hidden=None, beneath=None)


def _column(item: exp.Expr, name: str, merged: Schema | None) -> Column:
    if isinstance(item, exp.Column) and merged is not None and not item.table:
        found = merged.find(name)
        if len(found) == 1:
            return Column(name, found[0].kind)
    return Column(name)


def _starred(
    item: exp.Expr, sources: dict[str, Schema | None], merged: Schema | None
) -> Schema | None:
    star = item.find(exp.Star)
    if star is None or any(star.args.values()):
        return None  # `* EXCEPT (…)`.
    if isinstance(item, exp.Column):
        return sources.get(item.table)
    return merged if isinstance(item, exp.Star) else None


def _together(tree: exp.Select, sources: dict[str, Schema | None]) -> Schema:
    """The columns of all sources; those of USING and natural joins stand once."""
    joins = tree.args.get("joins") or ()
    once = {i.name.casefold() for j in joins for i in j.args.get("using") or ()}
    natural = any(j.args.get("method") for j in joins)
    one_sided = any(j.kind in ("SEMI", "ANTI") or j.side in ("SEMI", "ANTI") for j in joins)
    found: list[Column] = []
    seen: dict[str, int] = {}
    for schema in sources.values():
        for column in schema.columns if schema is not None else ():
            name = column.name.casefold()
            if name in once and name in seen:
                at = seen[name]
                both = found[at].qualifiers | column.qualifiers
                found[at] = replace(found[at], qualifiers=both)
                continue
            seen.setdefault(name, len(found))
            found.append(column)
    known = [s for s in sources.values() if s is not None]
    return Schema(
        _apart(found),
        folded=True,
        loose=any(s.loose for s in known),
        merged=natural or one_sided or any(s.merged for s in known),
        vague=any(s.vague for s in known),
    )


def _apart(columns: list[Column]) -> tuple[Column, ...]:
    """Each with a key of its own: two sources may be the same table."""
    return tuple(Column(c.name, c.kind, c.qualifiers) for c in columns)


def _aliased(tree: exp.Expr, schema: Schema | None) -> Schema | None:
    """With the column names of `AS t(a, b)`."""
    parent = tree.parent
    alias = parent.args.get("alias") if isinstance(parent, exp.Subquery | exp.CTE) else None
    names = [c.name for c in alias.columns] if isinstance(alias, exp.TableAlias) else []
    if not names:
        return schema
    return Schema(tuple(Column(n) for n in names), folded=True)


def _named_lateral(node: exp.Expr) -> bool:
    return isinstance(node, exp.Lateral) and _lateral_schema(node) is not None


def _lateral_schema(node: exp.Expr) -> Schema | None:
    alias = node.args.get("alias")
    names = [c.name for c in alias.columns] if isinstance(alias, exp.TableAlias) else []
    return Schema(tuple(Column(n) for n in names), folded=True) if names else None


def _in_order(column: exp.Column) -> bool:
    """Inside GROUP BY, HAVING or ORDER BY, where a name may mean the SELECT's own."""
    return column.find_ancestor(exp.Order, exp.Group, exp.Having) is not None
