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
    findings = json.loads(_ruff("check", "--output-format", "json", folder).stdout or "[]")
    found = sorted({f"{Path(f['filename']).name} {f['code']}" for f in findings})
    said = _ruff("format", "--check", folder).stdout.splitlines()
    prefix = "Would reformat: "
    other = [Path(line.removeprefix(prefix)).name for line in said if line.startswith(prefix)]
    return (
        f"ruff on {programs} programs: {len(found)} findings{_some(found)}; "
        f"{len(other)} not as ruff formats them{_some(other)}"
    )


def _some(names: list[str]) -> str:
    more = ", …" if len(names) > _NAMED else ""
    return f" ({', '.join(names[:_NAMED])}{more})" if names else ""


def _ruff(command: str, *args: str | Path) -> subprocess.CompletedProcess[str]:
    config = ("--no-cache", "--config", str(ROOT / "pyproject.toml"))
    return subprocess.run(
        [sys.executable, "-m", "ruff", command, *config, *args],
        capture_output=True,
        text=True,
        check=False,  # A finding is an answer.
    )
