"""Reading tables in DuckDB as the programs do: every cell as text, then a cast that may fail."""

from urllib.parse import unquote

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.clean import DECORATION, NUMBER
from services.codegen.planner.render.columns import zoned
from services.codegen.planner.render.sql_expr import TYPES, first_number, identifier, text

_FILE = "file://"


def read(scan: p.Scan) -> str:
    """The query that reads the needed columns, typed."""
    shown = [f"{_value(scan, c)} AS {identifier(c.as_name)}" for c in scan.columns]
    if scan.position:
        # DuckDB keeps the order of a file's rows (`preserve_insertion_order`).
        shown.append(f"row_number() OVER () AS {identifier(scan.position)}")
    return f"SELECT {', '.join(shown)} FROM {_reader(scan)}"


def _reader(scan: p.Scan) -> str:
    place = scan.table.uri
    path = text(unquote(place.removeprefix(_FILE)) if place.startswith(_FILE) else place)
    match scan.table.format:
        case "parquet":
            return f"read_parquet({path})"
        case "json":
            names = dict.fromkeys(c.name for c in scan.columns)
            return f"read_ndjson({path}, columns = {_texts(names)})"
        case kind:
            names = dict.fromkeys(_cell(number) for number in range(len(scan.table.columns)))
            dialect = f"delim = '{',' if kind == 'csv' else chr(9)}', quote = '\"', escape = '\"'"
            options = f"header = true, {dialect}, auto_detect = false, parallel = false"
            return f"read_csv({path}, {options}, columns = {_texts(names)})"


def _texts(names: dict[str, None]) -> str:
    return "{" + ", ".join(f"{text(name)}: 'VARCHAR'" for name in names) + "}"


def _cell(number: int) -> str:
    """A CSV column by its place: headers may differ in case only, which DuckDB does not tell."""
    return f"c{number}"


def _source(scan: p.Scan, name: str) -> str:
    if scan.table.format in ("csv", "tsv"):
        return _cell([c.name for c in scan.table.columns].index(name))
    return identifier(name)


def _value(scan: p.Scan, column: p.ReadColumn) -> str:
    source, kind = _source(scan, column.name), TYPES[column.type]
    match column.clean:
        case p.Clean.NUMBER:
            plain = f"regexp_replace({source}, {text(DECORATION)}, '', 'g')"
            test = f"regexp_matches({source}, {text(NUMBER)})"
            return f"CASE WHEN {test} THEN CAST({plain} AS {kind}) END"
        case p.Clean.FIRST_NUMBER:
            return first_number(source, kind)
        case p.Clean.DATE:
            formats = ", ".join(map(text, column.formats))
            return f"CAST(try_strptime({source}, [{formats}]) AS {kind})"
        case _:
            return _as_it_stands(scan, column, source, kind)


def _as_it_stands(scan: p.Scan, column: p.ReadColumn, source: str, kind: str) -> str:
    if column.type is ColumnType.STRING:
        return source if scan.table.format != "parquet" else f"CAST({source} AS {kind})"
    dated = column.type in (ColumnType.DATE, ColumnType.TIMESTAMP)
    if scan.table.format == "json" and dated:
        source = f"nullif({source}, '')"
    if column.type is ColumnType.TIMESTAMP and zoned(scan.table.column(column.name)):
        return f"timezone('UTC', CAST({source} AS TIMESTAMPTZ))"
    return f"CAST({source} AS {kind})"
