"""The rehearsal step, the same for every engine: the program's run on stand-ins of its tables.

executor                                   runner
writes a stand-in of each source
  and the program, with their addresses
  in place of the sources'           ──▶   runs it as any program, for 30 s at most
reads how it ended: well, or a failure
  that counts, or one that does not
hangs up                             ──▶   removes the slot, with all that the program wrote

Nothing of the run is kept but what went wrong: no output, no log.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from arclight.contracts.events import CodeRehearsed, Event
from arclight.contracts.failure import Failure, FailureKind, StepFailed
from arclight.contracts.limits import RunLimits
from arclight.contracts.names import LogStream
from arclight.contracts.progress import RUNNING, STARTING, Progress
from arclight.contracts.run_facts import RunFacts
from arclight.runtime.artifacts import get_program
from arclight.runtime.work import Work
from arclight.sandbox import failures
from arclight.sandbox.crash import Crash
from arclight.sandbox.few_rows import may_be_few_rows
from arclight.sandbox.grant import files_of, uploads_of
from arclight.sandbox.limits import Limits
from arclight.sandbox.run_program import (
    Context,
    Engine,
    addresses_of,
    ask_for,
    crash_of,
    explain,
    facts_of,
    put_text,
    with_texts,
)
from arclight.sandbox.runner.client import Visit, visit
from arclight.sandbox.runner.paths import socket_of
from arclight.sandbox.runner.protocol import Ended, Go
from arclight.sandbox.scratch import Scratch
from arclight.sandbox.watch import Reason

LONGEST = timedelta(seconds=30)
"""A program that is slow on a thousand rows has no error of analysis left to find: those come
before the first row is read."""
StandIn = Callable[[Path, Path], None]
"""Writes the stand-in of the table in the first file as the second one."""


def rehearse_program(work: Work, engine: Engine, stand_in: StandIn) -> Event:
    """CodeRehearsed, also where no rehearsal could be held: the run itself will tell.

    Raises StepFailed for a failure that the program would meet in its run too.
    """
    try:
        facts = _rehearsed(work, engine, stand_in)
    except StepFailed as failed:
        tamed = failures.harmless(failed.failure)
        note = _why_not_held(tamed, work)
        if note is None:
            raise StepFailed(tamed, failed.findings, failed.facts) from failed
        facts = (failed.facts or RunFacts()).model_copy(update={"note": note})
    work.log(f"Rehearsal: {facts.note or f'the program ended well after {facts.seconds:g} s.'}")
    return CodeRehearsed(**work.stamp(), facts=facts)


def _why_not_held(failure: Failure, work: Work) -> str | None:
    """Why there was no rehearsal to judge by; None where the failure is the program's, or where
    another start may help."""
    match failure.kind:
        case FailureKind.REQUEST:
            return f"it could not be held. {failure.message}"
        case FailureKind.INFRASTRUCTURE if work.claim.message.run > 1:
            return f"it was given up. {failure.message}"
        case _:
            return None


def _rehearsed(work: Work, engine: Engine, stand_in: StandIn) -> RunFacts:
    addresses = addresses_of(work)
    tables = files_of(addresses, work.artifacts)
    if len(tables) < len(work.job.request.sources):
        return RunFacts(note="it was left out, since a source of the job is not at hand here.")
    attempt = work.job.attempts[-1]
    assert attempt.program is not None
    text = get_program(work.artifacts, attempt.program)
    limits = _limits(work)
    ask = ask_for(work, engine, text, limits)
    work.progress(Progress(phase=STARTING))
    with (
        visit(socket_of(work.settings, engine.name), ask, work.cancelled) as place,
        Scratch.opened(Path(place.placed.slot)) as folder,
    ):
        moved = Moved(uploads_of(work.artifacts), folder.program.parent / "tables")
        try:
            moved.put(tables, stand_in)
        except (OSError, ValueError) as error:
            return RunFacts(note=f"it was left out, since a source could not be read: {error}.")
        ended = _run(work, place, folder, moved.there(text))
        facts = facts_of(work, ask, place, ended)
        facts = facts.model_copy(update={"limits": _told(work, limits)})
        if ended.reason is Reason.ENDED and ended.code == 0:
            return facts
        if ended.lost:
            raise StepFailed(failures.engine_lost(ended.lost), facts=facts)
        context = Context(text, limits, tuple(map(moved.there, addresses)), folder.root)
        crash = crash_of(ended, folder)
        failure = explain(engine, ended, crash, folder, context)
        note = _why_not_judged(failure, crash, text, tables)
        failure = failures.harmless(with_texts(failure, lambda said: folder.hide(moved.back(said))))
        if note is None:
            raise StepFailed(failure, facts=facts)
        return facts.model_copy(update={"note": f"{note} {failure.message}"})


def _why_not_judged(
    failure: Failure, crash: Crash | None, text: str, tables: Sequence[Path]
) -> str | None:
    """Why this end says nothing about the program; None when it does."""
    if failure.kind in (FailureKind.RESOURCE, FailureKind.TIMEOUT):
        return "the program was not judged, since it was stopped."
    said = (failure.message, *map(str, failure.details.values()))
    if any(str(table) in part for table in tables for part in said):
        return "the program was not judged, since it computes the address of a source."
    if may_be_few_rows(failure, crash, text):
        return "how the program ended may come from having few rows, and does not count."
    return None


def _run(work: Work, place: Visit, folder: Scratch, text: str) -> Ended:
    arguments = put_text(folder, text)
    work.progress(Progress(phase=RUNNING))
    return place.go(Go(arguments=arguments), log=_unheard, numbers=lambda _: None)


def _unheard(line: str, stream: LogStream) -> None:
    """The run itself will say it again, on all rows."""


def _limits(work: Work) -> Limits:
    """Those that engines are warmed under, whatever the run itself asks for."""
    wall = min(LONGEST, work.limits.wall or LONGEST)
    config = work.settings
    return Limits(
        wall=wall,
        memory=config.run_memory,
        cores=config.run_cores,
        output=config.run_output,
        log=1024,
        full_log=0,
    )


def _told(work: Work, limits: Limits) -> RunLimits:
    known = {name: getattr(limits, name) for name in ("wall", "memory", "cores", "output")}
    return work.limits.model_copy(update=known)


@dataclass(frozen=True)
class Moved:
    """Inputs at another place: in a program's text their old addresses become the new ones.

    The text is changed and not the view of the files, because a shared engine shows all its
    programs the same files, and a run must never read what a rehearsal put there.
    """

    uploads: Path
    """Where the inputs lie."""
    tables: Path
    """Where the stand-ins lie, in the slot."""

    def there(self, text: str) -> str:
        """The text with the addresses of stand-ins."""
        for old, new in self._forms:
            text = text.replace(old, new)
        return text

    def back(self, text: str) -> str:
        """The text with the addresses that the program was written with."""
        for old, new in self._forms:
            text = text.replace(new, old)
        return text

    def put(self, tables: Sequence[Path], stand_in: StandIn) -> None:
        """Write the stand-in of every table, for all to read and for nobody to write."""
        self.tables.mkdir(mode=0o755)
        for table in dict.fromkeys(tables):
            target = self.tables / table.relative_to(self.uploads)
            target.parent.mkdir(exist_ok=True)
            stand_in(table, target)
            target.parent.chmod(0o755)
            target.chmod(0o444)

    @property
    def _forms(self) -> Iterator[tuple[str, str]]:
        """The folder in an address, as a path, and as a part of an address."""
        old, new = str(self.uploads), str(self.tables)
        yield f"file://{quote(old)}", f"file://{quote(new)}"
        yield old, new
        yield quote(old), quote(new)
