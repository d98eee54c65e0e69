"""SEC006 to SEC008: what a program may ask of its engine."""

import ast
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.context import Context
from services.validator.rules import sec_lists as lists
from services.validator.rules.rule import Hit, Rule

_SESSION = "from pyspark.sql import SparkSession\nspark = SparkSession.builder.getOrCreate()\n"


def _sql(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.program.calls:
        if lists.SQL_FUNCTIONS.fullmatch(facts.names.callee(call) or ""):
            yield Hit(call, "The program calls Java methods from SQL.")
        attr = call.func.attr if isinstance(call.func, ast.Attribute) else None
        name = call.func.id if isinstance(call.func, ast.Name) else None
        if (attr or name) not in lists.SQL_METHODS:
            continue
        yield from _sql_texts(facts, call, attr or name or "")


def _sql_texts(facts: Facts, call: ast.Call, method: str) -> Iterator[Hit]:
    for argument in [*call.args, *(k.value for k in call.keywords)]:
        for text in sorted(facts.fold.each(argument)):
            found = lists.SQL_DANGER.search(text)
            if found or (method.startswith("call_") and text.lower() in ("reflect", "java_method")):
                what = " ".join(found["what"].split()).upper() if found else text
                yield Hit(call, f"The SQL text runs code outside the query: {what}.")
                return


def _configuration(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.program.calls:
        if not isinstance(call.func, ast.Attribute):
            continue
        attr = call.func.attr
        if attr in lists.CODE_METHODS:
            yield Hit(call, f"The program loads files into the engine with .{attr}().")
        if attr in ("config", "set", "setIfMissing", "setAll", "setExecutorEnv"):
            for key in _keys(facts, call):
                if lists.CONF.fullmatch(key) or attr == "setExecutorEnv":
                    yield Hit(call, f"The program sets {key}, which belongs to the platform.")


def _keys(facts: Facts, call: ast.Call) -> Iterator[str]:
    """The configuration keys of .config(k, v), .set(k, v), .config(map={…}), .setAll([…])."""
    first = call.args[0] if call.args else None
    named = {k.arg: k.value for k in call.keywords}
    for node in (first, named.get("key"), named.get("map")):
        match node:
            case None:
                continue
            case ast.Dict(keys=keys):
                texts = [facts.fold.strings(k) for k in keys if k is not None]
            case ast.List(elts=elts):
                texts = [facts.fold.strings(e.elts[0]) for e in elts if isinstance(e, ast.Tuple)]
            case _:
                texts = [facts.fold.strings(node)]
        yield from sorted({t for many in texts for t in many})


def _runtime_env(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.program.calls:
        for keyword in call.keywords:
            if keyword.arg != "runtime_env":
                continue
            literal = next(
                (p for p in facts.names.chain(keyword.value) if not isinstance(p, ast.Name)), None
            )
            bad = _bad_keys(facts, literal)
            if bad:
                yield Hit(call, f"The runtime_env of Ray sets {', '.join(bad)}.")


def _bad_keys(facts: Facts, literal: ast.expr | None) -> list[str]:
    match literal:
        case ast.Dict(keys=keys, values=values):
            pairs = [
                (facts.fold.one(k) if k else None, v) for k, v in zip(keys, values, strict=True)
            ]
        case ast.Call(keywords=keywords):
            pairs = [(k.arg, k.value) for k in keywords]
        case ast.Constant(value=None):
            return []
        case _:
            return ["values that are computed"]
    bad = [k or "computed keys" for k, _ in pairs if k not in lists.RUNTIME_ENV_ALLOWED]
    for key, value in pairs:
        if key == "env_vars" and isinstance(value, ast.Dict):
            names = [facts.fold.one(k) if k else None for k in value.keys]
            bad += [n or "computed" for n in names if n is None or lists.LOADER_VARIABLES.match(n)]
    return bad


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="SEC006",
        title="SQL only queries",
        severity=Severity.ERROR,
        why="ADD JAR, reflect, java_method, TRANSFORM … USING and CREATE FUNCTION run other code.",
        bad=f"{_SESSION}spark.sql(\"SELECT reflect('java.lang.System', 'getenv')\")\n",
        good=f"{_SESSION}spark.sql('SELECT transform(array(1), x -> x + 1)')\n",
        hint="Use SELECT with built-in functions.",
        check=_sql,
    ),
    Rule(
        code="SEC007",
        title="No configuration that loads code or moves limits",
        severity=Severity.ERROR,
        why="Jars, Java options, listeners, file systems and credentials belong to the platform.",
        bad="from pyspark.sql import SparkSession\n"
        "SparkSession.builder.config('spark.jars', 'x.jar').getOrCreate()\n",
        good="from pyspark.sql import SparkSession\n"
        "SparkSession.builder.config('spark.sql.shuffle.partitions', '4').getOrCreate()\n",
        hint="Leave the setting out.",
        check=_configuration,
    ),
    Rule(
        code="SEC008",
        title="No packages or executables in runtime_env",
        severity=Severity.ERROR,
        why="They would be fetched and run on every node.",
        bad="import ray\nray.init(runtime_env={'pip': ['x']})\n",
        good="import ray\nray.init()\n",
        hint="Leave runtime_env out.",
        check=_runtime_env,
    ),
)
