"""A job's events as a person reads them: one plain line per transition, or one live line."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from arclight.cli.term import Terminal
from arclight.contracts.names import EventType, JobState, Severity, Step

STEPS = {
    "generate": Step.CODEGEN,
    "validate": Step.VALIDATION,
    "rehearse": Step.REHEARSAL,
    "run": Step.EXECUTION,
}
_AFTER = {
    EventType.JOB_SUBMITTED: "generate",
    EventType.PROGRAM_SUBMITTED: "validate",
    EventType.CODE_GENERATED: "validate",
    EventType.CODE_REJECTED: "generate",
    EventType.APPROVAL_REQUESTED: "approve",
    EventType.PROGRAM_APPROVED: "run",
    EventType.PROGRAM_EDITED: "validate",
    EventType.PROGRAM_DECLINED: "generate",
    EventType.CODE_VALIDATED: "run",
    EventType.CODE_REHEARSED: "run",
    EventType.EXECUTION_FAILED: "generate",
    EventType.JOB_FINISHED: "answer",
}
ORDER = ("generate", "validate", "approve", "rehearse", "run", "answer")
_ALWAYS = ("generate", "validate", "run", "answer")
"""The others are shown in jobs that have them."""
_VERBS = {
    "generate": "generating",
    "validate": "validating",
    "rehearse": "rehearsing",
    "run": "running",
}
_SPIN = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class Progress:
    """Where the job stands, folded from its events."""

    def __init__(self) -> None:
        self.step = "generate"
        self._steps = set(_ALWAYS)
        self.working = False
        self.attempt = 1
        self.ended: str | None = None
        self._told = ""
        self._began: datetime | None = None
        self._asked: datetime | None = None

    def take(self, kind: str, data: Mapping[str, Any]) -> str | None:
        """Note the event; the line that tells it, if it is worth one."""
        if "at" not in data:
            return None  # Not of the job's own stream.
        self._told = ""
        moment = datetime.fromisoformat(data["at"])
        self._began = self._began or moment
        self._leave_out_the_wait(kind, moment)
        text = self._note(kind, data)
        seconds = (moment - self._began).total_seconds()
        return f"{seconds:6.1f} s  {text}" if text else None

    def tell(self, data: Mapping[str, Any]) -> None:
        """Note how far the running program is, for the live line."""
        self._told = _told(data)

    def line(self, term: Terminal, seconds: float) -> str:
        """`generate ✓  validate ✓  run ⠹  answer ·   12.3 s`."""
        shown = [name for name in ORDER if name in self._steps]
        reached = shown.index(self.step)
        parts = [f"{name} {self._sign(term, i, reached, seconds)}" for i, name in enumerate(shown)]
        if self._told and not self.ended:
            parts[reached] += f" {self._told}"
        attempt = f"  attempt {self.attempt}" if self.attempt > 1 else ""
        return "  ".join(parts) + term.style(f"   {seconds:.1f} s{attempt}", "dim")

    def _sign(self, term: Terminal, index: int, reached: int, seconds: float) -> str:
        if index < reached or (index == reached and self.ended == JobState.SUCCEEDED):
            return term.style(term.sign("✓", "ok"), "green")
        if index > reached:
            return term.style(term.sign("·", "-"), "dim")
        if self.ended:
            return term.style(term.sign("✗", "x"), "red")
        spin = _SPIN[int(seconds * 10) % len(_SPIN)] if self.working else "…"
        return term.style(term.sign(spin, "..."), "cyan")

    def _note(self, kind: str, data: Mapping[str, Any]) -> str | None:
        if kind == EventType.STEP_CLAIMED:
            return self._claimed(data)
        if kind not in (*_AFTER, EventType.STEP_REDELIVERED):
            return None
        if kind != EventType.JOB_FINISHED or data["state"] == JobState.SUCCEEDED:
            # A job that failed or was cancelled ended in the step that it was in.
            self._reach(_AFTER.get(EventType(kind), self.step))
        self.working = False
        failure = data.get("failure") or {}
        said = failure.get("message", "")
        match kind:
            case EventType.JOB_SUBMITTED | EventType.PROGRAM_SUBMITTED:
                return "accepted"
            case EventType.CODE_GENERATED:
                summary = (data.get("plan") or {}).get("summary", "")
                by = f"program written by {data['generator']} for {data['framework']}"
                return f"{by}: {summary}" if summary else by
            case EventType.APPROVAL_REQUESTED:
                return _asked(data)
            case EventType.PROGRAM_APPROVED:
                return f"approved by {data['by']}"
            case EventType.PROGRAM_EDITED:
                self.attempt += 1
                return f"replaced by {data['by']} with a program of their own"
            case EventType.PROGRAM_DECLINED:
                self.attempt += 1
                return f"attempt {self.attempt - 1} declined by {data['by']}: {said}"
            case EventType.CODE_REHEARSED:
                return "rehearsed on empty tables"
            case EventType.CODE_VALIDATED:
                return f"program checked; it runs on {data['framework']}, {data['platform']}"
            case EventType.CODE_REJECTED | EventType.EXECUTION_FAILED:
                self.attempt += 1
                return f"attempt {self.attempt - 1} failed: {said} Repairing."
            case EventType.STEP_REDELIVERED:
                return f"{self.step} starts again: {said}"
        self.ended = str(data["state"])
        return self.ended  # why, and what to do, is told at length after it

    def _reach(self, step: str) -> None:
        self.step = step
        self._steps.add(step)

    def _leave_out_the_wait(self, kind: str, moment: datetime) -> None:
        """The seconds that are told are the job's, not those that a person was waited for."""
        if self._asked and self._began:
            self._began += moment - self._asked
        self._asked = moment if kind == EventType.APPROVAL_REQUESTED else None

    def _claimed(self, data: Mapping[str, Any]) -> str | None:
        name = next((n for n, step in STEPS.items() if step == data["step"]), None)
        if name is None:
            return None
        self._reach(name)
        self.working, self.attempt = True, data["attempt"]
        verb = _VERBS[name]
        return f"{verb}, attempt {self.attempt}" if self.attempt > 1 else verb


def _asked(data: Mapping[str, Any]) -> str:
    """Only a reviewer's own program waits although it has errors."""
    errors = [f for f in data.get("findings") or () if f["severity"] == Severity.ERROR]
    if errors:
        return "program checked; it has errors and waits for a better one"
    return "program checked; it waits for your approval"


def _told(data: Mapping[str, Any]) -> str:
    """`12/40 tasks`, what else is counted, or the phase."""
    if data.get("phase") == "collecting":
        return "collecting"
    for things in ("tasks", "stages"):
        done, known = data.get(f"{things}_done"), data.get(things)
        if known:
            return f"{done or 0}/{known} {things}"
    if rows := data.get("rows_written"):
        return f"{rows:,} rows"
    phase = str(data.get("phase", ""))
    return "" if phase == "running" else phase
