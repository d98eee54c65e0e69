"""Reading tables on Ray: one remote task per table, typed by Arrow, which fails loudly."""

from arclight.catalog.profile import ColumnType
from services.codegen.planner import plan as p
from services.codegen.planner.render.clean import DECORATION, NUMBER, cleaned
from services.codegen.planner.render.columns import zoned
from services.codegen.planner.render.layout import (
    Doc,
    call,
    keyword,
    listed,
    mapped,
    statement,
)
from services.codegen.planner.render.normal import scans
from services.codegen.planner.render.ray_expr import TYPES
from services.codegen.planner.render.text import quote

_NUMBER_HELPER = f'''\
def to_number(text: pc.Expression, kind: pa.DataType) -> pc.Expression:
    """`1,234`, `$5` and `12 %` are numbers; a cell that spells no number becomes NULL."""
    plain = pc.replace_substring_regex(text, r"{DECORATION}", "")
    return pc.if_else(pc.match_substring_regex(text, NUMBER), plain, None).cast(kind)'''

_DATE_HELPER = '''\
def to_time(text: pc.Expression, formats: list[str], kind: pa.DataType) -> pc.Expression:
    """The first format that fits decides; a cell that fits none becomes NULL."""
    readings = [pc.strptime(text, format=f, unit="us", error_is_null=True) for f in formats]
    return pc.coalesce(*readings).cast(kind)'''

_JSON_HELPER = '''\
def read_text(uri: str, names: list[str]) -> pa.Table:
    """The JSON lines of a file, each value as text: types are given to them afterwards."""
    filesystem, path = FileSystem.from_uri(uri)
    with filesystem.open_input_stream(path) as file:
        rows = [json.loads(line) for line in file.read().splitlines() if line.strip()]
    columns = {name: [as_text(row.get(name)) for row in rows] for name in names}
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def as_text(value: object) -> str | None:
    """A JSON value as text: 1.5 is "1.5", true is "true"."""
    return value if isinstance(value, str | None) else json.dumps(value)'''


_PRESENT_HELPER = '''\
def present(text: pc.Expression) -> pc.Expression:
    """NULL for an empty text."""
    return pc.if_else(text != "", text, None)'''


def helpers(root: p.Node) -> list[list[str]]:
    """The functions that cleaned and JSON columns need."""
    found = {
        _NUMBER_HELPER: any(cleaned(root, p.Clean.NUMBER)),
        _DATE_HELPER: any(cleaned(root, p.Clean.DATE)),
        _JSON_HELPER: any(scan.table.format == "json" for scan in scans(root)),
        _PRESENT_HELPER: any(_may_be_empty(s, c) for s in scans(root) for c in s.columns),
    }
    return [code.splitlines() for code, needed in found.items() if needed]


def patterns(root: p.Node) -> list[str]:
    """The constants that the helpers use."""
    return [f'NUMBER = r"{NUMBER}"'] if any(cleaned(root, p.Clean.NUMBER)) else []


def reader(scan: p.Scan, variable: str, constant: str) -> list[str]:
    """The remote function that reads one table."""
    lines = ["@ray.remote", f"def read_{variable}() -> pa.Table:"]
    match scan.table.format:
        case "parquet":
            lines.append(f'    source = ds.dataset({constant}, format="parquet")')
        case "json":
            names = listed([quote(n) for n in dict.fromkeys(c.name for c in scan.columns)])
            text = call("read_text", constant, names)
            lines += statement("source = ", call("ds.dataset", text))
        case _:
            lines += _csv(scan, constant)
    columns = {quote(c.as_name): _column(scan, c) for c in scan.columns}
    if all(value == f"pc.field({name})" for name, value in columns.items()):
        return lines + statement("return ", call("source.to_table", listed(list(columns))))
    return lines + statement("return ", call("source.to_table", mapped(list(columns.items()))))


def _csv(scan: p.Scan, constant: str) -> list[str]:
    types = [(quote(c.name), _stored_type(scan, c)) for c in scan.columns]
    convert = call(
        "csv.ConvertOptions",
        keyword("column_types", "types"),
        keyword("null_values", '[""]'),
        keyword("strings_can_be_null", "True"),
    )
    lines = statement("types = ", mapped(list(dict(types).items())))
    lines += statement("convert = ", convert)
    options: list[Doc | str] = []
    if scan.table.format == "tsv":
        options.append(keyword("delimiter", quote("\t")))
    if scan.table.multiline:
        options.append(keyword("newlines_in_values", "True"))
    arguments: list[Doc | str] = [keyword("convert_options", "convert")]
    if options:
        lines += statement("parse = ", call("csv.ParseOptions", *options))
        arguments.insert(0, keyword("parse_options", "parse"))
    lines += statement("csv_format = ", call("ds.CsvFileFormat", *arguments))
    lines.append(f"    source = ds.dataset({constant}, format=csv_format)")
    return lines


def _stored_type(scan: p.Scan, column: p.ReadColumn) -> str:
    if column.clean is not p.Clean.NONE:
        return "pa.string()"
    if column.type is ColumnType.TIMESTAMP and zoned(scan.table.column(column.name)):
        return 'pa.timestamp("us", tz="UTC")'
    return TYPES[column.type]


def _column(scan: p.Scan, column: p.ReadColumn) -> Doc | str:
    source, kind = f"pc.field({quote(column.name)})", TYPES[column.type]
    if column.clean is p.Clean.NUMBER:
        return f"to_number({source}, {kind})"
    if column.clean is p.Clean.DATE:
        return call("to_time", source, listed([quote(f) for f in column.formats]), kind)
    zone = column.type is ColumnType.TIMESTAMP and zoned(scan.table.column(column.name))
    if scan.table.format in ("csv", "tsv"):
        return f"{source}.cast({kind})" if zone else source
    if scan.table.format == "parquet":
        return f"{source}.cast({kind})"
    if _may_be_empty(scan, column):
        source = f"present({source})"
    if zone:
        source += '.cast(pa.timestamp("us", tz="UTC"))'
    return source if column.type is ColumnType.STRING else f"{source}.cast({kind})"


def _may_be_empty(scan: p.Scan, column: p.ReadColumn) -> bool:
    """JSON has "" where CSV has nothing; as a date both are missing."""
    dated = column.type in (ColumnType.DATE, ColumnType.TIMESTAMP)
    return scan.table.format == "json" and dated and column.clean is p.Clean.NONE
