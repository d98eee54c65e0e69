"""RAY005, RAY007, RAY008: what works and is slow; each says the better form."""

import ast
import re
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.scope import How
from services.validator.analysis.words import words
from services.validator.context import Context
from services.validator.rules.examples import TASK
from services.validator.rules.rule import Hit, Rule

_SMALL = words(
    "limit take take_batch groupby count sum mean min max std aggregate summarize schema unique "
    "random_sample map_batches map_groups"
)


def _get_in_loop(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.program.calls:
        if facts.names.callee(call) != "ray.get" or not call.args:
            continue
        loop = facts.program.loop_around(call)
        if loop is None or _polls(facts, loop):
            continue
        if _starts_task(facts, call.args[0], loop):
            yield Hit(call, "Each turn of the loop starts one task and waits for it.")


def _polls(facts: Facts, loop: ast.AST) -> bool:
    """True for a loop that asks, sleeps and asks again."""
    return isinstance(loop, ast.While) and any(
        callee == "time.sleep" and loop in facts.program.above(call)
        for call, callee in facts.callees
    )


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
                for b in facts.names.few(node)
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


def _by_value(facts: Facts, context: Context) -> Iterator[Hit]:
    for call in facts.called("remote"):
        loop = facts.program.loop_around(call)
        if loop is None:
            continue
        for argument in [*call.args, *(k.value for k in call.keywords)]:
            if isinstance(argument, ast.Name) and _is_large(facts, argument, loop):
                yield Hit(call, f"{argument.id} is sent along with each task of the loop.")
                break


def _is_large(facts: Facts, name: ast.Name, loop: ast.AST) -> bool:
    """True for a table or an array that is made outside of the loop, and never by ray.put."""
    bound = facts.names.few(name)
    return bool(bound) and all(
        b.how is How.IS
        and loop not in facts.program.above(b.value)
        and _makes_large(facts, b.value)
        for b in bound
    )


def _makes_large(facts: Facts, value: ast.expr) -> bool:
    for part in facts.names.chain(value):
        if isinstance(part, ast.Call):
            if part in facts.reads.by_call or _LARGE.fullmatch(facts.names.callee(part) or ""):
                return True
            attr = part.func.attr if isinstance(part.func, ast.Attribute) else ""
            if attr in _REDUCES:
                return False
            if attr in ("to_pandas", "take_all", "to_numpy", "to_arrow_refs"):
                return True
    return False


_LARGE = re.compile(
    r"numpy\.(zeros|ones|empty|full|arange|linspace|random\.\w+)|pandas\.(concat|merge)"
    r"|pyarrow\.(concat_tables|table)"
)
_REDUCES = words("sum mean min max count item head schema iloc unique tolist nunique std var")


RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="RAY005",
        title="No waiting inside the loop that starts the tasks",
        severity=Severity.WARNING,
        why="Only one task runs at a time, so nothing is parallel.",
        bad=f"{TASK}for i in range(9):\n    ray.get(f.remote(i))\n",
        good=f"{TASK}refs = [f.remote(i) for i in range(9)]\nray.get(refs)\n",
        hint="Collect the references in a list, then call ray.get(list) once.",
        check=_get_in_loop,
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
    Rule(
        code="RAY008",
        title="Large objects are put once",
        severity=Severity.WARNING,
        why="An argument is copied into the object store again for each call.",
        bad=f"import pandas as pd\n{TASK}table = pd.read_csv('s3://data/birds.csv')\n"
        "refs = [f.remote(table) for _ in range(9)]\n",
        good=f"import pandas as pd\n{TASK}table = ray.put(pd.read_csv('s3://data/birds.csv'))\n"
        "refs = [f.remote(table) for _ in range(9)]\n",
        hint="Write ref = ray.put(…) before the loop and pass ref.",
        check=_by_value,
    ),
)
