"""`python -m benchmarks.answers.calibrate OUT SETDIR…`: weights for the planner's confidence.

Fits a logistic regression of "the answer was right" (from the outcomes of an earlier run, its
`--out OUT`) on the signals of `certainty.py`, and prints the weights, with what five-fold cross
validation says about the precision of the surest questions.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from benchmarks.answers import sets
from benchmarks.answers.tables import Refused, profiles
from services.codegen.planner.language.certainty import signals
from services.codegen.planner.language.choose import readings
from services.codegen.planner.planner import schema_of
from services.codegen.planner.words import tokens

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
_FOLDS, _STEPS, _RATE, _RIDGE = 5, 3000, 0.5, 1.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers.calibrate")
    parser.add_argument("out", type=Path, help="folder with one --out folder per set, or one")
    parser.add_argument("sets", nargs="+", type=Path)
    args = parser.parse_args()
    names, rows, right, single = _observed(args.out, args.sets)
    scaled, mean, spread = _scaled(rows)
    guesses = _crossed(scaled, right)
    for share in (0.4, 0.5, 0.6, 0.7, 0.8):
        order = np.argsort(-np.where(single, guesses, -1.0))[: int(share * single.sum())]
        print(f"surest {share:.0%} of single tables: {right[order].mean():.1%} right,", end=" ")
        print(f"from {guesses[order[-1]]:.3f}")
    weights, bias = _fitted(scaled, right)
    plain = weights / spread
    for name, weight in sorted(zip(names, plain, strict=True), key=lambda p: -abs(p[1])):
        print(f'    "{name}": {weight:.2f},')
    print(f"_BIAS = {bias - (plain * mean).sum():.2f}")


def _observed(out: Path, folders: list[Path]) -> tuple[list[str], Floats, Floats, Floats]:
    rows, right, single = [], [], []
    names: list[str] = []
    for folder in folders:
        found = out / folder.name / "outcomes.jsonl"
        lines = (found if found.is_file() else out / "outcomes.jsonl").read_text().splitlines()
        outcomes = {o["id"]: o for o in map(json.loads, lines)}
        for question in sets.load(folder):
            seen = _seen(question)
            if seen is None or question.id not in outcomes:
                continue
            names = list(seen)
            rows.append(list(seen.values()))
            right.append(float(outcomes[question.id]["strict"]))
            single.append(question.kind == "single" and not folder.name.startswith("wtq"))
    return names, np.array(rows), np.array(right), np.array(single)


def _seen(question: sets.Question) -> dict[str, float] | None:
    try:
        found = readings(tokens(question.text), schema_of(profiles(question.database)))
    except Refused:
        return None
    return signals(found[0], found[1:]) if found and found[0].root is not None else None


def _scaled(rows: Floats) -> tuple[Floats, Floats, Floats]:
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    return (rows - mean) / spread, mean, spread


def _crossed(rows: Floats, right: Floats) -> Floats:
    """What each question is given by weights that have not seen it."""
    order = np.random.default_rng(0).permutation(len(right))
    out = np.zeros(len(right))
    for fold in range(_FOLDS):
        held = order[fold::_FOLDS]
        rest = np.setdiff1d(order, held)
        weights, bias = _fitted(rows[rest], right[rest])
        out[held] = 1 / (1 + np.exp(-(rows[held] @ weights + bias)))
    return out


def _fitted(rows: Floats, right: Floats) -> tuple[Floats, float]:
    weights, bias = np.zeros(rows.shape[1]), 0.0
    for _ in range(_STEPS):
        guess = 1 / (1 + np.exp(-(rows @ weights + bias)))
        slope = rows.T @ (guess - right) / len(right) + _RIDGE * weights / len(right)
        weights = weights - _RATE * slope
        bias -= _RATE * float((guess - right).mean())
    return weights, bias


if __name__ == "__main__":
    main()
