"""RAY: Ray tasks, actors and data."""

import ast
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.scope import Function, How
from services.validator.analysis.words import words
from services.validator.context import Context
from services.validator.rules.rule import Hit, Rule

_TASK = "import ray\nray.init()\n\n@ray.remote\ndef f(x):\n    return x\n\n"
_BRANCHES = (ast.If, ast.Try, ast.ExceptHandler, ast.IfExp, ast.While, ast.For)
_SMALL = words(
    "limit take take_batch groupby count sum mean min max std aggregate summarize schema unique "
    "random_sample map_batches map_groups"
)


def _imported(facts: Facts, context: Context) -> Iterator[Hit]:
    if "ray" not in facts.modules:
        yield Hit(None, "The job runs on Ray, but the program does not import ray.")


def _init_calls(facts: Facts) -> list[ast.Call]:
    return [c for c in facts.program.calls if facts.names.callee(c) == "ray.init"]


def _init_once(facts: Facts, context: Context) -> Iterator[Hit]:
    if "ray" not in facts.modules:
        return
    calls = _init_calls(facts)
    if not calls:
        yield Hit(
            None,
            "The program never calls ray.init(), so Ray starts at some later call.",
            severity=Severity.WARNING,
        )
    always = [c for c in calls if not any(isinstance(a, _BRANCHES) for a in facts.program.above(c))]
    for again in always[1:]:
        if not any(k.arg == "ignore_reinit_error" for k in again.keywords):
            yield Hit(again, "ray.init() is called a second time, which raises an error.")


def _address(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in _init_calls(facts):
        named = next((k.value for k in call.keywords if k.arg == "address"), None)
        given = call.args[0] if call.args else named
        address = facts.fold.one(given) if given is not None else None
        if address is not None and address not in ("auto", "local"):
            yield Hit(call, f"ray.init() names one fixed cluster, {address}.")


def _remote_names(facts: Facts) -> set[str]:
    """Functions and classes that @ray.remote decorates."""
    defined: list[Function | ast.ClassDef] = [
        *(f for many in facts.program.functions.values() for f in many),
        *facts.program.classes.values(),
    ]
    return {d.name for d in defined if any(_is_remote(facts, x) for x in d.decorator_list)}


def _is_remote(facts: Facts, decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return facts.names.dotted(called) == "ray.remote"


def _called_directly(facts: Facts, context: Context) -> Iterator[Hit]:
    remote = _remote_names(facts)
    for call in facts.program.calls:
        match call.func:
            case ast.Name(id=name) if name in remote and facts.names.bound(call.func) is None:
                yield Hit(
                    call,
                    f"{name}() is a remote function or actor and cannot be called directly.",
                    f"Write {name}.remote(…) and fetch the value with ray.get(…).",
                )


def _not_remote(facts: Facts, context: Context) -> Iterator[Hit]:
    remote = _remote_names(facts)
    plain = (set(facts.program.functions) | set(facts.program.classes)) - remote
    for call in facts.program.calls:
        match call.func:
            case ast.Attribute(value=ast.Name(id=name) as on, attr="remote") if name in plain:
                if facts.names.bound(on) is None:
                    yield Hit(
                        call,
                        f"{name}.remote() is called, but {name} is not a remote function.",
                        f"Put @ray.remote above the definition of {name}.",
                    )


def _get_in_loop(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.program.calls:
        if facts.names.callee(call) != "ray.get" or not call.args:
            continue
        loop = facts.program.loop_around(call)
        if loop is not None and _starts_task(facts, call.args[0], loop):
            yield Hit(call, "Each turn of the loop starts one task and waits for it.")


def _starts_task(facts: Facts, node: ast.expr, loop: ast.AST) -> bool:
    """True for f.remote(…), and for a name that the same loop binds to it."""
    match node:
        case ast.Call(func=ast.Attribute(attr="remote")):
            return True
        case ast.Name():
            return any(
                b.how is How.IS
                and isinstance(b.value, ast.Call)
                and _starts_task(facts, b.value, loop)
                and loop in facts.program.above(b.value)
                for b in facts.names.bound(node) or []
            )
    return False


def _takes_all(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.program.calls:
        match call.func:
            case ast.Attribute(value=data, attr="take_all" | "to_pandas" as attr):
                if _unbounded(facts, data):
                    yield Hit(call, f".{attr}() brings every row of a source to the driver.")


def _unbounded(facts: Facts, data: ast.expr) -> bool:
    for part in facts.names.chain(data):
        match part:
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in _SMALL:
                return False
        if isinstance(part, ast.Call) and part in facts.reads.by_call:
            return (facts.names.callee(part) or "").startswith("ray.")
    return False


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="RAY001",
        title="The program uses Ray",
        severity=Severity.ERROR,
        why="The job was asked to run on Ray.",
        bad="print(sum(range(10)))\n",
        good="import ray\nray.init()\n",
        hint="Import ray and do the work in remote functions or ray.data.",
        check=_imported,
    ),
    Rule(
        code="RAY002",
        title="ray.init() once",
        severity=Severity.ERROR,
        why="A second ray.init() raises; without one the place where Ray starts is hidden.",
        bad="import ray\nray.init()\nray.init()\n",
        good="import ray\nray.init()\n",
        hint="Call ray.init() exactly once, at the start.",
        check=_init_once,
    ),
    Rule(
        code="RAY003",
        title="Remote functions are called with .remote",
        severity=Severity.ERROR,
        why="Ray raises TypeError for a direct call.",
        bad=f"{_TASK}f(1)\n",
        good=f"{_TASK}ray.get(f.remote(1))\n",
        hint="Call it with .remote(…).",
        check=_called_directly,
    ),
    Rule(
        code="RAY004",
        title="Only remote functions have .remote",
        severity=Severity.ERROR,
        why="A plain function has no such attribute: AttributeError.",
        bad="import ray\nray.init()\ndef f(x):\n    return x\nf.remote(1)\n",
        good=f"{_TASK}f.remote(1)\n",
        hint="Decorate the function with @ray.remote.",
        check=_not_remote,
    ),
    Rule(
        code="RAY005",
        title="No waiting inside the loop that starts the tasks",
        severity=Severity.WARNING,
        why="Only one task runs at a time, so nothing is parallel.",
        bad=f"{_TASK}for i in range(9):\n    ray.get(f.remote(i))\n",
        good=f"{_TASK}refs = [f.remote(i) for i in range(9)]\nray.get(refs)\n",
        hint="Collect the references in a list, then call ray.get(list) once.",
        check=_get_in_loop,
    ),
    Rule(
        code="RAY006",
        title="The cluster is not the program's business",
        severity=Severity.WARNING,
        why="The platform chooses the cluster; a fixed address fails elsewhere.",
        bad="import ray\nray.init(address='ray://10.0.0.1:10001')\n",
        good="import ray\nray.init()\n",
        hint="Leave the address out.",
        check=_address,
    ),
    Rule(
        code="RAY007",
        title="No whole source on the driver",
        severity=Severity.WARNING,
        why="The driver's memory is the limit, and it is reached without warning.",
        bad="import ray\nray.init()\nray.data.read_csv('s3://data/birds.csv').take_all()\n",
        good="import ray\nray.init()\nray.data.read_csv('s3://data/birds.csv').take(10)\n",
        hint="Aggregate or .limit(…) first, or write it with .write_parquet.",
        check=_takes_all,
    ),
)
