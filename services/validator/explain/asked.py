"""A call of a method on a table, as the words for it ask for its parts."""

import ast
from dataclasses import dataclass
from functools import cached_property

from services.validator.analysis.facts import Facts
from services.validator.analysis.fold import HOLE, known
from services.validator.analysis.places import covers
from services.validator.analysis.scope import Function
from services.validator.context import Context
from services.validator.explain.phrases import Phrases
from services.validator.explain.source import listed
from services.validator.explain.tables import Engine, Tables

_JOINS = frozenset({"join", "crossJoin", "merge"})
_SETS = frozenset({"union", "unionAll", "unionByName", "intersect", "subtract", "exceptAll"})


@dataclass(frozen=True)
class Teller:
    """What the words for all calls of one program share."""

    facts: Facts
    context: Context
    tables: Tables
    phrases: Phrases

    @cached_property
    def calls_of(self) -> dict[Function, list[ast.Call]]:
        """The calls of each function of the program."""
        found: dict[Function, list[ast.Call]] = {}
        for call in self.facts.program.calls:
            for function in self.facts.names.functions_of(call):
                found.setdefault(function, []).append(call)
        return found

    def label(self, node: ast.expr) -> str:
        """What a sentence calls a table: by its name in the program or by its source."""
        for _ in range(60):
            match node:
                case ast.Name(id=name):
                    return f"`{name}`"
                case ast.Subscript(slice=ast.Constant(value=str(key)), value=ast.Name()):
                    return f"`{key}`"
                case ast.Call(func=ast.Attribute(attr="table"), args=[name, *_]):
                    return self.facts.fold.one(name) or "a table"
                case ast.Call(func=ast.Attribute(attr="sql")):
                    return "the result of the SQL"
                case ast.Call() if node in self.facts.reads.by_call:
                    return self.sources(self.facts.reads.by_call[node].targets)
                case ast.Call(func=ast.Attribute(attr=attr)) if attr in _JOINS:
                    return "the joined rows"
                case ast.Call(func=ast.Attribute(attr=attr)) if attr in _SETS:
                    return "the combined rows"
                case ast.Call(func=ast.Attribute(value=on)) if self.tables.grouped(on):
                    return "the groups"
                case ast.Call(func=ast.Attribute(value=on)) if self.tables.engine(on):
                    node = on
                case ast.Attribute(value=on) | ast.Subscript(value=on) | ast.Starred(value=on):
                    node = on
                case ast.Call(args=[inner, *_]) if self.tables.engine(inner):
                    node = inner
                case ast.Call(func=ast.Name(id=name)):
                    return f"the result of `{name}`"
                case _:
                    return "a table"
        return "a table"

    def sources(self, targets: frozenset[str], last: str = " or ") -> str:
        """The places that a read may mean, by their declared names where they have one."""
        told = [self._source(target) for target in sorted(known(targets))]
        if any(HOLE in t for t in targets):
            told.append("a place that only the run knows")
        return listed(dict.fromkeys(told), last)

    def _source(self, target: str) -> str:
        for source in self.context.sources:
            table = not source.uri and source.name.lower() == target.lower()
            if table or (source.uri and covers(source.uri, target)):
                return source.name
        return target

    def calls_it(self, call: ast.expr) -> str | None:
        """The one name that the value of a call is given."""
        match self.facts.program.parents.get(call):
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                return name
            case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value=str(key)))]):
                return key
        return None


@dataclass(frozen=True)
class Asked:
    """One method call on a table."""

    teller: Teller
    call: ast.expr
    on: ast.expr
    attr: str
    args: list[ast.expr]

    @property
    def keywords(self) -> list[ast.keyword]:
        return self.call.keywords if isinstance(self.call, ast.Call) else []

    @property
    def engine(self) -> Engine | None:
        return self.teller.tables.engine(self.on)

    @property
    def phrases(self) -> Phrases:
        return self.teller.phrases

    @property
    def label(self) -> str:
        return self.teller.label(self.on)

    @property
    def rows(self) -> str:
        """`the rows`, or `the rows of orders` where there are several tables."""
        label = self.label
        if label.startswith("the ") and label.endswith("rows"):
            return label
        return f"the rows of {label}" if self.teller.tables.many else "the rows"

    @property
    def it(self) -> str:
        """The table, where `the rows` would be too many words."""
        return self.label if self.teller.tables.many else "the rows"

    def argument(self, position: int, *keywords: str) -> ast.expr | None:
        """A positional argument, or the first of these keywords that is given."""
        found = self.keyword(*keywords)
        if found is not None:
            return found
        return self.args[position] if len(self.args) > position else None

    def keyword(self, *names: str) -> ast.expr | None:
        return next((k.value for k in self.keywords if k.arg in names), None)

    def text(self, node: ast.expr | None) -> str | None:
        """The constant text of an argument."""
        return self.teller.facts.fold.one(node) if node is not None else None

    def listed(self, node: ast.expr | None) -> str:
        """A column or a list of columns."""
        return listed(self.phrases.columns([node])) if node is not None else ""
