"""From query to plan: tables, join, filter, groups, order, in the order of execution."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.codegen.planner.frame import TIME, Frame, MeasureAsk, is_ratio
from services.codegen.planner.names import Names, expr_name, measure_name
from services.codegen.planner.plan import (
    Aggregate,
    AllOf,
    Arith,
    Col,
    Compare,
    Derive,
    Expr,
    Filter,
    Func,
    Key,
    Limit,
    Lit,
    Measure,
    Node,
    Project,
    Sort,
    SortKey,
    WordCount,
)
from services.codegen.planner.query import Query
from services.codegen.planner.schema import Schema
from services.codegen.planner.sources import CannotBuild, Sources


@dataclass
class _Built:
    """The plan so far, and the names under which the answer's columns stand."""

    node: Node
    columns: list[str]


def build(query: Query, frame: Frame, schema: Schema) -> Node:
    """The plan's tree. Raises CannotBuild. Adds assumptions to the frame."""
    return _Builder(query, frame, schema).node()


class _Builder(Sources):
    """The steps after the tables."""

    def node(self) -> Node:
        if self.frame.impossible is not None:
            raise CannotBuild(*self.frame.impossible)
        node = self._source()
        if self.q.where:
            tests = tuple(self._renamed(w) for w in self.q.where)
            node = Filter(node, tests[0] if len(tests) == 1 else AllOf(tests))
        if self.q.words_of:
            return WordCount(node, self.columns[self.q.words_of], self.q.limit)
        built = self._grouped(node) if self.q.grouped else self._listed(node)
        return self._limited(built)

    # --- rows and groups -----------------------------------------------------------------------

    def _grouped(self, node: Node) -> _Built:
        keys = tuple(Key(self._renamed(k), self._output(k)) for k in self.q.keys)
        asked: list[MeasureAsk] = list(dict.fromkeys(self.q.measures))
        outputs = Names()
        outputs.taken |= {k.name for k in keys}
        by_measure = {m: outputs.fresh(measure_name(m, self.columns)) for m in asked}
        out = self._aggregate(node, keys, by_measure, outputs)
        tests = [
            Compare(h.op, Col(by_measure[h.measure]), Lit(h.value))
            for h in self.q.having
            if h.measure
        ]
        if tests:
            out = Filter(out, tests[0] if len(tests) == 1 else AllOf(tuple(tests)))
        by_key = {k: built.name for k, built in zip(self.q.keys, keys, strict=True)}
        sort = [
            (by_measure[s] if isinstance(s, MeasureAsk) else by_key[s], d) for s, d in self.q.sort
        ]
        if sort and keys:
            out = Sort(out, tuple(SortKey(n, d) for n, d in sort))
        columns = [k.name for k in keys] + list(by_measure.values())
        if any(_of_totals(m) for m in asked):
            out = Project(out, tuple(columns))
        return _Built(out, columns)

    def _aggregate(
        self, node: Node, keys: tuple[Key, ...], names: Mapping[MeasureAsk, str], outputs: Names
    ) -> Node:
        """The groups; a ratio of totals is divided after both totals are known."""
        measures: list[Measure] = []
        ratios: list[tuple[str, Expr]] = []
        for ask, name in names.items():
            if not _of_totals(ask):
                measures.append(Measure(ask.func, self._renamed(ask.of), name))
                continue
            assert isinstance(ask.of, Arith)
            totals: list[Expr] = []
            for side in (ask.of.left, ask.of.right):
                total = outputs.fresh(f"total_{expr_name(side, self.columns)}")
                measures.append(Measure(Func.SUM, self._renamed(side), total))
                totals.append(Col(total))
            ratios.append((name, Arith(ask.of.op, totals[0], totals[1])))
        out: Node = Aggregate(node, keys, tuple(measures))
        for name, expr in ratios:
            out = Derive(out, name, expr)
        return out

    def _listed(self, node: Node) -> _Built:
        exprs = list(dict.fromkeys(self.q.columns))
        wanted = exprs + [s for s, _ in self.q.sort if not isinstance(s, MeasureAsk)]
        computed: dict[Expr, str] = {}
        for expr in dict.fromkeys(wanted):
            renamed = self._renamed(expr)
            if isinstance(renamed, Col):
                computed[expr] = renamed.name
            else:
                computed[expr] = self._output(expr)
                node = Derive(node, computed[expr], renamed)
        shown = [computed[e] for e in exprs]
        sort = tuple(
            SortKey(computed[s], d) for s, d in self.q.sort if not isinstance(s, MeasureAsk)
        )
        if self.q.distinct:
            return self._distinct(node, shown, sort)
        if sort:
            node = Sort(node, sort)
        if self.q.limit is not None:
            node = Limit(node, self.q.limit)
        return _Built(Project(node, tuple(shown)), shown)

    def _distinct(self, node: Node, shown: list[str], sort: tuple[SortKey, ...]) -> _Built:
        """Different values are sorted after the others are gone, by what is still there."""
        kept = tuple(k for k in sort if k.name in shown) or tuple(SortKey(n) for n in shown)
        return _Built(Sort(Project(node, tuple(shown), distinct=True), kept), shown)

    def _limited(self, built: _Built) -> Node:
        listed = not self.q.grouped and not self.q.distinct
        if self.q.limit is None or listed or (self.q.grouped and not self.q.keys):
            return built.node
        return Limit(built.node, self.q.limit)

    # --- names ---------------------------------------------------------------------------------

    def _output(self, expr: Expr) -> str:
        """The output name of a key: its column's own name, or a fresh one."""
        name = expr_name(expr, self.columns)
        return name if isinstance(expr, Col) and expr != TIME else self.names.fresh(name)


def _of_totals(measure: MeasureAsk) -> bool:
    return measure.assumed and is_ratio(measure.of)
