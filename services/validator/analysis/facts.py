"""Everything that the rules ask about one program."""

import ast
from collections.abc import Iterator
from functools import cached_property

from services.validator.analysis.flow import OUTPUT, READ, Flow
from services.validator.analysis.fold import UNKNOWN, known
from services.validator.analysis.plain import plain
from services.validator.analysis.program import Program
from services.validator.analysis.reach import Reach
from services.validator.analysis.reads import Read, Reads
from services.validator.analysis.settings import Setting, Settings
from services.validator.analysis.writes import Writes


class Facts:
    """The program with its analyses, each made when first asked for."""

    def __init__(self, program: Program) -> None:
        self.program, self.names, self.fold = plain(program)

    @cached_property
    def reach(self) -> Reach:
        return Reach(self.names)

    @cached_property
    def callees(self) -> list[tuple[ast.Call, str]]:
        """The calls of something imported or built in, with its dotted name."""
        named = ((c, self.names.callee(c)) for c in self.program.calls)
        return [(call, callee) for call, callee in named if callee is not None]

    @cached_property
    def methods(self) -> dict[str, list[ast.Call]]:
        """The calls of attributes by the attribute's name: `.read.csv(…)` is under `csv`."""
        out: dict[str, list[ast.Call]] = {}
        for call in self.program.calls:
            if isinstance(call.func, ast.Attribute):
                out.setdefault(call.func.attr, []).append(call)
        return out

    def called(self, *attributes: str) -> Iterator[ast.Call]:
        """The calls of these attributes."""
        for attribute in attributes:
            yield from self.methods.get(attribute, [])

    @cached_property
    def settings(self) -> list[Setting]:
        return Settings(self.names, self.fold).found

    @cached_property
    def texts(self) -> list[tuple[ast.expr, str]]:
        """The literal strings, and what `+`, f-strings and the like put together from them."""
        parts = [e for e in self.program.composed if not self._is_part(e)]
        whole = ((e, self.fold.one(e)) for e in parts)
        return [*self.program.strings, *((e, text) for e, text in whole if text is not None)]

    def _is_part(self, node: ast.AST) -> bool:
        """True for `a + b` of `a + b + c`."""
        return isinstance(node, ast.BinOp) and isinstance(self.program.parents[node], ast.BinOp)

    @cached_property
    def distinct_strings(self) -> frozenset[str]:
        """The literal strings, each once."""
        return frozenset(text for _, text in self.program.strings)

    @cached_property
    def live_reads(self) -> list[Read]:
        """The outside reads that can run."""
        return [r for r in self.outside_reads if not self.reach.dead(r.call)]

    @cached_property
    def live_targets(self) -> frozenset[tuple[str, bool]]:
        """What those read, each once, and whether it is a table."""
        return frozenset((t, r.tables) for r in self.live_reads for t in r.targets)

    @cached_property
    def reads(self) -> Reads:
        return Reads(self.names, self.fold)

    @cached_property
    def writes(self) -> Writes:
        return Writes(self.names, self.fold)

    @cached_property
    def flow(self) -> Flow:
        return Flow(self.names, self.fold, self.reads, self.writes)

    @cached_property
    def makes_rows(self) -> bool:
        """Somewhere the program turns values of its own into rows."""
        return bool(self.reads.sql) or any(map(self.flow.makes_rows, self.program.calls))

    @cached_property
    def outside_reads(self) -> list[Read]:
        """The reads, apart from those of the program's own output and of its own tables."""
        own = [self.fold.strings(w.path) for w in self.writes.found if w.path is not None]
        written = frozenset(p for many in own for p in known(many))
        return [r for r in self.reads.found if not self._reads_own(r, written)]

    def _reads_own(self, read: Read, written: frozenset[str]) -> bool:
        if read.tables:
            return False
        if read.targets and read.targets <= written:
            return True
        flags = self.flow.of(*read.call.args)
        # `dataset(table)` over a table that was read before reads nothing itself.
        in_memory = read.targets == UNKNOWN and bool(flags & READ)
        return in_memory or bool(flags & OUTPUT)

    @cached_property
    def global_names(self) -> list[tuple[ast.expr, str]]:
        """Each use of something imported or built in, with its dotted name."""
        nodes: list[ast.expr] = [*self.program.attributes, *self.program.names]
        return [(n, dotted) for n in nodes if (dotted := self.names.dotted(n)) is not None]

    @cached_property
    def modules(self) -> frozenset[str]:
        """Top-level names of all imported modules."""
        return frozenset(i.root for i in self.program.imports)
