"""`python -m benchmarks.rehearsal`: rehearse every fault and every good program, print figures.

`--truth` also runs each on the whole data: a fault must fail there, a good program must not.
`--rows 0` rehearses on tables without rows, for comparison.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from arclight.catalog.sample import SAMPLE_ROWS
from arclight.catalog.stand_in import write_stand_in
from arclight.contracts.names import Framework, Step
from arclight.runtime.work import StepFunction
from arclight.sandbox.rehearse import rehearse_program
from arclight.sandbox.run_program import Engine
from benchmarks.rehearsal.faults import FAULTS
from benchmarks.rehearsal.good import planned, written
from benchmarks.rehearsal.report import Case, table
from benchmarks.rehearsal.stage import Stage, runners, wait_until_warm
from benchmarks.rehearsal.step import Ended, run
from services.executor_ray.platforms.local import LocalRay
from services.executor_spark.platforms.local import LocalSpark

FRAMEWORKS = ("spark", "ray")
ENGINES: Mapping[str, Callable[[], Engine]] = {"spark": LocalSpark, "ray": LocalRay}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=FRAMEWORKS, help="this framework")
    parser.add_argument("--rows", type=int, default=SAMPLE_ROWS, help="rows of a stand-in")
    parser.add_argument("--truth", action="store_true", help="run on the whole data too")
    parser.add_argument("--name", default="", help="programs and faults with this in their name")
    args = parser.parse_args()
    # The runners are ended, and the folder removed, however this ends.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    frameworks = [args.only] if args.only else list(FRAMEWORKS)
    # Short: sockets lie below it.
    with tempfile.TemporaryDirectory(prefix="arcr-") as folder:
        # Programs of a root service run as other users, who must pass.
        Path(folder).chmod(0o711)
        stage = Stage.at(Path(folder))
        stage.artifacts.root.chmod(0o755)
        cases = [c for c in _cases(stage, frameworks) if args.name in c.name]
        with runners(stage, frameworks):
            for case in cases:
                _rehearse(stage, case, args.rows, truth=args.truth)
                print(case.line(), flush=True)
    print(f"\n{table(cases)}")
    return 0 if all(case.right for case in cases) else 1


def _cases(stage: Stage, frameworks: Sequence[str]) -> Iterator[Case]:
    for fault in FAULTS:
        if fault.framework in frameworks:
            name = f"{fault.program} {fault.kind}: {fault.new.strip()}"
            yield Case(name, fault.framework, fault.text, kind=fault.kind)
    programs = written()
    for framework in frameworks:
        programs += planned(stage.tables, Framework(framework))
    for good in programs:
        if good.framework in frameworks:
            yield Case(good.name, good.framework, good.text)


def _rehearse(stage: Stage, case: Case, rows: int, *, truth: bool) -> None:
    wait_until_warm(stage, case.framework)
    case.rehearsed = _step(stage, case, Step.REHEARSAL, _rehearsal(case.framework, rows))
    if truth:
        wait_until_warm(stage, case.framework)
        execute = import_module(f"services.executor_{case.framework}.execute").execute
        case.run = _step(stage, case, Step.EXECUTION, execute)


def _rehearsal(framework: str, rows: int) -> StepFunction:
    engine = ENGINES[framework]()
    stand_in = partial(write_stand_in, rows=rows)
    return lambda work: rehearse_program(work, engine, stand_in)


def _step(stage: Stage, case: Case, step: Step, execute: StepFunction) -> Ended:
    return run(stage, case.framework, case.text, step, execute)


if __name__ == "__main__":
    sys.exit(main())
