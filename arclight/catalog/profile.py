"""What is known of a table before any program runs. Types come from a sample, and say so."""

from enum import StrEnum
from typing import Literal

from pydantic import Field, JsonValue

from arclight.contracts.base import Frozen

Format = Literal["csv", "tsv", "json", "parquet"]
"""`json` is JSON lines: one object per line."""


class ColumnType(StrEnum):
    INTEGER = "integer"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    STRING = "string"


class ColumnProfile(Frozen):
    """One column as the sample shows it."""

    name: str
    type: ColumnType
    nulls: int = Field(default=0, ge=0, description="Empty cells in the sample.")
    distinct: int = Field(default=0, ge=0, description="Distinct values in the sample.")
    values: tuple[JsonValue, ...] = Field(
        default=(),
        description="Distinct values, most frequent first: of the sample, at most 200; or of the "
        "whole file, at most 1,000 texts, where `complete` says so or the sample is all of it.",
    )
    complete: bool = Field(
        default=False, description="A text column whose `values` are all that the file holds."
    )
    minimum: JsonValue = None
    maximum: JsonValue = None
    numeric_text: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        description="For a string column: share of its cells that are numbers in other writing, "
        "such as `1,234`; 0 for codes with leading zeros.",
    )
    not_numeric: tuple[str, ...] = Field(
        default=(), description="For a mostly numeric string column: the cells that are no number."
    )
    date_formats: tuple[str, ...] = Field(
        default=(),
        description="For a string column of dates: `strptime` formats, tried in this order, that "
        "together read at least 95 % of its cells with digits (at least 80 % of all); none where "
        "day and month cannot be told apart.",
    )
    first_number: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        description="For a string column: share of its cells that begin with a number, after a "
        "currency sign at most, such as `12 km` or `1,234[2]`; 0 for dates and codes.",
    )
    yes_no: tuple[str, ...] = Field(
        default=(),
        description="For a string column of two states: the text for yes and the text for no.",
    )
    file_order: Literal["", "ascending", "descending"] = Field(
        default="", description="How the sample's numbers or dates run down the file, ties allowed."
    )


class ForeignKey(Frozen):
    """A declared key: `columns` of this table hold values of `referenced` of `table`, in order."""

    columns: tuple[str, ...]
    table: str
    referenced: tuple[str, ...]


class TableProfile(Frozen):
    """One table: where it lies, its columns, its size."""

    name: str = Field(description="Name used in prompts and plans, such as `birdstrikes`.")
    uri: str
    format: Format
    columns: tuple[ColumnProfile, ...]
    bytes: int = Field(ge=0)
    rows: int | None = Field(default=None, description="Exact row count, where it is known.")
    sampled_rows: int = Field(ge=0, description="Rows that the types and values come from.")
    sha256: str = ""
    multiline: bool = Field(
        default=False, description="A quoted CSV cell holds a line break: readers must be told."
    )

    primary_key: tuple[str, ...] = Field(default=(), description="Columns, where declared.")
    foreign_keys: tuple[ForeignKey, ...] = Field(default=(), description="Keys, where declared.")

    def column(self, name: str) -> ColumnProfile | None:
        """The column of exactly this name."""
        return next((c for c in self.columns if c.name == name), None)
