"""ARC007, ARC008: the answer is reached, and written once."""

import ast
from collections.abc import Iterator

from arclight.contracts.names import Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.flow import ARGV, OUTPUT
from services.validator.analysis.scope import Function, How
from services.validator.analysis.words import words
from services.validator.analysis.writes import Write
from services.validator.context import Context
from services.validator.rules.arc import runs_nothing
from services.validator.rules.rule import Hit, Rule

_FOLDER_WRITERS = words(
    "parquet csv json orc text save write_parquet write_csv write_json saveAsTextFile"
)
_WRAPPERS = words("builtins.str pathlib.Path pathlib.PurePath os.fspath os.path.abspath")
_MOST = 50
"""Writes that are compared with each other; a program for people has one or two."""


def _is_reached(facts: Facts, context: Context) -> Iterator[Hit]:
    to_output = [w.call for w in facts.writes.found if _goes_to_output(facts, w)]
    if any(True for _ in runs_nothing(facts, context)):
        return  # ARC006 says so.
    shown = [*to_output, *facts.writes.prints] if context.brought else to_output
    if shown and all(facts.reach.dead(call) for call in shown[:_MOST]):
        yield Hit(shown[0], "The answer is written where the program never comes.")


def _goes_to_output(facts: Facts, write: Write) -> bool:
    return write.path is not None and bool(facts.flow.of(write.path) & (OUTPUT | ARGV))


def _is_written_once(facts: Facts, context: Context) -> Iterator[Hit]:
    mild = Severity.WARNING if context.brought else None
    places = [p for w in facts.writes.found[:_MOST] for p in _places(facts, w)][:_MOST]
    paths = [_path(facts, call) for call, _ in places]
    for i, (call, write) in enumerate(places):
        severity = Severity.WARNING if _appends(facts, write) else mild
        if any(not _exclusive(facts, paths[i], before) for before in paths[:i]):
            yield Hit(call, "The output folder is written a second time.", severity=severity)
        elif facts.program.loop_around(call) is not None:
            yield Hit(call, "Each turn of the loop writes the output folder.", severity=severity)


def _places(facts: Facts, write: Write) -> list[tuple[ast.Call, ast.Call]]:
    """Where the whole output folder is written: the call, or the calls of the function around."""
    call = write.call
    attr = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if attr not in _FOLDER_WRITERS or facts.reach.dead(call) or not _is_folder(facts, write.path):
        return []
    around = next((a for a in facts.program.above(call) if isinstance(a, Function)), None)
    if around is None:
        return [(call, call)]
    uses = [facts.program.parents.get(u) for u in facts.names.uses(around.name)]
    calls = [u for u in uses if isinstance(u, ast.Call) and not facts.reach.dead(u)]
    return [(c, call) for c in calls] if len(calls) > 1 else [(call, call)]


def _is_folder(facts: Facts, path: ast.expr | None, depth: int = 0) -> bool:
    """True for the folder itself, False for a file or folder in it."""
    match path:
        case ast.Attribute(attr="output"):
            return facts.fold.is_option(path, "output")
        case ast.Name() if depth < 8:
            bound = facts.names.few(path)
            return bool(bound) and all(
                b.how is How.IS and _is_folder(facts, b.value, depth + 1) for b in bound
            )
        case ast.Call(args=[inner]) if facts.names.callee(path) in _WRAPPERS:
            return _is_folder(facts, inner, depth)
    return False


def _appends(facts: Facts, call: ast.Call) -> bool:
    modes = [k.value for k in call.keywords if k.arg == "mode"]
    for part in facts.names.chain(call):
        match part:
            case ast.Call(func=ast.Attribute(attr="mode"), args=[mode]):
                modes.append(mode)
    return any("append" in text.lower() for m in modes for text in facts.fold.strings(m))


_Step = tuple[ast.AST, str, tuple[ast.stmt, ...]]


def _exclusive(facts: Facts, mine: list[_Step], theirs: list[_Step]) -> bool:
    """True when a run comes to one of the two at most: branches, handlers, an early return."""
    common = 0
    for (outer, where, _), (same, elsewhere, _) in zip(mine, theirs, strict=False):
        if outer is not same:
            break
        if where != elsewhere:
            fork = isinstance(outer, ast.If | ast.Match | ast.IfExp)
            return fork or "handlers" in (where, elsewhere)
        common += 1
    own = [*_own(mine[common:]), *_own(theirs[common:])]
    return any(facts.reach.leaves(block) for block in own)


def _own(steps: list[_Step]) -> Iterator[tuple[ast.stmt, ...]]:
    """The blocks up to the next function, whose `return` ends that function only."""
    for outer, _, block in steps:
        if isinstance(outer, Function | ast.Lambda):
            return
        yield block


def _path(facts: Facts, node: ast.AST) -> list[_Step]:
    """From the module down: each node around, the field that leads on, and its statements."""
    out: list[_Step] = []
    inner = node
    for outer in facts.program.above(node):
        for name, value in ast.iter_fields(outer):
            if value is inner:
                out.append((outer, name, ()))
            elif isinstance(value, list) and inner in value:
                block = tuple(v for v in value if isinstance(v, ast.stmt))
                case = str(value.index(inner)) if name == "cases" else ""
                out.append((outer, name + case, block))
        inner = outer
    return out[::-1]


_HEAD = (
    "import argparse\nfrom pyspark.sql import SparkSession\nparser = argparse.ArgumentParser()\n"
    'parser.add_argument("--output")\nargs = parser.parse_args()\n'
    "spark = SparkSession.builder.getOrCreate()\nframe = spark.range(9)\n"
)

RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="ARC007",
        title="The answer is reached",
        severity=Severity.ERROR,
        why="A program whose last step never runs ends well and without an answer.",
        bad=f"{_HEAD}def main():\n    frame.write.parquet(args.output)\n",
        good=f"{_HEAD}def main():\n    frame.write.parquet(args.output)\n\nmain()\n",
        hint="Call the function that writes the answer, and leave nothing before it that ends the"
        " program.",
        check=_is_reached,
    ),
    Rule(
        code="ARC008",
        title="The answer is written once",
        severity=Severity.ERROR,
        why="A second write to the same folder fails, replaces the first, or mixes two answers.",
        bad=f"{_HEAD}frame.write.parquet(args.output)\nframe.write.parquet(args.output)\n",
        good=f"{_HEAD}frame.write.parquet(args.output)\n",
        hint="Join the parts with union, then write the result once.",
        check=_is_written_once,
    ),
)
