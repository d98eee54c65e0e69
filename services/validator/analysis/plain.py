"""A program in plainer words: what is called by a detour is called directly.

`getattr(spark, "sql")(q)`, `run = spark.sql` … `run(q)`, `partial(spark.sql, q)()`,
`map(spark.sql, texts)` and `f(**{"runtime_env": env})` say the same as their direct forms. Rules
know only the direct ones. The tree is changed in place; places in the text stay as they were.
"""

import ast
from itertools import islice
from typing import Any

from services.validator.analysis.fold import Fold
from services.validator.analysis.names import Names, bind_arguments
from services.validator.analysis.program import Program
from services.validator.analysis.scope import How
from services.validator.analysis.words import words

_ROUNDS = 4
"""Detours within detours; each round is another walk over the whole program."""
_MOST = 500
"""Rewritten calls of one round: a program for people has none or two."""
_MOST_COPIED = 5_000
"""Nodes that one round may copy: without a limit, names of names would double the tree."""
_LARGEST_COPY = 100
_DETOURS = words(
    "builtins.getattr functools.partial builtins.map operator.attrgetter operator.methodcaller"
)


def plain(program: Program) -> tuple[Program, Names, Fold]:
    """The program without detours, and its names and constants."""
    for _ in range(_ROUNDS):
        names = Names(program)
        bind_arguments(program, names)
        fold = Fold(names)
        if not _Rewrite(names, fold).run():
            break
        program = Program.of_tree(program.tree)
    return program, names, fold


