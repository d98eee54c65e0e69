"""Where a program puts its answer."""

import ast
import re
from dataclasses import dataclass

from services.validator.analysis.fold import Fold
from services.validator.analysis.names import Names
from services.validator.analysis.reads import _reads
from services.validator.analysis.words import words

_SPARK = words("csv json parquet orc text save saveAsTable insertInto start toTable")
_FRAME = re.compile(r"write_(parquet|csv|json|numpy|images|webdataset|tfrecords)|saveAsTextFile")
_PANDAS = re.compile(r"to_(parquet|csv|json|excel|feather|orc|pickle|xml|html|markdown)")
_SECOND = re.compile(
    r"pyarrow\.(parquet\.write_(table|to_dataset)|csv\.write_csv|dataset\.write_dataset"
    r"|feather\.write_feather|orc\.write_table)"
)
_FIRST = re.compile(r"pyarrow\.parquet\.ParquetWriter|pyarrow\.csv\.CSVWriter|numpy\.save(txt|z)?")
_OPEN = frozenset({"builtins.open", "io.open", "gzip.open", "bz2.open", "lzma.open"})
_HANDLES = words(
    "write writerow writerows writeheader writelines write_table write_batch write_text write_bytes"
)
PRINTS = frozenset({"builtins.print", "pprint.pprint", "sys.stdout.write"})
_SHOWS = frozenset({"show", "display", "printSchema"})


@dataclass(frozen=True)
class Write:
    """One call that writes; `path` is None for a handle that was opened elsewhere."""

    call: ast.Call
    path: ast.expr | None


class Writes:
    """All writes of a program, and what it prints."""

    def __init__(self, names: Names, fold: Fold) -> None:
        self._names = names
        self._fold = fold
        self.found: list[Write] = []
        self.prints: list[ast.Call] = []
        for call in names.program.calls:
            write = self._write(call)
            if write is not None:
                self.found.append(write)
            elif self._is_print(call):
                self.prints.append(call)

    def _is_print(self, call: ast.Call) -> bool:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _SHOWS:
            return True
        return self._names.callee(call) in PRINTS

    def _write(self, call: ast.Call) -> Write | None:
        callee = self._names.callee(call)
        if callee is not None:
            return self._by_name(call, callee)
        if not isinstance(call.func, ast.Attribute):
            return None
        attr, on = call.func.attr, call.func.value
        if attr in _SPARK and self._is_writer(on):
            return Write(call, _argument(call, 0, "path", "name"))
        if _FRAME.fullmatch(attr):
            return Write(call, _argument(call, 0, "path", "file", "output_file"))
        if _PANDAS.fullmatch(attr) and (call.args or call.keywords):
            return Write(call, _argument(call, 0, "path", "path_or_buf", "excel_writer"))
        if attr in ("write_text", "write_bytes"):
            return Write(call, on)
        if attr == "open" and not _reads(call, 0):
            return Write(call, on)
        if attr == "open_output_stream":
            return Write(call, _argument(call, 0, "path"))
        return Write(call, None) if attr in _HANDLES else None

    def _by_name(self, call: ast.Call, callee: str) -> Write | None:
        if _SECOND.fullmatch(callee):
            return Write(call, _argument(call, 1, "where", "output_file", "base_dir", "dest"))
        if _FIRST.fullmatch(callee):
            return Write(call, _argument(call, 0, "where", "sink", "file", "fname"))
        if callee in _OPEN and not _reads(call, 1):
            return Write(call, _argument(call, 0, "file"))
        if callee in PRINTS and any(k.arg == "file" for k in call.keywords):
            return None if self._to_screen(call) else Write(call, None)
        return Write(call, _argument(call, 1, "fp")) if callee == "json.dump" else None

    def _to_screen(self, call: ast.Call) -> bool:
        file = next(k.value for k in call.keywords if k.arg == "file")
        return self._names.dotted(file) in ("sys.stdout", "sys.stderr")

    def _is_writer(self, node: ast.expr) -> bool:
        for step in self._names.steps(node):
            if step in ("write", "writeStream", "writeTo"):
                return True
            if step in ("read", "readStream"):
                return False
        return False


def _argument(call: ast.Call, position: int, *keywords: str) -> ast.expr | None:
    named = next((k.value for k in call.keywords if k.arg in keywords), None)
    return call.args[position] if len(call.args) > position else named
