"""RAY: Ray tasks, actors and data."""

import ast
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.scope import Function
from services.validator.context import Context
from services.validator.rules.examples import TASK
from services.validator.rules.rule import Hit, Rule

_BRANCHES = (ast.If, ast.Try, ast.ExceptHandler, ast.IfExp, ast.While, ast.For)


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
        if address == "local":
            yield Hit(call, "ray.init() starts a Ray of its own beside the cluster of the job.")
        elif address is not None and address != "auto":
            yield Hit(call, f"ray.init() names one fixed cluster, {address}.")
    for call, callee in facts.callees:
        if callee in ("ray.client", "ray.util.connect"):
            yield Hit(call, f"{callee}() names one fixed cluster.")


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
    yield from _actor_called_directly(facts, context)
    remote = _remote_names(facts)
    for call in facts.program.calls:
        match call.func:
            case ast.Name(id=name) if name in remote and facts.names.bound(call.func) is None:
                yield Hit(
                    call,
                    f"{name}() is a remote function or actor and cannot be called directly.",
                    f"Write {name}.remote(…) and fetch the value with ray.get(…).",
                )


def _actor_called_directly(facts: Facts, context: Context) -> Iterator[Hit]:
    """`counter.add(1)` on an actor; its methods run by `counter.add.remote(1)`."""
    remote = _remote_names(facts) & facts.program.classes.keys()
    for call in facts.program.calls if remote else []:
        match call.func:
            case ast.Attribute(value=ast.Name() as on, attr=method) if method != "options":
                actor = next((a for a in _actors(facts, on) if a in remote), None)
                cls = facts.program.classes.get(actor or "")
                if cls is not None and any(getattr(s, "name", "") == method for s in cls.body):
                    yield Hit(
                        call,
                        f"{on.id}.{method}() calls a method of an actor directly.",
                        f"Write {on.id}.{method}.remote(…) and fetch the value with ray.get(…).",
                    )


def _actors(facts: Facts, name: ast.Name) -> Iterator[str]:
    """The classes whose `.remote()` the name is bound to."""
    for bound in facts.names.few(name):
        match bound.value:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=cls), attr="remote")):
                yield cls
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Call(func=ast.Attribute(value=ast.Name(id=cls), attr="options")),
                    attr="remote",
                )
            ):
                yield cls


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
        bad=f"{TASK}f(1)\n",
        good=f"{TASK}ray.get(f.remote(1))\n",
        hint="Call it with .remote(…).",
        check=_called_directly,
    ),
    Rule(
        code="RAY004",
        title="Only remote functions have .remote",
        severity=Severity.ERROR,
        why="A plain function has no such attribute: AttributeError.",
        bad="import ray\nray.init()\ndef f(x):\n    return x\nf.remote(1)\n",
        good=f"{TASK}f.remote(1)\n",
        hint="Decorate the function with @ray.remote.",
        check=_not_remote,
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
)
