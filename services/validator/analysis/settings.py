"""What a program configures of Spark: each setting's key and value, however it is written."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.validator.analysis.fold import Fold
from services.validator.analysis.names import Names
from services.validator.analysis.words import words

_METHODS = words(
    "config set setIfMissing setAll setSystemProperty setLocalProperty setExecutorEnv setMaster"
)
_SQL_SET = re.compile(r"^\s*set\s+`?(?P<key>[\w.\0-]+)`?\s*=\s*(?P<value>[^;]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Setting:
    """One key that is set; `value` and `text` say to what, as far as it is known."""

    at: ast.AST
    key: str
    value: ast.expr | None
    text: str = ""


class Settings:
    """All settings of one program."""

    def __init__(self, names: Names, fold: Fold) -> None:
        self._fold = fold
        self.found: list[Setting] = []
        for call in names.program.calls:
            if isinstance(call.func, ast.Attribute):
                if call.func.attr in _METHODS:
                    self.found += self._of(call, call.func.attr)
                elif call.func.attr == "sql" and call.args:
                    self.found += self._of_sql(call)
        for assign in names.program.assigns:
            for target in assign.targets if isinstance(assign, ast.Assign) else []:
                self.found += self._of_item(target, assign.value)

    def _of(self, call: ast.Call, method: str) -> Iterator[Setting]:
        named = {k.arg: k.value for k in call.keywords}
        if method == "setMaster":
            yield self._setting(call, "spark.master", call.args[0] if call.args else None)
            return
        first = call.args[0] if call.args else None
        value = call.args[1] if len(call.args) > 1 else named.get("value")
        for node in (first, named.get("key"), named.get("map"), named.get("pairs")):
            if node is not None:
                yield from self._pairs(node, value)

    def _pairs(self, node: ast.expr, value: ast.expr | None) -> Iterator[Setting]:
        literal = self._fold.literal(node)
        match literal:
            case ast.Dict(keys=keys, values=values):
                pairs = [(k, v) for k, v in zip(keys, values, strict=True) if k is not None]
            case ast.Call(func=ast.Attribute(value=inner, attr="items")):
                yield from self._pairs(inner, value)
                return
            case ast.List(elts=elts) | ast.Tuple(elts=elts):
                rows = [e.elts for e in elts if isinstance(e, ast.Tuple | ast.List)]
                pairs = [(r[0], r[1]) for r in rows if len(r) == 2]
            case _:
                for key in sorted(self._fold.strings(node)):
                    yield self._setting(node, key, value)
                return
        for name, given in pairs:
            for key in sorted(self._fold.strings(name)):
                yield self._setting(name, key, given)

    def _of_sql(self, call: ast.Call) -> Iterator[Setting]:
        for text in sorted(self._fold.each(call.args[0])):
            found = _SQL_SET.match(text)
            if found:
                yield Setting(call, found["key"], None, found["value"].strip(" '\""))

    def _of_item(self, target: ast.expr, value: ast.expr | None) -> Iterator[Setting]:
        """`builder._options["spark.jars"] = …`"""
        match target:
            case ast.Subscript(value=ast.Attribute(attr="_options"), slice=key):
                for text in sorted(self._fold.strings(key)):
                    yield self._setting(target, text, value)

    def _setting(self, at: ast.AST, key: str, value: ast.expr | None) -> Setting:
        return Setting(at, key, value, (self._fold.one(value) or "") if value else "")
