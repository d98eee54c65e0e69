"""A pipeline of Ray Data: functions over blocks of rows, and where the rows must move."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of
from services.codegen.planner.render.layout import (
    Doc,
    Text,
    call,
    flat,
    keyword,
    mapped,
    parsed,
    statement,
)
from services.codegen.planner.render.normal import scans
from services.codegen.planner.render.program import Names
from services.codegen.planner.render.ray_steps import Body, quoted
from services.codegen.planner.render.ray_types import kinds_of
from services.codegen.planner.render.text import quote

PARTITION = 128 * 2**20
"""Bytes of input for each partition of a shuffle: Ray Data's own size of a block."""
MOST_PARTITIONS = 200
SPARING = 8
"""Parts at least, and how much smaller each is, where memory is short."""


class Over(Enum):
    """What the function of a flow is called with."""

    BLOCKS = "each block of a dataset"
    ALL = "all blocks of a dataset, in a task of its own"
    TABLE = "a table that main() holds"


@dataclass
class Flow:
    """Rows on their way: `data` of main(), and the function that is still to be called on it."""

    over: Over
    data: str
    body: Body
    together: bool = False
    """All rows lie in one block."""
    purpose: str = "prepare"
    """The verb in the function's name."""
    inputs: list[str] = field(default_factory=list)
    """Lists of blocks, variables of main(), that the function takes too."""
    parameter: str = ""
    """The name of what the function is called with; `rows` of the body may be another by now."""


def partitions(root: p.Node, *, sparing: bool = False) -> int:
    """Into how many parts a shuffle divides the rows; `sparing`: for little memory."""
    size = sum(scan.table.bytes for scan in scans(root))
    least, each = (SPARING, PARTITION // SPARING) if sparing else (1, PARTITION)
    return min(max(math.ceil(size / each), least), MOST_PARTITIONS)


@dataclass
class Pipeline:
    """Constants and functions of the module, and statements of main(), so far."""

    names: Names
    parts: int
    lines: list[str] = field(default_factory=list)
    functions: list[list[str]] = field(default_factory=list)
    schemas: list[str] = field(default_factory=list)

    def let(self, variable: str, doc: Doc | str) -> None:
        """A statement of main()."""
        self.lines += statement(f"{variable} = ", Text(doc) if isinstance(doc, str) else doc)

    def flow(self, over: Over, data: str) -> Flow:
        """Rows to which nothing has been done yet."""
        together = over is not Over.BLOCKS
        return Flow(over, data, Body(self.names, data), together, parameter=data)

    def schema(self, wish: str, node: p.Node, columns: tuple[str, ...]) -> str:
        """The constant that holds the names and types of these columns of `node`."""
        name = self.names.fresh(wish).upper()
        kinds = kinds_of(node)
        fields = mapped([(quote(c), kinds[c]) for c in columns])
        self.schemas += statement(f"{name} = ", call("pa.schema", fields), indent=0)
        return name

    def dataset(self, flow: Flow) -> str:
        """The variable of main() that holds the rows as a dataset, with all steps taken."""
        if flow.over is Over.BLOCKS and not flow.body.steps:
            return flow.data
        rows = flow.body.rows
        match flow.over:
            case Over.BLOCKS:
                taken = [keyword("fn_kwargs", _given(flow))] if flow.inputs else []
                function = self._function(flow)
                batches = call(
                    f"{flow.data}.map_batches",
                    function,
                    keyword("batch_format", '"pyarrow"'),
                    *taken,
                )
                self.let(rows, batches)
            case Over.ALL:
                self.let(rows, parsed(f"ray.data.from_arrow_refs([{self.task(flow)}])"))
            case Over.TABLE:
                self.let(rows, f"ray.data.from_arrow({self.table(flow)})")
        return rows

    def blocks(self, flow: Flow) -> str:
        """The variable of main() that holds the rows as a list of references to tables."""
        if flow.over is Over.ALL:
            found: Doc = parsed(f"[{self.task(flow)}]")
        else:
            found = Text(f"{self.dataset(flow)}.to_arrow_refs()")
        name = self.names.fresh(f"{flow.body.rows}_blocks")
        self.let(name, found)
        return name

    def task(self, flow: Flow) -> str:
        """The call of the remote function that takes all rows: a reference to a table."""
        given = [*flow.inputs, f"*{flow.data}.to_arrow_refs()"]
        return flat(call(f"{self._function(flow)}.remote", *given))

    def table(self, flow: Flow) -> str:
        """The variable of main() that holds the table, with all steps taken."""
        if flow.body.steps:
            self.let(flow.data, call(self._function(flow), flow.data))
        return flow.data

    def _function(self, flow: Flow) -> str:
        body = flow.body
        name = self.names.fresh(f"{flow.purpose}_{flow.parameter}")
        taken = [f"{blocks}: list[ray.ObjectRef]" for blocks in flow.inputs]
        if flow.over is Over.ALL:
            head, parameters = ["@ray.remote"], [*taken, "*blocks: pa.Table"]
        else:
            head, parameters = [], [f"{flow.parameter}: pa.Table", *taken]
        signature = call(f"def {name}", *parameters)
        opened = statement("", _returning(signature), indent=0)
        if len(opened) > 1 and len(parameters) == 1:
            opened[1] += ","
        self.functions.append([*head, *opened, *body.lines()])
        return name

    def gather(self, flow: Flow, node: p.Node, columns: tuple[str, ...]) -> Flow:
        """The rows of `node` as one table in a task, which runs without rows too."""
        if flow.over is not Over.BLOCKS:
            return flow
        data = self.dataset(flow)
        schema = self.schema(f"{data}_columns", node, columns or tuple(kinds_of(node)))
        found = self.flow(Over.ALL, data)
        found.body.let(data, f"whole({schema}, blocks)")
        return found

    def exchange(self, flow: Flow, node: p.Node, keys: Sequence[str] = ()) -> Flow:
        """Rows of `node` with equal `keys` lie in one block afterwards; without keys, all do."""
        if flow.together:
            return flow
        together = self.parts == 1 or not keys
        key = _free("key", node)
        if not together:
            flow.body.let(
                flow.body.rows, call("with_key", flow.body.rows, quote(key), quoted(keys))
            )
        data = self.dataset(flow)
        by = ["1"] if together else [str(self.parts), f"keys=[{quote(key)}]"]
        self.let(data, call(f"{data}.repartition", *by))
        found = self.flow(Over.BLOCKS, data)
        found.together = together
        return found


def _free(wish: str, node: p.Node) -> str:
    """A name for one more column."""
    taken = columns_of(node)
    while wish in taken:
        wish += " "
    return wish


def _given(flow: Flow) -> Doc:
    return mapped([(quote(name), name) for name in flow.inputs])


def _returning(signature: Doc) -> Doc:
    assert not isinstance(signature, Text)
    return type(signature)(**{**signature.__dict__, "tail": ") -> pa.Table:"})
