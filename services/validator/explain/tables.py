"""Which expressions are tables, of which engine, and what a sentence calls them."""

import ast
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from services.validator.analysis.facts import Facts
from services.validator.analysis.flow import READ
from services.validator.analysis.reads import By
from services.validator.analysis.scope import Bound, Function, How, Scope
from services.validator.analysis.words import words
from services.validator.explain.bindings import Bindings


class Engine(Enum):
    SPARK = "Spark"
    RAY = "Ray"
    PANDAS = "pandas"
    ARROW = "Arrow"


ENDS = words(
    "collect first head tail take take_all take_batch toLocalIterator to_pylist to_pydict tolist "
    "schema columns dtypes column_names write writeStream writeTo show printSchema explain isEmpty "
    "foreach foreachPartition iter_batches iter_rows iter_torch_batches num_rows shape "
    "createOrReplaceTempView createTempView createGlobalTempView createOrReplaceGlobalTempView "
    "registerTempTable write_parquet write_csv write_json to_parquet to_csv to_json stats values"
)
"""Attributes of a table that are no table."""
_PANDAS_HEADS = words("head tail first")
GROUPING = words("groupBy groupby group_by rollup cube")
APPLYING = {
    "map_batches": None,
    "map_groups": None,
    "transform": Engine.SPARK,
    "applyInPandas": Engine.PANDAS,
    "apply": Engine.PANDAS,
    "pipe": Engine.PANDAS,
}
"""Methods that hand a table to a function; None: `batch_format` says which."""
_BATCHES = {"pandas": Engine.PANDAS, "pyarrow": Engine.ARROW}
_SAME = words(
    "pyspark.sql.functions.broadcast ray.get ray.put pandas.concat pandas.merge "
    "pyarrow.concat_tables"
)
_ANNOTATIONS = {
    "pyspark.sql.DataFrame": Engine.SPARK,
    "pyspark.sql.dataframe.DataFrame": Engine.SPARK,
    "pandas.DataFrame": Engine.PANDAS,
    "pyarrow.Table": Engine.ARROW,
    "ray.data.Dataset": Engine.RAY,
}
_MAX_DEPTH = 40


