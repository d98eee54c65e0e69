"""The pages of the rules in `docs/rules/`, made from the rules.

    python -m services.validator.report_pages --write

writes them; without `--write` it ends with 1 when they are out of date, and says which.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from services.validator.report import Reported, rules

FOLDER = Path("docs/rules")
INDEX = "README.md"
_MAKES = "python -m services.validator.report_pages --write"

FAMILIES = {
    "ARC": ("Every program", "What holds for every program, whatever its engine."),
    "COL": (
        "Columns",
        "Names of columns and tables, resolved against what the declared sources have.",
    ),
    "PRV": (
        "Provenance",
        "The answer comes from the declared sources, from nothing else, and can be followed.",
    ),
    "RAY": ("Ray", "Ray tasks, actors and data."),
    "SEC": (
        "Security",
        "What a program that answers a question has no business with. These rules are a quality"
        " gate that says early and clearly what will not work; the boundary is the cage"
        " ([cage.md](../cage.md)).",
    ),
    "SPK": ("Spark", "PySpark: sessions, reads, and the better form of what is slow."),
}
"""Code of a family → its name, and what it is about."""


def pages() -> dict[str, str]:
    """File name → text: the index, and one page for each family."""
    known = rules()
    made = {INDEX: _index(known)}
    for family, members in _families(known):
        made[f"{family.lower()}.md"] = _page(family, members)
    return made


def stale(folder: Path = FOLDER) -> list[str]:
    """The files that are missing, differ, or belong to no family any more."""
    made = pages()
    there = {p.name: p.read_text() for p in folder.glob("*.md")}
    return sorted(n for n in made.keys() | there.keys() if made.get(n) != there.get(n))


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale(folder):
        (folder / name).unlink(missing_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text)


def _families(known: Sequence[Reported]) -> Iterator[tuple[str, list[Reported]]]:
    for family, members in groupby(known, key=lambda rule: str(rule["code"])[:3]):
        yield family, list(members)


def _index(known: Sequence[Reported]) -> str:
    lines = [
        "# The validator's rules",
        "",
        f"Made from the rules themselves by `{_MAKES}`.",
        "",
        "What they are for, how they are chosen, and how `arclight check` runs them alone:",
        "[validator.md](../validator.md).",
    ]
    for family, members in _families(known):
        name, about = FAMILIES[family]
        lines += ["", f"## [{family}: {name}]({family.lower()}.md)", "", about, ""]
        lines += ["| code | rule | severity |", "|---|---|---|"]
        for rule in members:
            code = str(rule["code"])
            place = f"{family.lower()}.md#{code.lower()}"
            title = str(rule["title"]).replace("|", "\\|")
            lines.append(f"| [{code}]({place}) | {title} | {rule['severity']} |")
    return "\n".join(lines) + "\n"


def _page(family: str, members: Sequence[Reported]) -> str:
    name, about = FAMILIES[family]
    lines = [f"# {family}: {name}", "", about, "", f"Made by `{_MAKES}`."]
    for rule in members:
        lines += ["", f"## {rule['code']}", "", f"**{rule['title']}** ({rule['severity']})", ""]
        lines += [str(rule["why"]), "", "Instead of"]
        lines += _example(str(rule["bad"]))
        lines += ["", "write"]
        lines += _example(str(rule["good"]))
        lines += ["", f"Help: {rule['hint']}"]
    return "\n".join(lines) + "\n"


def _example(text: str) -> list[str]:
    """A block of code; what nobody can see in it is written out, a long text is cut."""
    shown = "".join(c if c == "\n" or c.isprintable() else f"\\x{ord(c):02x}" for c in text)
    lines = [line if len(line) <= 200 else f"{line[:200]} …" for line in shown.rstrip().split("\n")]
    return ["", "```python", *lines, "```"]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="The pages of the validator's rules.")
    parser.add_argument("--write", action="store_true", help="write them")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    asked = parser.parse_args(arguments)
    if asked.write:
        write(asked.folder)
        return 0
    old = stale(asked.folder)
    for name in old:
        sys.stderr.write(f"{asked.folder / name} is out of date; run {_MAKES}\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main())
