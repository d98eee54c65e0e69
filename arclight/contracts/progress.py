"""How far a running program is, as its engine counts. Not part of a job's event stream."""

from pydantic import Field

from arclight.contracts.base import Frozen

STARTING, RUNNING, COLLECTING = "starting", "running", "collecting"
"""The phases of one run: the engine comes up, the program works, its answer is read."""


class Progress(Frozen):
    """A snapshot; what the engine does not tell is None. A later snapshot replaces it."""

    phase: str = Field(
        default="", max_length=32, description="`starting`, `running` or `collecting`."
    )
    stages: int | None = Field(default=None, ge=0, description="Stages known so far.")
    stages_done: int | None = Field(default=None, ge=0)
    tasks: int | None = Field(default=None, ge=0, description="Tasks known so far; may rise.")
    tasks_done: int | None = Field(default=None, ge=0)
    rows_written: int | None = Field(default=None, ge=0, description="Rows of the answer so far.")
