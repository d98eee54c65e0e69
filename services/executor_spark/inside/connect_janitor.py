"""Main program of the janitor: a trusted client that clears the shared server after each job.

`python -P -s -u connect_janitor.py`, with a Unix socket as file descriptor 3 that carries JSON
lines, and the environment of `client_environment`.

    ← {"ready": {}}                                         queries of the usual shape have run
    → {"clean": {"session": …, "user": …, "alone": true}}   after a job
    ← {"cleaned": {"interrupted": 0, "views": 0, "tables": 0, "databases": 0}}
    → {"ping": 1}                                    ← {"pong": {"milliseconds": 3}}
    ← {"failed": "…"}                                       instead, when the server does not answer

`alone` says that no other job uses the server now: only then can what all sessions share go too.
"""

import contextlib
import importlib.util
import json
import os
import socket
import sys
import time
import types
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CONTROL = 3
PATIENCE = 5.0
"""Seconds for one call; a server that takes longer is not healthy."""


def main() -> None:
    """Returns when the other side closes."""
    os.set_inheritable(CONTROL, False)
    control = socket.socket(fileno=CONTROL)
    client = _sibling("connect_client")
    spark = client.connect(os.environ["ARCLIGHT_SPARK_SOCKET"], str(uuid.uuid4()))
    _sibling("warm").heat(spark)
    _send(control, {"ready": {}})
    for line in control.makefile("rb"):
        try:
            answer = _answer(client, spark, json.loads(line))
        except Exception as error:  # noqa: BLE001  # The runner decides what a silent server means.
            answer = {"failed": f"{type(error).__name__}: {error}"[:500]}
        _send(control, answer)


def _answer(client: types.ModuleType, spark: Any, message: Mapping[str, Any]) -> dict[str, Any]:
    if "clean" in message:
        return {"cleaned": clean(client, spark, **message["clean"])}
    begun = time.monotonic()
    spark.range(1).collect()
    return {"pong": {"milliseconds": int(1000 * (time.monotonic() - begun))}}


def clean(
    client: types.ModuleType, spark: Any, session: str, user: str, alone: bool
) -> dict[str, int]:
    """End the session and all that it runs; when alone, empty what sessions share."""
    counts = {"interrupted": _interrupt(spark, session, user)}
    with _as(spark, user):
        client.release(spark.client, session, PATIENCE)
    if alone:
        counts |= _shared(spark)
    return counts


def _interrupt(spark: Any, session: str, user: str) -> int:
    """How many queries were still running; none when the session is gone already."""
    import pyspark.sql.connect.proto as pb2

    request = pb2.InterruptRequest()
    request.session_id = session
    request.user_context.user_id = user
    request.interrupt_type = pb2.InterruptRequest.InterruptType.INTERRUPT_TYPE_ALL
    metadata = spark.client._builder.metadata()
    try:
        answer = spark.client._internal_stub.Interrupt(request, metadata=metadata, timeout=PATIENCE)
    except Exception as error:
        if "SESSION_CLOSED" in str(error) or "SESSION_NOT_FOUND" in str(error):
            return 0
        raise
    return len(answer.interrupted_ids)


@contextlib.contextmanager
def _as(spark: Any, user: str) -> Any:
    own, spark.client._user_id = spark.client._user_id, user
    try:
        yield
    finally:
        spark.client._user_id = own


def _shared(spark: Any) -> dict[str, int]:
    """The catalog, global views and the cache belong to all sessions of a server."""
    spark.catalog.clearCache()
    views = [row["viewName"] for row in spark.sql("SHOW VIEWS IN global_temp").collect()]
    for name in views:
        spark.sql(f"DROP VIEW IF EXISTS global_temp.{_quoted(name)}")
    databases = [row[0] for row in spark.sql("SHOW DATABASES").collect() if row[0] != "default"]
    for name in databases:
        spark.sql(f"DROP DATABASE IF EXISTS {_quoted(name)} CASCADE")
    rows = spark.sql("SHOW TABLES IN default").collect()
    tables = [row["tableName"] for row in rows if not row["isTemporary"]]
    for name in tables:
        _drop(spark, name)
    return {"views": len(views), "tables": len(tables), "databases": len(databases)}


def _drop(spark: Any, name: str) -> None:
    """A table or a view: Spark wants to be told which."""
    try:
        spark.sql(f"DROP TABLE IF EXISTS default.{_quoted(name)}")
    except Exception:  # noqa: BLE001  # It says WRONG_COMMAND_FOR_OBJECT_TYPE for a view.
        spark.sql(f"DROP VIEW IF EXISTS default.{_quoted(name)}")


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _send(control: socket.socket, message: Mapping[str, Any]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


def _sibling(name: str) -> types.ModuleType:
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"_arclight_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
