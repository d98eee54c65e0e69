"""The result envelope: the answer, and what is needed to trust and to fetch it."""

from enum import StrEnum

from pydantic import Field, JsonValue

from arclight.contracts.base import Frozen


class ResultKind(StrEnum):
    TABLE = "table"
    TEXT = "text"
    PROGRAM = "program"


class Column(Frozen):
    name: str
    type: str = Field(description="Arrow type name, such as int64, double, string, date32[day].")


class ResultFile(Frozen):
    """One part file of the answer, in row order; of a text, the one file that holds all of it."""

    key: str = Field(description="Key in the artifact store.")
    rows: int = Field(ge=0)
    bytes: int = Field(ge=0)
    sha256: str


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
    notes: tuple[str, ...] = Field(default=(), description="What the reader must know.")
    text: str = ""
