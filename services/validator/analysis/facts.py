"""Everything that the rules ask about one program."""

import ast
from functools import cached_property

from services.validator.analysis.flow import OUTPUT, READ, Flow
from services.validator.analysis.fold import UNKNOWN, Fold, known
from services.validator.analysis.names import Names, bind_arguments
from services.validator.analysis.program import Program
from services.validator.analysis.reads import Read, Reads
from services.validator.analysis.writes import Writes


class Facts:
    """The program with its analyses, each made when first asked for."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.names = Names(program)
        bind_arguments(program, self.names)

    @cached_property
    def fold(self) -> Fold:
        return Fold(self.names)

    @cached_property
    def reads(self) -> Reads:
        return Reads(self.names, self.fold)

    @cached_property
    def writes(self) -> Writes:
        return Writes(self.names, self.fold)

    @cached_property
    def flow(self) -> Flow:
        return Flow(self.names, self.fold, self.reads)

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
