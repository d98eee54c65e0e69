"""Cells that Spark cannot convert: read as they are written, or counted as missing."""

import re
from collections.abc import Callable, Iterator

import libcst as cst

from arclight.catalog.profile import ColumnProfile
from services.codegen.mend import insert, look, sql
from services.codegen.mend.change import Case, Change
from services.codegen.mend.counted import counting
from services.codegen.mend.tree import Edit
from services.codegen.planner.render.clean import java_format

THOUSANDS = re.compile(r"\s*[$€£]?\s*[-+]?\d{1,3}(,\d{3})+(\.\d+)?\s*\Z")
_SIGNS = r"[,$€£\s]"
"""What a number may be written with besides its digits."""
_NUMBERS = look.words(
    "tinyint smallint int integer bigint long short byte float double decimal real"
)
_TIMES = look.words("date timestamp timestamp_ntz timestamp_ltz")
_SQL_CAST = r"\bcast\s*\("


def bad_cast(case: Case) -> Iterator[Change]:
    """CAST_INVALID_INPUT: a cell is not what the column is cast to."""
    if case.detail("condition") != "CAST_INVALID_INPUT":
        return
    for cast in _casts(case):
        target = _target(case, cast)
        if target in _NUMBERS and THOUSANDS.match(case.detail("value")):
            yield _cleaned(case, cast)
        formats = _formats(case, cast) if target in _TIMES else ()
        if formats:
            yield _by_format(case, cast, formats, target)
        yield _tried(case, cast)
    yield from _in_sql(case)


def _casts(case: Case) -> list[cst.Call]:
    """The casts that may have failed, by line, then by column, then by type."""
    found = [c for c in look.calls(case.tree, "cast", "astype") if c.args and look.receiver(c)]
    line, column = case.failure.line, case.detail("column")
    narrower: tuple[Callable[[cst.Call], bool], ...] = (
        lambda c: line in case.tree.lines(c),
        lambda c: bool(column) and column in case.tree.code(c),
        lambda c: _target(case, c) == case.detail("target_type").lower(),
    )
    for narrow in narrower:
        found = [c for c in found if narrow(c)] or found
    return found


def _target(case: Case, cast: cst.Call) -> str:
    """The type that it is cast to: `int` of `"int"`, `IntegerType()` and `T.IntegerType()`."""
    given = cast.args[0].value
    name = look.text_of(given) or (look.method(given) if isinstance(given, cst.Call) else "")
    name = re.sub(r"(Type|NTZType)\Z", "", name).lower().partition("(")[0]
    return name or case.detail("target_type").lower().partition("(")[0]


def _operand(cast: cst.Call) -> cst.BaseExpression:
    on = look.receiver(cast)
    assert on is not None, "a cast is a method"
    return on


def _cleaned(case: Case, cast: cst.Call) -> Change:
    f, imports = insert.functions(case.tree)
    around = insert.wrapped(
        case.tree, _operand(cast), f"{f}.regexp_replace(", f", {look.raw(_SIGNS)}, '')"
    )
    value, where = case.detail("value"), _column(case)
    return Change(
        (*imports, *around),
        f"Commas and currency signs are taken out of {where} before the cast: {value!r} is a "
        "number written with them.",
        f"In {where}, commas separate thousands, as in {value!r}.",
    )


def _formats(case: Case, cast: cst.Call) -> tuple[str, ...]:
    """Spark's patterns for the dates of the column, as its profile shows them."""
    profile = _profile(case, case.tree.code(cast))
    return _patterns(profile) if profile is not None else ()


def _profile(case: Case, code: str) -> ColumnProfile | None:
    """The declared column that a text of the program names, if there is just one."""
    named = case.detail("column")
    columns = [c for t in case.tables for c in t.columns]
    found = [c for c in columns if c.name == named] or [
        c for c in columns if re.search(rf"[\"'.]{re.escape(c.name)}\b", code)
    ]
    return found[0] if len({c.name for c in found}) == 1 else None


def _patterns(column: ColumnProfile) -> tuple[str, ...]:
    try:
        return tuple(java_format(f) for f in column.date_formats)
    except ValueError:
        return ()


def _by_format(case: Case, cast: cst.Call, formats: tuple[str, ...], target: str) -> Change:
    f, imports = insert.functions(case.tree)
    said = case.tree.code(_operand(cast))
    tries = [f"{f}.try_to_timestamp({said}, {f}.lit({look.quoted(p)}))" for p in formats]
    first = tries[0] if len(tries) == 1 else f"{f}.coalesce({', '.join(tries)})"
    edits = (*imports, insert.replaced(case.tree, _operand(cast), first))
    return Change(edits, _as_written(case, formats), _as_written(case, formats))


