"""Names that nothing gives a meaning to: imported, or spelt as the one that was meant."""

import builtins
import re
from collections.abc import Iterator

import libcst as cst

from arclight.contracts.names import Framework
from services.codegen.mend import insert, known, look
from services.codegen.mend.alike import clear
from services.codegen.mend.change import Case, Change
from services.codegen.mend.session import session
from services.codegen.mend.tree import Edit, Tree

_IMPORTS = {
    "F": "from pyspark.sql import functions as F",
    "T": "from pyspark.sql import types as T",
    "SparkSession": "from pyspark.sql import SparkSession",
    "Row": "from pyspark.sql import Row",
    "Window": "from pyspark.sql import Window",
    "functions": "from pyspark.sql import functions",
    "pd": "import pandas as pd",
    "np": "import numpy as np",
    "pa": "import pyarrow as pa",
    "pq": "import pyarrow.parquet as pq",
    "pc": "import pyarrow.compute as pc",
    "ds": "import pyarrow.dataset as ds",
    "timedelta": "from datetime import timedelta",
    "date": "from datetime import date",
    "defaultdict": "from collections import defaultdict",
    "Counter": "from collections import Counter",
    "Path": "from pathlib import Path",
    "Decimal": "from decimal import Decimal",
    "reduce": "from functools import reduce",
    "partial": "from functools import partial",
    "dataclass": "from dataclasses import dataclass",
}
"""What programs call things, and where these come from."""
_WORDS = {"true": "True", "false": "False", "null": "None", "none": "None"}
_CLASSES = look.words("now strptime fromisoformat today combine fromtimestamp utcnow")
"""What is asked of the class `datetime` when the module is not meant."""


def unknown_name(case: Case) -> Iterator[Change]:
    """A NameError."""
    found = re.search(r"name '(\w+)' is not defined", case.failure.message)
    name = case.detail("name") or (found[1] if found else "")
    if not name.isidentifier() or name in look.bound(case.tree):
        return
    if name in _WORDS:
        yield _written(case.tree, name, _WORDS[name], f"Python writes {_WORDS[name]}")
    if name == "spark" and case.framework is not Framework.RAY:
        yield Change(session(case.tree), "The program makes its session `spark` now: nobody did.")
    line = _import_of(case, name)
    if line:
        yield Change(
            (_imported(case.tree, line),), f"`{line}` is added: {name!r} was never imported."
        )
    meant = clear(name, (*sorted(look.bound(case.tree)), *dir(builtins)))
    if meant:
        yield _written(case.tree, name, meant, f"there is no {name!r}, and it is close")


def _written(tree: Tree, name: str, new: str, why: str) -> Change:
    edits = tuple(
        Edit(*tree.span(node), new)
        for node in tree.nodes(cst.Name)
        if node.value == name and _is_value(tree, node)
    )
    return Change(edits, f"{name!r} is now {new!r}: {why}.")


def _is_value(tree: Tree, node: cst.Name) -> bool:
    """False for the name of an attribute or of a keyword."""
    match tree.parent(node):
        case cst.Attribute(attr=attr):
            return attr is not node
        case cst.Arg(keyword=keyword):
            return keyword is not node
    return True


def _import_of(case: Case, name: str) -> str:
    if name == "datetime":
        return _datetime(case.tree)
    if name in _IMPORTS:
        return _IMPORTS[name]
    if name in known.MODULES:
        return f"import {name}"
    if case.framework is not Framework.RAY:
        for module in ("pyspark.sql.functions", "pyspark.sql.types"):
            if name in known.members(module):
                return f"from {module} import {name}"
    return ""


def _datetime(tree: Tree) -> str:
    """The class when it is called or asked for its own methods, else the module."""
    asked: set[str] = set()
    for node in tree.nodes(cst.Attribute):
        if isinstance(node.value, cst.Name) and node.value.value == "datetime":
            asked.add(node.attr.value)
    return "from datetime import datetime" if asked <= _CLASSES else "import datetime"


def _imported(tree: Tree, line: str) -> Edit:
    """Within an import that the program has of the same module, if there is one."""
    found = re.fullmatch(r"from (\S+) import (\w+)", line)
    for node in tree.nodes(cst.ImportFrom) if found else ():
        if node.module is None or isinstance(node.names, cst.ImportStar) or found is None:
            continue
        if tree.code(node.module) == found[1] and not node.relative:
            end = tree.span(node.names[-1])[1]
            comma = isinstance(node.names[-1].comma, cst.Comma)
            return Edit(end, end, f" {found[2]}" if comma else f", {found[2]}", once=True)
    return insert.importing(tree, line)


# --- imports -----------------------------------------------------------------------------------


def unknown_module(case: Case) -> Iterator[Change]:
    """A ModuleNotFoundError: spelt as the module that was meant; findspark is not needed."""
    found = re.search(r"No module named '([\w.]+)'", case.failure.message)
    yield from module(case.tree, case.detail("name") or (found[1] if found else ""))


def module(tree: Tree, name: str) -> Iterator[Change]:
    """The import of a module that is not there, without it or with the right one."""
    if name.partition(".")[0] == "findspark":
        yield from _without(tree, "findspark")
        return
    meant = clear(name, known.MODULES) if name and name not in known.MODULES else None
    if meant is None:
        return
    edits = tuple(
        Edit(*tree.span(node), meant)
        for node in tree.nodes(cst.Attribute, cst.Name)
        if tree.code(node) == name and _of_import(tree, node)
    )
    if edits:
        yield Change(edits, f"Module {name!r} is now {meant!r}: there is no {name!r}.")


def _of_import(tree: Tree, node: cst.CSTNode) -> bool:
    return isinstance(tree.parent(node), cst.ImportAlias | cst.ImportFrom)


def _without(tree: Tree, name: str) -> Iterator[Change]:
    """The lines that are about a module alone are gone."""
    edits: list[Edit] = []
    for line in tree.nodes(cst.SimpleStatementLine):
        used = {n.value for n in tree.nodes(cst.Name) if line in tree.above(n)}
        imports = all(isinstance(s, cst.Import | cst.ImportFrom | cst.Expr) for s in line.body)
        if name in used and imports and used <= {name, "init"}:
            edits.append(Edit(tree.line_start(line), tree.line_end(line), ""))
    if edits:
        yield Change(tuple(edits), f"{name} is left out: Spark is there without it.")


def unknown_member(case: Case) -> Iterator[Change]:
    """An ImportError: a module does not have what is imported from it."""
    found = re.search(r"cannot import name '(\w+)' from '([\w.]+)'", case.failure.message)
    if not found:
        return
    name, source = found.groups()
    meant = clear(name, known.members(source))
    if meant is None:
        return
    edits = tuple(
        Edit(*case.tree.span(node), meant)
        for node in case.tree.nodes(cst.Name)
        if node.value == name and _is_value(case.tree, node)
    )
    yield Change(edits, f"{name!r} is now {meant!r}: {source} has no {name!r}.")
