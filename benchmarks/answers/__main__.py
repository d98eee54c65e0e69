"""`python -m benchmarks.answers SETDIR…`: ask all questions, score the rows, list the failures."""

import argparse
import re
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.answers import docs, history, outcome, report, sets
from benchmarks.answers.outcome import Outcome
from benchmarks.answers.run import measure
from benchmarks.answers.sets import BadSet, Question
from benchmarks.answers.style import style

RAY_SAMPLE = 200
OUTCOMES = "outcomes.jsonl"


def main() -> None:
    args = arguments()
    try:
        questions = chosen(args)
    except BadSet as error:
        raise SystemExit(str(error)) from None
    if not questions:
        raise SystemExit("No question is left. Check --only, --kind and --framework.")
    by_id = {q.id: q for q in questions}
    out = args.out or Path(tempfile.gettempdir()) / f"arclight-answers-{args.framework}"
    # Read first: it may be the folder that is written.
    before = outcome.read(args.baseline / OUTCOMES) if args.baseline else []
    begun = time.perf_counter()
    outcomes = measure(questions, args.framework, args.jobs)
    seconds = time.perf_counter() - begun
    write(outcomes, by_id, out, args.framework)
    show(outcomes, by_id, before, args)
    print(f"\n{len(outcomes)} questions in {seconds:.0f} s; predictions and failures: {out}")
    notes = []
    if args.framework != "sql":
        notes.append(style(out / "programs"))
        print(notes[0])
    if args.framework == "ray":
        notes.append(against_spark(outcomes, questions, out))
    if args.log:
        history.add(outcomes, args.framework)
    if args.write:
        docs.write(outcomes, args.framework, seconds, notes)
    print(report.summary(outcomes, args.framework), flush=True)


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers", description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path, metavar="SETDIR", help="a question set")
    parser.add_argument(
        "--framework",
        choices=("spark", "ray", "sql"),
        default="spark",
        help="`sql` runs the plans on DuckDB, without programs: fast, for development",
    )
    parser.add_argument(
        "--sample", type=int, help=f"so many questions, always the same (Ray: {RAY_SAMPLE}; 0: all)"
    )
    parser.add_argument("--only", action="append", metavar="ID", help="this question; repeatable")
    parser.add_argument("--kind", action="append", help="questions of this kind; repeatable")
    parser.add_argument("--jobs", type=int, default=1, help="processes, for --framework sql")
    parser.add_argument("--out", type=Path, help="folder for predictions, outcomes and failures")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N failures")
    parser.add_argument("--baseline", type=Path, help="an earlier --out, to compare with")
    parser.add_argument("--pool", nargs="+", default=[], metavar="SET[/KIND]", help="one more row")
    parser.add_argument("--log", action="store_true", help=f"add a row to {history.FILE.name}")
    parser.add_argument("--write", action="store_true", help=f"write {docs.DOC.name}")
    args = parser.parse_args(argv)
    if args.jobs > 1 and args.framework != "sql":
        parser.error("one engine is one process: --jobs is for --framework sql")
    if args.write and (args.only or args.kind or args.framework == "sql"):
        parser.error("only whole sets on a real engine are written into the docs")
    return args


def chosen(args: argparse.Namespace) -> list[Question]:
    """The questions that the arguments name. Raises BadSet.

    Questions for one framework only are all asked there, and left out elsewhere.
    """
    questions = [q for folder in args.sets for q in sets.load(folder)]
    if len({q.id for q in questions}) < len(questions):
        raise BadSet("Two questions have the same id. Measure the sets one by one.")
    if args.only:
        return [q for q in questions if q.id in args.only]
    questions = [q for q in questions if q.framework in ("", args.framework)]
    if args.kind:
        questions = [q for q in questions if q.kind in args.kind]
    default = RAY_SAMPLE if args.framework == "ray" else 0
    size = default if args.sample is None else args.sample
    if not size:
        return questions
    kept = {q.id for q in sets.sample([q for q in questions if not q.framework], size)}
    return [q for q in questions if q.framework or q.id in kept]


def show(
    outcomes: Sequence[Outcome],
    questions: Mapping[str, Question],
    before: Sequence[Outcome],
    args: argparse.Namespace,
) -> None:
    """Print failures, figures, causes and changes."""
    failed = [o for o in outcomes if not o.strict]
    for one in outcomes if args.only else failed[: args.show]:
        print(report.failure(one, questions[one.id]))
    print(report.table(outcomes, args.pool), report.causes(outcomes), sep="\n\n")
    if before:
        print(f"\n{report.changes(outcomes, before)}")


def against_spark(ray: Sequence[Outcome], questions: Sequence[Question], out: Path) -> str:
    """The same questions on Spark; what differs, printed and returned."""
    both = [q for q in questions if not q.framework]
    if not both:
        return ""
    spark = measure(both, "spark")
    write(spark, {q.id: q for q in both}, out / "spark", "spark")
    said = report.versus(ray, spark)
    print(said)
    return said.splitlines()[0]


def write(
    outcomes: Sequence[Outcome], questions: Mapping[str, Question], out: Path, framework: str
) -> None:
    """Outcomes, programs, and per set the predictions and the failures by cause."""
    # Programs of an earlier run are not this one's.
    shutil.rmtree(out / "programs", ignore_errors=True)
    (out / "programs").mkdir(parents=True)
    outcome.write(outcomes, out / OUTCOMES)
    for one in outcomes:
        if one.program and framework != "sql":
            name = re.sub(r"[^\w.-]", "_", one.id)
            (out / "programs" / f"{name}.py").write_text(one.program, "utf-8")
    for name in dict.fromkeys(o.set for o in outcomes):
        here = [o for o in outcomes if o.set == name]
        lines = [outcome.prediction(o) for o in here]
        (out / f"{name}.predictions.jsonl").write_text("\n".join([*lines, ""]), "utf-8")
        listed = report.failures(here, questions)
        text = [f"# Failures of {name}\n", report.causes(here), "", *listed]
        (out / f"{name}.failures.md").write_text("\n".join(text), "utf-8")


if __name__ == "__main__":
    main()
