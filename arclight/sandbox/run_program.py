"""The execution step, the same for every engine: a place, the program's run, explain or collect.

An engine brings its reading of programs and of its own exceptions; nothing else differs.
"""

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from arclight.contracts.events import Event, JobFinished
from arclight.contracts.failure import Failure, StepFailed
from arclight.contracts.job import Attempt
from arclight.contracts.names import Isolation, JobState, LogStream, Severity
from arclight.contracts.progress import COLLECTING, RUNNING, STARTING, Progress
from arclight.contracts.result import Result, ResultFile, ResultKind
from arclight.contracts.run_facts import LogFile, RunFacts, log_key
from arclight.runtime.artifacts import get_program
from arclight.runtime.work import Work
from arclight.sandbox import failures
from arclight.sandbox.collect import collect
from arclight.sandbox.crash import Crash, read_crash
from arclight.sandbox.decoding import Reader
from arclight.sandbox.disk import disk_full
from arclight.sandbox.grant import files_of, grant, uploads_of
from arclight.sandbox.limits import Limits
from arclight.sandbox.logs import neutral
from arclight.sandbox.runner.client import Visit, visit
from arclight.sandbox.runner.paths import socket_of
from arclight.sandbox.runner.protocol import Ask, Ended, Go, Numbers
from arclight.sandbox.scratch import Scratch
from arclight.sandbox.watch import Reason

_NOTE = re.compile(r"^note: (.{1,500})", re.MULTILINE)
"""What a generated program prints for the reader of its answer, such as cells it could not read."""
MAX_NOTES = 20
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

    name: str
    """Of its runner."""
    noise: re.Pattern[str]
    """Lines of output that begin like this help nobody and are left out of the log."""
    own_lines: re.Pattern[str]
    """Lines of standard error that begin like this are the engine's and not the program's."""

    def alone(self, program: str) -> str | None:
        """Why this program cannot run in a shared engine, in a part of a sentence."""
        ...

    def fresh(self, program: str) -> str | None:
        """Why it cannot use an engine that was started before it."""
        ...

    def explain(self, exit_: Ended, crash: Crash | None, context: Context) -> Failure | None:
        """The failure, where the engine knows more than `failures` does."""
        ...


def run_program(work: Work, engine: Engine) -> Event:
    """Run the attempt's program. Raises StepFailed for everything but an answer."""
    try:
        return _run_program(work, engine)
    except StepFailed as failed:
        tamed = failures.harmless(failed.failure)
        raise StepFailed(tamed, failed.findings, failed.facts) from failed


def _run_program(work: Work, engine: Engine) -> Event:
    attempt = work.job.attempts[-1]
    assert attempt.program is not None
    text = get_program(work.artifacts, attempt.program)
    limits = limits_of(work)
    ask = ask_for(work, engine, text, limits)
    work.progress(Progress(phase=STARTING))
    socket = socket_of(work.settings, engine.name)
    with (
        visit(socket, ask, work.cancelled) as place,
        Scratch.opened(Path(place.placed.slot)) as folder,
        # Ready by the time that there is something to read.
        Reader(work.settings.scratch_dir) as reader,
    ):
        ended = _run(work, engine, place, folder, text)
        facts = facts_of(work, ask, place, ended)
        facts = facts.model_copy(update={"logs": _kept(work, ended)})
        if ended.lost and (ended.reason is not Reason.ENDED or ended.code != 0):
            raise StepFailed(failures.engine_lost(ended.lost), facts=facts)
        if ended.reason is not Reason.ENDED or ended.code != 0:
            context = Context(text, limits, addresses_of(work), folder.root)
            failure = explain(engine, ended, crash_of(ended, folder), folder, context)
            raise StepFailed(hidden(folder, failure), facts=facts)
        work.progress(Progress(phase=COLLECTING))
        result, facts = _collected(work, folder, ended, limits, facts, reader)
    notes = (*result.notes, *_notes(attempt, ended))
    read = attempt.plan.sources if attempt.plan and attempt.plan.sources else _names(work)
    result = result.model_copy(update={"sources_read": read, "notes": notes})
    return JobFinished(state=JobState.SUCCEEDED, result=result, facts=facts, **work.stamp())


def limits_of(work: Work) -> Limits:
    """The limits in force. The log keeps room for the line that says that it was cut."""
    asked = work.limits
    assert asked.wall is not None
    return Limits(
        wall=asked.wall,
        memory=asked.memory or 0,
        cores=asked.cores or 1,
        output=asked.output or 0,
        log=max(1024, (asked.log or 0) - 1024),
        full_log=work.settings.run_log_artifact,
    )


def ask_for(work: Work, engine: Engine, text: str, limits: Limits) -> Ask:
    """What the runner is asked for: a place of the right kind."""
    isolation, reason = _isolation(work, engine, text)
    message = work.claim.message
    return Ask(
        run=f"{message.job_id}:{message.attempt}:{message.run}",
        isolation=isolation,
        reason=reason,
        fresh=engine.fresh(text),
        limits=limits,
    )


def _isolation(work: Work, engine: Engine, text: str) -> tuple[Isolation, str]:
    """Whether the program may share an engine, and why."""
    if Isolation.JOB in (work.settings.isolation, work.job.request.isolation):
        return Isolation.JOB, "an engine of its own was asked for"
    if work.claim.message.run > 1:
        # Whatever took the engine away: alone, it is clear who did it, and nobody else is hit.
        return Isolation.JOB, "its last run lost its engine"
    if (why := engine.alone(text)) is not None:
        return Isolation.JOB, why
    return Isolation.SHARED, "nothing in it needs an engine of its own"


