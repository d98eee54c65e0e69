"""ARC: what holds for every program."""

import ast
import re
from collections.abc import Iterator

from arclight.contracts.names import Framework, Severity
from services.validator.analysis.facts import Facts
from services.validator.analysis.flow import ARGV, OUTPUT, UNKNOWN
from services.validator.analysis.program import Program, TooDeep
from services.validator.context import Context
from services.validator.rules.rule import Hit, Rule

MAX_BYTES = 256 * 1024
"""A program for people has 10 kB; ten times that is a table of data in disguise."""

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_PARSE_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError, TooDeep)


def _parses(text: str, context: Context) -> Iterator[Hit]:
    try:
        Program.of(text)
    except SyntaxError as error:
        said = error.msg or "invalid syntax"
        yield Hit(None, f"The program is not valid Python: {said}.", line=max(1, error.lineno or 1))
    except _PARSE_ERRORS:
        yield Hit(
            None,
            "The program nests expressions too deeply to be checked.",
            "Give intermediate results names of their own.",
        )


def _is_plain_text(text: str, context: Context) -> Iterator[Hit]:
    for number, line in enumerate(text.split("\n"), 1):
        if _CONTROL.search(line):
            yield Hit(None, "The program contains a control character.", line=number)
        if _BIDI.search(line):
            yield Hit(
                None,
                "The program contains a character that reverses the direction of the text, so"
                " that it reads differently from how it runs.",
                line=number,
            )
        cookie = _COOKIE.match(line) if number <= 2 else None
        if cookie and cookie[1].lower().replace("_", "-") not in ("utf-8", "utf8"):
            yield Hit(None, f"The program declares the encoding {cookie[1]}.", line=number)


def _is_small(text: str, context: Context) -> Iterator[Hit]:
    size = len(text.encode(errors="surrogatepass"))
    if size > MAX_BYTES:
        yield Hit(None, f"The program has {size} bytes; the limit is {MAX_BYTES}.")


def _writes_output(facts: Facts, context: Context) -> Iterator[Hit]:
    flow, writes = facts.flow, facts.writes
    reached = (flow.of(w.path) for w in writes.found if w.path is not None)
    has_option = "output" in facts.fold.options
    if any(f & (OUTPUT | ARGV) or (f & UNKNOWN and has_option) for f in reached):
        return
    if context.brought:
        if not writes.prints and not writes.found:
            yield Hit(
                None,
                "The program neither writes to its --output folder nor prints anything.",
                severity=Severity.WARNING,
            )
        return
    frame = next((w for w in writes.found if w.path is not None), None)
    if frame is not None:
        yield Hit(frame.call, "The answer is written to a place other than the --output folder.")
    else:
        yield Hit(None, "The program does not write its answer to the --output folder.")


_OTHER = {
    Framework.SPARK: (("ray.",), "Ray", "PySpark"),
    Framework.RAY: (("pyspark.", "ray.util.spark."), "PySpark", "Ray"),
}


def _one_framework(facts: Facts, context: Context) -> Iterator[Hit]:
    if context.framework not in _OTHER:
        return
    modules, other, wanted = _OTHER[context.framework]
    hint = f"Write the whole program with {wanted}."
    for found in facts.program.imports:
        if f"{found.dotted}.".startswith(modules):
            what = f"The job runs on {wanted}, but the program imports {other}."
            yield Hit(found.node, what, hint)
            return
    for name in _UNBOUND[context.framework]:
        for use in facts.names.uses(name):
            if facts.names.bound(use) is None and facts.names.dotted(use) is None:
                what = f"The job runs on {wanted}, but the program uses {name} of {other}."
                yield Hit(use, what, hint)
                return


_UNBOUND = {
    Framework.SPARK: ("ray",),
    Framework.RAY: ("spark", "SparkSession", "SparkContext"),
}
"""Names that some notebooks provide; in a plain script they stand for the other engine."""


def runs_nothing(facts: Facts, context: Context) -> Iterator[Hit]:
    nothing = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    for statement in facts.program.tree.body:
        constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not isinstance(statement, (*nothing, ast.Assign, ast.AnnAssign)) and not constant:
            return
        if isinstance(statement, ast.Assign | ast.AnnAssign) and any(
            isinstance(n, ast.Call) for n in ast.walk(statement)
        ):
            return
    yield Hit(None, "The program defines things but runs nothing.")


_PARSER = 'import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--output")\n'

TEXT_RULES: tuple[Rule[str], ...] = (
    Rule(
        code="ARC002",
        title="Plain text",
        severity=Severity.ERROR,
        why="What a reviewer sees must be what Python runs: control characters, text that changes"
        " direction and encodings other than UTF-8 break that.",
        bad="# coding: utf-7\nprint(1)\n",
        good="print(1)\n",
        hint="Save the program as plain UTF-8 without control characters.",
        check=_is_plain_text,
    ),
    Rule(
        code="ARC003",
        title="At most 256 kB",
        severity=Severity.ERROR,
        why="A program that long carries data, and data belongs into a source.",
        bad="x = '" + "a" * MAX_BYTES + "'\n",
        good="x = 'a'\n",
        hint="Move the data into a file and declare it as a source.",
        check=_is_small,
    ),
)
"""Checked before the program is parsed."""

PARSES: Rule[str] = Rule(
    code="ARC001",
    title="Valid Python",
    severity=Severity.ERROR,
    why="A program that does not parse cannot run.",
    bad="print('a'\n",
    good="print('a')\n",
    hint="Correct the syntax at the line that is named.",
    check=_parses,
)

RULES: tuple[Rule[Facts], ...] = (
    Rule(
        code="ARC004",
        title="The answer goes to --output",
        severity=Severity.ERROR,
        why="The answer is collected from the folder that the run names with --output; each run"
        " has its own, so that two starts never mix.",
        bad=f'{_PARSER}args = parser.parse_args()\nframe.write.parquet("result")\n',
        good=f"{_PARSER}args = parser.parse_args()\nframe.write.parquet(args.output)\n",
        hint='Add parser.add_argument("--output", default="output") and write the answer there as'
        " Parquet.",
        check=_writes_output,
    ),
    Rule(
        code="ARC005",
        title="One framework",
        severity=Severity.ERROR,
        why="A job runs on one engine; the other one is not installed where it runs.",
        bad="from pyspark.sql import SparkSession\nimport ray\n",
        good="from pyspark.sql import SparkSession\n",
        hint="Keep to the framework of the job.",
        check=_one_framework,
    ),
    Rule(
        code="ARC006",
        title="Something runs",
        severity=Severity.ERROR,
        why="Without a call at the top level the program ends without an answer.",
        bad="def main():\n    print(1)\n",
        good='def main():\n    print(1)\n\nif __name__ == "__main__":\n    main()\n',
        hint='Call the main function at the end: if __name__ == "__main__": main().',
        check=runs_nothing,
    ),
)
