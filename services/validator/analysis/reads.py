"""Where a program gets its rows from."""

import ast
import re
from collections.abc import Container
from dataclasses import dataclass
from enum import StrEnum

from services.validator.analysis.fold import HOLE, UNKNOWN, Fold
from services.validator.analysis.names import Names
from services.validator.analysis.sql import read_sql
from services.validator.analysis.words import words


class By(StrEnum):
    """Who reads."""

    SPARK = "Spark"
    RAY = "Ray"
    DRIVER = "Python"
    """pandas, pyarrow or `open` in the program's own process or a task."""


@dataclass(frozen=True)
class Read:
    """One call that reads; `targets` are its paths or table names, holes where not known."""

    call: ast.Call
    by: By
    targets: frozenset[str]
    tables: bool = False
    file: bool = True
    """False for databases, which no file source covers."""


READERS = words("csv json parquet orc text xml load jdbc")
DATABASES = words(
    "jdbc snowflake net.snowflake.spark.snowflake redshift bigquery mongodb mongo cassandra "
    "org.apache.spark.sql.cassandra"
)
"""Formats of `spark.read` that connect to a database."""
_BETWEEN = words("format option options schema")
_CONTEXT_READS = words(
    "textFile wholeTextFiles binaryFiles sequenceFile hadoopFile newAPIHadoopFile"
)
_NOT_FILES = words(
    "read_sql read_sql_query read_sql_table read_mongo read_bigquery read_databricks_tables "
    "read_clickhouse read_snowflake read_kafka read_clipboard read_gbq read_datasource"
)
_PATH_KEYWORDS = words(
    "path paths filepath_or_buffer path_or_buf io source input_file where path_or_paths name "
    "file fname filepath"
)
_CALLS = re.compile(
    r"pandas\.read_\w+|pyarrow\.parquet\.(read_\w+|ParquetFile|ParquetDataset)"
    r"|pyarrow\.csv\.(read_csv|open_csv)|pyarrow\.json\.(read|open)_json|pyarrow\.orc\.\w+"
    r"|pyarrow\.feather\.read_\w+|pyarrow\.dataset\.(dataset|parquet_dataset)|ray\.data\.read_\w+"
    r"|numpy\.(loadtxt|genfromtxt|load|fromfile|memmap)|builtins\.open|io\.open"
    r"|(gzip|bz2|lzma)\.open"
)
_METHODS = frozenset({"read_text", "read_bytes", "open_input_stream", "open_input_file"})
_OPENS = re.compile(r"(builtins|io|gzip|bz2|lzma)\.(open|StringIO|BytesIO)")
_VIEWS = words(
    "createOrReplaceTempView createTempView createGlobalTempView createOrReplaceGlobalTempView "
    "registerTempTable saveAsTable"
)
_SQL_MAKES = re.compile(
    r"\bcreate\b[\w\s]*?\b(?:view|table)\s+(?:if\s+not\s+exists\s+)?`?([\w.]+)`?", re.IGNORECASE
)


