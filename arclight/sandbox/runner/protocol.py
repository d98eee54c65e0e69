"""What executor and runner say to each other: JSON lines over one Unix socket."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from arclight.contracts.names import Isolation, LogStream, Way
from arclight.sandbox.limits import Limits
from arclight.sandbox.watch import Reason


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Ask(_Said):
    """The executor wants to run a program."""

    type: Literal["ask"] = "ask"
    run: str
    isolation: Isolation
    reason: str = Field(default="", description="Why this isolation, in a part of a sentence.")
    fresh: str | None = Field(default=None, description="Why no warmed engine will do.")
    limits: Limits = Limits()


class Status(_Said):
    """Anybody may ask how the runner is."""

    type: Literal["status"] = "status"


class Health(_Said):
    """The answer to that."""

    type: Literal["health"] = "health"
    warm: bool = Field(description="Everything that is to be warm is.")
    tier: str
    missing: tuple[str, ...] = Field(default=(), description="Layers that do not hold.")
    running: int = 0
    engines: dict[str, str] = Field(default_factory=dict, description="State by name.")


class Placed(_Said):
    """There is a place. The executor fills the slot."""

    type: Literal["placed"] = "placed"
    slot: str
    way: Way
    reason: str
    tier: str
    layers: tuple[str, ...] = ()
    granted: bool = Field(
        description="True when the program sees the inputs that lie in the slot; else it sees those"
        " that are named to it, where they are."
    )
    wait: float = Field(description="Seconds until the place was free.")


class Go(_Said):
    """Program and inputs lie in the slot."""

    type: Literal["go"] = "go"
    arguments: tuple[str, ...] = ()
    inputs: tuple[str, ...] = Field(
        default=(), description="Paths that the program may read, where no name space hides others."
    )


class Line(_Said):
    """One line that the program printed."""

    type: Literal["line"] = "line"
    text: str
    stream: LogStream


class Numbers(_Said):
    """How far the program says that it is; believed by nobody."""

    type: Literal["numbers"] = "numbers"
    stages: int | None = Field(default=None, ge=0)
    stages_done: int | None = Field(default=None, ge=0)
    tasks: int | None = Field(default=None, ge=0)
    tasks_done: int | None = Field(default=None, ge=0)
    rows: int | None = Field(default=None, ge=0)


class KeptLog(_Said):
    """One stream's full log, outside the slot's reach of the program."""

    stream: LogStream
    path: str
    bytes: int
    cut: int


class Ended(_Said):
    """The program and every process of it have ended."""

    type: Literal["ended"] = "ended"
    reason: Reason
    code: int | None
    signal: int | None
    seconds: float
    started: float = Field(default=0.0, description="Seconds from the order to the program.")
    max_memory: int
    survivors: int
    stdout: str
    log_cut: int
    lost: str = Field(default="", description="What the engine did wrong, when it was its fault.")
    logs: tuple[KeptLog, ...] = ()


class Refused(_Said):
    """No program is run, and why."""

    type: Literal["refused"] = "refused"
    code: str
    message: str
    hint: str = ""


Said = Annotated[
    Ask | Status | Health | Placed | Go | Line | Numbers | Ended | Refused,
    Field(discriminator="type"),
]
SAID: TypeAdapter[Said] = TypeAdapter(Said)
