"""Question sets: a folder with `questions.jsonl`, `schema.json` and `tables/*.csv`."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Rows = list[list[Any]]
"""Rows of JSON values."""


@dataclass(frozen=True)
class Table:
    """A file of a database, under the name that the schema gives it."""

    name: str
    path: Path


@dataclass(frozen=True)
class Keys:
    """What a schema declares: (table, column), and pairs of those from referring to referred."""

    primary: tuple[tuple[str, str], ...] = ()
    foreign: tuple[tuple[tuple[str, str], tuple[str, str]], ...] = ()


@dataclass(frozen=True)
class Database:
    """Everything that one question may be answered from."""

    name: str
    tables: tuple[Table, ...]
    keys: Keys = field(default_factory=Keys)


@dataclass(frozen=True)
class Question:
    """One prompt with the rows that answer it."""

    set: str
    id: str
    text: str
    database: Database
    kind: str
    ordered: bool
    gold: Rows
    gold_sql: str | None = None
    features: tuple[str, ...] = ()
    framework: str = ""
    """Set where a question is for one framework only, such as a numeric task for Ray."""


class BadSet(ValueError):
    """A folder that is no question set; the message says what is missing."""


def load(folder: Path) -> list[Question]:
    """The questions of a set, in the order of the file. Raises BadSet."""
    path = folder / "questions.jsonl"
    if not path.is_file():
        raise BadSet(f"{folder} has no questions.jsonl. Name the folder of a question set.")
    schema = _schema(folder)
    lines = path.read_text("utf-8").splitlines()
    made: dict[tuple[str, tuple[str, ...]], Database] = {}
    questions = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            questions.append(_question(folder, json.loads(line), schema, made))
        except (KeyError, TypeError, ValueError) as error:
            raise BadSet(f"{path}, line {number}: {error!r}.") from None
    return questions


def sample(questions: Sequence[Question], size: int) -> list[Question]:
    """`size` of them by the hash of their id, in their order: always the same ones."""
    chosen = {q.id for q in sorted(questions, key=lambda q: _hash(q.id))[:size]}
    return [q for q in questions if q.id in chosen]


def _schema(folder: Path) -> dict[str, Any]:
    path = folder / "schema.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found


def _question(
    folder: Path,
    raw: dict[str, Any],
    schema: dict[str, Any],
    made: dict[tuple[str, tuple[str, ...]], Database],
) -> Question:
    key = (str(raw.get("db", "")), tuple(raw.get("tables", ())))
    if key not in made:
        made[key] = _database(folder, *key, schema.get(key[0], {}))
    return Question(
        set=folder.resolve().name,
        id=raw["id"],
        text=raw["question"],
        database=made[key],
        kind=raw.get("kind", "single"),
        ordered=bool(raw.get("ordered")),
        gold=_rows(raw["gold"]),
        gold_sql=raw.get("gold_sql"),
        features=tuple(raw.get("features", ())),
        framework=raw.get("framework") or "",
    )


def _database(folder: Path, name: str, files: Iterable[str], described: dict[str, Any]) -> Database:
    names = {t["path"]: t["name"] for t in described.get("tables", ())}
    tables = tuple(
        Table(names.get(file, Path(file).stem), (folder / file).resolve()) for file in files
    )
    primary = tuple((table, column) for table, column in described.get("primary_keys", ()))
    foreign = tuple(
        ((from_table, from_column), (to_table, to_column))
        for (from_table, from_column), (to_table, to_column) in described.get("foreign_keys", ())
    )
    return Database(name, tables, Keys(primary, foreign))


def _rows(gold: Any) -> Rows:
    """A list of rows, whatever shorter form the set has: objects, single values."""
    rows = gold if isinstance(gold, list) else [gold]
    return [_row(row) for row in rows]


def _row(row: Any) -> list[Any]:
    if isinstance(row, dict):
        return list(row.values())
    return list(row) if isinstance(row, list) else [row]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
