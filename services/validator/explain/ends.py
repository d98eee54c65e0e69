"""Sentences for the two ends of a program: where rows come from, and where the answer goes."""

import ast
import re

from services.validator.analysis.flow import ARGV, OUTPUT, RANDOM, READ
from services.validator.analysis.fold import HOLE, known
from services.validator.analysis.reads import Read
from services.validator.analysis.scope import Function, How
from services.validator.analysis.writes import Write
from services.validator.explain.asked import Teller
from services.validator.explain.source import listed

_FORMATS = {
    "csv": "CSV",
    "json": "JSON",
    "parquet": "Parquet",
    "orc": "ORC",
    "text": "text",
    "xml": "XML",
    "avro": "Avro",
    "delta": "Delta",
    "excel": "Excel",
    "feather": "Feather",
    "numpy": "NumPy",
    "html": "HTML",
}
_MAX_VALUES = 2_000
"""Constants of a table that are looked at; the rest will be like them."""
_FORMAT = re.compile("|".join(_FORMATS), re.IGNORECASE)


def reads(teller: Teller, read: Read) -> str:
    """What is read, from where and in which format."""
    if not read.file:
        return f"read {_database(read)}"
    last = " and " if _repeated(teller, read.call) else " or "
    names = teller.sources(read.targets, last)
    places = [t for t in sorted(known(read.targets)) if not read.tables and t not in names]
    what = f"the table {names}" if read.tables else names
    at = f" ({listed(places, last)})" if places else ""
    return f"read {what}{at}{_as_format(teller, read.call)}{_called(teller, read.call, names)}"


def _repeated(teller: Teller, call: ast.Call) -> bool:
    """True when the run may come here several times, so that it reads each of several places."""
    program = teller.facts.program
    if program.loop_around(call) is not None:
        return True
    inside = [a for a in program.above(call) if isinstance(a, Function)]
    calls = [c for function in inside for c in teller.calls_of.get(function, [])]
    return len(calls) > 1 or any(program.loop_around(c) is not None for c in calls)


def _database(read: Read) -> str:
    places = known(read.targets)
    return f"a database at {listed(sorted(places))}" if places else "a database"


def _called(teller: Teller, call: ast.Call, names: str) -> str:
    """The table's name in the program, where sentences use it and it is another one."""
    name = teller.calls_it(call)
    return f", called `{name}`" if name and name != names and teller.tables.many else ""


def _as_format(teller: Teller, call: ast.Call) -> str:
    dotted = teller.facts.names.callee(call) or ""
    attr = call.func.attr if isinstance(call.func, ast.Attribute) else dotted.rpartition(".")[2]
    text = attr
    if attr in ("load", "save", "start", "insertInto", "saveAsTable", "toTable", "table"):
        text = _option(teller, call.func, "format") or ""
    elif attr in ("write_table", "read_table", "ParquetWriter", "write_csv", "CSVWriter"):
        text = f"{dotted} {attr}"
    found = _FORMAT.search(text)
    return f" as {_FORMATS[found[0].lower()]}" if found else ""


def _option(teller: Teller, node: ast.expr, method: str) -> str | None:
    for part in teller.facts.names.chain(node):
        match part:
            case ast.Call(func=ast.Attribute(attr=attr), args=[value]) if attr == method:
                return teller.facts.fold.one(value)
    return None


def writes(teller: Teller, write: Write) -> str:
    """What is written, and whether it goes to the folder of the answer. Handles that were opened
    before say nothing: their opening did."""
    if write.path is None:
        return ""
    return f"write {_what(teller, write)} to {_place(teller, write.path)}" + _as_format(
        teller, write.call
    )


def _what(teller: Teller, write: Write) -> str:
    call = write.call
    answer = bool(teller.facts.flow.of(write.path) & OUTPUT)
    if answer and not teller.tables.many:
        return "the answer"
    on = call.func.value if isinstance(call.func, ast.Attribute) else None
    for node in _chain(on):
        if teller.tables.engine(node) is not None:
            return teller.label(node)
    first = call.args[0] if call.args else None
    if first is not None and teller.tables.engine(first) is not None:
        return teller.label(first)
    return "the answer" if answer else "a file"


def _chain(node: ast.expr | None) -> list[ast.expr]:
    """`node` and what it is called on; names are not followed."""
    out: list[ast.expr] = []
    while node is not None and len(out) < 60:
        out.append(node)
        match node:
            case ast.Call(func=ast.Attribute(value=inner)) | ast.Attribute(value=inner):
                node = inner
            case _:
                node = None
    return out


def _place(teller: Teller, path: ast.expr) -> str:
    flags = teller.facts.flow.of(path)
    if flags & OUTPUT:
        return "the output folder"
    targets = teller.facts.fold.strings(path)
    if targets and not any(HOLE in t for t in targets):
        return listed(sorted(targets), " or ")
    return (
        "a place that the command line names" if flags & ARGV else "a place that only the run knows"
    )


def makes(teller: Teller, call: ast.Call) -> str:
    """Rows that no source holds: from values of the program, or of chance."""
    values = [*call.args, *(k.value for k in call.keywords)]
    flags = teller.facts.flow.of(*values)
    name = teller.calls_it(call)
    called = f", called `{name}`" if name and teller.tables.many else ""
    if flags & READ:
        return f"make a table of values that Python computed from what was read{called}"
    chance = ", with random numbers," if flags & RANDOM else ""
    if all(_stands(teller, v) for v in values):
        return f"make a table of values{chance} that stand in the program{called}"
    return f"make a table of values{chance} that the program computed{called}"


def _stands(teller: Teller, value: ast.expr) -> bool:
    """True for constants, and for lists and dictionaries of them."""
    waiting: list[ast.expr] = [value]
    for _ in range(_MAX_VALUES):
        if not waiting:
            return True
        match waiting.pop():
            case ast.Constant():
                pass
            case ast.List(elts=elts) | ast.Tuple(elts=elts):
                waiting.extend(elts)
            case ast.Dict(values=elts):
                waiting.extend(elts)
            case ast.Name() as name:
                last = teller.tables.bindings.last(name)
                if last is None or last.how is not How.IS:
                    return False
                waiting.append(last.value)
            case _:
                return False
    return True


def prints(teller: Teller, call: ast.Call) -> str:
    """Printed results; messages are no result."""
    shown = list(call.args)
    if isinstance(call.func, ast.Attribute) and call.func.attr in ("show", "display"):
        return f"print the first rows of {teller.label(call.func.value)}"
    tables = [a for a in shown if teller.tables.engine(a) is not None]
    if tables:
        return f"print {listed(map(teller.label, tables))}"
    constant = all(isinstance(a, ast.Constant) for a in shown)
    return "" if constant else "print values that the program computed"