@dataclass
class Tables:
    """Knows the tables of one program."""

    facts: Facts
    bindings: Bindings
    _memo: dict[ast.AST, Engine | None] = field(default_factory=dict)
    _holders: dict[tuple[Scope | None, str], bool] = field(default_factory=dict)
    _handed: dict[Function, Engine] = field(default_factory=dict)
    _depth: int = 0

    def __post_init__(self) -> None:
        for call in self.facts.program.calls:
            match call:
                case ast.Call(func=ast.Attribute(attr=attr), args=[ast.Name(id=name), *_]):
                    if attr in APPLYING:
                        self._hand(call, attr, name)

    def _hand(self, call: ast.Call, attr: str, name: str) -> None:
        engine = APPLYING[attr]
        if engine is None:
            text = next((k.value for k in call.keywords if k.arg == "batch_format"), None)
            engine = _BATCHES.get(self.facts.fold.one(text) or "")
        if engine is not None:
            for function in self.facts.program.functions.get(name, []):
                self._handed[function] = engine

    @cached_property
    def made(self) -> frozenset[ast.Call]:
        """The calls that make a table of values, apart from those that only give another form to a
        table that their function is given."""
        flow, calls = self.facts.flow, self.facts.program.calls
        return frozenset(c for c in calls if flow.makes_rows(c) and not self._of_given(c))

    def _of_given(self, call: ast.Call) -> bool:
        for above in self.facts.program.above(call):
            if isinstance(above, Function):
                arguments = above.args.posonlyargs + above.args.args
                return any(self._of_argument(above, arguments, a) for a in arguments)
        return False

    @cached_property
    def many(self) -> bool:
        """True when a sentence must say which table it means."""
        return len(self.facts.reads.found) + len(self.made) > 1

    def engine(self, node: ast.AST | None) -> Engine | None:
        """The engine of a table; None for anything else, and where that cannot be seen."""
        if node is None or self._depth > _MAX_DEPTH:
            return None
        if node not in self._memo:
            self._memo[node] = None
            self._depth += 1
            self._memo[node] = self._engine(node)
            self._depth -= 1
        return self._memo[node]

    def _engine(self, node: ast.AST) -> Engine | None:
        match node:
            case ast.Call():
                return self._of_call(node)
            case ast.Name():
                return self._of_name(node)
            case ast.Attribute(value=value, attr=attr):
                return self.engine(value) if attr in ("na", "rdd", "loc", "iloc", "T") else None
            case ast.Subscript(value=ast.Name() as name) if self._holds_tables(name):
                return self._of_bounds(self.bindings.all(name))
            case ast.Subscript(value=value, slice=key):
                engine = self.engine(value)
                column = isinstance(key, ast.Constant) or engine in (Engine.SPARK, Engine.ARROW)
                return None if column and not self.grouped(value) else engine
            case ast.IfExp(body=body, orelse=other):
                return self.engine(body) or self.engine(other)
            case ast.NamedExpr(value=value) | ast.Starred(value=value):
                return self.engine(value)
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Dict(values=elts):
                return next((e for x in elts if (e := self.engine(x))), None)
            case ast.ListComp(elt=made) | ast.GeneratorExp(elt=made) | ast.DictComp(value=made):
                return self.engine(made)
        return None

    def _of_call(self, call: ast.Call) -> Engine | None:
        read = self.facts.reads.by_call.get(call)
        callee = self.facts.names.callee(call) or ""
        if read is not None:
            by = {By.SPARK: Engine.SPARK, By.RAY: Engine.RAY}.get(read.by)
            return by or _by_module(callee)
        if callee in _SAME and call.args:
            return self.engine(call.args[0])
        if self.facts.flow.makes_rows(call):
            return _by_module(callee) or (None if callee else Engine.SPARK)
        for function in self.facts.names.functions_of(call):
            for value in self.facts.program.returns.get(function, []):
                if found := self.engine(value):
                    return found
        return self._of_method(call)

    def _of_method(self, call: ast.Call) -> Engine | None:
        if not isinstance(call.func, ast.Attribute):
            return None
        attr, on = call.func.attr, call.func.value
        if attr in ("sql", "table") and call.args and self.engine(on) is None:
            return Engine.SPARK
        engine = self.engine(on)
        if engine is None:
            return None
        if attr in ("toPandas", "to_pandas"):
            return Engine.PANDAS
        if attr == "to_arrow_refs":
            return Engine.ARROW
        if attr == "count":
            return engine if self.grouped(on) else None
        pandas = engine is Engine.PANDAS and attr in _PANDAS_HEADS
        return engine if pandas or attr not in ENDS else None

    def _of_name(self, name: ast.Name) -> Engine | None:
        if self._holds_tables(name):
            return None
        bounds = self.bindings.all(name)
        return self._of_bounds(bounds) or self._of_parameter(name)

    def _of_bounds(self, bounds: list[Bound]) -> Engine | None:
        return next((e for b in bounds if (e := self.engine(b.value))), None)

    def _of_parameter(self, name: ast.Name) -> Engine | None:
        """By its annotation, or because the function is handed to a method of a table."""
        for above in self.facts.program.above(name):
            if isinstance(above, Function):
                arguments = above.args.posonlyargs + above.args.args
                for argument in arguments:
                    if argument.arg == name.id:
                        return self._of_argument(above, arguments, argument)
        return None

    def _of_argument(
        self, function: Function, arguments: list[ast.arg], argument: ast.arg
    ) -> Engine | None:
        for part in ast.walk(argument.annotation) if argument.annotation is not None else ():
            found = _ANNOTATIONS.get(self.facts.names.dotted(part) or "")
            if found is not None:
                return found
        handed = argument is arguments[0] or (
            arguments[0].arg == "self" and len(arguments) > 1 and argument is arguments[1]
        )
        return self._handed.get(function) if handed else None

    def _holds_tables(self, name: ast.Name) -> bool:
        """True for a dictionary or list of tables: its elements are tables, itself is none."""
        key = (self.facts.program.scopes[name].find(name.id), name.id)
        if key not in self._holders:
            self._holders[key] = False  # A name that is made of itself goes in a circle.
            self._holders[key] = any(map(self._is_element, self.facts.names.bound(name) or []))
        return self._holders[key]

    def _is_element(self, bound: Bound) -> bool:
        """True for a binding that puts tables into what the name holds."""
        literal = isinstance(bound.value, ast.Dict | ast.List | ast.Tuple)
        part = bound.how is How.PART and not self._unpacked(bound.value)
        held = part or (literal and bound.how is How.IS)
        return held and self.engine(bound.value) is not None

    def _unpacked(self, value: ast.expr) -> bool:
        """True for `one, other = value`."""
        match self.facts.program.parents.get(value):
            case ast.Assign(targets=[ast.Tuple() | ast.List()]):
                return True
        return False

    def grouped(self, node: ast.expr) -> bool:
        """True for groups that wait for their measures."""
        return self.grouping(node) is not None

    def grouping(self, node: ast.expr) -> ast.Call | None:
        """The `groupBy` call of such groups; a pivot or a choice of columns may lie between."""
        for _ in range(_MAX_DEPTH):
            match node:
                case ast.Call(func=ast.Attribute(attr=attr)) if attr in GROUPING:
                    return node
                case ast.Call(func=ast.Attribute(value=inner, attr="pivot")):
                    node = inner
                case ast.Subscript(value=inner):
                    node = inner
                case ast.Name():
                    last = self.bindings.last(node)
                    if last is None or last.how is not How.IS:
                        return None
                    node = last.value
                case _:
                    return None
        return None

    def from_data(self, node: ast.AST) -> bool:
        """True when rows that were read reach the expression."""
        return bool(self.facts.flow.of(node) & READ)


def _by_module(callee: str) -> Engine | None:
    if callee.startswith("pandas."):
        return Engine.PANDAS
    if callee.startswith("pyarrow."):
        return Engine.ARROW
    return Engine.RAY if callee.startswith("ray.data.") else None
