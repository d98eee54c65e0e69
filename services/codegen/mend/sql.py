"""SQL inside a program: the texts that Spark reads as SQL, edited where they stand."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from services.codegen.mend import look
from services.codegen.mend.tree import Edit, Tree

CALLS = look.words("sql expr selectExpr filter where having")
"""Methods and functions whose texts are SQL."""
_QUOTED = re.compile(r"'(?:[^']|'')*'")
IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z")


@dataclass(frozen=True)
class Piece:
    """A stretch of literal text: a whole string, or one between the braces of an f-string."""

    start: int
    """Byte of the program at which the text begins."""
    text: str
    whole: bool
    """True when the SQL is this text and nothing else."""

    def edit(self, start: int, end: int, text: str) -> Edit:
        """Characters `start` to `end` of the piece become `text`."""
        before, old = self.text[:start], self.text[start:end]
        at = self.start + len(before.encode())
        return Edit(at, at + len(old.encode()), text)

    def find(self, pattern: str) -> Iterator[re.Match[str]]:
        """Matches that do not lie within a quoted value of the SQL."""
        values = [m.span() for m in _QUOTED.finditer(self.text)]
        for found in re.finditer(pattern, self.text, re.IGNORECASE):
            if not any(a <= found.start() < b for a, b in values):
                yield found


def pieces(tree: Tree, line: int | None = None) -> list[Piece]:
    """The SQL of the program; with a line, of the calls around it."""
    found: list[Piece] = []
    for call in look.calls(tree, *CALLS):
        if look.around(tree, call, line):
            for arg in call.args:
                found.extend(_texts(tree, arg.value))
    return list(dict.fromkeys(found))


def constants(tree: Tree) -> list[Piece]:
    """SQL that was given a name before it is used: `QUERY = "select …"`."""
    named = [a.value for a in tree.nodes(cst.Assign)]
    found = [p for value in named for p in _texts(tree, value)]
    return [p for p in found if re.match(r"\s*(select|with)\b", p.text, re.IGNORECASE)]


def everywhere(tree: Tree, line: int | None) -> list[Piece]:
    """The SQL that the line runs: its own, else what stands under a name, else all of it."""
    return pieces(tree, line) or constants(tree) or pieces(tree)


def _texts(tree: Tree, node: cst.CSTNode) -> Iterator[Piece]:
    match node:
        case cst.SimpleString():
            start = tree.span(node)[0] + len(node.prefix) + len(node.quote)
            yield Piece(start, node.raw_value, whole=True)
        case cst.ConcatenatedString(left=left, right=right):
            for piece in (*_texts(tree, left), *_texts(tree, right)):
                yield Piece(piece.start, piece.text, whole=False)
        case cst.FormattedString(parts=parts):
            for part in parts:
                if isinstance(part, cst.FormattedStringText):
                    yield Piece(tree.span(part)[0], part.value, whole=len(parts) == 1)


def replace(
    pieces_: list[Piece], pattern: str, new: Callable[[re.Match[str]], str]
) -> tuple[Edit, ...]:
    """Every match outside of quoted values, replaced."""
    return tuple(p.edit(*m.span(), new(m)) for p in pieces_ for m in p.find(pattern))


def word(name: str) -> str:
    """Pattern of a name in SQL, with or without its backticks."""
    plain = re.escape(name)
    return rf"`{plain}`|(?<![\w`]){plain}(?![\w`(])"


def column(name: str) -> str:
    """A column's name as SQL writes it."""
    return name if IDENTIFIER.match(name) else f"`{name.replace('`', '``')}`"
