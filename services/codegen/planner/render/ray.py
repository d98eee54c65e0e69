"""Ray programs: a remote task per table, one that answers from them, Arrow inside.

Ray Data is not used for tables: it hides the cell that made a read fail, loses the columns of an
empty result, and its first shuffle takes 2-3 s where a task takes 0.5 s.
"""

from dataclasses import dataclass, field

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of
from services.codegen.planner.render.layout import Text, call, flat, statement
from services.codegen.planner.render.program import Names, arguments, assemble, sources, tables
from services.codegen.planner.render.ray_read import helpers, patterns, reader
from services.codegen.planner.render.ray_steps import Steps, step_helpers
from services.codegen.planner.render.ray_tasks import count_words, task
from services.codegen.planner.render.text import quote

_RESERVED = (
    "main args parser ray argparse date datetime pa pc csv ds pq path json math re np sys counter "
    "filesystem number to_number to_time read_text as_text present with_column ratio median "
    "result source types convert parse csv_format output words"
)


def render_ray(planned: p.Planned) -> str:
    """The program's text."""
    root = planned.root
    names = Names(_RESERVED.split())
    variables = tables(root, names)
    constants = sources(root, variables)
    build = _Build(names, variables, constants, tuple(columns_of(root)))
    result = build.reference(root)
    main = ["def main() -> None:", *arguments(planned), "", "    ray.init()", *build.lines]
    main += build.finish(result)
    functions = [*helpers(root), *step_helpers(build.functions), *build.functions]
    places = [f"{constant} = {quote(uri)}" for uri, constant in constants.items()]
    parts = [[*places, *patterns(root)], *functions, main]
    return assemble(planned, parts)


@dataclass
class _Build:
    """Functions of the module and statements of main() so far."""

    names: Names
    variables: dict[int, str]
    constants: dict[str, str]
    shown: tuple[str, ...]
    lines: list[str] = field(default_factory=list)
    functions: list[list[str]] = field(default_factory=list)

    def reference(self, node: p.Node) -> str:
        """An expression for the object reference of the table that `node` gives."""
        match node:
            case p.Scan(table):
                variable = self.variables[id(node)]
                self.functions.append(reader(node, variable, self.constants[table.uri]))
                return f"read_{variable}.remote()"
            case p.Compute():
                functions, lines = task(node)
                self.functions += functions
                self.lines += lines
                return "result"
            case p.WordCount(source, column, top):
                below = self.reference(source)
                functions, lines = count_words(below, column, top)
                self.functions += functions
                self.lines += lines
                return "result"
            case _:
                return self._answer(node)

    def _answer(self, node: p.Node) -> str:
        steps = Steps(self.names, self.shown, self.variables)
        table = steps.add(node)
        references = [self.reference(leaf) for leaf, _ in steps.leaves]
        inputs = ", ".join(f"{name}: pa.Table" for _, name in steps.leaves)
        name = self.names.fresh("summarise")
        signature = f"def {name}({inputs}) -> pa.Table:"
        self.functions.append(["@ray.remote", signature, *steps.finish(table)])
        return flat(call(f"{name}.remote", *references))

    def finish(self, result: str) -> list[str]:
        """Statements that write the answer as one Parquet file."""
        name = result if result == "result" else "table"
        fetched = [] if name == result else statement("table = ", Text(f"ray.get({result})"))
        return [
            *fetched,
            "    output = Path(args.output)",
            "    output.mkdir(parents=True, exist_ok=True)",
            f'    pq.write_table({name}, output / "part-00000.parquet")',
        ]
