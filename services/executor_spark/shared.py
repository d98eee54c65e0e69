"""One warm Spark Connect server for all programs of a trust domain.

cage of the server    JVM, relay to a Unix socket; sees the slots and inputs of all programs
cage of each program  a connected client; sees its own slot, its own inputs, the socket
cage of the janitor   a client of our own, which clears what a program left in the server
"""

import secrets
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from arclight.runtime.settings import Settings
from arclight.sandbox.limits import MIB, Limits
from arclight.sandbox.runner.domain import Use
from arclight.sandbox.runner.engine import Start
from arclight.sandbox.runner.member import Member
from arclight.sandbox.runner.pool import Pool
from arclight.sandbox.runner.process import House, command, python, start_caged
from arclight.sandbox.runner.shared import SharedPlaces
from arclight.sandbox.runner.shared_ground import SharedGround
from arclight.sandbox.scratch import Scratch
from services.executor_spark.engine import SparkEngine, heap_of, spark_folder
from services.executor_spark.platforms.spark_home import (
    INSIDE,
    OOM_MARKER,
    client_environment,
    runtime_trees,
    server_environment,
)

CLIENTS = 2
"""Connected clients that wait: as many as two cores serve at a time, about 100 MiB each."""
OUTSIDE_HEAP = 768 * MIB
"""What the server's JVM may take beside its heap: code, stacks, Arrow buffers, the relay."""
CLEAN_PATIENCE = 5.0
"""Seconds for the janitor to answer. A server that takes longer is replaced."""


def shared_spark(house: House, limits: Limits, config: Settings) -> SharedPlaces:
    """The provider of places in the shared server."""
    ground = SharedGround(house)
    engine = SharedSpark(house, ground, limits, config)
    return SharedPlaces(engine, ground, limits, CLIENTS, lazy=config.lazy)


class SharedSpark:
    """The server, its clients and its janitor."""

    name = "Spark"

    def __init__(
        self, house: House, ground: SharedGround, limits: Limits, config: Settings
    ) -> None:
        self.use = Use(memory=heap_of(limits.memory) + OUTSIDE_HEAP)
        self._house = house
        self._ground = ground
        self._limits = limits
        self._engine = SparkEngine(config)
        self._token = secrets.token_urlsafe(24)
        self._socket = ground.sockets / "connect.sock"
        self._janitor = Pool("Spark janitor", 1, self._start_janitor, self._discard)
        self._cleaning = threading.Lock()

    @property
    def helpers(self) -> Sequence[Pool]:
        return (self._janitor,)

    def start(self) -> Member:
        made = self._engine.installed()
        root = self._ground.engine_slot()
        heap = heap_of(self._limits.memory)
        folder = spark_folder(root)
        wishes = Start(
            prepare=None,
            env=server_environment(made, folder, heap, self._limits.cores, self._token),
            runtime=runtime_trees(made),
            writable=(self._ground.slots, self._ground.sockets),
        )
        argv = python(INSIDE / "connect_server.py", str(self._socket))
        return self._member(root, wishes, argv, engine=True)

    def join(self, engine: Member) -> Member:
        wishes = self._client("connect_client.py")
        return self._member(self._ground.slot(), wishes, command(wishes))

    def clean(self, member: Member, *, alone: bool) -> bool:
        """By the janitor, whose session has the same rights as any other."""
        janitor = self._janitor.look()
        if janitor is None:
            return False
        done = threading.Event()
        session, user = member.facts.get("session"), member.facts.get("user")
        with self._cleaning:
            answers: list[str] = []

            def hear(said: Mapping[str, Any]) -> None:
                answers.extend(said)
                done.set()

            janitor.on_message = hear
            order = {"session": session, "user": user, "alone": alone}
            told = janitor.say({"clean": order}) and done.wait(CLEAN_PATIENCE)
            return told and "cleaned" in answers

    def why_lost(self, engine: Member) -> str:
        """Whether its heap ran out: nothing else leaves a mark."""
        if (spark_folder(engine.folder) / OOM_MARKER).is_file():
            return "the shared Spark ran out of Java heap"
        return ""

    def rest(self, engine: Member) -> None:
        """A full collection gives about 200 MiB back to the machine."""
        engine.say({"collect": 1})

    def _start_janitor(self) -> Member:
        wishes = self._client("connect_janitor.py")
        argv = python(INSIDE / "connect_janitor.py")
        return self._member(self._ground.slot(), wishes, argv)

    def _client(self, script: str) -> Start:
        made = self._engine.installed()
        return Start(
            prepare=INSIDE / script,
            env=client_environment(made, self._socket, self._token),
            runtime=runtime_trees(made),
            writable=(self._ground.sockets,),
        )

    def _member(
        self, root: Path, wishes: Start, argv: Sequence[str], *, engine: bool = False
    ) -> Member:
        own = self._house.inputs(Scratch(root, -1).granted)
        binds = self._ground.binds() if engine else own
        uid = self._ground.uid
        # A relative path means a folder of the server there: one that nobody can write to, so that
        # no program finds what another one left.
        cwd = Path("/") if engine else None
        caged = start_caged(self._house, root, uid, self._limits, wishes, argv, binds, cwd=cwd)
        return Member(root, caged)

    def _discard(self, member: Member) -> None:
        member.end()
        self._ground.discard(member.folder)
