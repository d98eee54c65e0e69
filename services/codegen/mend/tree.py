"""A program as a syntax tree whose nodes know their place in the text."""

import ast
import bisect
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

import libcst as cst
from libcst.metadata import (
    ByteSpanPositionProvider,
    CodeSpan,
    MetadataWrapper,
    ParentNodeProvider,
)

MAX_DEPTH = 200
"""Levels of the tree: twice what a chain of fifty methods has; both parsers recurse."""
_NEWLINE = re.compile(rb"\r\n|\r|\n")

N = TypeVar("N", bound=cst.CSTNode)
Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


@dataclass(frozen=True)
class Edit:
    """Bytes `start` to `end` of the program become `text`."""

    start: int
    end: int
    text: str
    once: bool = False
    """Said again by another change of the same mending, it is done once: an import."""


def parses(text: str) -> bool:
    """True for text that Python can read as a program."""
    return _parsed(text) is not None


def _parsed(text: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # An invalid escape in a string is not ours to report.
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def edited(text: str, edits: Sequence[Edit]) -> str | None:
    """The text with all edits made; None when two want the same place, or half a character."""
    data = text.encode()
    pieces: list[bytes] = []
    at = 0
    for edit in _in_order(edits):
        if edit.start < at:
            return None
        pieces += [data[at : edit.start], edit.text.encode(errors="surrogatepass")]
        at = edit.end
    try:
        return b"".join([*pieces, data[at:]]).decode()
    except UnicodeDecodeError:
        return None


def _in_order(edits: Sequence[Edit]) -> list[Edit]:
    """By place; at the same place imports come first, then insertions, then a replacement."""
    kept: list[Edit] = []
    for edit in edits:
        if not (edit.once and edit in kept):
            kept.append(edit)
    return sorted(kept, key=lambda e: (e.start, e.end, not e.once))


class Tree:
    """One program. Offsets are bytes of its UTF-8 text, lines count from 1."""

    @classmethod
    def of(cls, text: str) -> "Tree | None":
        """None for a text that is no program, or nests too deeply to be followed."""
        parsed = _parsed(text)
        if parsed is None or _too_deep(parsed):
            return None
        try:
            return cls(text, parsed)
        except (cst.ParserSyntaxError, cst.CSTValidationError, RecursionError, ValueError):
            return None

    def __init__(self, text: str, parsed: ast.Module) -> None:
        self.text = text
        self.data = text.encode()  # UnicodeEncodeError is a ValueError.
        self.ast = parsed
        module = cst.parse_module(text)
        if module.code != text:
            raise ValueError("the tree does not give the text back")
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self.module = wrapper.module
        found = wrapper.resolve_many([ByteSpanPositionProvider, ParentNodeProvider])
        self._spans = cast(Mapping[cst.CSTNode, CodeSpan], found[ByteSpanPositionProvider])
        self._parents = cast(Mapping[cst.CSTNode, cst.CSTNode], found[ParentNodeProvider])
        self._lines = [0, *(m.end() for m in _NEWLINE.finditer(self.data))]

    @cached_property
    def _all(self) -> list[cst.CSTNode]:
        """Every node that has a place, in the order of the text, outer ones first."""
        return sorted(self._spans, key=lambda n: (self._spans[n].start, -self._spans[n].length))

    def nodes(self, *kinds: type[N]) -> list[N]:
        """The nodes of these kinds, in the order of the text."""
        return [n for n in self._all if isinstance(n, kinds)]

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where the node stands, without its own parentheses."""
        found = self._spans[node]
        return found.start, found.start + found.length

    def code(self, node: cst.CSTNode) -> str:
        """The node's text, with the parentheses that are its own."""
        start, end = self.outer(node)
        return self.data[start:end].decode()

    def outer(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where the node stands with its parentheses."""
        start, end = self.span(node)
        left, right = getattr(node, "lpar", ()), getattr(node, "rpar", ())
        if not left or not right:
            return start, end
        return self.span(left[0])[0], self.span(right[-1])[1]

    def line(self, node: cst.CSTNode) -> int:
        """The line that the node begins on."""
        return self.line_of(self.span(node)[0])

    def line_of(self, offset: int) -> int:
        return bisect.bisect_right(self._lines, offset)

    def lines(self, node: cst.CSTNode) -> range:
        """The lines that the node stands on."""
        start, end = self.span(node)
        return range(self.line_of(start), self.line_of(max(start, end - 1)) + 1)

    def offset(self, line: int, column: int) -> int | None:
        """The place of a line and a column in bytes from 0; None when there is none."""
        if not 1 <= line <= len(self._lines):
            return None
        place = self._lines[line - 1] + column
        end = self._lines[line] if line < len(self._lines) else len(self.data)
        return place if place <= end else None

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self._parents.get(node)

    def above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around, innermost first."""
        here = self.parent(node)
        while here is not None:
            yield here
            here = self.parent(here)

    def statement(self, node: cst.CSTNode) -> Statement | None:
        """The statement around that begins a line of its own."""
        for outer in (node, *self.above(node)):
            if isinstance(outer, Statement) and not self._before(outer).strip():
                return outer
        return None

    def indent(self, statement: cst.CSTNode) -> str:
        """The white space before a statement."""
        return self._before(statement).decode()

    def _before(self, node: cst.CSTNode) -> bytes:
        start = self.span(node)[0]
        return self.data[self._lines[self.line_of(start) - 1] : start]

    def line_start(self, node: cst.CSTNode) -> int:
        """Where the line begins that the node begins on."""
        return self._lines[self.line(node) - 1]

    def line_end(self, node: cst.CSTNode) -> int:
        """Where the line ends that the node ends on, its newline included."""
        last = self.lines(node)[-1]
        return self._lines[last] if last < len(self._lines) else len(self.data)

    @property
    def newline(self) -> str:
        return self.module.default_newline


def _too_deep(parsed: ast.Module) -> bool:
    level: list[ast.AST] = [parsed]
    for _ in range(MAX_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return False
    return True