@dataclass
class Reads:
    """All reads of a program, and the temporary views that it registers."""

    names: Names
    fold: Fold

    def __post_init__(self) -> None:
        self.found: list[Read] = []
        self.sql: list[tuple[ast.Call, frozenset[str]]] = []
        self.views: dict[str, list[ast.expr]] = {}
        for call in self.names.program.calls:
            self._view(call)
            read = self._read(call)
            if read is not None:
                self.found.append(read)
        for call, texts in self.sql:
            self._sql(call, texts)
        made = set(self.views) | {f"global_temp.{v}" for v in self.views}
        self.found = [r for r in self.found if not (r.tables and r.targets <= made)]
        self.by_call = {r.call: r for r in self.found}

    @property
    def unclear_views(self) -> bool:
        """A view was registered under a name that only the run knows."""
        return any(HOLE in v for v in self.views)

    def _read(self, call: ast.Call) -> Read | None:
        func = call.func
        callee = self.names.dotted(func)
        if callee is not None and not callee.startswith("pyspark."):
            return self._by_name(call, callee) if _CALLS.fullmatch(callee) else None
        if not isinstance(func, ast.Attribute):
            return None
        attr = func.attr
        if attr in READERS and self._is_reader(func.value):
            return self._spark(call, func.value)
        if attr == "table" and (call.args or call.keywords):
            targets = self._target(call, ["tableName", "name"])
            return Read(call, By.SPARK, frozenset(t.lower() for t in targets), tables=True)
        if attr in _CONTEXT_READS:
            return Read(call, By.SPARK, self._target(call, ["name", "path"]))
        if attr == "sql" and (call.args or call.keywords):
            self.sql.append((call, self._target(call, ["sqlQuery", "query"])))
        if attr in _METHODS:
            on = func.value if attr.startswith("read_") else call.args[0] if call.args else None
            return Read(call, By.DRIVER, self.fold.strings(on))
        if attr == "open" and _reads(call, 0):
            return Read(call, By.DRIVER, self.fold.strings(func.value))
        return None

    def _by_name(self, call: ast.Call, callee: str) -> Read | None:
        opens = callee.endswith(".open")
        if opens and not _reads(call, 1):
            return None
        source = call.args[0] if call.args else None
        if source is not None and self._opened(source):
            return None
        by = By.RAY if callee.startswith("ray.") else By.DRIVER
        last = callee.rpartition(".")[2]
        return Read(call, by, self._target(call, _PATH_KEYWORDS), file=last not in _NOT_FILES)

    def _opened(self, node: ast.expr) -> bool:
        """True for a file object: what it reads was counted where it was opened."""
        for part in self.names.chain(node):
            if isinstance(part, ast.Call):
                callee = self.names.callee(part)
                if callee and _OPENS.fullmatch(callee):
                    return True
                if isinstance(part.func, ast.Attribute) and part.func.attr in ("open", *_METHODS):
                    return True
        return False

    def _target(self, call: ast.Call, keywords: Container[str | None]) -> frozenset[str]:
        if call.args:
            first = call.args[0]
            return self.fold.each(first.value if isinstance(first, ast.Starred) else first)
        named = next((k.value for k in call.keywords if k.arg in keywords), None)
        return self.fold.each(named)

    def _is_reader(self, node: ast.expr) -> bool:
        """True for `….read.format(…).option(…)`, not for what lies behind a `.write`."""
        for step in self.names.steps(node):
            if step in ("read", "readStream"):
                return True
            if step not in _BETWEEN:
                return False
        return False

    def _spark(self, call: ast.Call, reader: ast.expr) -> Read | None:
        options = self.options(reader)
        kind = frozenset(k.lower() for k in options.get("format", frozenset()))
        if isinstance(call.func, ast.Attribute) and call.func.attr == "jdbc":
            return Read(call, By.SPARK, self._target(call, ["url"]), file=False)
        if kind & DATABASES or "url" in options:
            return Read(call, By.SPARK, options.get("url", UNKNOWN), file=False)
        if "rate" in kind or any("parallelize" in self.names.steps(a) for a in call.args):
            return None  # Rows that stand in the program, in another dress.
        if call.args or any(k.arg in ("path", "paths") for k in call.keywords):
            return Read(call, By.SPARK, self._target(call, ["path", "paths"]))
        return Read(call, By.SPARK, options.get("path", UNKNOWN))

    def options(self, reader: ast.expr) -> dict[str, frozenset[str]]:
        """`format` and the options set along the reader's chain."""
        out: dict[str, frozenset[str]] = {}
        for part in self.names.chain(reader):
            match part:
                case ast.Call(func=ast.Attribute(attr="format"), args=[kind]):
                    out["format"] = self.fold.strings(kind)
                case ast.Call(func=ast.Attribute(attr="option"), args=[key, value]):
                    out[(self.fold.one(key) or "").lower()] = self.fold.strings(value)
                case ast.Call(func=ast.Attribute(attr="options"), keywords=keywords):
                    out.update({str(k.arg): self.fold.strings(k.value) for k in keywords})
        return out

    def _view(self, call: ast.Call) -> None:
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr in _VIEWS:
            for name in self._target(call, ["name", "viewName"]):
                self.views.setdefault(name.lower(), []).append(func.value)

    def _sql(self, call: ast.Call, texts: frozenset[str]) -> None:
        for text in texts:
            for view in _SQL_MAKES.findall(text):
                self.views.setdefault(view.lower(), []).append(call)
        statements = [read_sql(t) for t in texts]
        paths = frozenset(p for s in statements for p in s.paths)
        tables = frozenset(t for s in statements for t in s.tables)
        named = {k.arg for k in call.keywords} - {None}
        unclear = bool(texts & UNKNOWN) or any(HOLE in t for t in texts) or self.unclear_views
        plain = {t for t in tables if t.removeprefix("global_temp.") not in self.views}
        tables = frozenset(t for t in plain if HOLE not in t and t not in named)
        if texts == UNKNOWN:
            self.found.append(Read(call, By.SPARK, UNKNOWN))
        if paths:
            self.found.append(Read(call, By.SPARK, paths))
        if tables and not unclear:
            self.found.append(Read(call, By.SPARK, tables, tables=True))


def _reads(call: ast.Call, position: int) -> bool:
    """True when the call's `mode` opens for reading."""
    given = call.args[position] if len(call.args) > position else None
    named = next((k.value for k in call.keywords if k.arg == "mode"), None)
    mode = given or named
    if not isinstance(mode, ast.Constant) or not isinstance(mode.value, str):
        return True
    return not any(c in mode.value for c in "wax")
