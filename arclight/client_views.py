"""What the gateway answers, as the client reads it: a field that a newer gateway adds is kept."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue

from arclight.contracts.names import JobState


class View(BaseModel):
    """An answer. Unknown fields are kept, so that printing it loses nothing."""

    model_config = ConfigDict(frozen=True, extra="allow")

    def json_text(self) -> str:
        """The answer as it came, without empty fields."""
        return self.model_dump_json(exclude_none=True, indent=2)


class SourceColumn(View):
    name: str
    type: str


class SourceView(View):
    """An uploaded file."""

    id: str
    name: str
    filename: str = ""
    columns: tuple[SourceColumn, ...] = ()
    rows: int | None = None


class FailureView(View):
    kind: str
    code: str
    message: str
    hint: str = ""
    line: int | None = None
    traceback: str = ""
    details: dict[str, JsonValue] = {}


class FindingView(View):
    code: str
    severity: str
    message: str
    hint: str = ""
    line: int = 1
    column: int = 0


class PlanView(View):
    summary: str = ""
    assumptions: tuple[str, ...] = ()
    confidence: float = 0.0


class LogFileView(View):
    """A full log that was kept; `cut` bytes of its end were not."""

    stream: str
    bytes: int = 0
    cut: int = 0


class FactsView(View):
    """How a program ran; seconds and bytes."""

    way: str | None = None
    way_reason: str = ""
    tier: str = ""
    layers: tuple[str, ...] = ()
    wait: float | None = None
    start: float | None = None
    seconds: float | None = None
    collect: float | None = None
    max_memory: int | None = None
    versions: dict[str, str] = {}
    logs: tuple[LogFileView, ...] = ()


class RunView(View):
    """One start of a step; seconds in the queue and at work."""

    step: str
    run: int
    ended_at: datetime | None = None
    wait_s: float | None = None
    work_s: float | None = None
    outcome: str | None = None
    facts: FactsView | None = None
    payer: str | None = None
    then: str | None = None


class ReviewView(View):
    """What a person said of a program; `edited`: who wrote it."""

    verdict: str
    by: str = ""
    at: datetime
    comment: str = ""
    payer: str | None = None
    then: str | None = None


class AttemptView(View):
    """One program and what became of it; the text fields are there when it was asked for alone."""

    number: int
    reason: str = ""
    generator: str | None = None
    platform: str | None = None
    plan: PlanView | None = None
    failure: FailureView | None = None
    findings: tuple[FindingView, ...] = ()
    explanation: tuple[str, ...] = ()
    reviews: tuple[ReviewView, ...] = ()
    costs: bool = True
    runs: tuple[RunView, ...] = ()
    program: str | None = None
    diff: str = ""


class ColumnView(View):
    name: str
    type: str
    kind: str | None = None


class ResultView(View):
    """The answer's envelope; `preview` holds its first rows."""

    kind: str
    columns: tuple[ColumnView, ...] = ()
    preview: tuple[tuple[JsonValue, ...], ...] = ()
    total_rows: int = 0
    truncated: bool = False
    notes: tuple[str, ...] = ()
    sources_read: tuple[str, ...] = ()
    text: str = ""


class BudgetView(View):
    """What may be spent, what was, and how many failures each payer paid for."""

    max_attempts: int = 5
    attempts_used: int = 0
    attempts_left: int = 0
    failures: dict[str, int] = {}


class ApprovalView(View):
    """What a job in mode `review` waits for."""

    attempt: int
    until: datetime
    errors: int = 0


class JobView(View):
    id: str
    state: JobState
    version: int
    framework: str
    platform: str = "auto"
    prompt: str = ""
    attempt: int = 1
    budget: BudgetView = BudgetView()
    attempts: tuple[AttemptView, ...] = ()
    mode: str = "run"
    approval: ApprovalView | None = None
    result: ResultView | None = None
    error: FailureView | None = None
    retry_of: str | None = None
    follows: str | None = None
    session: str | None = None
    created_at: datetime
    updated_at: datetime

    @property
    def settled(self) -> bool:
        """Nothing more happens on its own: it has ended, or a person is waited for."""
        return self.state.terminal or self.state is JobState.AWAITING_APPROVAL

    @property
    def plan(self) -> PlanView | None:
        """The newest plan."""
        return next((a.plan for a in reversed(self.attempts) if a.plan), None)


class JobPage(View):
    """Newest first; no token at the end."""

    jobs: tuple[JobView, ...]
    next_page_token: str | None = None


class ResultPage(View):
    """One page of rows, each in the order of `columns`; or a text."""

    kind: str
    columns: tuple[ColumnView, ...] = ()
    rows: tuple[tuple[JsonValue, ...], ...] = ()
    total_rows: int = 0
    next_page_token: str | None = None
    text: str | None = None


class StreamEvent(View):
    """One event of a job's stream; `id` resumes after it."""

    id: str
    type: str
    data: dict[str, Any]
