"""Small programs over two known tables, and what the column check says of them."""

from arclight.catalog.profile import ColumnProfile, ColumnType, TableProfile
from arclight.contracts.finding import Finding, Fix
from arclight.contracts.names import Framework
from services.validator.check import check
from services.validator.context import Context, Declared, Table

C = ColumnType


def column(name: str, kind: ColumnType, *values: str) -> ColumnProfile:
    return ColumnProfile(name=name, type=kind, values=values, distinct=len(values))


def profile(name: str, form: str, *columns: ColumnProfile, rows: int = 10) -> TableProfile:
    return TableProfile.model_validate(
        {
            "name": name,
            "uri": f"s3://data/{name}.{form}",
            "format": form,
            "columns": columns,
            "bytes": 1000,
            "rows": rows,
            "sampled_rows": 10,
        }
    )


ORDERS = profile(
    "orders",
    "csv",
    column("id", C.INTEGER),
    column("customer_id", C.INTEGER),
    column("Region", C.STRING, "North", "South"),
    column("quantity", C.INTEGER),
    column("unit price", C.DOUBLE),
    column("ordered", C.DATE),
)
CUSTOMERS = profile(
    "customers",
    "parquet",
    column("customer_id", C.INTEGER),
    column("name", C.STRING, "Ann", "Bob"),
    column("city", C.STRING, "Oslo"),
)
EVENTS = profile("events", "json", column("kind", C.STRING, "click"), rows=500)
TABLES = tuple(Table(Declared(p.name, p.uri), p) for p in (ORDERS, CUSTOMERS, EVENTS))
SALES = Table(Declared("sales.orders", ""), ORDERS)

SPARK = """\
from pyspark.sql import SparkSession, Window, functions as F
spark = SparkSession.builder.getOrCreate()
orders = spark.read.csv("s3://data/orders.csv", header=True, inferSchema=True)
customers = spark.read.parquet("s3://data/customers.parquet")
"""
RAY = """\
import ray
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from ray.data.aggregate import Mean, Sum
orders = ray.data.read_csv("s3://data/orders.csv")
customers = ray.data.read_parquet("s3://data/customers.parquet")
"""


def findings(text: str, framework: Framework = Framework.SPARK) -> list[Finding]:
    """What the column check says of a whole program."""
    tables = (*TABLES, SALES)
    context = Context(framework, tuple(t.source for t in tables), tables=tables)
    return [f for f in check(text, context) if f.code.startswith("COL")]


def spark(body: str) -> list[Finding]:
    return findings(SPARK + body + "\n")


def ray(body: str) -> list[Finding]:
    return findings(RAY + body + "\n", Framework.RAY)


def mended(text: str, fix: Fix) -> str:
    """The text after the change."""
    lines = text.encode().splitlines(keepends=True)
    start = sum(map(len, lines[: fix.line - 1])) + fix.column
    end = sum(map(len, lines[: fix.end_line - 1])) + fix.end_column
    data = text.encode()
    return (data[:start] + fix.text.encode() + data[end:]).decode()
