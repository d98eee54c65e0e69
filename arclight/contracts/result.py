"""The result envelope: the answer, and what is needed to trust and to fetch it."""

from enum import StrEnum

from pydantic import Field, JsonValue

from arclight.contracts.base import Frozen


class ResultKind(StrEnum):
    TABLE = "table"
    TEXT = "text"
    PROGRAM = "program"


class ColumnKind(StrEnum):
    """What a column's values are, and so how they are written in JSON."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    FLOAT = "float"
    """Numbers; NaN and the infinities are the texts `NaN`, `Infinity`, `-Infinity`."""
    DECIMAL = "decimal"
    """Texts, so that no digit is lost."""
    TEXT = "text"
    BINARY = "binary"
    """Base64."""
    DATE = "date"
    TIME = "time"
    TIMESTAMP = "timestamp"
    DURATION = "duration"
    """ISO 8601 texts, like the three before."""
    LIST = "list"
    STRUCT = "struct"
    """Objects."""
    MAP = "map"
    """Arrays of [key, value]."""
    NULL = "null"
    OTHER = "other"


class Column(Frozen):
    """Two columns may have the same name: their place in the row tells them apart."""

    name: str
    type: str = Field(
        description="Arrow type in full, such as int64, string, decimal128(10, 2),"
        " timestamp[us, tz=UTC], list<element: int64>, dictionary<values=string, …>."
    )
    kind: ColumnKind | None = Field(default=None, description="How its values are in JSON.")


class ResultFile(Frozen):
    """One part file of the answer, in row order; of a text, the one file that holds all of it."""

    key: str = Field(description="Key in the artifact store.")
    rows: int = Field(ge=0)
    bytes: int = Field(ge=0)
    sha256: str


class SourceRead(Frozen):
    """One source that went into the answer."""

    name: str
    rows: int | None = Field(default=None, ge=0, description="Rows read; null: not counted.")


class Result(Frozen):
    """A table over all part files, or the text of a program that only prints."""

    kind: ResultKind
    columns: tuple[Column, ...] = ()
    preview: tuple[tuple[JsonValue, ...], ...] = Field(default=(), description="The first rows.")
    total_rows: int = Field(default=0, ge=0, description="Rows over all part files.")
    truncated: bool = Field(default=False, description="True when the preview is not the whole.")
    files: tuple[ResultFile, ...] = ()
    bytes: int = Field(default=0, ge=0)
    sha256: str = Field(default="", description="Hash over the part files' hashes, in order.")
    sources_read: tuple[str, ...] = Field(default=(), description="Sources the program reads.")
    sources: tuple[SourceRead, ...] = Field(
        default=(), description="The same sources with the rows that were read."
    )
    notes: tuple[str, ...] = Field(default=(), description="What the reader must know.")
    text: str = ""
