"""One question end to end: prompt, planner, program, execution, rows, score."""

import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from arclight.contracts.failure import StepFailed
from arclight.contracts.names import Framework
from benchmarks.answers.engine import Engine, TooSlow
from benchmarks.answers.one_line import one_line
from benchmarks.answers.outcome import Outcome, Status, judged
from benchmarks.answers.sets import Question
from benchmarks.answers.tables import Refused, profiles
from services.codegen.generator import Ask
from services.codegen.planner.plan import Planned
from services.codegen.planner.planner import plan

PLAN_SECONDS = 20.0
"""A thousand times the planner's goal for one prompt: it hangs."""
_LONGEST = 1500
"""Characters of an error; what Spark says of a plan can be longer."""
_CALLS = 4


def ask(question: Question, engine: Engine) -> Outcome:
    """Never raises for what a question does; it then is an abstention or an error."""
    framework = Framework.RAY if engine.framework == "ray" else Framework.SPARK
    begun = time.perf_counter()
    try:
        request = Ask(prompt=question.text, tables=profiles(question.database), framework=framework)
        begun = time.perf_counter()
        with _limited(PLAN_SECONDS):
            planned = plan(request)
    except (StepFailed, Refused) as refusal:
        return _refused(question, refusal, _since(begun))
    except Exception as error:  # noqa: BLE001 a bug in one question must not end the others
        return _broken(question, "planner", error, _since(begun))
    return _answered(question, request, planned, engine, _since(begun))


def _answered(
    question: Question, request: Ask, planned: Planned, engine: Engine, planner_ms: float
) -> Outcome:
    begun = time.perf_counter()
    try:
        answer = engine.answer(planned, request.tables)
    except Exception as error:  # noqa: BLE001 whatever the renderer or the program raises
        return _broken(question, engine.framework, error, planner_ms, planned)
    right, near, cause = judged(question, answer.rows)
    return Outcome(
        *(question.set, question.kind, question.id, Status.ANSWERED, answer.rows),
        strict=right,
        lenient=near,
        cause=cause,
        certainty=planned.certainty,
        planner_ms=planner_ms,
        run_ms=_since(begun),
        summary=planned.summary,
        assumptions=planned.assumptions,
        confidence=planned.confidence,
        plan=one_line(planned.root),
        program=answer.program,
        features=question.features,
    )


def _refused(question: Question, refusal: StepFailed | Refused, planner_ms: float) -> Outcome:
    said = refusal.failure.message if isinstance(refusal, StepFailed) else str(refusal)
    return Outcome(
        *(question.set, question.kind, question.id, Status.ABSTAINED, []),
        cause="abstained" if isinstance(refusal, StepFailed) else "file refused",
        certainty="unclear",
        planner_ms=planner_ms,
        words=said,
        features=question.features,
    )


def _broken(
    question: Question,
    where: str,
    error: Exception,
    planner_ms: float,
    planned: Planned | None = None,
) -> Outcome:
    return Outcome(
        *(question.set, question.kind, question.id, Status.ERROR, []),
        cause=f"error in {where}: {_kind(error)}",
        planner_ms=planner_ms,
        words=_last_lines(error),
        summary=planned.summary if planned else "",
        assumptions=planned.assumptions if planned else (),
        plan=one_line(planned.root) if planned else "",
        program=getattr(error, "program", ""),
        features=question.features,
    )


def _kind(error: Exception) -> str:
    """What a program raised, else the type with file and line: one bug is one cause."""
    if kind := getattr(error, "kind", ""):
        return str(kind)
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"


def _last_lines(error: Exception) -> str:
    """The error and the calls that led to it, the last ones first."""
    frames = reversed(traceback.extract_tb(error.__traceback__)[-_CALLS:])
    calls = ", ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)
    return f"{type(error).__name__}: {str(error)[:_LONGEST]} ({calls})"


def _since(begun: float) -> float:
    return 1000 * (time.perf_counter() - begun)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """Raises TooSlow after `seconds`. For the main thread."""

    def stop(_: int, __: FrameType | None) -> None:
        raise TooSlow(f"it took longer than {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
