"""Constant text: what strings an expression may be, with a hole where that is not known."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

from services.validator.analysis.constant import Constants
from services.validator.analysis.names import Names
from services.validator.analysis.scope import Bound, How
from services.validator.analysis.words import words

HOLE = "\0"
"""Stands for text that only the run knows; no program holds it, for NUL is refused before."""
UNKNOWN = frozenset({HOLE})
_MAX_STRINGS = 64
"""Alternatives of one expression that are followed; more are as good as unknown."""
_MAX_DEPTH = 60
"""Expressions within expressions; each level takes up to five frames of the stack."""

_SAME = words("as_posix resolve absolute as_uri expanduser __str__ __fspath__")
_TEXT_METHODS = words(
    "strip rstrip lstrip replace removeprefix removesuffix lower upper capitalize title"
)
_WRAPPERS = words(
    "builtins.str pathlib.Path pathlib.PurePath pathlib.PurePosixPath pathlib.PosixPath "
    "os.fspath os.path.abspath os.path.expanduser os.path.normpath os.path.realpath "
    "os.path.join urllib.parse.urlparse urllib.parse.urlsplit urllib.parse.unquote "
    "urllib.request.url2pathname pyarrow.fs.FileSystem.from_uri"
)
"""Calls whose answer names the same place as their arguments do."""
_COLLECTIONS = frozenset({"builtins.list", "builtins.tuple", "builtins.set", "builtins.sorted"})


_COMPUTED = (ast.Call, ast.BinOp, ast.JoinedStr, ast.Subscript)


def known(strings: frozenset[str]) -> frozenset[str]:
    """Those without a hole."""
    return frozenset(s for s in strings if HOLE not in s)


@dataclass
class Fold:
    """Folds the strings of one program."""

    names: Names
    options: dict[str, list[ast.expr]] = field(default_factory=dict)
    """Command-line option by attribute name → its default."""
    _memo: dict[ast.AST, frozenset[str]] = field(default_factory=dict)
    _collections: dict[ast.AST, frozenset[str]] = field(default_factory=dict)
    _depth: int = 0

    def __post_init__(self) -> None:
        self._constants = Constants(self.names)
        for call in self.names.program.calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr == "add_argument":
                self._option(call)

    def _option(self, call: ast.Call) -> None:
        flags = [a.value for a in call.args if isinstance(a, ast.Constant)]
        long = next((f for f in flags if isinstance(f, str) and f.startswith("--")), None)
        plain = long or next((f for f in flags if isinstance(f, str)), None)
        keywords = {k.arg: k.value for k in call.keywords}
        dest = keywords.get("dest")
        name = dest.value if isinstance(dest, ast.Constant) else plain
        if isinstance(name, str):
            default = keywords.get("default")
            where = self.options.setdefault(name.lstrip("-").replace("-", "_"), [])
            if default is not None:
                where.append(default)

    def strings(self, node: ast.expr | None) -> frozenset[str]:
        """The texts that `node` may be."""
        return UNKNOWN if node is None else self._guarded(node, self._strings, self._memo)

    def each(self, node: ast.expr | None) -> frozenset[str]:
        """The texts of a string or of a collection of strings: what a `paths` argument means."""
        return UNKNOWN if node is None else self._guarded(node, self._each, self._collections)

    def _guarded(
        self,
        node: ast.expr,
        find: Callable[[ast.expr], frozenset[str]],
        memo: dict[ast.AST, frozenset[str]],
    ) -> frozenset[str]:
        """`find(node)` once; unknown where names go in circles, too deep or too wide."""
        found = memo.get(node)
        if found is None:
            if self._depth > _MAX_DEPTH:
                return UNKNOWN
            memo[node] = UNKNOWN
            self._depth += 1
            found = find(node)
            self._depth -= 1
            found = found if found and len(found) <= _MAX_STRINGS else UNKNOWN
            memo[node] = found
        return found

    def one(self, node: ast.expr | None) -> str | None:
        """The text when there is exactly one and it is whole."""
        strings = self.strings(node)
        return next(iter(strings)) if len(strings) == 1 and known(strings) else None

    def _each(self, node: ast.expr) -> frozenset[str]:
        match node:
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                return self._union([e.value if isinstance(e, ast.Starred) else e for e in elts], 1)
            case ast.Dict(values=values):
                return self._union(values, 1)
            case ast.Call(func=ast.Attribute(value=inner, attr="values"), args=[]):
                return self.each(inner)
            case ast.Call(args=[inner]) if self.names.dotted(node.func) in _COLLECTIONS:
                return self.each(inner)
            case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
                return self.strings(elt)
            case ast.Name():
                return self._name(node, collection=True)
        return self.strings(node)

    def _union(self, nodes: list[ast.expr], collection: int = 0) -> frozenset[str]:
        out: set[str] = set()
        for n in nodes:
            out |= self.each(n) if collection else self.strings(n)
        return frozenset(out)

    def _strings(self, node: ast.expr) -> frozenset[str]:
        found = self._followed(node)
        if isinstance(node, _COMPUTED) and any(HOLE in s for s in found):
            text = self._constants.text(node)
            return found if text is None else frozenset({text})
        return found

    def _followed(self, node: ast.expr) -> frozenset[str]:
        match node:
            case ast.Constant(value=str(text)):
                return frozenset({text})
            case ast.Constant(value=int() | float() as number):
                return frozenset({str(number)})
            case ast.JoinedStr(values=values):
                return self._joined([self._part(v) for v in values])
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self._joined([self.strings(left), self.strings(right)])
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return self._paths([left, right])
            case ast.BinOp(left=left, op=ast.Mod()):
                return frozenset(_until(s, "%") + HOLE for s in self.strings(left))
            case ast.Name():
                return self._name(node, collection=False)
            case ast.Attribute(attr=attr):
                return self._attribute(node, attr)
            case ast.Subscript(value=value, slice=key):
                return self._subscript(value, key)
            case ast.IfExp(body=a, orelse=b):
                return self._union([a, b])
            case ast.BoolOp(op=ast.Or(), values=values):
                return self._union(values)
            case ast.NamedExpr(value=value):
                return self.strings(value)
            case ast.Call():
                return self._call(node)
        return UNKNOWN

    def _joined(self, parts: list[frozenset[str]], between: str = "") -> frozenset[str]:
        size = 1
        for p in parts:
            size *= len(p)
        if size > _MAX_STRINGS:
            return UNKNOWN
        return frozenset(between.join(texts) for texts in product(*parts))

    def _part(self, node: ast.expr) -> frozenset[str]:
        if isinstance(node, ast.FormattedValue):
            plain = node.format_spec is None and node.conversion == -1
            return self.strings(node.value) if plain else UNKNOWN
        return self.strings(node)

    def _paths(self, nodes: list[ast.expr]) -> frozenset[str]:
        parts = [self.strings(n) for n in nodes]
        heads = frozenset(s.rstrip("/") if s != "/" else "" for s in parts[0])
        return self._joined([heads, *parts[1:]], "/")

    def _name(self, node: ast.Name, *, collection: bool) -> frozenset[str]:
        bound = self.names.bound(node)
        if not bound or len(bound) > _MAX_STRINGS:
            return UNKNOWN
        out: set[str] = set()
        for b in bound:
            out |= self._bound(b, collection=collection)
        return frozenset(out)

    def _bound(self, bound: Bound, *, collection: bool) -> frozenset[str]:
        match bound.how:
            case How.IS:
                return self.each(bound.value) if collection else self.strings(bound.value)
            case How.PART if collection:
                return self.each(bound.value)
            case How.PART if self._names_place(bound.value):
                return self.strings(bound.value)
            case How.ITEM:
                return self._items(bound.value, bound.index)
            case How.KEY | How.VALUE:
                literal = self.literal(bound.value)
                if isinstance(literal, ast.Dict):
                    chosen = literal.keys if bound.how is How.KEY else literal.values
                    return self._union([c for c in chosen if c is not None])
        return UNKNOWN

    def _names_place(self, value: ast.expr) -> bool:
        """True for `filesystem, path = FileSystem.from_uri(uri)`."""
        return isinstance(value, ast.Call) and self.names.callee(value) in _WRAPPERS

    def _items(self, node: ast.expr, index: int | None) -> frozenset[str]:
        literal = self.literal(node)
        match literal:
            case ast.Dict(keys=keys) if index is None:
                return self._union([k for k in keys if k is not None])
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                if index is None:
                    return self._union(elts)
                rows = [e.elts for e in elts if isinstance(e, ast.Tuple | ast.List)]
                if len(rows) == len(elts) and all(len(r) > index for r in rows):
                    return self._union([r[index] for r in rows])
        return self.each(node) if index is None and node is not literal else UNKNOWN

    def literal(self, node: ast.expr) -> ast.expr:
        """The collection that a name is bound to, once."""
        last = node
        for last in self.names.chain(node):
            if not isinstance(last, ast.Name):
                break
        return last

    def _attribute(self, node: ast.Attribute, attr: str) -> frozenset[str]:
        if attr == "path" and isinstance(node.value, ast.Call) and self._names_place(node.value):
            return self.strings(node.value)
        if self.is_option(node, attr):
            return self._union(self.options[attr]) if self.options[attr] else UNKNOWN
        bound = self.names.program.module.names.get(f".{attr}", [])
        return self._union([b.value for b in bound if b.how is How.IS]) if bound else UNKNOWN

    def is_option(self, node: ast.Attribute, attr: str) -> bool:
        """True for `args.output` of a parser with `--output`."""
        return attr in self.options and self.names.dotted(node.value) is None

    def _subscript(self, value: ast.expr, key: ast.expr) -> frozenset[str]:
        literal, wanted = self.literal(value), self.one(key)
        match literal:
            case ast.Dict(keys=keys, values=values):
                hits = [v for k, v in zip(keys, values, strict=True) if k and self.one(k) == wanted]
                return self._union(hits if hits and wanted is not None else values)
            case ast.List(elts=elts) | ast.Tuple(elts=elts):
                number = int(wanted) if wanted and wanted.isdecimal() else None
                return self._union(elts if number is None else elts[number : number + 1])
            case ast.Call() if wanted in self.options and self._is_vars(literal):
                return self._union(self.options[wanted]) or UNKNOWN
        return UNKNOWN

    def _is_vars(self, call: ast.Call) -> bool:
        return self.names.callee(call) == "builtins.vars"

    def _call(self, node: ast.Call) -> frozenset[str]:
        callee = self.names.callee(node)
        if callee in _WRAPPERS and node.args:
            return self._paths(node.args)
        match node.func:
            case ast.Attribute(value=inner, attr=attr) if attr in _SAME:
                return self.strings(inner)
            case ast.Attribute(value=inner, attr=attr) if attr in _TEXT_METHODS:
                return self._text_method(inner, attr, node.args)
            case ast.Attribute(value=inner, attr="joinpath"):
                return self._paths([inner, *node.args])
            case ast.Attribute(value=inner, attr="format"):
                return frozenset(_until(s, "{") + HOLE for s in self.strings(inner))
            case ast.Attribute(value=between, attr="join") if len(node.args) == 1:
                return self._join(between, node.args[0])
        returned = [
            value
            for function in self.names.functions_of(node)
            for value in self.names.program.returns.get(function, [])
        ]
        return self._union(returned) if returned else UNKNOWN

    def _text_method(self, on: ast.expr, method: str, args: list[ast.expr]) -> frozenset[str]:
        given = [a.value for a in args if isinstance(a, ast.Constant)]
        if len(given) != len(args) or not all(isinstance(g, str) for g in given):
            return UNKNOWN
        if (method in ("replace", "removeprefix", "removesuffix")) != bool(given):
            given = []
        if method == "replace" and len(given) != 2:
            return UNKNOWN
        return frozenset(getattr(s, method)(*given) for s in self.strings(on))

    def _join(self, between: ast.expr, parts: ast.expr) -> frozenset[str]:
        literal, text = self.literal(parts), self.one(between)
        match literal:
            case ast.List(elts=elts) | ast.Tuple(elts=elts) if text is not None:
                return self._joined([self.strings(e) for e in elts], text)
        return UNKNOWN


def _until(text: str, mark: str) -> str:
    return text.partition(mark)[0]
