"""Reading tables with Ray Data: cells as text, then an explicit cast that fails loudly.

Ray Data hides the cell that makes its own conversion fail; a cast names it.
"""

from collections.abc import Mapping

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import zoned
from services.codegen.planner.render.layout import (
    Doc,
    call,
    flat,
    keyword,
    listed,
    mapped,
    parsed,
    statement,
)
from services.codegen.planner.render.ray_types import TYPES
from services.codegen.planner.render.text import quote

LINE = "text"
"""The column of a file that Ray Data reads line by line."""


def read(
    scan: p.Scan, variable: str, constant: str, long: Mapping[str, str], *, numbered: bool
) -> list[str]:
    """Statements of main() that leave the needed columns of the file in `variable`.

    `long`: constants for names of columns. `numbered`: with the rows' numbers, which count
    through all blocks.
    """
    names = _names(scan, long)
    match scan.table.format:
        case "parquet":
            lines = statement(f"{variable} = ", call("ray.data.read_parquet", constant))
            lines += statement(f"{variable} = ", call("chosen", variable, names))
        case "json":
            lines = statement(f"{variable} = ", call("ray.data.read_text", constant))
        case _:
            lines = _csv(scan, variable, constant, names)
    for column in scan.columns:
        if column.counted:
            lines += _counted(scan, column, variable, long)
    if numbered:
        numbers = call("numbered", variable, quote(_numbers(scan)))
        lines += statement(f"{variable} = ", numbers)
    return lines


def typed(
    scan: p.Scan, variable: str, long: Mapping[str, str], *, numbered: bool
) -> list[tuple[str, Doc]]:
    """Assignments of a function over the rows as they stand: each column gets its type.

    Rows that must know their places, and are not `numbered` yet, lie in one block.
    """
    columns = {quote(c.as_name): _column(scan, c, long) for c in scan.columns}
    if numbered:
        columns[quote(scan.position)] = f"pc.field({quote(_numbers(scan))})"
    steps: list[tuple[str, Doc]] = []
    if scan.table.format == "json":
        names = _names(scan, long)
        steps.append((variable, call("parsed", variable, names)))
    if any(value != f"pc.field({name})" for name, value in columns.items()):
        steps.append(
            (
                variable,
                call("select", variable, mapped([(n, parsed(c)) for n, c in columns.items()])),
            )
        )
    if scan.position and not numbered:
        numbers = parsed(f"row_numbers({variable})")
        steps.append((variable, call(f"{variable}.append_column", quote(scan.position), numbers)))
    return steps


def _stored(scan: p.Scan) -> list[str]:
    """The columns' names in the file; one may be read twice."""
    return list(dict.fromkeys(c.name for c in scan.columns))


def _names(scan: p.Scan, long: Mapping[str, str]) -> Doc:
    return listed([long.get(n) or quote(n) for n in _stored(scan)])


def _numbers(scan: p.Scan) -> str:
    """The column of the rows' numbers, before the others have their plan-wide names."""
    name, taken = scan.position, {*_stored(scan), LINE}
    while name in taken:
        name += " "
    return name


def _csv(scan: p.Scan, variable: str, constant: str, names: Doc) -> list[str]:
    options: list[Doc | str] = []
    if scan.table.format == "tsv":
        options.append(keyword("delimiter", quote("\t")))
    if scan.table.multiline:
        options.append(keyword("newlines_in_values", "True"))
    cells = call("text_cells", names)
    arguments: list[Doc | str] = [constant, keyword("convert_options", cells)]
    lines: list[str] = []
    if options:
        lines += statement("parse = ", call("csv.ParseOptions", *options))
        arguments.append(keyword("parse_options", "parse"))
    return lines + statement(f"{variable} = ", call("ray.data.read_csv", *arguments))


def _counted(
    scan: p.Scan, column: p.ReadColumn, variable: str, long: Mapping[str, str]
) -> list[str]:
    """The statement that says which cells cannot be read."""
    rows, name = variable, long.get(column.name) or quote(column.name)
    if scan.table.format == "json":
        names = mapped([(quote("names"), listed([name]))])
        rows = flat(
            call(
                f"{variable}.map_batches",
                "parsed",
                keyword("batch_format", quote("pyarrow")),
                keyword("fn_kwargs", names),
            )
        )
    return statement("", call("report", rows, name, parsed(_column(scan, column, long))))


def _column(scan: p.Scan, column: p.ReadColumn, long: Mapping[str, str]) -> str:
    source = f"pc.field({long.get(column.name) or quote(column.name)})"
    kind = TYPES[column.type]
    match column.clean:
        case p.Clean.NUMBER:
            return f"to_number({source}, {kind})"
        case p.Clean.FIRST_NUMBER:
            return f"first_number({source}, {kind})"
        case p.Clean.DATE:
            return f"to_time({source}, [{', '.join(map(quote, column.formats))}], {kind})"
        case p.Clean.NONE if scan.table.format == "parquet":
            return f"{source}.cast({kind})"
        case p.Clean.NONE if column.type is ColumnType.STRING:
            return source
    dated = column.type in (ColumnType.DATE, ColumnType.TIMESTAMP)
    if dated and scan.table.format == "json":
        # JSON has "" where CSV has nothing; as a date both are missing.
        source = f"present({source})"
    if column.type is ColumnType.TIMESTAMP and zoned(scan.table.column(column.name)):
        return f'value({source}, pa.timestamp("us", tz="UTC")).cast({kind})'
    return f"value({source}, {kind})"
