"""What does a program need of Spark? Decides the way it is run; is no security boundary.

Read off its syntax tree, with every doubt in favour of a Spark of the program's own: a wrong "no"
costs a second, a wrong "yes" an error that the program does not deserve.
"""

import ast
import re
from collections.abc import Iterator

from services.executor_spark.platforms.needs_words import (
    ATTRIBUTES,
    CATALOG_READS,
    DYNAMIC,
    FIXED_SQL_SETTINGS,
    FORMATS,
    HARMLESS_DUNDERS,
    HARMLESS_SETTINGS,
    MODULES,
    PATH_CALLS,
    PYTHON_FUNCTIONS,
    SPARK_VARIABLES,
)
from services.executor_spark.platforms.sql_text import in_any_text, in_statement

Reason = tuple[int, str]
"""Line and sentence part."""


def server_side(program: str) -> str | None:
    """Why the shared Spark Connect server cannot serve the program; None when it can.

    A sentence part, such as "it defines a Python UDF at line 12".
    """
    return _first(program, _SessionReasons, _ServerReasons)


def needs_fresh_session(program: str) -> str | None:
    """Why a Spark that is started already cannot serve the program; None when it can."""
    return _first(program, _SessionReasons)


def _first(program: str, *seekers: "type[_Seeker]") -> str | None:
    try:
        tree = ast.parse(program)
    except (SyntaxError, ValueError, RecursionError):
        return "it cannot be read as Python"
    found = [reason for seeker in seekers for reason in seeker(tree).reasons()]
    if not found:
        return None
    line, said = min(found)
    return f"{said} at line {line}"


class _Seeker:
    """Walks the tree once. Texts that are written down and assigned once are known by name."""

    def __init__(self, tree: ast.Module) -> None:
        self._nodes = list(ast.walk(tree))
        self._texts = dict(_named_texts(self._nodes))

    def reasons(self) -> Iterator[Reason]:
        for node in self._nodes:
            said = self.look(node)
            if said is not None:
                yield getattr(node, "lineno", 1), said

    def look(self, node: ast.AST) -> str | None:
        raise NotImplementedError

    def text(self, node: ast.AST | None) -> str | None:
        """The text that an expression stands for, when the program writes it down."""
        match node:
            case ast.Constant(value=str(value)):
                return value
            case ast.Name(id=name):
                return self._texts.get(name)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                parts = (self.text(left), self.text(right))
                return "".join(p for p in parts if p) if None not in parts else None
            case ast.Call(func=ast.Attribute(value=inner, attr="strip" | "lower"), args=[]):
                return self.text(inner)
            case _:
                return None


