"""The execution step, the same for every engine: scratch, launch, explain or collect.

An engine brings its environment and its reading of its own exceptions; nothing else differs.
"""

import hashlib
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from arclight.contracts.events import Event, JobFinished
from arclight.contracts.failure import Failure, StepFailed
from arclight.contracts.job import USER, Attempt
from arclight.contracts.names import JobState, Severity
from arclight.contracts.result import Result, ResultFile, ResultKind
from arclight.runtime.artifacts import get_program
from arclight.runtime.settings import Settings
from arclight.runtime.telemetry import logger
from arclight.runtime.work import Work
from arclight.sandbox import failures, harness
from arclight.sandbox.collect import collect
from arclight.sandbox.crash import Crash, read_crash
from arclight.sandbox.launch import Exit, LaunchSpec, run
from arclight.sandbox.limits import Limits
from arclight.sandbox.scratch import Scratch, scratch
from arclight.sandbox.watch import Reason

log = logger()

MAX_TEXT = 64 * 1024
"""Characters of a printed answer in the job's record; the rest lies in the artifact store."""


@dataclass(frozen=True)
class Context:
    """What an engine may look at to explain a failure."""

    program: str
    limits: Limits
    declared: tuple[str, ...]
    """Addresses of the job's sources."""
    scratch: Path


class Engine(Protocol):
    """What differs between Spark and Ray on this platform."""

    noise: re.Pattern[str]
    """Lines of output that begin like this help nobody and are left out of the log."""

    def environment(self, folder: Scratch, settings: Settings) -> Mapping[str, str]:
        """Variables on top of the common ones."""
        ...

    def explain(self, exit_: Exit, crash: Crash | None, context: Context) -> Failure | None:
        """The failure, where the engine knows more than `failures` does."""
        ...


def run_program(work: Work, engine: Engine) -> Event:
    """Run the attempt's program. Raises StepFailed for everything but an answer."""
    attempt = work.job.attempts[-1]
    assert attempt.program is not None
    text = get_program(work.artifacts, attempt.program)
    limits = limits_of(work.settings)
    with scratch(work.settings.scratch) as folder:
        spec = _spec(work, engine, folder, text, limits)
        exit_ = run(spec, log=_log(work, engine, folder), cancelled=work.cancelled)
        log.info(
            "run ended",
            reason=exit_.reason,
            code=exit_.code,
            signal=exit_.signal,
            seconds=round(exit_.seconds, 3),
            max_memory=exit_.max_memory,
            survivors=exit_.survivors,
        )
        if exit_.reason is not Reason.ENDED or exit_.code != 0:
            context = Context(text, limits, _addresses(work), folder.root)
            raise StepFailed(_hidden(folder, _explain(engine, exit_, folder, context)))
        result = _answer(work, attempt, folder, exit_, limits)
    notes = (*result.notes, *_notes(attempt, exit_))
    read = attempt.plan.sources if attempt.plan and attempt.plan.sources else _names(work)
    result = result.model_copy(update={"sources_read": read, "notes": notes})
    return JobFinished(state=JobState.SUCCEEDED, result=result, **work.stamp())


def limits_of(settings: Settings) -> Limits:
    """The limits that the installation sets. The log keeps room for the line that says so."""
    return Limits(
        wall=settings.run_timeout,
        memory=settings.run_memory,
        output=settings.run_output,
        log=max(1024, settings.run_log - 1024),
    )


