"""The inputs that a job may name: one union, discriminated by `kind`."""

from typing import Annotated, Literal

from pydantic import Field

from arclight.contracts.base import Frozen

TableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,127}$")]


class UploadSource(Frozen):
    """A file that was uploaded before; `uri` is its one canonical place in the artifact store."""

    kind: Literal["upload"] = "upload"
    id: str = Field(pattern=r"^src_[0-9a-f]{28}$")
    name: TableName | None = Field(default=None, description="Table name used in prompts.")
    uri: str = Field(default="", description="Filled in by the gateway; ignored when given.")


class S3Source(Frozen):
    """An object or a prefix."""

    kind: Literal["s3"] = "s3"
    uri: str = Field(pattern=r"^s3://[^/]+/.+")
    name: TableName | None = None
    format: Literal["csv", "json", "parquet", "orc"] = "csv"


class GlueSource(Frozen):
    """A table of an AWS Glue catalog."""

    kind: Literal["glue"] = "glue"
    database: str
    table: str


class PostgresSource(Frozen):
    """A table behind a named connection."""

    kind: Literal["postgres"] = "postgres"
    connection: str
    database: str
    db_schema: str = Field(default="public", alias="schema")
    table: str


class SnowflakeSource(Frozen):
    """A table behind a named connection."""

    kind: Literal["snowflake"] = "snowflake"
    connection: str
    database: str
    db_schema: str = Field(default="PUBLIC", alias="schema")
    table: str


Source = Annotated[
    UploadSource | S3Source | GlueSource | PostgresSource | SnowflakeSource,
    Field(discriminator="kind"),
]
