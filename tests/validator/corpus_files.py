"""The corpus: themed files of many programs, with what is expected written at the line it is for.

    #### a name in words
    # framework: ray
    # sources: birds=s3://data/birds.csv, sales.orders=@glue
    import os
    os.system("id")  #! SEC002
    open(name).read()  #? PRV006

`#!` marks an error, `#?` a warning. Where a line has no room for a mark (inside a string, in text
that does not parse) the header says `# error: SEC002@2` or `# warning: …`; lines count from the
program's first, which is the one after the header. What stands before the first `####` of a file
holds for all of its programs.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from arclight.contracts.finding import Finding
from arclight.contracts.names import Framework, Severity
from services.validator.context import Context, Declared

FOLDER = Path(__file__).parent / "corpus"
_PROGRAM = re.compile(r"^#### (.+)\n", re.MULTILINE)
_HEAD = re.compile(r"# (framework|sources|prompt|planned|brought|generated|error|warning): ?(.*)\n")
_MARK = re.compile(r"[ \t]*#(?P<kind>[!?]) (?P<codes>[A-Z]{3}\d{3}(?:, [A-Z]{3}\d{3})*)[ \t]*$")
_KINDS = {"!": Severity.ERROR, "?": Severity.WARNING}


@dataclass(frozen=True, order=True)
class Expected:
    """One finding that a program must have."""

    line: int
    code: str
    severity: Severity

    @classmethod
    def of(cls, finding: Finding) -> "Expected":
        return cls(finding.line, finding.code, finding.severity)


@dataclass(frozen=True)
class Entry:
    """One program of the corpus."""

    theme: str
    name: str
    text: str
    context: Context
    expected: tuple[Expected, ...]

    @property
    def id(self) -> str:
        return f"{self.theme}: {self.name}"

    @property
    def good(self) -> bool:
        """True when no error is expected."""
        return all(e.severity is not Severity.ERROR for e in self.expected)


@cache
def everything() -> tuple[Entry, ...]:
    """All programs, by theme and in the order of their files."""
    return tuple(e for path in sorted(FOLDER.glob("*.py")) for e in _theme(path))


def entries(kind: str) -> list[Entry]:
    """The programs that are `good`, which no error is expected of, or those that are `bad`."""
    return [e for e in everything() if e.good is (kind == "good")]


def themed(start: str) -> list[Entry]:
    """The programs of the themes whose name begins with `start`."""
    return [e for e in everything() if e.theme.startswith(start)]


def _theme(path: Path) -> list[Entry]:
    common, *parts = _PROGRAM.split(path.read_text())
    shared = dict(_HEAD.findall(common))
    names, texts = parts[::2], parts[1::2]
    twice = [n for n, times in Counter(names).items() if times > 1]
    assert not twice, f"{path.name} has two programs named {twice}"
    return [_entry(path.stem, n, t, shared) for n, t in zip(names, texts, strict=True)]


def _entry(theme: str, name: str, text: str, shared: dict[str, str]) -> Entry:
    head = dict(shared)
    while found := _HEAD.match(text):
        head[found[1]] = found[2]
        text = text[found.end() :]
    lines = [_marked(n, line) for n, line in enumerate(text.rstrip("\n").split("\n"), 1)]
    expected = [e for _, marks in lines for e in marks]
    expected += _listed_findings(head.get("error", ""), Severity.ERROR)
    expected += _listed_findings(head.get("warning", ""), Severity.WARNING)
    context = Context(
        framework=Framework(head["framework"]),
        sources=tuple(_source(s) for s in _listed(head.get("sources", ""))),
        prompt=head.get("prompt", ""),
        planned=tuple(_listed(head.get("planned", ""))),
        generated_data=head.get("generated") == "true",
        brought=head.get("brought") == "true",
    )
    plain = "".join(f"{line}\n" for line, _ in lines)
    return Entry(theme, name, plain, context, tuple(sorted(expected)))


def _marked(number: int, line: str) -> tuple[str, list[Expected]]:
    """The line without its marks, and what they say."""
    out: list[Expected] = []
    while found := _MARK.search(line):
        kind = _KINDS[found["kind"]]
        out += [Expected(number, code, kind) for code in _listed(found["codes"])]
        line = line[: found.start()]
    return line, out


def _listed_findings(text: str, severity: Severity) -> list[Expected]:
    pairs = (part.split("@") for part in _listed(text))
    return [Expected(int(line), code, severity) for code, line in pairs]


def _source(text: str) -> Declared:
    """`name=uri`, or `name=@kind` for a table of a catalog."""
    name, _, where = text.partition("=")
    if where.startswith("@"):
        return Declared(name, "", where[1:])
    return Declared(name, where)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