def _spec(work: Work, engine: Engine, folder: Scratch, text: str, limits: Limits) -> LaunchSpec:
    folder.program.write_bytes(text.encode())
    python = Path(sys.executable)
    common = {
        # The environment's own bin folder, for tools that start `python` by name.
        "PATH": f"{python.parent}:/usr/bin:/bin",
        "HOME": str(folder.home),
        "TMPDIR": str(folder.tmp),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        # One library that starts a thread per core of a big machine is enough to break a limit.
        "OMP_NUM_THREADS": str(work.settings.run_cores),
    }
    # `-P` and an environment of our own make do what `-I` does, and keep the fixed hash seed.
    argv = [str(python), "-P", "-s", "-u", harness.__file__, str(folder.failure)]
    arguments = ["--output", str(folder.output)] if "--output" in text else []
    message = work.claim.message
    return LaunchSpec(
        run=f"{message.job_id}:{message.attempt}:{message.run}:{folder.root.name}",
        argv=[*argv, str(folder.program), *arguments],
        env={**common, **engine.environment(folder, work.settings)},
        scratch=folder.root,
        cwd=folder.work,
        limits=limits,
    )


def _log(work: Work, engine: Engine, folder: Scratch) -> Callable[[str], None]:
    def pass_on(line: str) -> None:
        if not engine.noise.match(line):
            work.log(folder.hide(line))

    return pass_on


def _explain(engine: Engine, exit_: Exit, folder: Scratch, context: Context) -> Failure:
    broken = failures.limit_broken(exit_, context.limits)
    if broken is not None:
        return broken
    crash = read_crash(folder.root_fd, folder.failure.name) if exit_.code == 1 else None
    known = engine.explain(exit_, crash, context)
    if known is not None:
        return known
    if crash is None:
        return failures.plain_exit(exit_, context.limits)
    return failures.python_failure(crash, context.limits)


def _answer(work: Work, attempt: Attempt, folder: Scratch, exit_: Exit, limits: Limits) -> Result:
    result = collect(
        folder.root_fd,
        folder.output.relative_to(folder.root).parts,
        work.artifacts,
        work.output_key,
        preview_rows=work.settings.preview_rows,
        max_bytes=limits.output,
        staging=work.settings.scratch,
    )
    if result is not None:
        return result
    if attempt.generator == USER and exit_.stdout.strip():
        return _printed(work, folder.hide(exit_.stdout), cut=exit_.log_cut > 0)
    raise StepFailed(failures.no_answer())


def _printed(work: Work, text: str, *, cut: bool) -> Result:
    """What a program of the user's own printed is its answer."""
    key = f"{work.output_key}/answer.txt"
    data = text.encode()
    work.artifacts.put(key, data)
    digest = hashlib.sha256(data).hexdigest()
    longer = len(text) > MAX_TEXT
    notes = (f"The first {MAX_TEXT:,} characters are shown; {len(data):,} bytes are kept.",)
    return Result(
        kind=ResultKind.TEXT,
        text=text[:MAX_TEXT],
        files=(ResultFile(key=key, rows=0, bytes=len(data), sha256=digest),),
        bytes=len(data),
        sha256=digest,
        truncated=longer or cut,
        notes=notes if longer else (),
    )


def _notes(attempt: Attempt, exit_: Exit) -> tuple[str, ...]:
    """What the reader must know besides the plan's own assumptions."""
    warnings = (f for f in attempt.findings if f.severity is Severity.WARNING)
    notes = [f.message for f in warnings if f.code.startswith("PRV")]
    if exit_.log_cut:
        notes.append(f"{exit_.log_cut:,} bytes of the program's output were cut from the log.")
    return tuple(notes)


def _addresses(work: Work) -> tuple[str, ...]:
    found = (getattr(source, "uri", "") for source in work.job.request.sources)
    return tuple(uri for uri in found if uri)


def _names(work: Work) -> tuple[str, ...]:
    """Names of the declared sources, for a program without a plan."""
    sources = work.job.request.sources
    fields = ("name", "id", "table", "uri")
    return tuple(
        str(next(v for f in fields if (v := getattr(source, f, None)))) for source in sources
    )


def _hidden(folder: Scratch, failure: Failure) -> Failure:
    """The failure without random paths: they would make equal failures look different."""
    details = {k: folder.hide(v) if isinstance(v, str) else v for k, v in failure.details.items()}
    return failure.model_copy(
        update={
            "message": folder.hide(failure.message),
            "traceback": folder.hide(failure.traceback),
            "details": details,
        }
    )
