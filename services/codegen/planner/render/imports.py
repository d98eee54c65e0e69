"""The imports that a program needs: those whose names it uses."""

import ast
from collections.abc import Iterable, Sequence

_STANDARD = {
    "argparse": "import argparse",
    "json": "import json",
    "math": "import math",
    "operator": "import operator",
    "re": "import re",
    "statistics": "import statistics",
    "sys": "import sys",
    "Counter": "from collections import Counter",
    "Path": "from pathlib import Path",
}
_THIRD_PARTY = {
    "np": "import numpy as np",
    "pa": "import pyarrow as pa",
    "pc": "import pyarrow.compute as pc",
    "csv": "import pyarrow.csv as csv",
    "ds": "import pyarrow.dataset as ds",
    "pq": "import pyarrow.parquet as pq",
    "ray": "import ray",
    "FileSystem": "from pyarrow.fs import FileSystem",
    "F": "from pyspark.sql import functions as F",
}


def imports(parts: Iterable[Sequence[str]]) -> list[str]:
    """Import lines for the code of `parts`, sorted as ruff does."""
    used = names_in(parts)
    standard = [line for name, line in _STANDARD.items() if name in used]
    standard += _from("collections.abc", used, ("Callable", "Iterable", "Iterator"))
    standard += _from("datetime", used, ("date", "datetime"))
    standard += _from("itertools", used, ("accumulate",))
    standard += _from("typing", used, ("Any",))
    third = [line for name, line in _THIRD_PARTY.items() if name in used]
    third += _from("pyspark.sql", used, ("Column", "DataFrame", "SparkSession", "Window"))
    return [*sorted(standard, key=_order), "", *sorted(third, key=_order), ""]


def names_in(parts: Iterable[Sequence[str]]) -> set[str]:
    """The names that the code of `parts` uses."""
    tree = ast.parse("\n".join(line for part in parts for line in part))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def _from(module: str, used: set[str], names: Sequence[str]) -> list[str]:
    wanted = ", ".join(name for name in names if name in used)
    return [f"from {module} import {wanted}"] if wanted else []


def _order(line: str) -> tuple[bool, str, bool]:
    """Plain imports first; `from x import A, B` before `from x import y as z`."""
    return line.startswith("from"), line.split()[1], " as " in line