def _named_texts(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """Names that are bound exactly once, to a text."""
    bound: dict[str, int] = {}
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                bound[name] = bound.get(name, 0) + 1
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
                if bound.get(name) == 1:
                    yield name, value


def _name(call: ast.Call) -> str:
    """`f` of `x.f(…)` and `f(…)`."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


class _SessionReasons(_Seeker):
    """What only a Spark that is about to start can do."""

    def look(self, node: ast.AST) -> str | None:
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module.startswith("pyspark"):
                if any(alias.name in ("SparkContext", "SparkConf") for alias in names):
                    return "it makes its own SparkContext"
            case ast.Attribute(attr="SparkContext" | "SparkConf"):
                return "it makes its own SparkContext"
            case ast.Constant(value=str(value)) if value in SPARK_VARIABLES:
                return f"it sets {value}"
            case ast.Call(func=ast.Attribute(attr="master")):
                return "it chooses its own master"
            case ast.Call(func=ast.Attribute(attr="enableHiveSupport")):
                return "it asks for Hive"
            case ast.Call(func=ast.Attribute(attr="config")) if _of_a_builder(node):
                return self._settings(node)
        return None

    def _settings(self, call: ast.Call) -> str | None:
        """`config(key, value)`, `config(map={…})`, `config(conf=…)`."""
        named = {k.arg: k.value for k in call.keywords}
        keys: list[ast.expr | None] = []
        if isinstance(named.get("map"), ast.Dict):
            keys = list(named["map"].keys)  # type: ignore[attr-defined]
        elif call.args or "key" in named:
            keys = [call.args[0] if call.args else named["key"]]
        names = [self.text(key) for key in keys]
        if not names or None in names:
            return "it computes the settings of its session"
        fixed = next((name for name in names if name and _fixed(name)), None)
        return f"it sets {fixed}, which is fixed when Spark starts," if fixed else None


def _of_a_builder(node: ast.AST) -> bool:
    """True for `….builder.config`, also over other calls of the chain."""
    while True:
        match node:
            case ast.Call(func=inner) | ast.Attribute(attr="config" | "appName", value=inner):
                node = inner
            case ast.Attribute(attr=name, value=inner):
                if name == "builder":
                    return True
                node = inner
            case ast.Name(id=name):
                # A builder in a variable; a `config` of something else than Spark is rarer.
                return "build" in name.lower() or name == "spark"
            case _:
                return False


def _fixed(name: str) -> bool:
    if name.startswith(HARMLESS_SETTINGS):
        return False
    return not name.startswith("spark.sql.") or name.startswith(FIXED_SQL_SETTINGS)


class _ServerReasons(_Seeker):
    """What only a Spark of the program's own can do."""

    def reasons(self) -> Iterator[Reason]:
        yield from super().reasons()
        yield from self._after_stop()

    def look(self, node: ast.AST) -> str | None:
        match node:
            case ast.Import(names=names):
                return next((m for a in names if (m := _module(a.name))), None)
            case ast.ImportFrom(module=str(module), names=names):
                return _imported(module, names)
            case ast.Name(id=name, ctx=ast.Load()) if name in PYTHON_FUNCTIONS:
                return ATTRIBUTES[name]
            case ast.Name(id=name, ctx=ast.Load()) if name in DYNAMIC:
                return f"it uses {name}"
            case ast.Constant(value=str(value)):
                return in_any_text(value)
            case ast.Attribute():
                return _attribute(node)
            case ast.Call():
                return self._call(node)
        return None

    def _call(self, call: ast.Call) -> str | None:
        name, first = _name(call), call.args[0] if call.args else None
        match name:
            case "getattr" | "setattr" | "delattr":
                return self._by_name(call)
            case "sql" if isinstance(call.func, ast.Attribute):
                return self._sql(first or next((k.value for k in call.keywords), None))
            case "expr" | "selectExpr":
                known = all(self.text(argument) is not None for argument in call.args)
                return None if known else "it builds SQL text while it runs"
            case "filter" | "where" if isinstance(first, ast.JoinedStr):
                return "it builds SQL text while it runs"
            case "format" if isinstance(call.func, ast.Attribute):
                return self._format(call.func.value, first)
            case "set" if isinstance(call.func, ast.Attribute):
                return self._conf_set(call.func.value, first)
            case name if name in PATH_CALLS and isinstance(call.func, ast.Attribute):
                paths = [k.value for k in call.keywords if k.arg == "path"]
                return self._relative([*call.args[:1], *paths])
        return None

    def _relative(self, paths: list[ast.expr]) -> str | None:
        """The server's current folder is not the program's."""
        for path in paths:
            if isinstance(path, ast.List | ast.Tuple):
                return self._relative(path.elts)
            begin = path.values[0] if isinstance(path, ast.JoinedStr) and path.values else path
            text = self.text(begin)
            if text and not re.match(r"/|[a-zA-Z][a-zA-Z0-9+.-]*:", text):
                return f"it names the relative path {text[:40]!r}"
        return None

    def _by_name(self, call: ast.Call) -> str | None:
        name = self.text(call.args[1]) if len(call.args) > 1 else None
        if name is None or name in ATTRIBUTES or name.startswith("_"):
            return f"it uses {_name(call)} with a name of its choice"
        return None

    def _sql(self, argument: ast.expr | None) -> str | None:
        text = self.text(argument)
        return in_statement(text) if text is not None else "it builds SQL text while it runs"

    def _format(self, of: ast.expr, argument: ast.expr | None) -> str | None:
        if isinstance(of, ast.Constant | ast.JoinedStr) or argument is None:
            return None  # Of a text.
        name = self.text(argument)
        if name is None:
            return "it chooses a data format while it runs"
        return None if name.lower() in FORMATS else f"it uses the data format {name}"

    def _conf_set(self, of: ast.expr, argument: ast.expr | None) -> str | None:
        if not (isinstance(of, ast.Attribute) and of.attr == "conf"):
            return None
        name = self.text(argument)
        if name is None:
            return "it computes the settings of its session"
        return f"it sets {name}" if _fixed(name) else None

    def _after_stop(self) -> Iterator[Reason]:
        """Uses of a session below the line that stops it: there is no second one."""
        stops = [n for n in self._nodes if isinstance(n, ast.Call) and _name(n) == "stop"]
        stopped = {
            c.func.value.id: c.lineno
            for c in reversed(stops)
            if isinstance(c.func, ast.Attribute) and isinstance(c.func.value, ast.Name)
        }
        stopping = {id(c.func.value) for c in stops if isinstance(c.func, ast.Attribute)}
        first = min(stopped.values(), default=None)
        for node in self._nodes:
            if not isinstance(node, ast.Name) or id(node) in stopping or first is None:
                continue
            after = stopped.get(node.id, first if node.id == "SparkSession" else None)
            if after is not None and node.lineno > after:
                yield node.lineno, "it uses Spark after stopping it"


def _module(name: str) -> str | None:
    return next((s for m, s in MODULES.items() if name == m or name.startswith(f"{m}.")), None)


def _imported(module: str, names: list[ast.alias]) -> str | None:
    for alias in names:
        said = _module(f"{module}.{alias.name}") or _module(module)
        if said is not None:
            return said
        if module.startswith("pyspark") and alias.name in ATTRIBUTES:
            return ATTRIBUTES[alias.name]
    return None


def _attribute(node: ast.Attribute) -> str | None:
    owner = node.value.id if isinstance(node.value, ast.Name) else ""
    if owner == "functools":
        return None  # `functools.cache` and its like.
    if isinstance(node.value, ast.Attribute) and node.value.attr == "catalog":
        known = node.attr in CATALOG_READS
        return None if known else f"it changes the catalog with {node.attr}"
    if node.attr in ATTRIBUTES:
        return ATTRIBUTES[node.attr]
    hidden = node.attr.startswith("_") and node.attr not in HARMLESS_DUNDERS
    if hidden and owner not in ("self", "cls"):
        return f"it uses the internal name {node.attr}"
    return None
