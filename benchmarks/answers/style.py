"""What ruff says of the generated programs."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NAMED = 5
"""Programs that are named."""


def style(folder: Path) -> str:
    """One line on the programs in `folder`, by the rules of this project."""
    programs = len(list(folder.glob("*.py")))
    found = [f"{name} {code}" for name, code in _said("check", folder)]
    other = [name for name, _ in _said("format", "--check", folder)]
    return (
        f"ruff on {programs} programs: {len(found)} findings{_some(found)}; "
        f"{len(other)} not as ruff formats them{_some(other)}"
    )


def _some(names: list[str]) -> str:
    more = ", …" if len(names) > _NAMED else ""
    return f" ({', '.join(names[:_NAMED])}{more})" if names else ""


def _said(command: str, *args: str | Path) -> list[tuple[str, str]]:
    """File and code of each finding."""
    config = ("--no-cache", "--output-format", "json", "--config", str(ROOT / "pyproject.toml"))
    done = subprocess.run(
        [sys.executable, "-m", "ruff", command, *config, *args],
        stdout=subprocess.PIPE,
        text=True,
        check=False,  # A finding is an answer.
    )
    findings = json.loads(done.stdout or "[]")
    return sorted({(Path(f["filename"]).name, str(f["code"])) for f in findings})
