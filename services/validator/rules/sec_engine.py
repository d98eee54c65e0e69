"""SEC006 to SEC008: what a program may ask of its engine."""

import ast
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.fold import HOLE, known
from services.validator.analysis.settings import Setting
from services.validator.analysis.sql import code_of
from services.validator.context import Context
from services.validator.rules import sec_lists as lists
from services.validator.rules.examples import SESSION
from services.validator.rules.rule import Hit, Rule


def _sql(facts: Facts, context: Context) -> Iterator[Hit]:
    for call, callee in facts.callees:
        if lists.SQL_FUNCTIONS.fullmatch(callee):
            yield Hit(call, "The program calls Java methods from SQL.")
        elif lists.SQL_TEXT_FUNCTIONS.fullmatch(callee):
            yield from _sql_texts(facts, call, callee.rpartition(".")[2])
    for call in facts.program.calls:
        func = call.func
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
        if name in lists.SQL_METHODS:
            yield from _sql_texts(facts, call, name)
    for node in facts.program.attributes:
        if node.attr == "sql" and not _is_seen(facts, node):
            yield Hit(node, "spark.sql is handed around, so that its texts cannot be seen.")


def _is_seen(facts: Facts, node: ast.Attribute) -> bool:
    """True for a call, for the module `pyspark.sql`, and for a name that is then called."""
    match parent := facts.program.parents.get(node):
        case ast.Call(func=func):
            seen = func is node
        case ast.Assign(targets=[ast.Name()]):
            seen = not isinstance(facts.program.parents.get(parent), ast.ClassDef)
        case _:
            seen = isinstance(parent, ast.Attribute)
    return seen or facts.names.dotted(node) is not None


def _sql_texts(facts: Facts, call: ast.Call, method: str) -> Iterator[Hit]:
    for argument in [*call.args, *(k.value for k in call.keywords)]:
        for text in sorted(facts.fold.each(argument)):
            found = lists.SQL_DANGER.search(code_of(text))
            if found or (method.startswith("call_") and text.lower() in ("reflect", "java_method")):
                what = " ".join(found["what"].split()).upper() if found else text
                yield Hit(call, f"The SQL text runs code outside the query: {what}.")
                return


def _configuration(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.called(*sorted(lists.CODE_METHODS)):
        assert isinstance(call.func, ast.Attribute)
        yield Hit(call, f"The program loads files into the engine with .{call.func.attr}().")
    for call in facts.called("setExecutorEnv"):
        yield Hit(call, "The program sets variables of the executors.")
    for setting in facts.settings:
        if lists.CONF.fullmatch(setting.key):
            what = setting.key.replace(HOLE, "…")
            yield Hit(setting.at, f"The program sets {what}, which belongs to the platform.")
        elif _names_a_class(setting):
            yield Hit(setting.at, f"The setting {setting.key} names the class {setting.text}.")
        elif setting.key.startswith(HOLE) and _of_session(facts, setting.at):
            what = "A setting is made whose name cannot be seen."
            yield Hit(setting.at, what, severity=Severity.WARNING)
    yield from _formats(facts)
    for call, callee in facts.callees:
        if callee.startswith("pyarrow.fs.") and _ENDPOINTS & {k.arg for k in call.keywords}:
            yield Hit(call, "The program chooses the address or the role of a file system.")
        if callee in ("pyspark.SparkContext", "pyspark.context.SparkContext"):
            for keyword in call.keywords:
                if keyword.arg in lists.CONTEXT_PRIVATE:
                    yield Hit(call, f"The SparkContext is made with {keyword.arg}.")


_ENDPOINTS = frozenset({"endpoint_override", "proxy_options", "role_arn"})


def _of_session(facts: Facts, at: ast.AST) -> bool:
    """True for a key that is given to a builder or a configuration of Spark."""
    call = facts.program.parents.get(at)
    if not isinstance(call, ast.Call):
        return False
    conf = (facts.names.callee(p) or "" for p in facts.names.chain(call) if isinstance(p, ast.Call))
    steps = set(facts.names.steps(call.func))
    return bool(steps & {"builder", "conf"}) or any(c.endswith("SparkConf") for c in conf)


def _names_a_class(setting: Setting) -> bool:
    known = lists.KNOWN_CLASSES.fullmatch(setting.text)
    return known is None and lists.CLASS_KEYS.fullmatch(setting.key) is not None


def _formats(facts: Facts) -> Iterator[Hit]:
    """`.format("org.evil.Source")` loads a class by its name."""
    for call in facts.called("format"):
        assert isinstance(call.func, ast.Attribute)
        steps = facts.names.steps(call.func.value)
        if call.args and any(s in ("read", "write", "readStream", "writeStream") for s in steps):
            for text in sorted(known(facts.fold.strings(call.args[0]))):
                if not lists.KNOWN_FORMATS.fullmatch(text):
                    yield Hit(call, f"The format names the class {text}.")


def _runtime_env(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.program.calls:
        for keyword in call.keywords:
            if keyword.arg == "runtime_env":
                yield from _environment(facts, call, keyword.value)
    for call, callee in facts.callees:
        if callee.startswith("ray.runtime_env."):
            yield from _environment(facts, call, call)
        elif callee == "ray.init":
            private = sorted({k.arg or "" for k in call.keywords} & lists.RAY_INIT_PRIVATE)
            if private:
                yield Hit(call, f"ray.init() sets {', '.join(private)}.")


def _environment(facts: Facts, call: ast.Call, value: ast.expr) -> Iterator[Hit]:
    parts = (p for p in facts.names.chain(value) if not isinstance(p, ast.Name))
    bad = _bad_keys(facts, next(parts, None))
    if bad:
        yield Hit(call, f"The runtime_env of Ray sets {', '.join(bad)}.")


_ENVIRONMENTS = frozenset({"builtins.dict", "ray.runtime_env.RuntimeEnv"})


def _bad_keys(facts: Facts, literal: ast.expr | None) -> list[str]:
    match literal:
        case ast.Dict(keys=keys, values=values):
            pairs = [
                (facts.fold.one(k) if k else None, v) for k, v in zip(keys, values, strict=True)
            ]
        case ast.Call(keywords=keywords) if facts.names.callee(literal) in _ENVIRONMENTS:
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
        bad=f"{SESSION}spark.sql(\"SELECT reflect('java.lang.System', 'getenv')\")\n",
        good=f"{SESSION}spark.sql('SELECT transform(array(1), x -> x + 1)')\n",
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