def _run(work: Work, engine: Engine, place: Visit, folder: Scratch, text: str) -> Ended:
    inputs = files_of(addresses_of(work), work.artifacts)
    if place.placed.granted:
        grant(inputs, uploads_of(work.artifacts), folder.granted)
    arguments = put_text(folder, text)
    work.progress(Progress(phase=RUNNING))
    return place.go(
        Go(arguments=arguments, inputs=tuple(map(str, inputs))),
        log=_log(work, engine, folder),
        numbers=lambda said: work.progress(_progress(said)),
    )


def put_text(folder: Scratch, text: str) -> tuple[str, ...]:
    """Put the program into its slot; the arguments that it gets."""
    folder.program.write_bytes(text.encode())
    folder.program.chmod(0o644)
    return ("--output", str(folder.output)) if "--output" in text else ()


def _progress(said: Numbers) -> Progress:
    return Progress(
        phase=RUNNING,
        stages=said.stages,
        stages_done=said.stages_done,
        tasks=said.tasks,
        tasks_done=said.tasks_done,
        rows_written=said.rows,
    )


def _kept(work: Work, ended: Ended) -> tuple[LogFile, ...]:
    """The run's full logs, stored."""
    message = work.claim.message
    logs: list[LogFile] = []
    for kept in ended.logs:
        key = log_key(message.job_id, message.attempt, message.run, kept.stream)
        work.artifacts.put_file(key, Path(kept.path))
        logs.append(LogFile(stream=kept.stream, key=key, bytes=kept.bytes, cut=kept.cut))
    return tuple(logs)


def facts_of(work: Work, ask: Ask, place: Visit, ended: Ended) -> RunFacts:
    """What is known of the run, without its logs."""
    placed = place.placed
    return RunFacts(
        way=placed.way,
        way_reason=placed.reason,
        isolation=ask.isolation,
        tier=placed.tier,
        layers=placed.layers,
        wait=round(placed.wait, 3),
        seconds=round(ended.seconds, 3),
        max_memory=ended.max_memory,
        limits=work.limits,
    )


def _collected(
    work: Work, folder: Scratch, ended: Ended, limits: Limits, facts: RunFacts, reader: Reader
) -> tuple[Result, RunFacts]:
    began = time.monotonic()
    try:
        result = _answer(work, folder, ended, limits, reader)
    except StepFailed as failed:
        raise StepFailed(failed.failure, failed.findings, facts) from failed
    collected = round(time.monotonic() - began, 3)
    return result, facts.model_copy(update={"collect": collected})


def _log(work: Work, engine: Engine, folder: Scratch) -> Callable[[str, LogStream], None]:
    def pass_on(line: str, stream: LogStream) -> None:
        if engine.noise.match(line):
            return
        if stream is LogStream.STDERR and engine.own_lines.match(line):
            stream = LogStream.ENGINE
        work.log(folder.hide(line), stream)

    return pass_on


def crash_of(exit_: Ended, folder: Scratch) -> Crash | None:
    """The uncaught exception of a program that ended with one."""
    return read_crash(folder.root_fd, folder.failure.name) if exit_.code == 1 else None


def explain(
    engine: Engine, exit_: Ended, crash: Crash | None, folder: Scratch, context: Context
) -> Failure:
    """The failure of a run that did not end well."""
    broken = failures.limit_broken(exit_, context.limits)
    if broken is not None:
        return broken
    if exit_.code == 1 and (full := disk_full(crash, folder.root, context.limits)):
        return full
    known = engine.explain(exit_, crash, context)
    if known is not None:
        return known
    if crash is None:
        return failures.plain_exit(exit_, context.limits)
    return failures.python_failure(crash, context.limits)


def _answer(work: Work, folder: Scratch, exit_: Ended, limits: Limits, reader: Reader) -> Result:
    result = collect(
        folder.root_fd,
        folder.output.relative_to(folder.root).parts,
        work.artifacts,
        work.output_key,
        preview_rows=work.settings.preview_rows,
        max_bytes=limits.output,
        max_rows=work.limits.rows,
        staging=work.settings.scratch_dir,
        reader=reader,
    )
    if result is not None:
        return result
    if work.job.attempts[-1].brought and exit_.stdout.strip():
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


def _notes(attempt: Attempt, exit_: Ended) -> tuple[str, ...]:
    """What the reader must know besides the plan's own assumptions."""
    warnings = (f for f in attempt.findings if f.severity is Severity.WARNING)
    notes = [f.message for f in warnings if f.code.startswith("PRV")]
    if not attempt.brought:
        notes += [neutral(said) for said in _NOTE.findall(exit_.stdout)[:MAX_NOTES]]
    if exit_.log_cut:
        notes.append(f"{exit_.log_cut:,} bytes of the program's output were cut from the log.")
    return tuple(notes)


def addresses_of(work: Work) -> tuple[str, ...]:
    """The addresses of the job's sources that have one."""
    found = (getattr(source, "uri", "") for source in work.job.request.sources)
    return tuple(uri for uri in found if uri)


def _names(work: Work) -> tuple[str, ...]:
    """Names of the declared sources, for a program without a plan."""
    sources = work.job.request.sources
    fields = ("name", "id", "table", "uri")
    return tuple(
        str(next(v for f in fields if (v := getattr(source, f, None)))) for source in sources
    )


def hidden(folder: Scratch, failure: Failure) -> Failure:
    """The failure without random paths: they would make equal failures look different."""
    return with_texts(failure, folder.hide)


def with_texts(failure: Failure, hide: Callable[[str], str]) -> Failure:
    """The failure with each of its texts changed by `hide`."""
    details = {k: hide(v) if isinstance(v, str) else v for k, v in failure.details.items()}
    texts = {"message": hide(failure.message), "traceback": hide(failure.traceback)}
    return failure.model_copy(update={**texts, "details": details})
