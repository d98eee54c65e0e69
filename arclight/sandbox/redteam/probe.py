"""The corpus: programs with a header that says what each of them is for."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from arclight.contracts.failure import ArclightError
from arclight.sandbox.redteam.clauses import Clause

PROGRAMS = Path(__file__).with_name("programs")
ENGINES = ("python", "spark", "ray")
_FENCE = "# ---"


class BadProbe(ArclightError):
    """A program of the corpus has no header that can be read."""


@dataclass(frozen=True)
class Probe:
    """One program and what the judge looks at first."""

    id: str
    title: str
    clause: Clause
    engine: str
    text: str
    expects: tuple[str, ...] = ()
    """Names of checks: an escape in another check counts as well."""
    destructive: bool = False
    """Left out of the bare positive control: it would hurt the machine."""
    needs_cage: bool = False
    """Attacks what only a cage has (its collector, its sockets), or an engine that outlives its
    program, so there is no bare bite."""
    root: bool = False
    """Bites bare only as root."""
    wall: timedelta | None = None
    """Time limit, where the usual one is too long to wait for."""

    @property
    def may_bite(self) -> bool:
        """Part of the positive control."""
        return not (self.destructive or self.needs_cage)


def parse(path: Path) -> Probe:
    """The program in `path`. Raises BadProbe."""
    text = path.read_text(encoding="utf-8")
    try:
        head = tomllib.loads("\n".join(_header(text)))
        wall = head.pop("wall", None)
        return Probe(
            **_typed(head),
            text=text,
            wall=timedelta(seconds=wall) if wall is not None else None,
        )
    except (tomllib.TOMLDecodeError, TypeError, ValueError, KeyError) as error:
        raise BadProbe(f"{path.name}: {error}") from error


def corpus(folder: Path = PROGRAMS) -> tuple[Probe, ...]:
    """All programs, by clause and then by name."""
    found = [parse(p) for engine in ENGINES for p in (folder / engine).glob("*.py")]
    order = list(Clause)
    return tuple(sorted(found, key=lambda p: (order.index(p.clause), p.id)))


def honest(name: str, engine: str = "python") -> Probe:
    """A program of ours that attacks nothing: a neighbour, or one that looks for leftovers."""
    text = (PROGRAMS / "honest" / f"{name}.py").read_text(encoding="utf-8")
    return Probe(id=name, title=name, clause=Clause.SERVICE, engine=engine, text=text)


def _header(text: str) -> Iterator[str]:
    lines = iter(text.splitlines())
    if next(lines, "") != _FENCE:
        raise ValueError(f"the first line is not {_FENCE!r}")
    for line in lines:
        if line == _FENCE:
            return
        yield line.removeprefix("#").strip()
    raise ValueError("the header has no end")


def _typed(head: dict[str, Any]) -> dict[str, Any]:
    if head["engine"] not in ENGINES:
        raise ValueError(f"there is no engine {head['engine']!r}")
    return {**head, "clause": Clause(head["clause"]), "expects": tuple(head["expects"])}
