"""One question of the suite."""

from collections.abc import Sequence
from dataclasses import dataclass

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Question:
    """`feature` groups the ways to ask for one thing; `tolerance` is what an estimate may be off
    when it is drawn by another generator than the one that `arithmetic.py` describes, as a share
    of the answer where that is above 1."""

    text: str
    kind: str
    feature: str
    gold: Rows
    db: str = ""
    used: tuple[str, ...] = ()
    ordered: bool = True
    tolerance: float = 0.0


def compute(feature: str, *asked: tuple[str, Rows], tolerance: float = 0.0) -> list[Question]:
    """Questions that need no table."""
    return [Question(t, "compute", feature, gold, tolerance=tolerance) for t, gold in asked]


def mapped(feature: str, *asked: tuple[str, Rows]) -> list[Question]:
    """Questions that do the same to each of many values."""
    return [Question(text, "map", feature, gold) for text, gold in asked]
