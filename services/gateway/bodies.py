"""What clients send."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import AnyHttpUrl, ConfigDict, Field, JsonValue, StringConstraints, model_validator

from arclight.contracts.base import Frozen
from arclight.contracts.job import JOB_ID, MAX_PROMPT
from arclight.contracts.limits import RunLimits
from arclight.contracts.names import Framework, Isolation, Mode, Platform
from arclight.contracts.source import Source

MAX_PROGRAM = 256 * 1024
"""Characters: a thousand times the median generated program."""

MAX_BODY = 1024 * 1024
"""Bytes of a JSON body: the longest program and prompt, with room for JSON's escapes."""

_EXAMPLE: dict[str, JsonValue] = {
    "prompt": "total repair cost by wildlife size",
    "sources": [{"kind": "upload", "id": "src_0199c2d4e5f60123456789abcdef"}],
    "framework": "spark",
}


ProgramText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_PROGRAM)]


class NewJob(Frozen):
    """A question about data, or a program to check and run."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    prompt: str = Field(default="", max_length=MAX_PROMPT, description="The question, in words.")
    program: ProgramText | None = Field(
        default=None, description="A program in Python, to be used instead of generating one."
    )
    sources: tuple[Source, ...] = Field(
        default=(), max_length=64, description="The inputs: `{kind: upload, id, name?}`."
    )
    framework: Framework = Field(
        default=Framework.AUTO, description="`auto` lets the planner choose."
    )
    platform: Platform = Platform.AUTO
    mode: Mode = Field(
        default=Mode.RUN,
        description="`generate` stops at the checked program; `review` waits for its approval.",
    )
    max_attempts: int = Field(default=5, ge=1, le=10, description="Programs to try at most.")
    timeout: timedelta | None = Field(
        default=None,
        ge=timedelta(seconds=1),
        le=timedelta(hours=24),
        description="From submit to the end of the job: seconds, or ISO 8601 such as `PT5M`.",
    )
    review_timeout: timedelta | None = Field(
        default=None,
        ge=timedelta(seconds=1),
        le=timedelta(days=30),
        description="How long mode `review` waits for an approval, each time: seconds, or ISO 8601"
        " such as `P2D`. Left out: 7 days. The job's own `timeout` stands still meanwhile.",
    )
    repair: bool = Field(
        default=False, description="A `program` may be changed when it fails; else it just fails."
    )
    rehearse: bool = Field(
        default=False, description="Run the program on empty tables of the right columns first."
    )
    limits: RunLimits = Field(
        default=RunLimits(),
        description="What one run of the program may use; at most what the installation gives.",
    )
    isolation: Isolation | None = Field(
        default=None,
        description="`job` gives the run an engine of its own; `shared` takes the warm one where"
        " the installation and the program allow it. Left out: as the installation is set.",
    )
    callback_url: AnyHttpUrl | None = Field(
        default=None, description="Is told when the job has ended (Standard Webhooks)."
    )
    session: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        description="Jobs that share context: a prompt such as `now by region` continues the"
        " newest job of the same session and API key.",
    )
    follows: str | None = Field(
        default=None,
        pattern=JOB_ID,
        description="The job that the prompt continues, whatever is newest in the session. What"
        " is left out is taken over from it: sources, framework, session.",
    )

    @model_validator(mode="after")
    def _has_something_to_do(self) -> Self:
        if not self.prompt.strip() and not (self.program or "").strip():
            raise ValueError("a job needs a `prompt` or a `program`; both are empty")
        if self.program is not None and not self.program.strip():
            raise ValueError("the `program` is empty; leave it out to have one generated")
        return self


AttemptSeen = Annotated[
    int | None,
    Field(ge=1, le=1000, description="The attempt whose program was read; or send `If-Match`."),
]


class Approval(Frozen):
    """Yes to a program as it is, or to the reviewer's own in its place."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"attempt": 1}]})

    attempt: AttemptSeen = None
    program: ProgramText | None = Field(
        default=None, description="The program to run instead, whole; it is checked before it runs."
    )
    comment: str = Field(default="", max_length=MAX_PROMPT, description="Kept on the record.")


class Decline(Frozen):
    """No to a program, and what it must do instead."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"attempt": 1, "comment": "use the median"}]}
    )

    attempt: AttemptSeen = None
    comment: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_PROMPT)
    ] = Field(description="What must be different, in words: another program is made from it.")
