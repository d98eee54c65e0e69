"""The names that Spark, Ray and pandas know (`known.toml`)."""

import tomllib
from functools import lru_cache
from importlib.resources import files

MODULES = (
    "pyspark", "pyspark.sql", "pyspark.sql.functions", "pyspark.sql.types", "pyspark.sql.window",
    "ray", "ray.data", "pandas", "numpy", "pyarrow", "pyarrow.parquet", "pyarrow.compute",
    "pyarrow.csv", "pyarrow.dataset", "argparse", "collections", "csv", "dataclasses", "datetime",
    "decimal", "functools", "itertools", "json", "logging", "math", "operator", "os", "pathlib",
    "random", "re", "statistics", "string", "sys", "time", "typing",
)  # fmt: skip
"""Modules that programs import."""


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, tuple[str, ...]]]:
    text = files(__package__).joinpath("known.toml").read_text()
    read = tomllib.loads(text)
    return {s: {name: tuple(v.split()) for name, v in part.items()} for s, part in read.items()}


def methods(owner: str) -> tuple[str, ...]:
    """Methods and attributes of a class; empty for one that is not known."""
    return _all()["methods"].get(owner, ())


def members(module: str) -> tuple[str, ...]:
    """What a module offers; empty for one that is not known."""
    return _all()["modules"].get(module, ())


def keywords(function: str) -> tuple[str, ...]:
    """Keyword arguments of whatever has this name; empty when that is not known."""
    return _all()["keywords"].get(function, ())