class _Rewrite:
    """One round."""

    def __init__(self, names: Names, fold: Fold) -> None:
        self._names = names
        self._fold = fold
        self._changed = 0
        self._copied = 0

    def run(self) -> bool:
        for call in self._names.program.calls:
            if self._changed < _MOST:
                self._look_at(call)
        return self._changed > 0

    def _look_at(self, call: ast.Call) -> None:
        if any(k.arg is None for k in call.keywords):
            self._spread_keywords(call)
        if any(isinstance(a, ast.Starred) for a in call.args):
            self._spread_arguments(call)
        func, before = call.func, self._changed
        if isinstance(func, ast.Name):
            self._through_name(call, func)
        elif isinstance(func, ast.Call):
            self._through_call(call, func)
        if isinstance(func, ast.Name | ast.Attribute) and self._changed == before:
            callee = self._names.callee(call)
            if callee in _DETOURS:
                self._detour(call, callee)

    def _through_name(self, call: ast.Call, func: ast.Name) -> None:
        """`run(q)` after `run = spark.sql`."""
        match self._names.bound(func):
            case [bound] if bound.how is How.IS and isinstance(bound.value, ast.Attribute):
                copied = self._copy([bound.value]) if self._is_method(bound.value) else None
                if copied:
                    call.func = copied[0]
                    self._changed += 1

    def _through_call(self, call: ast.Call, func: ast.Call) -> None:
        """`methodcaller("sql", q)(spark)` and `attrgetter("read.csv")(spark)`."""
        callee = self._names.callee(func)
        if callee not in ("operator.methodcaller", "operator.attrgetter") or len(call.args) != 1:
            return
        text = self._fold.one(func.args[0]) if func.args else None
        if text is None or not all(p.isidentifier() for p in text.split(".")):
            return
        found = _attributes(call.args[0], text)
        if callee == "operator.methodcaller":
            call.func, call.args, call.keywords = found, func.args[1:], func.keywords
            self._changed += 1
        else:
            self._replace(call, found)

    def _detour(self, call: ast.Call, callee: str) -> None:
        match callee, call.args:
            case "builtins.getattr", [on, name, *_]:
                text = self._fold.one(name)
                if text is not None and text.isidentifier():
                    self._replace(call, _attributes(on, text))
            case "functools.partial", [ast.Attribute() as method, *rest] if self._is_method(method):
                call.func, call.args = method, rest
                self._changed += 1
            case "builtins.map", [ast.Attribute() as method, over] if self._is_method(method):
                self._replace(call, _comprehension(call, method, over))

    def _is_method(self, node: ast.Attribute) -> bool:
        """True for `spark.sql`, not for `str.upper` or `math.sqrt`."""
        return self._names.dotted(node) is None

    def _spread_keywords(self, call: ast.Call) -> None:
        out: list[ast.keyword] = []
        for keyword in call.keywords:
            pairs = self._pairs(keyword.value) if keyword.arg is None else {}
            copied = self._copy(list(pairs.values()))
            if copied:
                self._changed += 1
                named = zip(pairs, copied, strict=True)
                out += [ast.keyword(k, v, **_place(call)) for k, v in named]
            else:
                out.append(keyword)
        call.keywords = out

    def _pairs(self, node: ast.expr) -> dict[str, ast.expr]:
        """The names and values of a dict that stands in the program."""
        match self._literal(node):
            case ast.Dict(keys=keys, values=values):
                known = [self._fold.one(k) if k is not None else None for k in keys]
                if all(k is not None and k.isidentifier() for k in known):
                    return {str(k): v for k, v in zip(known, values, strict=True)}
            case ast.Call(args=[], keywords=keywords) as made:
                if self._names.callee(made) == "builtins.dict" and all(k.arg for k in keywords):
                    return {str(k.arg): k.value for k in keywords}
        return {}

    def _spread_arguments(self, call: ast.Call) -> None:
        out: list[ast.expr] = []
        for argument in call.args:
            literal = self._literal(argument.value) if isinstance(argument, ast.Starred) else None
            elements = literal.elts if isinstance(literal, ast.List | ast.Tuple) else []
            copied = self._copy(elements)
            if copied:
                self._changed += 1
                out += copied
            else:
                out.append(argument)
        call.args = out

    def _copy(self, nodes: list[ast.expr]) -> list[ast.expr] | None:
        """Copies, or None when that would be too much."""
        sizes = [sum(1 for _ in islice(ast.walk(n), _LARGEST_COPY)) for n in nodes]
        self._copied += sum(sizes)
        if self._copied > _MOST_COPIED or any(s == _LARGEST_COPY for s in sizes):
            return None
        return [_copy_of(n) for n in nodes]

    def _literal(self, node: ast.expr) -> ast.expr:
        """What a name is bound to, once and whole."""
        match node:
            case ast.Name():
                match self._names.bound(node):
                    case [bound] if bound.how is How.IS:
                        return bound.value
        return node

    def _replace(self, old: ast.expr, new: ast.expr) -> None:
        parent = self._names.program.parents[old]
        for field, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, field, new)
            elif isinstance(value, list) and old in value:
                value[value.index(old)] = new
        self._changed += 1


def _copy_of(node: Any) -> Any:
    """A deep copy that takes half the stack that `copy.deepcopy` takes for each level."""
    if isinstance(node, list):
        return [_copy_of(n) for n in node]
    if not isinstance(node, ast.AST):
        return node
    fields = {name: _copy_of(value) for name, value in ast.iter_fields(node)}
    return type(node)(**fields, **{a: getattr(node, a) for a in node._attributes})


def _attributes(on: ast.expr, dotted: str) -> ast.expr:
    for part in dotted.split("."):
        on = ast.Attribute(on, part, ast.Load(), **_place(on))
    return on


def _comprehension(call: ast.Call, method: ast.expr, over: ast.expr) -> ast.expr:
    place = _place(call)
    item, target = ast.Name("_item", ast.Load(), **place), ast.Name("_item", ast.Store(), **place)
    once = ast.Call(method, [item], [], **place)
    return ast.ListComp(once, [ast.comprehension(target, over, [], 0)], **place)


def _place(node: ast.AST) -> dict[str, int]:
    names = ("lineno", "col_offset", "end_lineno", "end_col_offset")
    return {name: getattr(node, name, 0) or 0 for name in names}