def _as_written(case: Case, formats: tuple[str, ...]) -> str:
    listed = " or ".join(formats)
    return f"The dates of {_column(case)} are read as they are written, {listed}."


def _tried(case: Case, cast: cst.Call) -> Change:
    tree = case.tree
    assert isinstance(cast.func, cst.Attribute)
    arguments = ", ".join(tree.code(a) for a in cast.args)
    operand = tree.code(_operand(cast))
    tested = f"{operand}.isNotNull() & {operand}.try_cast({arguments}).isNull()"
    what = f"Cells of {_column(case)} that are no {_kind(case)} and count as missing:"
    edits = (
        Edit(*tree.span(cast.func.attr), "try_cast"),
        *counting(tree, cast, tested, what),
    )
    return Change(edits, f"cast is now try_cast: {_missing(case)}", _missing(case))


def _in_sql(case: Case) -> Iterator[Change]:
    texts = sql.everywhere(case.tree, case.failure.line)
    edits = sql.replace(texts, _SQL_CAST, lambda m: ("TRY_" if m[0][0] == "C" else "try_") + m[0])
    if edits:
        yield Change(edits, f"CAST is now TRY_CAST: {_missing(case)}", _missing(case))


def _missing(case: Case) -> str:
    cells = f"cells of {_column(case)} that are no {_kind(case)}"
    return f"{cells} count as missing, such as {case.detail('value')!r}."


def _column(case: Case) -> str:
    column = case.detail("column")
    return repr(column) if column else "the column"


def _kind(case: Case) -> str:
    return case.detail("target_type") or "value of that type"


# --- dates -------------------------------------------------------------------------------------

_READERS = {"to_date": "try_to_date", "to_timestamp": "try_to_timestamp"}


def bad_date(case: Case) -> Iterator[Change]:
    """CANNOT_PARSE_TIMESTAMP: a text is not written as the program's pattern says."""
    if case.detail("condition") != "CANNOT_PARSE_TIMESTAMP":
        return
    found = look.calls(case.tree, *_READERS)
    line = case.failure.line
    for call in sorted(found, key=lambda c: not look.around(case.tree, c, line)):
        if call.args and all(a.keyword is None for a in call.args):
            yield from _other_pattern(case, call)
            yield _tried_date(case, call)
    texts = sql.everywhere(case.tree, line)
    edits = sql.replace(texts, r"\bto_(?:date|timestamp)\s*\(", lambda m: f"try_{m[0]}")
    if edits:
        yield Change(edits, f"The dates are tried: {_missing(case)}", _missing(case))


def _other_pattern(case: Case, call: cst.Call) -> Iterator[Change]:
    profile = _profile(case, case.tree.code(call))
    patterns = _patterns(profile) if profile is not None else ()
    if len(patterns) != 1 or len(call.args) < 2:
        return
    given = call.args[1].value
    if look.text_of(given) not in (None, patterns[0]):
        edit = Edit(*case.tree.outer(given), look.quoted(patterns[0], case.tree.code(given)))
        said = _as_written(case, patterns)
        yield Change((edit,), f"{said[:-1]}, not as {look.text_of(given)}.", said)


def _tried_date(case: Case, call: cst.Call) -> Change:
    tree = case.tree
    f, imports = insert.functions(tree)
    name = _READERS[look.method(call)]
    column, *pattern = (tree.code(a.value) for a in call.args)
    if name == "try_to_timestamp" and pattern:
        pattern = [f"{f}.lit({pattern[0]})"]
    new = f"{f}.{name}({', '.join([column, *pattern])})"
    operand = column if look.text_of(call.args[0].value) is None else f"{f}.col({column})"
    what = f"Cells of {_column(case)} that are no date and count as missing:"
    counted = counting(tree, call, f"{operand}.isNotNull() & {new}.isNull()", what)
    said = _missing(case)
    edits = (*imports, *counted, Edit(*tree.outer(call), new))
    return Change(edits, f"{look.method(call)} is now {name}: {said}", said)


# --- readers -----------------------------------------------------------------------------------


def malformed(case: Case) -> Iterator[Change]:
    """A reader in FAILFAST mode met a row that does not fit its schema."""
    if not case.detail("condition").startswith("MALFORMED_RECORD"):
        return
    for node in case.tree.nodes(cst.SimpleString):
        if (look.text_of(node) or "").upper() == "FAILFAST":
            value = case.detail("value") or case.detail("record")
            said = f"cells that do not fit the schema count as missing, such as {value!r}."
            edit = Edit(*case.tree.span(node), look.quoted("PERMISSIVE", case.tree.code(node)))
            yield Change((edit,), f"The reader is PERMISSIVE, not FAILFAST: {said}", said)
