"""What a program is told as."""

from collections.abc import Sequence

from arclight.contracts.names import Framework
from services.validator.check import Checked, framework_of
from services.validator.context import Context, Declared

ORDERS = Declared("orders", "s3://data/orders.csv")
CUSTOMERS = Declared("customers", "s3://data/customers/")

SPARK = """\
import argparse
from pyspark.sql import DataFrame, SparkSession, Window, functions as F
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
orders = spark.read.csv("s3://data/orders.csv", header=True)
"""
READ = "Read orders (s3://data/orders.csv) as CSV."
CUSTOMERS_TOO = 'customers = spark.read.parquet("s3://data/customers/")\n'

RAY = """\
import argparse
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import ray
from ray.data.aggregate import Count, Mean, Sum
parser = argparse.ArgumentParser()
parser.add_argument("--output", default="output")
args = parser.parse_args()
ray.init()
orders = ray.data.read_csv("s3://data/orders.csv")
"""


def told(
    program: str, sources: Sequence[Declared] = (ORDERS, CUSTOMERS), framework: str = ""
) -> list[str]:
    """The explanation of a program."""
    chosen = Framework(framework) if framework else framework_of(program)
    context = Context(framework=chosen, sources=tuple(sources), brought=True)
    return list(Checked(program, context).explanation)


def steps(program: str) -> list[str]:
    """The sentences after that of the one read."""
    sentences = told(program)
    assert sentences[0] == READ
    return sentences[1:]
