"""`python -m tests.codegen.mend.known`: write `known.toml` again, from the installed engines."""

import inspect
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import services.codegen.mend

FILE = Path(services.codegen.mend.__file__).parent / "known.toml"

Known = dict[str, dict[str, list[str]]]


def computed() -> Known:
    """What pyspark, ray and pandas offer, by the name that their errors call it."""
    import pandas
    import pyspark.sql
    import pyspark.sql.functions
    import pyspark.sql.types
    import ray
    import ray.data
    from pyspark.sql.group import GroupedData
    from ray.data.grouped_data import GroupedData as RayGroups

    classes: dict[str, Any] = {
        "DataFrame": pyspark.sql.DataFrame,
        "GroupedData": GroupedData,
        "Column": pyspark.sql.Column,
        "DataFrameReader": pyspark.sql.DataFrameReader,
        "DataFrameWriter": pyspark.sql.DataFrameWriter,
        "SparkSession": pyspark.sql.SparkSession,
        "Builder": pyspark.sql.SparkSession.Builder,
        "Dataset": ray.data.Dataset,
        "ray.GroupedData": RayGroups,
        "pandas.DataFrame": pandas.DataFrame,
        "pandas.Series": pandas.Series,
    }
    modules = {
        "pyspark.sql.functions": pyspark.sql.functions,
        "pyspark.sql.types": pyspark.sql.types,
        "pyspark.sql": pyspark.sql,
        "ray": ray,
        "ray.data": ray.data,
    }
    called = [
        *(m for n in list(classes)[:7] for m in _methods(classes[n])),
        *(m for n in ("Dataset", "ray.GroupedData") for m in _methods(classes[n])),
        *(f for f in _functions(ray.data)),
        ray.init,
        *(pandas.read_csv, pandas.read_json, pandas.read_parquet, pandas.merge),
        *(pandas.DataFrame.merge, pandas.DataFrame.groupby, pandas.DataFrame.sort_values),
        *(pandas.DataFrame.to_csv, pandas.DataFrame.to_parquet, pandas.DataFrame.rename),
    ]
    return {
        "methods": {name: _public(found) for name, found in classes.items()},
        "modules": {name: _offered(found) for name, found in modules.items()},
        "keywords": _keywords(called),
    }


def _public(found: Any) -> list[str]:
    return sorted(name for name in dir(found) if not name.startswith("_"))


def _offered(module: Any) -> list[str]:
    """What is the module's own: not what it imported for itself."""
    names = getattr(module, "__all__", None) or _public(module)
    own = (n for n in names if n in vars(module) and not inspect.ismodule(vars(module)[n]))
    return sorted(n for n in own if not n.startswith("_") and n not in ("Any", "Optional"))


def _methods(found: Any) -> list[Callable[..., Any]]:
    return [m for n in _public(found) if callable(m := inspect.getattr_static(found, n))]


def _functions(module: Any) -> list[Callable[..., Any]]:
    return [f for n in _offered(module) if inspect.isfunction(f := getattr(module, n))]


def _keywords(called: Iterable[Callable[..., Any]]) -> dict[str, list[str]]:
    """By the last name of what is called: different classes share names and meanings."""
    found: dict[str, set[str]] = {}
    for function in called:
        kept = (p for p in inspect.signature(function).parameters.values())
        names = {p.name for p in kept if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)}
        found.setdefault(function.__name__, set()).update(names - {"self", "cls"})
    return {name: sorted(found[name]) for name in sorted(found) if found[name]}


def written(known: Known) -> str:
    """The file's text."""
    lines = [
        "# The names that Spark, Ray and pandas know, by what their errors call the owner.",
        "# Made by `python -m tests.codegen.mend.known`.",
    ]
    for section, entries in known.items():
        lines += ["", f"[{section}]"]
        for name, values in entries.items():
            text = textwrap.fill(" ".join(values), 96, break_long_words=False)
            lines += [f'"{name}" = """', text, '"""']
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(computed()))
