"""Ray programs: pipelines of Ray Data, whose functions are Arrow over blocks of rows.

Rows that belong together (a group, a window, equal rows) are brought into one block; Arrow then
does the rest of the work there. The smaller side of a join goes to every block of the other.
"""

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of, rows_of
from services.codegen.planner.render.layout import call
from services.codegen.planner.render.normal import needed, scans, ties
from services.codegen.planner.render.program import (
    Names,
    arguments,
    assemble,
    long_names,
    sources,
)
from services.codegen.planner.render.ray_flow import Flow, Over, Pipeline, partitions
from services.codegen.planner.render.ray_helpers import HELPER_NAMES, helpers, patterns
from services.codegen.planner.render.ray_measures import aggregate
from services.codegen.planner.render.ray_read import read, typed
from services.codegen.planner.render.ray_sets import both_sides, one_side
from services.codegen.planner.render.ray_steps import (
    derive,
    distinct,
    join,
    keep,
    project,
    quoted,
    sort,
)
from services.codegen.planner.render.ray_tasks import count_words, task
from services.codegen.planner.render.ray_types import kinds_of
from services.codegen.planner.render.ray_windows import window
from services.codegen.planner.render.text import constant, implicit

_RESERVED = (
    "main args parser ray argparse date datetime pa pc csv ds pq path json math re np sys counter "
    "operator accumulate parse context blocks group result answer output words"
)


def render_ray(planned: p.Planned) -> str:
    """The program's text."""
    root = planned.root
    names = Names([*_RESERVED.split(), *HELPER_NAMES])
    variables = _variables(root, names)
    constants = sources(root, variables)
    long = long_names(root, names)
    build = _Build(
        Pipeline(names, partitions(root, sparing=planned.sparing)), variables, constants, long
    )
    last = build.finish(root)
    pipeline = build.pipeline
    main = ["def main() -> None:", *arguments(planned), "", "    ray.init()"]
    main += [*_ordered(root, pipeline.parts), *pipeline.lines, *last]
    places = [line for uri, name in constants.items() for line in constant(name, uri)]
    for column, name in long.items():
        places += implicit(name, [column])
    called = helpers([*pipeline.functions, main])
    known = patterns([*called, *pipeline.functions])
    return assemble(
        planned, [[*places, *known, *pipeline.schemas], *called, *pipeline.functions, main]
    )


def _variables(root: p.Node, names: Names) -> dict[int, str]:
    """A variable for each scan, by identity: the same table may be read twice."""
    found = {id(scan): scan for scan in scans(root)}
    return {key: names.fresh(scan.table.name) for key, scan in found.items()}


def _ordered(root: p.Node, parts: int) -> list[str]:
    """Statements that keep blocks in their order, where it tells something."""
    if not any(scan.position for scan in scans(root)) and parts == 1:
        return []
    return [
        "    context = ray.data.DataContext.get_current()",
        "    context.execution_options.preserve_order = True",
    ]


