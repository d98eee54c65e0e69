"""Writes the suite: `python -m benchmarks.answers.ray.make` makes all its files anew.

The answers come from `arithmetic.py`, plain Python that shares nothing with the planner.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.answers.ray import asked_numbers, asked_tables, asked_values
from benchmarks.answers.ray.data import DATABASES, KEYS, Record
from benchmarks.answers.ray.question import Question

FOLDER = Path(__file__).parent


def questions() -> list[Question]:
    """The whole suite."""
    return [*asked_numbers.questions(), *asked_values.questions(), *asked_tables.questions()]


def described() -> Iterator[dict[str, Any]]:
    """The suite as its file has it."""
    for number, q in enumerate(questions(), 1):
        tables = [f"tables/{q.db}__{name}.csv" for name in DATABASES.get(q.db, ())]
        yield {
            "id": f"ray-{number}",
            "question": q.text,
            "db": q.db,
            "tables": tables,
            "tables_used": list(q.used),
            "kind": q.kind,
            "features": [q.feature],
            "ordered": q.ordered,
            "gold_sql": None,
            "gold": [list(row) for row in q.gold],
            "framework": "" if q.db else "ray",
            "tolerance": q.tolerance,
            "difficulty": "easy" if q.kind != "table" or len(q.used) == 1 else "medium",
        }


def schema() -> dict[str, Any]:
    """The tables, their columns and keys."""
    return {
        db: {
            "tables": [_table(db, name, rows) for name, rows in tables.items()],
            "primary_keys": KEYS[db][0],
            "foreign_keys": KEYS[db][1],
        }
        for db, tables in DATABASES.items()
    }


def _table(db: str, name: str, rows: Sequence[Record]) -> dict[str, Any]:
    columns = [
        {"name": column, "type": "text" if isinstance(value, str) else "number"}
        for column, value in rows[0].items()
    ]
    return {
        "name": name,
        "path": f"tables/{db}__{name}.csv",
        "rows": len(rows),
        "columns": columns,
    }


def main() -> None:
    """Writes questions.jsonl, schema.json and the tables."""
    lines = [json.dumps(q, ensure_ascii=False) for q in described()]
    (FOLDER / "questions.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (FOLDER / "schema.json").write_text(json.dumps(schema(), indent=1) + "\n", "utf-8")
    (FOLDER / "tables").mkdir(exist_ok=True)
    for db, tables in DATABASES.items():
        for name, rows in tables.items():
            with (FOLDER / "tables" / f"{db}__{name}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
    print(f"{len(lines)} questions in {FOLDER}")


if __name__ == "__main__":
    main()
