"""`make demo` prints four right answers, without Java or Redis on the PATH, and leaves nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from arclight.cli.stack.home import Home
from tests.stack.running import mentions

pytestmark = [pytest.mark.stack, pytest.mark.spark, pytest.mark.ray]

ROOT = Path(__file__).parents[2]
DATA = ROOT / "examples" / "data"

EXPECTED = {
    "total repair cost by wildlife size": """
        SELECT "Wildlife Size", sum("Cost Repair") FROM '{data}/birdstrikes.csv' GROUP BY 1""",
    "top 5 states by number of arriving flights": """
        SELECT state, sum(count) FROM '{data}/flights-airport.csv'
        JOIN '{data}/airports.csv' ON destination = iata
        GROUP BY 1 ORDER BY 2 DESC LIMIT 5""",
    "average precipitation by calendar month": """
        SELECT month(date), avg(precipitation) FROM '{data}/seattle-weather.csv' GROUP BY 1""",
    "first 10 prime numbers": """
        SELECT n FROM range(2, 100) candidates(n)
        WHERE NOT EXISTS (SELECT 1 FROM range(2, 100) d(d) WHERE d < n AND n % d = 0)
        ORDER BY n LIMIT 10""",
}
ORDERED = ("top 5 states by number of arriving flights", "first 10 prime numbers")

Row = tuple[object, ...]


def bare_path(folder: Path) -> Path:
    """A PATH with everything of this machine but Java and Redis."""
    folder.mkdir()
    for place in ("/usr/bin", "/bin"):
        for program in Path(place).iterdir():
            known = re.match(r"java|jshell|redis|valkey", program.name)
            if not known and not (folder / program.name).is_symlink():
                (folder / program.name).symlink_to(program)
    return folder


def answers(printed: str) -> dict[str, list[Row]]:
    """The tables by question, cells as numbers where they are numbers."""
    found = {}
    for block in re.split(r"^\d+\. ", printed, flags=re.MULTILINE)[1:]:
        prompt = block[1 : block.index("”")]
        lines = block.splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith("──")) + 1
        end = lines.index("", start)
        found[prompt] = [_row(line) for line in lines[start:end]]
    return found


def _row(line: str) -> Row:
    return tuple(_cell(c) for c in re.split(r"\s{2,}", line.strip()))


def _cell(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def expected(prompt: str) -> list[Row]:
    rows = duckdb.sql(EXPECTED[prompt].format(data=DATA)).fetchall()
    return [tuple(v if isinstance(v, str) else float(v) for v in row) for row in rows]


def same(shown: list[Row], right: list[Row], *, ordered: bool) -> bool:
    if not ordered:
        shown, right = sorted(shown, key=repr), sorted(right, key=repr)
    return len(shown) == len(right) and all(
        s == (pytest.approx(r, abs=1e-4) if isinstance(r, float) else r)
        for srow, rrow in zip(shown, right, strict=True)
        for s, r in zip(srow, rrow, strict=True)
    )


@pytest.mark.timeout(600)
def test_the_demo(tmp_path: Path) -> None:
    # Given a machine with nothing but Python
    environment = {k: v for k, v in os.environ.items() if k != "JAVA_HOME"}
    environment |= {"PATH": str(bare_path(tmp_path / "bin")), "TMPDIR": str(tmp_path)}

    # When the demo runs
    done = subprocess.run(
        [sys.executable, ROOT / "examples" / "demo.py"],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=False,
    )

    # Then each question has the answer that DuckDB gives
    assert done.returncode == 0, done.stdout + done.stderr
    shown = answers(done.stdout)
    assert list(shown) == list(EXPECTED)
    for prompt, rows in shown.items():
        right = expected(prompt)
        assert same(rows, right, ordered=prompt in ORDERED), f"{prompt}: {rows}, not {right}"

    # and its program is kept, and nothing runs any more
    home = next(tmp_path.glob("arclight-demo-*"))
    assert len(list((home / "programs").glob("*.py"))) == len(EXPECTED)
    assert mentions(Home(home)) == []
