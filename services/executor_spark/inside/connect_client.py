"""A session of the shared Spark Connect server, made before the program is known.

The server is behind a Unix socket (ARCLIGHT_SPARK_SOCKET). PySpark knows addresses of hosts only;
its way to a channel is replaced: whatever the program asks for goes to that socket, in the one
session of this process. Nothing else could be reached from here anyhow.
"""

import atexit
import contextlib
import os
import uuid
import warnings
from collections.abc import Callable, Iterable
from typing import Any

TICK = 0.25
"""Least seconds between two words on the progress."""

_SESSION = str(uuid.uuid4())


def prepare() -> dict[str, str | int]:
    """Connect, and use each kind of call once."""
    spark = connect(os.environ["ARCLIGHT_SPARK_SOCKET"], _SESSION)
    import pandas  # noqa: F401  # `toPandas` and `show` import it, for 0.4 s.

    table = spark.range(1)
    assert table.columns == ["id"]
    table.collect()
    return {"session": _SESSION, "user": str(spark.client._user_id), "engine": spark.version}


def progress(send: Callable[[dict[str, int]], None]) -> None:
    """Tell of stages and tasks from now on."""
    from pyspark.sql import SparkSession

    spark: Any = SparkSession.getActiveSession()
    if spark is not None:
        spark.registerProgressHandler(Counter(send))


def finish() -> None:
    """Let go of the session, which the janitor ends: the answer need not wait for that."""
    from pyspark.sql.connect.session import SparkSession

    spark: Any = SparkSession._default_session
    if spark is None or spark.is_stopped:
        return
    # Python would otherwise wait at its end for calls to a session that is gone.
    with contextlib.suppress(Exception):
        spark.client._channel.close()


class Counter:
    """Sums the stages of all queries of the program."""

    def __init__(self, send: Callable[[dict[str, int]], None]) -> None:
        self._send = send
        self._stages: dict[int, tuple[int, int, bool]] = {}
        self._said = 0.0

    def __call__(
        self,
        stages: Iterable[Any] | None,
        inflight_tasks: int,
        operation_id: str | None,
        done: bool,
    ) -> None:
        import time

        for stage in stages or ():
            counts = (stage.num_tasks, stage.num_completed_tasks, stage.done)
            self._stages[stage.stage_id] = counts
        if not self._stages or (not done and time.monotonic() - self._said < TICK):
            return
        self._said = time.monotonic()
        self._send(
            {
                "stages": len(self._stages),
                "stages_done": sum(1 for _, _, over in self._stages.values() if over),
                "tasks": sum(tasks for tasks, _, _ in self._stages.values()),
                "tasks_done": sum(made for _, made, _ in self._stages.values()),
            }
        )


def connect(socket: str, session: str) -> Any:
    """PySpark's session of that id, over the socket; the default session from now on."""
    from pyspark.sql import SparkSession
    from pyspark.sql.connect.client import core as pyspark_core
    from pyspark.sql.connect.client.retries import DefaultPolicy

    core: Any = pyspark_core  # Its parts are replaced below.
    # A dead server is found out in 2 s; by default PySpark goes on asking for ten minutes.
    impatient: dict[str, Any] = {
        "max_retries": 4,
        "initial_backoff": 100,
        "backoff_multiplier": 2,
    }
    # The exception says it all.
    _do_not_log_errors()
    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]")
    original = core.SparkConnectClient.__init__

    def begin(client: Any, *arguments: Any, **named: Any) -> None:
        original(client, *arguments, **named)
        client.set_retry_policies([DefaultPolicy(**impatient)])
        # Its farewell is one more query, which a dead server would never answer.
        atexit.unregister(client._on_exit)

    core.SparkConnectClient.__init__ = begin
    core.convert_exception = _with_causes(core.convert_exception)
    core.DefaultChannelBuilder.toChannel = lambda builder: _channel(core.grpc, builder, socket)
    core.DefaultChannelBuilder.session_id = property(lambda _: session)
    spark: Any = SparkSession.builder.getOrCreate()
    return spark


def _channel(grpc: Any, builder: Any, socket: str) -> Any:
    credentials = grpc.local_channel_credentials(grpc.LocalConnectionType.UDS)
    if builder.token is not None:
        call = grpc.access_token_call_credentials(builder.token)
        credentials = grpc.composite_channel_credentials(credentials, call)
    return builder._secure_channel(f"unix:{socket}", credentials)


def _do_not_log_errors() -> None:
    """PySpark writes each failed query to standard error as JSON before it raises."""
    from pyspark.logger import PySparkLogger

    for name in ("DataFrameQueryContextLogger", "SQLQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True


def _with_causes(convert: Callable[..., Any]) -> Callable[..., Any]:
    """PySpark keeps the first error of a chain; the value that cannot be read stands in the last.

    They are kept where a Spark of the program's own keeps them: as the throwable behind `_origin`.
    """

    def converted(info: Any, message: str, response: Any, *more: Any, **named: Any) -> Any:
        error = convert(info, message, response, *more, **named)
        if response is not None and response.HasField("root_error_idx"):
            error._origin = Throwable(response, response.root_error_idx)
        return error

    return converted


class Throwable:
    """One error of the server's answer, asked as a Java throwable is."""

    def __init__(self, response: Any, index: int) -> None:
        self._response = response
        self._error = response.errors[index]

    def getClass(self) -> "Throwable":
        return self

    def getName(self) -> str:
        names = self._error.error_type_hierarchy
        return str(names[0]) if names else "java.lang.Throwable"

    def getMessage(self) -> str:
        return str(self._error.message)

    def getCondition(self) -> str | None:
        return self._error.spark_throwable.error_class or None

    def getSqlState(self) -> str | None:
        return self._error.spark_throwable.sql_state or None

    def getMessageParameters(self) -> dict[str, str]:
        return dict(self._error.spark_throwable.message_parameters)

    def getCause(self) -> "Throwable | None":
        if not self._error.HasField("cause_idx"):
            return None
        return Throwable(self._response, self._error.cause_idx)


def release(client: Any, session: str, seconds: float) -> None:
    """End the session on the server; raises when that fails or takes longer."""
    import pyspark.sql.connect.proto as pb2

    request = pb2.ReleaseSessionRequest()
    request.session_id = session
    request.client_type = client._builder.userAgent
    request.user_context.user_id = client._user_id or ""
    client._internal_stub.ReleaseSession(
        request, metadata=client._builder.metadata(), timeout=seconds
    )
