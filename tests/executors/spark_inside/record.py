"""`python -m tests.executors.spark_inside.record`: record `spark_connect.json` again.

Runs the program that `spark.json` was recorded from, as it stands, against the shared server. Its
paths are replaced on the way in and put back on the way out, so that lines and texts compare.
"""

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from services.executor_spark.platforms.spark_home import install
from tests.executors.spark_inside.processes import shared

RECORDED = Path(__file__).parent.parent / "recorded"
DESCRIBE = Path(__file__).parents[3] / "arclight" / "sandbox" / "inside" / "describe.py"
KILL = "pid = int(spark._jvm.java.lang.ProcessHandle.current().pid())"
"""The server's process has no name in a client; the recorder knows it."""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data" / "rec").mkdir(parents=True)
        (folder / "data" / "bad.csv").write_text("name,amount\na,1\nb,n/a\n")
        (folder / "place").mkdir()
        with shared(install(folder / "home"), folder / "place") as place, place.client() as client:
            client.receive()
            client.run(_program(folder, place.ready["java"]))
            sys.stdout.write(client.said)
            text = _put_back(_collect(folder / "data" / "rec"), folder, client.slot)
    (RECORDED / "spark_connect.json").write_text(text)


def _program(folder: Path, java: int) -> str:
    text = (RECORDED / "spark_program.txt").read_text()
    assert KILL in text
    text = text.replace(KILL, f"pid = {java}")
    # Relative paths are the server's, and last for this run alone.
    return (
        text.replace("/data/", f"{folder}/data/")
        .replace("arclight/sandbox/describe.py", str(DESCRIBE))
        # Analysis is lazy: a client hears of a wrong column when it asks for something.
        .replace('df.select("amuont")', 'df.select("amuont").columns')
        .replace('"there"', f'"{folder}/there"')
        .replace('parquet("x")', f'parquet("{folder}/x")')
    )


def _collect(folder: Path) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def _put_back(found: dict[str, Any], folder: Path, slot: Path) -> str:
    text = json.dumps(found, indent=1, sort_keys=True) + "\n"
    return (
        text.replace(str(slot), "<run>")
        .replace(f"{folder}/data/", "/data/")
        .replace(f"{folder}{os.sep}", "/")
    )


if __name__ == "__main__":
    main()
