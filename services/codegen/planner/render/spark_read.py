"""Reading tables in PySpark: every cell as text, then an explicit cast that fails loudly."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.clean import (
    BESIDE_NUMBER,
    DECORATION,
    FIRST_NUMBER_CODE,
    MINUS,
    NUMBER,
    WEEKDAYS,
    cleaned,
    finds_numbers,
    java_format,
)
from services.codegen.planner.render.columns import zoned
from services.codegen.planner.render.layout import (
    Bracketed,
    Chain,
    Doc,
    call,
    flat,
    keyword,
    listed,
    statement,
)
from services.codegen.planner.render.normal import scans
from services.codegen.planner.render.spark_expr import TYPES, reference
from services.codegen.planner.render.text import fresh, implicit, quote

NUMBER_HELPER = '''\
def to_number(column: Column, kind: str) -> Column:
    """`1,234`, `$5` and `12 %` are numbers; a cell that spells no number becomes NULL."""
    plain = F.regexp_replace(column, {decoration}, "")
    return F.when(column.rlike(NUMBER), plain.cast(kind))'''

DATE_HELPER = '''\
def to_time(column: Column, formats: list[str], kind: str) -> Column:
    """The first format that fits decides; a cell that fits none becomes NULL."""
    readings = [{reading} for pattern in formats]
    return F.coalesce(*readings).cast(kind)'''
_READING = "F.try_to_timestamp(column, F.lit(pattern))"
WEEKDAY_HELPER = '''\
def without_weekday(column: Column) -> Column:
    """`Sunday, March 2` as `, March 2`: Spark reads no names of weekdays."""
    return F.regexp_replace(column, WEEKDAY, "")'''
WEEKDAY = r"(?i)\b((mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\b"
SHORT_YEAR_HELPER = '''\
def reading(column: Column, pattern: str) -> Column:
    """A cell in one format; a year of two digits lies between 1969 and 2068."""
    time = F.try_to_timestamp(column, F.lit(pattern))
    if "yyyy" in pattern or "yy" not in pattern:
        return time
    return F.when(F.year(time) > 2068, time - F.make_interval(F.lit(100))).otherwise(time)'''


REPORT_HELPER = '''\
def report(rows: DataFrame, column: str, value: Column) -> None:
    """Says which cells of a column cannot be read, and how many: they count as missing."""
    cells = rows.filter(F.trim(F.col(column)) != "").filter(value.isNull())
    found = cells.groupBy(F.col(column).alias("cell")).count()
    total = found.agg(F.sum("count")).first()[0]
    if total:
        most = found.orderBy(F.desc("count"), "cell").limit(5).collect()
        texts = ", ".join(f"{row['cell']!r} ({row['count']})" for row in most)
        print(f"note: cells of {column} that cannot be read count as missing ({total}): {texts}")'''

FIRST_NUMBER_HELPER = f'''\
def first_number(column: Column, kind: str) -> Column:
    """The first number in a text (`1,234 km` holds 1234); NULL where there is none."""
    found = F.regexp_extract(column, FIRST_NUMBER, 0)
    plain = F.regexp_replace(F.regexp_replace(found, r"{BESIDE_NUMBER}", ""), r"{MINUS}", "-")
    return F.nullif(plain, F.lit("")).cast(kind)'''


def helpers(root: p.Node) -> list[list[str]]:
    """The functions that cleaned columns and texts need."""
    found: list[list[str]] = []
    if any(cleaned(root, p.Clean.NUMBER)):
        found.append(NUMBER_HELPER.format(decoration="r" + quote_raw(DECORATION)).splitlines())
    dates = list(cleaned(root, p.Clean.DATE))
    if any(map(_weekdays, dates)):
        found.append(WEEKDAY_HELPER.splitlines())
    short = any("%y" in f for column in dates for f in column.formats)
    if short:
        found.append(SHORT_YEAR_HELPER.splitlines())
    if dates:
        reading = "reading(column, pattern)" if short else _READING
        found.append(DATE_HELPER.format(reading=reading).splitlines())
    if any(c.counted for s in scans(root) for c in s.columns):
        found.append(REPORT_HELPER.splitlines())
    if finds_numbers(root):
        found.append(FIRST_NUMBER_HELPER.splitlines())
    return found


def patterns(root: p.Node) -> list[str]:
    """The constants that the helpers use."""
    number = [f"NUMBER = r{quote_raw(NUMBER)}"] if any(cleaned(root, p.Clean.NUMBER)) else []
    weekdays = any(map(_weekdays, cleaned(root, p.Clean.DATE)))
    day = [f"WEEKDAY = r{quote_raw(WEEKDAY)}"] if weekdays else []
    return [*number, *day, *(FIRST_NUMBER_CODE if finds_numbers(root) else ())]


def _weekdays(column: p.ReadColumn) -> bool:
    """True for a column of dates in which the names of weekdays stand."""
    return any(code in f for f in column.formats for code in WEEKDAYS)


def quote_raw(pattern: str) -> str:
    """For a raw literal; the patterns hold no quotes."""
    return f'"{pattern}"'


def schema(same: Sequence[p.Scan], constant: str) -> list[str]:
    """The schema constant of the scans of one file: its columns as text, by position."""
    table = same[0].table
    if table.format == "parquet":
        return []
    if table.format == "json":
        names = list(dict.fromkeys(c.name for scan in same for c in scan.columns))
    else:
        names = [c.name for c in table.columns]
    escaped = ["`" + name.replace("`", "``") + "` STRING" for name in names]
    parts = [f"{part}, " for part in escaped[:-1]] + escaped[-1:]
    return implicit(f"{constant}_SCHEMA", parts)


def read(scan: p.Scan, variable: str, constant: str, long: Mapping[str, str]) -> list[str]:
    """Statements that leave the needed columns, typed, in `variable`.

    `long`: constants for names of columns.
    """
    lines = statement(f"{variable} = ", _reader(scan, constant))
    for column in scan.columns:
        if column.counted:
            lines += _counted(scan, column, variable, long)
    columns = [_column(scan, column, long) for column in scan.columns]
    places = _places(scan)
    select = call(f"{variable}.select", *columns, *places.values())
    # One cast on a line: the line that Spark names in an error then names the column.
    casts = sum(".cast(" in flat(item) for item in select.items)
    if scan.position in places:
        lines.append("    # Numbers that rise along the file: rows that tie stay in its order.")
    lines += statement(f"{variable} = ", replace(select, exploded=casts > 1))
    return lines + (_numbered(scan, variable, list(places)) if len(places) > 1 else [])


def _counted(
    scan: p.Scan, column: p.ReadColumn, variable: str, long: Mapping[str, str]
) -> list[str]:
    """The statement that says which cells cannot be read."""
    name = long.get(column.name) or reference(column.name)
    value = _value(scan, column, call("F.col", name))
    return statement("", call("report", variable, name, value))


def _places(scan: p.Scan) -> dict[str, str]:
    """Columns that say where in its file a row stands, by their names.

    Spark cuts a file into blocks of one size, the last may be shorter, and hands them out by size
    and then as they lie: the ids rise along the file. Numbers without gaps need a window, where
    the order of the blocks is said and not left to Spark.
    """
    if not scan.position:
        return {}
    if not scan.numbered:
        number = f"F.monotonically_increasing_id().alias({quote(scan.position)})"
        return {scan.position: number}
    taken = {c.as_name.lower() for c in scan.columns} | {scan.position.lower()}
    file, block, row = (fresh(name, taken) for name in ("file", "block", "row"))
    return {
        file: f'F.col("_metadata.file_path").alias({quote(file)})',
        block: f'F.col("_metadata.file_block_start").alias({quote(block)})',
        row: f"F.monotonically_increasing_id().alias({quote(row)})",
    }


def _numbered(scan: p.Scan, variable: str, places: list[str]) -> list[str]:
    order = ", ".join(map(quote, places))
    number = f"F.row_number().over(Window.orderBy({order}))"
    return [
        "    # Spark reads the blocks of a file in any order; rows keep theirs inside a block.",
        *statement(f"{variable} = ", call(f"{variable}.withColumn", quote(scan.position), number)),
        *statement(f"{variable} = ", call(f"{variable}.drop", *map(quote, places))),
    ]


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


def _column(scan: p.Scan, column: p.ReadColumn, long: Mapping[str, str]) -> Doc:
    cell = call("F.col", long.get(column.name) or reference(column.name))
    read, calls = _value(scan, column, cell), []
    if column.clean is p.Clean.NONE and column.type is not ColumnType.STRING:
        if column.type is ColumnType.TIMESTAMP and zoned(scan.table.column(column.name)):
            calls.append(call("cast", quote("timestamp")))
        calls.append(call("cast", quote(TYPES[column.type])))
    if read.head != "F.col(" or column.name != column.as_name:
        calls.append(call("alias", quote(column.as_name)))
    return Chain(read, tuple(calls)) if calls else read


def _value(scan: p.Scan, column: p.ReadColumn, cell: Bracketed) -> Bracketed:
    """The cell as it stands or cleaned, not yet cast."""
    kind = quote(TYPES[column.type])
    match column.clean:
        case p.Clean.NUMBER:
            return call("to_number", cell, kind)
        case p.Clean.FIRST_NUMBER:
            return call("first_number", cell, kind)
        case p.Clean.DATE:
            formats = listed([quote(java_format(f)) for f in column.formats])
            cell = call("without_weekday", cell) if _weekdays(column) else cell
            return call("to_time", cell, formats, kind)
    dated = column.type in (ColumnType.DATE, ColumnType.TIMESTAMP)
    if scan.table.format == "json" and dated:
        return call("F.nullif", cell, 'F.lit("")')
    return cell
