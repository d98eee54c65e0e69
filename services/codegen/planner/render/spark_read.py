"""Reading tables in PySpark: every cell as text, then an explicit cast that fails loudly."""

from collections.abc import Sequence
from dataclasses import replace

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.clean import (
    DECORATION,
    NUMBER,
    cleaned,
    java_format,
)
from services.codegen.planner.render.columns import zoned
from services.codegen.planner.render.layout import Doc, call, flat, keyword, listed, statement
from services.codegen.planner.render.spark_expr import TYPES, reference
from services.codegen.planner.render.text import implicit, quote

NUMBER_HELPER = '''\
def to_number(column: Column, kind: str) -> Column:
    """`1,234`, `$5` and `12 %` are numbers; a cell that spells no number becomes NULL."""
    plain = F.regexp_replace(column, {decoration}, "")
    return F.when(column.rlike(NUMBER), plain.cast(kind))'''

DATE_HELPER = '''\
def to_time(column: Column, formats: list[str], kind: str) -> Column:
    """The first format that fits decides; a cell that fits none becomes NULL."""
    readings = [F.try_to_timestamp(column, F.lit(pattern)) for pattern in formats]
    return F.coalesce(*readings).cast(kind)'''


def helpers(root: p.Node) -> list[list[str]]:
    """The functions that cleaned columns need."""
    found: list[list[str]] = []
    if any(cleaned(root, p.Clean.NUMBER)):
        found.append(NUMBER_HELPER.format(decoration="r" + quote_raw(DECORATION)).splitlines())
    if any(cleaned(root, p.Clean.DATE)):
        found.append(DATE_HELPER.splitlines())
    return found


def patterns(root: p.Node) -> list[str]:
    """The constants that the helpers use."""
    return [f"NUMBER = r{quote_raw(NUMBER)}"] if any(cleaned(root, p.Clean.NUMBER)) else []


def quote_raw(pattern: str) -> str:
    """For a raw literal; the patterns hold no quotes."""
    return f'"{pattern}"'


def schema(scan: p.Scan, constant: str) -> list[str]:
    """The schema constant: every column of the file, as text, by position."""
    if scan.table.format == "parquet":
        return []
    if scan.table.format == "json":
        names = [c.name for c in scan.columns]
    else:
        names = [c.name for c in scan.table.columns]
    escaped = ["`" + name.replace("`", "``") + "` STRING" for name in names]
    parts = [f"{part}, " for part in escaped[:-1]] + escaped[-1:]
    return implicit(f"{constant}_SCHEMA", parts)


def read(scan: p.Scan, variable: str, constant: str) -> list[str]:
    """Statements that leave the needed columns, typed, in `variable`."""
    lines = statement(f"{variable} = ", _reader(scan, constant))
    columns = [_column(scan, column) for column in scan.columns]
    select = call(f"{variable}.select", *columns)
    # One cast on a line: the line that Spark names in an error then names the column.
    casts = sum(".cast(" in flat(item) for item in select.items)
    return lines + statement(f"{variable} = ", replace(select, exploded=casts > 1))


def _reader(scan: p.Scan, constant: str) -> Doc:
    match scan.table.format:
        case "parquet":
            return call("spark.read.parquet", constant)
        case "json":
            options: Sequence[Doc | str] = [keyword("mode", quote("FAILFAST"))]
            return call(
                "spark.read.json", constant, keyword("schema", f"{constant}_SCHEMA"), *options
            )
        case _:
            return _csv(scan, constant)


def _csv(scan: p.Scan, constant: str) -> Doc:
    tab = [keyword("sep", quote("\t"))] if scan.table.format == "tsv" else []
    multiline = [keyword("multiLine", "True")] if scan.table.multiline else []
    return call(
        "spark.read.csv",
        constant,
        keyword("schema", f"{constant}_SCHEMA"),
        *tab,
        keyword("header", "True"),
        keyword("enforceSchema", "False"),
        keyword("mode", quote("FAILFAST")),
        keyword("escape", quote('"')),
        *multiline,
    )


def _column(scan: p.Scan, column: p.ReadColumn) -> Doc | str:
    source = f"F.col({reference(column.name)})"
    kind = quote(TYPES[column.type])
    alias = "" if column.name == column.as_name else f".alias({quote(column.as_name)})"
    if column.clean is p.Clean.NUMBER:
        return f"to_number({source}, {kind}).alias({quote(column.as_name)})"
    if column.clean is p.Clean.DATE:
        formats = listed([quote(java_format(f)) for f in column.formats])
        inner = call("to_time", source, formats, kind)
        return type(inner)(inner.head, inner.items, f").alias({quote(column.as_name)})")
    if column.type is ColumnType.STRING:
        return source + alias
    if scan.table.format == "json" and column.type in (ColumnType.DATE, ColumnType.TIMESTAMP):
        source = f'F.nullif({source}, F.lit(""))'
        alias = f".alias({quote(column.as_name)})"
    if column.type is ColumnType.TIMESTAMP and zoned(scan.table.column(column.name)):
        source += '.cast("timestamp")'
    return f"{source}.cast({kind}){alias}"