class _Build:
    """The pipeline of a plan, node by node."""

    def __init__(
        self,
        pipeline: Pipeline,
        variables: dict[int, str],
        constants: dict[str, str],
        long: dict[str, str],
    ) -> None:
        """`long`: constants for names of columns in files."""
        self.pipeline = pipeline
        self._variables = dict(variables)
        self._constants = constants
        self._long = long

    def finish(self, root: p.Node) -> list[str]:
        """Adds the plan; the statements of main() that write the answer."""
        shown = tuple(columns_of(root))
        flow = self._flow(root, shown)
        if flow.over is Over.TABLE:
            table = self.pipeline.table(flow)
            return [
                "    output = Path(args.output)",
                "    output.mkdir(parents=True, exist_ok=True)",
                f'    pq.write_table({table}, output / "part-00000.parquet")',
            ]
        data = self.pipeline.dataset(flow)
        schema = self.pipeline.schema("answer_columns", root, shown)
        return [f"    write({data}, {schema}, Path(args.output))"]

    def _flow(self, node: p.Node, above: tuple[str, ...]) -> Flow:
        """The rows of `node`; `above` are the columns that matter of them."""
        match node:
            case p.Scan():
                return self._scan(node)
            case p.Compute():
                functions, lines = task(node)
                return self._result(functions, lines)
            case p.Join():
                return self._join(node, above)
            case p.SetOperation():
                return self._set(node, above)
            case p.Limit(source, rows):
                return self._limit(node, source, rows, above)
        (below,) = needed(node, above)
        flow = self._flow(node.source, below)
        match node:
            case p.Filter():
                keep(flow.body, node)
            case p.Derive():
                derive(flow.body, node)
            case p.Sort():
                return self._sort(flow, node, above)
            case p.Aggregate():
                return self._aggregate(flow, node, below)
            case p.Window():
                return self._window(flow, node, below)
            case p.Project():
                return self._project(flow, node)
            case p.WordCount():
                return self._words(flow, node)
        return flow

    def _scan(self, scan: p.Scan) -> Flow:
        # The same scan may stand in the plan twice: the second has a variable of its own.
        names = self.pipeline.names
        variable = self._variables.pop(id(scan), "") or names.fresh(scan.table.name)
        numbered = bool(scan.position) and self.pipeline.parts > 1
        place = self._constants[scan.table.uri]
        self.pipeline.lines += read(scan, variable, place, self._long, numbered=numbered)
        flow = self.pipeline.flow(Over.BLOCKS, variable)
        if scan.position and not numbered:
            # Few rows are numbered in one block, which is cheaper than to count all blocks first.
            flow = self.pipeline.exchange(flow, scan)
        for name, doc in typed(scan, variable, self._long, numbered=numbered):
            flow.body.let(name, doc)
        return flow

    def _result(self, functions: list[list[str]], lines: list[str]) -> Flow:
        self.pipeline.functions += functions
        self.pipeline.lines += lines
        return self.pipeline.flow(Over.TABLE, "result")

    def _words(self, flow: Flow, node: p.WordCount) -> Flow:
        gathered = self.pipeline.gather(flow, node.source, (node.column,))
        return self._result(*count_words(self.pipeline.task(gathered), node.column, node.top))

    def _join(self, node: p.Join, above: tuple[str, ...]) -> Flow:
        """The right side goes to every block of the left one; of two equals, the smaller does."""
        below = needed(node, above)
        swapped = node.how is p.How.INNER and rows_of(node.left) < rows_of(node.right)
        sides = list(zip((node.left, node.right), below, strict=True))
        (near, kept), (far, wanted) = sides[::-1] if swapped else sides
        flow, other = self._flow(near, kept), self._flow(far, wanted)
        if flow.over is Over.TABLE:
            flow = self.pipeline.flow(Over.BLOCKS, self.pipeline.dataset(flow))
        rows = other.body.rows
        blocks = self.pipeline.blocks(other)
        schema = self.pipeline.schema(f"{rows}_columns", far, wanted)
        flow.inputs.append(blocks)
        flow.body.let(rows, call("whole", schema, f"ray.get({blocks})"))
        join(flow.body, node, rows, swapped=swapped)
        return flow

    def _set(self, node: p.SetOperation, above: tuple[str, ...]) -> Flow:
        columns, kinds = tuple(columns_of(node)), list(kinds_of(node).values())
        schema, data = "", []
        for side, below in zip((node.left, node.right), needed(node, above), strict=True):
            flow = self._flow(side, below)
            differs = list(kinds_of(side).values()) != kinds
            if differs and not schema:
                schema = self.pipeline.schema("both_columns", node, columns)
            one_side(flow.body, node, side, schema if differs else "")
            data.append(self.pipeline.dataset(flow))
        both = self.pipeline.names.fresh("both")
        self.pipeline.let(both, f"{data[0]}.union({data[1]})")
        flow = self.pipeline.flow(Over.BLOCKS, both)
        if node.op is not p.SetOp.UNION_ALL:
            flow = self.pipeline.exchange(flow, node, columns)
            flow.purpose = "compare"
            both_sides(flow.body, node)
        return flow

    def _aggregate(self, flow: Flow, node: p.Aggregate, below: tuple[str, ...]) -> Flow:
        keys = [flow.body.input(k.name, k.expr, node.source) for k in node.keys]
        if keys:
            flow = self.pipeline.exchange(flow, node.source, keys)
        else:
            flow = self.pipeline.gather(flow, node.source, below)
        flow.purpose = "summarise"
        aggregate(flow.body, node, keys)
        return flow

    def _window(self, flow: Flow, node: p.Window, below: tuple[str, ...]) -> Flow:
        flow = self.pipeline.exchange(flow, node.source, node.partition)
        flow.purpose = "compare" if flow.purpose == "prepare" else flow.purpose
        window(flow.body, node, ties(node, below, tuple(columns_of(node.source))))
        return flow

    def _project(self, flow: Flow, node: p.Project) -> Flow:
        if node.distinct:
            flow = self.pipeline.exchange(flow, node.source, node.columns)
            distinct(flow.body, node.columns)
        project(flow.body, node.columns, node.names)
        return flow

    def _sort(
        self, flow: Flow, node: p.Sort, above: tuple[str, ...], limit: int | None = None
    ) -> Flow:
        keys = ties(node, above, tuple(columns_of(node.source)))
        if not flow.together and limit is not None and self.pipeline.parts > 1:
            sort(flow.body, keys, limit)
        if flow.together or limit is not None or self.pipeline.parts == 1:
            flow = self.pipeline.exchange(flow, node.source)
            flow.purpose = "order" if flow.purpose == "prepare" else flow.purpose
            sort(flow.body, keys, limit)
            return flow
        data = self.pipeline.dataset(flow)
        descending = f"descending=[{', '.join(str(k.descending) for k in keys)}]"
        by = quoted([k.name for k in keys])
        self.pipeline.let(data, call(f"{data}.sort", by, descending))
        return self.pipeline.flow(Over.BLOCKS, data)

    def _limit(self, node: p.Limit, source: p.Node, rows: int, above: tuple[str, ...]) -> Flow:
        if isinstance(source, p.Sort):
            (below,) = needed(source, above)
            return self._sort(self._flow(source.source, below), source, above, rows)
        flow = self._flow(source, above)
        if flow.together:
            flow.body.step("slice", "0", str(rows))
            return flow
        data = self.pipeline.dataset(flow)
        self.pipeline.let(data, f"{data}.limit({rows})")
        return self.pipeline.flow(Over.BLOCKS, data)
