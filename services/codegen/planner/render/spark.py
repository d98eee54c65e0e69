"""PySpark programs: one statement per plan node."""

import textwrap

from services.codegen.planner import plan as p
from services.codegen.planner.render.columns import columns_of
from services.codegen.planner.render.normal import scans
from services.codegen.planner.render.program import (
    Names,
    arguments,
    assemble,
    long_names,
    sources,
    tables,
)
from services.codegen.planner.render.spark_expr import dotless
from services.codegen.planner.render.spark_read import helpers, patterns, schema
from services.codegen.planner.render.spark_session import SPARING, session
from services.codegen.planner.render.spark_steps import Steps, spine
from services.codegen.planner.render.text import constant, implicit, quote

_RESERVED = (
    "main args parser spark argparse date datetime f math sys column sparksession number "
    "to_number to_time reading without_weekday first_number digits result found word words report"
)


def render_spark(planned: p.Planned) -> str:
    """The program's text."""
    names = Names(_RESERVED.split())
    variables = tables(planned.root, names)
    constants = sources(planned.root, variables)
    long = long_names(planned.root, names)
    body = Steps(names, [], variables, constants, long, spine(planned.root), planned.sparing)
    answer = body.node(planned.root, tuple(columns_of(planned.root)))
    main = ["def main() -> None:", *arguments(planned), ""]
    main += session(_app(planned), (*(SPARING if planned.sparing else ()), *planned.settings))
    main += [
        "",
        *_strictly(planned.root),
        *body.lines,
        f'    {answer}.write.mode("overwrite").parquet(args.output)',
    ]
    places = [line for uri, name in constants.items() for line in constant(name, uri)]
    for column, name in long.items():
        places += implicit(name, [dotless(column)])
    schemed = [
        schema([s for s in scans(planned.root) if s.table.uri == uri], name)
        for uri, name in constants.items()
    ]
    pieces = [
        *schemed,
        [*patterns(planned.root), *body.extras],
        *helpers(planned.root),
        *body.functions,
        main,
    ]
    return assemble(planned, [places, *pieces])


def _strictly(root: p.Node) -> list[str]:
    if all(scan.table.format == "parquet" for scan in scans(root)):
        return []
    return ["    # Cells are read as text and cast: one that does not fit its type stops the run."]


def _app(planned: p.Planned) -> str:
    text = (planned.summary or planned.question).lower()
    words = "".join(c if c.isalnum() else " " for c in text)
    # 38 characters keep the statement on one line of 100.
    return quote(textwrap.shorten(words, 38, placeholder="").replace(" ", "-") or "answer")
