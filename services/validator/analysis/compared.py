"""Texts that a program only compares with: what stands in a table is no place and no address."""

import ast

from services.validator.analysis.names import Names
from services.validator.analysis.words import words

_METHODS = words(
    "contains startswith endswith like rlike ilike isin is_in eqNullSafe eq ne between equals "
    "replace count find index fillna fill where filter having sql expr selectExpr"
)
"""Methods of columns, strings and frames; the texts of SQL have rules of their own."""
_MODULES = ("pyspark.sql.functions.", "pyarrow.compute.", "builtins.str.")


def is_compared(names: Names, node: ast.AST) -> bool:
    """True where `node` is compared with values, alone or in a list of such."""
    for outer in names.program.above(node):
        match outer:
            case ast.List() | ast.Tuple() | ast.Set() | ast.Starred() | ast.keyword():
                continue
            case ast.Compare():
                return True
            case ast.Call(func=func):
                callee = names.dotted(func)
                if callee is not None:
                    return callee.startswith(_MODULES)
                return isinstance(func, ast.Attribute) and func.attr in _METHODS
        return False
    return False
