"""The frame that both frameworks' programs share."""

import builtins
from collections.abc import Iterable, Sequence

from services.codegen.planner import plan as p
from services.codegen.planner.render.imports import imports
from services.codegen.planner.render.layout import call, keyword, statement
from services.codegen.planner.render.normal import scans
from services.codegen.planner.render.text import OUTPUT, docstring, identifier, quote

LONGEST = 64
"""Characters of a column's name in a program; a longer one is a constant."""


def assemble(planned: p.Planned, parts: Sequence[Sequence[str]]) -> str:
    """The whole text. A part is the lines of one function, or of constants."""
    lines = [*docstring(planned), "", *imports(parts)]
    for part in parts:
        if part:
            function = part[0].startswith(("def ", "@"))
            lines += [*([""] * (2 - (not lines[-1])) if function else []), *part]
    body = "\n".join(lines)
    return f'{body}\n\n\nif __name__ == "__main__":\n    main()\n'


def arguments(planned: p.Planned) -> list[str]:
    """Lines of main() that read `--output`."""
    text = planned.summary or planned.question
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    short = line if len(line) <= 60 else line[:59] + "…"
    parser = call("argparse.ArgumentParser", keyword("description", quote(short)))
    add = call(
        "parser.add_argument",
        quote("--output"),
        keyword("default", quote(OUTPUT)),
        keyword("help", quote("folder for the answer")),
    )
    return [
        *statement("parser = ", parser),
        *statement("", add),
        "    args = parser.parse_args()",
    ]


class Names:
    """Variable names that are free in one program."""

    def __init__(self, reserved: Iterable[str]) -> None:
        self._taken = {*reserved, *dir(builtins)}

    def fresh(self, wish: str) -> str:
        name = identifier(wish, self._taken)
        self._taken.add(name)
        return name


def tables(root: p.Node, names: Names) -> dict[int, str]:
    """A variable name for each scan, by identity: the same table may be read twice."""
    return {id(scan): names.fresh(scan.table.name) for scan in scans(root)}


def long_names(root: p.Node, names: Names) -> dict[str, str]:
    """A constant for each column whose name in its file is too long for a line, by that name."""
    found = dict.fromkeys(c.name for scan in scans(root) for c in scan.columns)
    return {n: names.fresh(n[:24]).upper() for n in found if len(n) > LONGEST}


def sources(root: p.Node, variables: dict[int, str]) -> dict[str, str]:
    """Constant by address, for each file that is read."""
    constants: dict[str, str] = {}
    for scan in scans(root):
        constants.setdefault(scan.table.uri, variables[id(scan)].upper())
    return constants
