"""What a generated program reads, imports and calls, by its syntax tree alone."""

import ast
from collections.abc import Iterator

_READERS = frozenset(
    [
        "csv",
        "json",
        "parquet",
        "orc",
        "text",
        "textFile",
        "load",
        "table",
        "jdbc",
        "dataset",
        "open",
        "open_csv",
        "open_input_stream",
        "read",
        "read_csv",
        "read_json",
        "read_parquet",
        "read_text",
        "read_binary_files",
        "read_table",
        "from_uri",
        "read_images",
        "read_sql",
        "read_api",
        "read_datasource",
        "fromfile",
        "loadtxt",
    ]
)
"""Functions whose first argument, or an argument of these names, says where to read."""
_PLACES = frozenset({"path", "paths", "source", "uri", "filename", "input_file", "table", "url"})
MODULES = frozenset(
    [
        "argparse",
        "collections",
        "datetime",
        "decimal",
        "functools",
        "heapq",
        "itertools",
        "math",
        "numpy",
        "operator",
        "pandas",
        "pathlib",
        "pyarrow",
        "pyspark",
        "random",
        "ray",
        "re",
        "statistics",
        "string",
        "typing",
        "unicodedata",
    ]
)
"""The roots of what a generated program may import."""
_ROWS = frozenset({"pa.Table", "pa.RecordBatch", "pd.DataFrame", "DataFrame", "ray.data.Dataset"})
_NEVER = frozenset(
    [
        "eval",
        "exec",
        "compile",
        "open",
        "input",
        "breakpoint",
        "globals",
        "locals",
        "vars",
        "getattr",
        "setattr",
        "delattr",
        "__import__",
        "system",
        "popen",
        "fork",
        "spawn",
        "environ",
        "getenv",
        "putenv",
        "urlopen",
        "request",
        "socket",
        "connect",
        "check_output",
        "Popen",
        "unlink",
        "rmtree",
        "remove",
        "chmod",
        "read_text",
        "read_bytes",
    ]
)
"""Names that no generated program has a use for."""


def imported(program: str) -> set[str]:
    """Roots of the imported modules."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Import):
            found |= {a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


def texts(program: str) -> set[str]:
    """Every text that stands in the program, in lower case."""
    constants = (n for n in ast.walk(ast.parse(program)) if isinstance(n, ast.Constant))
    return {c.value.lower() for c in constants if isinstance(c.value, str)}


def forbidden(program: str) -> set[str]:
    """Names and attributes in the program that have no place in it."""
    names = {n.id for n in ast.walk(ast.parse(program)) if isinstance(n, ast.Name)}
    attributes = {n.attr for n in ast.walk(ast.parse(program)) if isinstance(n, ast.Attribute)}
    return (names | attributes) & _NEVER


def read(program: str) -> set[str]:
    """Every place that a reading call names; `?` and the expression where it cannot be told."""
    tree = ast.parse(program)
    constants = dict(_constants(tree))
    in_memory = set(_tables(tree))
    found: set[str] = set()
    for call in (n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        if _name(call.func) in _READERS and not _writes(call.func):
            for argument in _where(call):
                if ast.unparse(argument) not in in_memory:
                    found |= _texts(argument, constants)
    return found


def _tables(tree: ast.Module) -> Iterator[str]:
    """Parameters that are rows in memory, by their annotation."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation and ast.unparse(node.annotation) in _ROWS:
            yield node.arg


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                if isinstance(target, ast.Name) and isinstance(node.value.value, str):
                    yield target.id, node.value.value


def _name(func: ast.expr) -> str:
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


def _writes(func: ast.expr) -> bool:
    """`frame.write.mode(…).parquet`, or arrow's in-memory `pa.table`."""
    text = ast.unparse(func)
    return ".write." in text or text == "pa.table"


def _where(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args[:1]
    yield from (k.value for k in call.keywords if k.arg in _PLACES)


def _texts(node: ast.expr, constants: dict[str, str]) -> set[str]:
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.Name(id=name) if name in constants:
            return {constants[name]}
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return set().union(*(_texts(p, constants) for p in parts)) if parts else set()
    return {f"? {ast.unparse(node)}"}
