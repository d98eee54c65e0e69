"""Names that are safe to store, to read back on every engine, and to write in a prompt."""

import re
import unicodedata
from collections.abc import Container
from pathlib import PurePosixPath

MAX_FILENAME = 100
"""Characters. File systems stop at 255 bytes; the rest is room for a store's own suffixes."""
MAX_EXTENSION = 20
"""Characters, twice the longest that is known here."""
MAX_TABLE_NAME = 128
"""Characters, as `contracts.source.TableName` has it."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_RESERVED = frozenset({"profile.json"})


def safe_filename(filename: str) -> str:
    """`filename` as one plain path part, its extension lower-cased.

    Only letters, digits, `.`, `_` and `-` stay: Hadoop reads `*[]{}` in a path as a pattern and a
    `%20` literally. It also skips files whose names begin with `.` or `_`.
    """
    last = PurePosixPath(_ascii(filename.replace("\\", "/"))).name
    stem, dot, extension = last.rpartition(".")
    if not dot:
        stem, extension = last, ""
    extension = re.sub(r"\W+", "", extension)[:MAX_EXTENSION].lower()
    suffix = f".{extension}" if extension else ""
    plain = _UNSAFE.sub("_", stem).strip("._-")[: MAX_FILENAME - len(suffix)]
    name = (plain or "file") + suffix
    return f"upload-{name}" if name in _RESERVED else name


def table_name(filename: str) -> str:
    """The file's stem as an identifier: `flights-airport.csv` is `flights_airport`."""
    stem = safe_filename(filename).rpartition(".")[0] or safe_filename(filename)
    name = re.sub(r"\W+", "_", stem).strip("_") or "table"
    return (f"t_{name}" if name[0].isdigit() else name)[:MAX_TABLE_NAME]


def unused_name(name: str, taken: Container[str]) -> str:
    """`name`, or `name_2`, `name_3`, … when the folded name is in `taken`."""
    candidate, number = name, 1
    while candidate.casefold() in taken:
        number += 1
        suffix = f"_{number}"
        candidate = name[: MAX_TABLE_NAME - len(suffix)] + suffix
    return candidate


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
