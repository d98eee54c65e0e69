"""The measures of one grouped query: what is aggregated, and what is computed from that."""

from typing import TYPE_CHECKING

from services.codegen.planner.language.labels import primary
from services.codegen.planner.language.naming import item_name
from services.codegen.planner.language.parts import timely
from services.codegen.planner.language.problem import CannotBuild
from services.codegen.planner.language.query import (
    Agg,
    Cond,
    Item,
    Place,
    Ratio,
    Running,
    Share,
    Shift,
)
from services.codegen.planner.language.tested import Tests
from services.codegen.planner.plan import (
    Aggregate,
    Arith,
    ArithOp,
    Call,
    Case,
    Col,
    Compare,
    CompareOp,
    Derive,
    Expr,
    Filter,
    Fn,
    Func,
    Lit,
    Measure,
    Node,
    Predicate,
    SortKey,
    Window,
    WindowFunc,
)

if TYPE_CHECKING:
    from services.codegen.planner.language.build import Builder

_ENDS = frozenset({Func.MIN, Func.MAX})
_COUNTS = frozenset({Func.COUNT, Func.COUNT_DISTINCT})
_ANY = _ENDS | _COUNTS
"""Functions of any kind of cell; all others calculate."""
_TESTS = {">": CompareOp.GT, "<": CompareOp.LT}
_SIGNS = {"/": ArithOp.DIVIDE, "-": ArithOp.SUBTRACT, "+": ArithOp.ADD, "*": ArithOp.MULTIPLY}


