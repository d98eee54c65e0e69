"""What became of one question."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from benchmarks.answers.score import columns_found, lenient, strict
from benchmarks.answers.sets import Question, Rows


class Status(StrEnum):
    ANSWERED = "answered"
    ABSTAINED = "abstained"
    """The planner said what it did not understand."""
    ERROR = "error"
    """A bug: the planner, the renderer or the program raised."""


@dataclass(frozen=True)
class Outcome:
    """The answer to one question and how good it is. Fields are JSON."""

    set: str
    kind: str
    id: str
    status: str
    rows: Rows
    strict: bool = False
    lenient: bool = False
    cause: str = ""
    """Empty when strictly right."""
    certainty: str = ""
    """`sure`, `assumed`; `unclear` for an abstention, empty for an error."""
    planner_ms: float = 0.0
    run_ms: float = 0.0
    words: str = ""
    """The refusal or the error."""
    summary: str = ""
    assumptions: tuple[str, ...] = ()
    confidence: float = 0.0
    plan: str = ""
    program: str = ""
    features: tuple[str, ...] = ()


def judged(question: Question, rows: Rows) -> tuple[bool, bool, str]:
    """Strict, lenient and, unless strictly right, the cause."""
    if strict(rows, question.gold, question.ordered):
        return True, True, ""
    near = lenient(rows, question.gold, question.ordered)
    return False, near, cause(rows, question, near)


def cause(rows: Rows, question: Question, near: bool) -> str:
    """In which respect the rows differ from the gold ones; the first that applies."""
    gold = question.gold
    wide, narrow = len(rows[0]) if rows else 0, len(gold[0]) if gold else 0
    if near:
        return "extra columns"
    if not rows:
        return "no rows"
    if wide != narrow:
        return "wrong column count"
    if len(rows) != len(gold):
        return "wrong row count"
    if question.ordered and strict(rows, gold, False):
        return "order"
    if 0 < columns_found(rows, gold) < narrow:
        return "wrong values in some columns"
    return "wrong values"


def write(outcomes: Iterable[Outcome], path: Path) -> None:
    """One JSON object per line."""
    lines = [json.dumps(asdict(o), ensure_ascii=False) for o in outcomes]
    path.write_text("\n".join([*lines, ""]), "utf-8")


def read(path: Path) -> list[Outcome]:
    """What `write` wrote."""
    lines = path.read_text("utf-8").splitlines()
    return [Outcome(**json.loads(line)) for line in lines if line]


def prediction(outcome: Outcome) -> str:
    """A line of the predictions file that a question set's own scorer reads."""
    said: dict[str, object] = {"id": outcome.id}
    if outcome.status == Status.ANSWERED:
        said["rows"] = outcome.rows
    else:
        said["abstain"] = True
    return json.dumps(said, ensure_ascii=False)
