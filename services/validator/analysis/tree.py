"""Program text as a syntax tree."""

import ast
import warnings
from dataclasses import dataclass

MAX_DEPTH = 250
"""Levels of the tree. A chain of a hundred methods has about 200; the analyses recurse."""


class TooDeep(Exception):
    """The program nests deeper than the analyses follow."""


@dataclass(frozen=True)
class Imported:
    """One imported name: `module` for `import module`, `module.name` for `from module import`."""

    node: ast.Import | ast.ImportFrom
    dotted: str
    alias: str

    @property
    def root(self) -> str:
        return self.dotted.partition(".")[0]


def parse(text: str) -> ast.Module:
    """The tree. Raises SyntaxError, ValueError, RecursionError or MemoryError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # An invalid escape in a string is not ours to report.
        return ast.parse(text)
