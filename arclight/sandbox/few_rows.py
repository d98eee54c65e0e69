"""Which failures of a rehearsal may come from having few rows, and so say nothing of the program.

A rehearsal shows a program the first rows of each table. What is wrong with a name, a type, a
function or a path is wrong on every row; what is missing may only be missing among so few.
"""

import ast
import re
from collections.abc import Iterator

from arclight.contracts.failure import Failure, FailureKind
from arclight.sandbox.crash import Crash, Throwable
from arclight.sandbox.failures import said_by

_CODES = frozenset(
    {
        "DIVIDE_BY_ZERO",
        "REMAINDER_BY_ZERO",
        "INVALID_ARRAY_INDEX",
        "INVALID_ARRAY_INDEX_IN_ELEMENT_AT",
        "UNABLE_TO_INFER_SCHEMA",
        "CANNOT_INFER_EMPTY_SCHEMA",
        "CANNOT_DETERMINE_TYPE",
        # Ends itself: by what it found in the rows, as far as anybody can tell.
        "PROGRAM_EXITED",
    }
)
_EXCEPTIONS = frozenset({"StatisticsError", "StopIteration", "ZeroDivisionError"})
_NOTHING = re.compile(
    r"(?<![.\w])empty\b|zero-size|\bat least one\b|\bgot 0\b|\b[Nn]a[Nn]\b|NoneType"
    r"|No objects to concatenate|\b0 sample|Nothing has been added"
)
"""How libraries say that there was nothing; not `a.empty` of an advice."""
_ARROW_NOTHING = re.compile(r"\bnull\b")
"""Arrow's type of a column without values."""
_FIXED_WIDTH = re.compile(r"tuple index|not in range of row")
"""Index errors of a row, which has as many cells in every table of the schema."""
_RETURN_NOTHING = frozenset(
    {
        *("show", "printSchema", "explain", "createTempView", "createOrReplaceTempView"),
        *("createGlobalTempView", "createOrReplaceGlobalTempView", "registerTempTable"),
        *("parquet", "csv", "json", "orc", "save", "saveAsTable", "insertInto"),
        *("foreach", "foreachPartition", "write_parquet", "write_csv", "write_json"),
        *("sort", "append", "extend", "insert", "update", "reverse", "clear", "print"),
    }
)
"""Calls that give None on any data."""


def may_be_few_rows(failure: Failure, crash: Crash | None, program: str) -> bool:
    """True when the failure of `program` could vanish with more rows of the same tables."""
    if failure.code in _CODES:
        return True
    if failure.kind is FailureKind.DATA:
        # The cell is one of the table's own, unless it stands for there being none.
        return str(failure.details.get("value", "?")) in ("", "None", "nan", "NaN")
    if failure.code == "UNRESOLVED_COLUMN" and failure.details.get("proposal") == "":
        return True  # Ray forgets the columns of a table without rows.
    if failure.details.get("condition") or crash is None:
        return False
    return _raised(crash, _Program(program))


def _raised(crash: Crash, program: "_Program") -> bool:
    line = crash.program_line
    said = said_by(crash)
    link = said[-1]
    if program.raises_at(line, link.name):
        # What the program says of the rows; but not what it only passes on.
        if len(said) == 1:
            return True
        link = said[0]
    match link.name:
        case name if name in _EXCEPTIONS:
            return True
        case "IndexError":
            return not _FIXED_WIDTH.search(link.message)
        case "KeyError":
            return program.looks_up(line, link.message)
        case "NameError" | "UnboundLocalError":
            return program.binds_in_a_loop(_name(link))
        case _ if "NoneType" in link.message:
            return not program.uses_nothing(line)
        case name if name.startswith("Arrow") and _ARROW_NOTHING.search(link.message):
            return True
        case _:
            return bool(_NOTHING.search(link.message))


def _name(link: Throwable) -> str:
    found = re.search(r"'([^']+)'", link.message)
    return link.attributes.get("name") or (found[1] if found else "")


class _Program:
    """What the program's text says about the line that raised."""

    def __init__(self, text: str) -> None:
        try:
            self._nodes = list(ast.walk(ast.parse(text)))
        except (SyntaxError, ValueError, RecursionError):
            self._nodes = []

    def raises_at(self, line: int | None, name: str) -> bool:
        """A `raise` or `assert` of its own stands there, which raised the exception `name`."""
        own = (ast.Raise, ast.Assert) if name == "AssertionError" else (ast.Raise,)
        return any(isinstance(node, own) for node in self._at(line))

    def binds_in_a_loop(self, name: str) -> bool:
        """The name gets its value in a loop, which may have had no round."""
        loops = (n for n in self._nodes if isinstance(n, ast.For | ast.While))
        return any(name in _stored(loop) for loop in loops)

    def looks_up(self, line: int | None, key: str) -> bool:
        """A key is looked up in a dict that the program fills, and not in a row or a frame."""
        filled = {n for node in self._nodes for n in _filled(node)}
        return any(
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Name)
            and node.value.id in filled
            and _could_be(node.slice, key)
            for node in self._at(line)
        )

    def uses_nothing(self, line: int | None) -> bool:
        """What is None there is so on any data: the value of `df.show()`."""
        nothing = {
            target.id
            for node in self._nodes
            if isinstance(node, ast.Assign) and _gives_nothing(node.value)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in self._at(line):
            if isinstance(node, ast.Attribute | ast.Subscript) and _gives_nothing(node.value):
                return True
            if isinstance(node, ast.Name) and node.id in nothing:
                return True
        return False

    def _at(self, line: int | None) -> Iterator[ast.AST]:
        """What stands on the line, apart from what has a body."""
        for node in self._nodes:
            first = getattr(node, "lineno", None)
            if line is None or first is None or hasattr(node, "body"):
                continue
            if first <= line <= (getattr(node, "end_lineno", None) or first):
                yield node


def _stored(loop: ast.AST) -> set[str]:
    return {
        n.id for n in ast.walk(loop) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }


def _filled(node: ast.AST) -> Iterator[str]:
    """Names that are bound to a dict."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return
    made = node.value
    name = made.func if isinstance(made, ast.Call) else None
    called = getattr(name, "id", getattr(name, "attr", ""))
    if isinstance(made, ast.Dict | ast.DictComp) or called in ("dict", "Counter", "collectAsMap"):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (t.id for t in targets if isinstance(t, ast.Name))


def _could_be(slice_: ast.expr, key: str) -> bool:
    return not isinstance(slice_, ast.Constant) or str(slice_.value) == key.strip("'\"")


def _gives_nothing(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return getattr(called, "attr", getattr(called, "id", "")) in _RETURN_NOTHING
