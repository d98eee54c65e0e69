"""Cells that Python, pandas or Arrow cannot convert."""

from collections.abc import Iterator

import libcst as cst

from services.codegen.mend import insert, look
from services.codegen.mend.casts import THOUSANDS
from services.codegen.mend.change import Case, Change
from services.codegen.mend.counted import in_scope
from services.codegen.mend.tree import Edit, Tree

_COERCED = {
    "to_numeric": 'errors="coerce", dtype_backend="numpy_nullable"',
    "to_datetime": 'errors="coerce"',
}
"""How each of pandas' readers is told to go on; a type with missing values, as NaN is a number
to Arrow, which a sum over a dataset of Ray does not leave out."""
_NUMBERS = look.words("int int32 int64 float float32 float64")


def bad_cell(case: Case) -> Iterator[Change]:
    """A conversion outside of Spark met a cell that it cannot read."""
    if case.detail("condition"):
        return
    if THOUSANDS.match(case.detail("value")):
        yield from _without_commas(case)
    yield from _coerced(case)
    yield from _series(case)


def _here(case: Case, *names: str) -> list[cst.Call]:
    found = look.calls(case.tree, *names)
    return [c for c in found if c.args and look.around(case.tree, c, case.failure.line)]


def _without_commas(case: Case) -> Iterator[Change]:
    """`float(text)` → `float(text.replace(",", ""))`, and the same of a pandas column."""
    value = case.detail("value")
    said = f"Commas are taken out before the conversion: {value!r} is a number with them."
    assumption = f"Commas separate thousands, as in {value!r}."
    for call in _here(case, "float", "int"):
        if isinstance(call.func, cst.Name) and len(call.args) == 1:
            inner = case.tree.code(call.args[0].value)
            new = Edit(*case.tree.outer(call.args[0].value), f'str({inner}).replace(",", "")')
            yield Change((new,), said, assumption)
    for node in _columns(case):
        end = case.tree.outer(node)[1]
        yield Change((Edit(end, end, '.str.replace(",", "")'),), said, assumption)


def _columns(case: Case) -> Iterator[cst.BaseExpression]:
    """What pandas converts on the failing line."""
    for call in _here(case, "to_numeric"):
        yield call.args[0].value
    for call in _here(case, "astype"):
        on = look.receiver(call)
        if on is not None and _number(call):
            yield on


def _number(call: cst.Call) -> bool:
    given = call.args[0].value
    name = given.value if isinstance(given, cst.Name) else look.text_of(given)
    return name in _NUMBERS


def _coerced(case: Case) -> Iterator[Change]:
    """`pd.to_numeric(x)` → `pd.to_numeric(x, errors="coerce", …)`."""
    for call in _here(case, *_COERCED):
        if any(a.keyword is not None and a.keyword.value == "errors" for a in call.args):
            continue
        end = case.tree.outer(call.args[-1].value)[1]
        coerced = _COERCED[look.method(call)]
        read = f"{case.tree.code(call.func)}({_arguments(case.tree, call)}, {coerced})"
        counted = _counting(case, call, case.tree.code(call.args[0].value), read)
        yield _change(case, (*counted, Edit(end, end, f", {coerced}")))


def _arguments(tree: Tree, call: cst.Call) -> str:
    return ", ".join(tree.data[slice(*tree.span(a))].decode().rstrip(", ") for a in call.args)


def _series(case: Case) -> Iterator[Change]:
    """`s.astype(float)` → `pd.to_numeric(s, errors="coerce", …)`."""
    for call in _here(case, "astype"):
        on = look.receiver(call)
        if on is None or not _number(call):
            continue
        pd, imports = insert.module(case.tree, "pandas", "import pandas as {}", "pd")
        column = case.tree.code(on)
        new = f"{pd}.to_numeric({column}, {_COERCED['to_numeric']})"
        counted = _counting(case, call, column, new)
        yield _change(case, (*imports, *counted, insert.replaced(case.tree, call, new)))


def _counting(case: Case, call: cst.Call, column: str, read: str) -> tuple[Edit, ...]:
    name, imports = insert.module(case.tree, "sys", "import sys as {}", "sys")
    count = f"({column}.notna() & {read}.isna()).sum()"
    line = f'print("Cells that cannot be read and count as missing:", {count}, file={name}.stderr)'
    said = "\n" not in line and not in_scope(case.tree, call, line)
    before = insert.before(case.tree, call, line) if said else None
    return (*imports, before) if before is not None else ()


def _change(case: Case, edits: tuple[Edit, ...]) -> Change:
    said = f"cells that cannot be read count as missing, such as {case.detail('value')!r}."
    return Change(edits, f"The conversion no longer stops at such a cell: {said}", said)