class Measures:
    """Names for items; each measure is computed once."""

    def __init__(self, builder: "Builder") -> None:
        self.b = builder
        self.measures: list[Measure] = []
        self.steps: list[tuple[str, Expr] | Window] = []
        self.names: dict[str, str] = {}

    def name(self, item: Item) -> str:
        """The column under which an item stands after the groups."""
        known = self.names.get(repr(item))
        if known is not None:
            return known
        made = self._made(item)
        self.names[repr(item)] = made
        return made

    def after(self, node: Node) -> Node:
        """The steps that follow the aggregation."""
        for step in self.steps:
            if isinstance(step, Window):
                node = Window(
                    node, step.name, step.func, step.of, step.partition, step.order, step.rows
                )
            else:
                node = Derive(node, *step)
        return node

    def _made(self, item: Item) -> str:
        name = self.b.names.fresh(item_name(item, self.b.source.columns))
        match item:
            case Agg():
                self.measures.append(self._measure(item, name))
            case Ratio(op=op, left=left, right=right):
                dates = op in (*_TESTS, "-", "gap")
                a, b = (self._operand(x, dates=dates) for x in (left, right))
                self.steps.append((name, quotient(op, a, b)))
            case Share(of=of, fraction=fraction):
                self._share(name, self._number(of), fraction=fraction)
            case Running(of=of, rows=rows):
                func = WindowFunc.AVG if rows else WindowFunc.SUM
                self._window(name, func, self._number(of), rows)
            case Shift(kind=kind, of=of, back=back):
                before = Col(self.name(of)) if kind == "lag" else self._number(of)
                self._shift(name, kind, before, back)
            case Place(of=of, descending=descending):
                by = self.name(of)
                order = (SortKey(by, descending),)
                self.steps.append(_window(name, WindowFunc.RANK, None, order, None))
            case _:
                # A bare column of a grouped query: any of its values, as the smallest.
                self.measures.append(Measure(Func.MIN, self.b.rename.expr(item), name))
        return name

    def _measure(self, a: Agg, name: str) -> Measure:
        where = self._where(a.where) if a.where is not None else None
        func = a.func
        of = self._of(func, a.of) if a.of is not None else None
        other = self.b.rename.calculated(a.other) if a.other is not None else None
        if func is Func.COUNT and of is None and a.table and self.b.source.multiplies(a.table):
            own = primary(self.b.schema, a.table)
            if own is not None:
                self.b.notes.append(f"counted each of {a.table} once, by {own.key}")
                func, of = Func.COUNT_DISTINCT, Col(self.b.source.column(own))
        return Measure(func, of, name, where=where, other=other, fraction=a.fraction)

    def _of(self, func: Func, of: Expr) -> Expr:
        if func in _ANY:
            return self.b.rename.expr(of, number=func in _ENDS)
        return self.b.rename.calculated(of, dates=func in (Func.AVG, Func.MEDIAN))

    def _where(self, cond: Cond) -> Predicate:
        test = Tests(self.b).of(cond)
        if test.joins or test.where is None:
            reason = "The part is told from the whole by rows of another table."
            raise CannotBuild(reason, "Ask for the two numbers one by one.")
        return test.where

    def _operand(self, item: Item, *, dates: bool) -> Expr:
        return item if isinstance(item, Lit) else self._number(item, dates=dates)

    def _number(self, item: Item, *, dates: bool = False) -> Col:
        """The column of an item that is calculated with. Raises CannotBuild for text."""
        of = item.of if isinstance(item, Agg) and item.func not in _COUNTS else item
        if isinstance(of, Col):
            self.b.rename.calculated(of, dates=dates)
        return Col(self.name(item))

    def _share(self, name: str, of: Col, *, fraction: bool) -> None:
        total = self.b.names.fresh(f"total_{of.name}")
        self.steps.append(_window(total, WindowFunc.SUM, of, (), None))
        part = Arith(ArithOp.DIVIDE, of, Col(total))
        self.steps.append((name, part if fraction else _percent(part)))

    def _shift(self, name: str, kind: str, of: Col, back: int) -> None:
        before = name if kind == "lag" else self.b.names.fresh(f"previous_{of.name}")
        self._window(before, WindowFunc.LAG, of, back)
        change = Arith(ArithOp.SUBTRACT, of, Col(before))
        if kind == "change":
            self.steps.append((name, change))
        elif kind == "growth":
            self.steps.append((name, _percent(Arith(ArithOp.DIVIDE, change, Col(before)))))

    def _window(self, name: str, func: WindowFunc, of: Col, rows: int | None) -> None:
        keys = self.b.q.keys
        if not keys:
            reason = "It does not say in which order the values follow each other."
            raise CannotBuild(reason, "Name a unit of time, or a column, to go by.")
        time = timely(keys, self.b.schema) or keys[0]
        order = (SortKey(self.b.key_names[keys.index(time)]),)
        others = tuple(n for k, n in zip(keys, self.b.key_names, strict=True) if k != time)
        self.steps.append(_window(name, func, of, order, rows, others))


def _window(
    name: str,
    func: WindowFunc,
    of: Expr | None,
    order: tuple[SortKey, ...],
    rows: int | None,
    partition: tuple[str, ...] = (),
) -> Window:
    """A window whose source is set when the groups are known."""
    return Window(None, name, func, of, partition, order, rows)  # type: ignore[arg-type]


def counted(node: Node, name: str) -> bool:
    """True for a column that counts something, which is never missing."""
    match node:
        case Aggregate(measures=measures):
            return any(m.name == name and m.func in _COUNTS for m in measures)
        case Filter(source) | Derive(source):
            return counted(source, name)
        case _:
            return False


def quotient(op: str, a: Expr, b: Expr) -> Expr:
    if op in _TESTS:
        return Case(((Compare(_TESTS[op], a, b), Lit("yes")),), Lit("no"))
    if op == "gap":
        return Call(Fn.ABS, Arith(ArithOp.SUBTRACT, a, b))
    return _percent(Arith(ArithOp.DIVIDE, a, b)) if op == "%" else Arith(_SIGNS[op], a, b)


def _percent(part: Expr) -> Expr:
    return Arith(ArithOp.MULTIPLY, Lit(100.0), part)
