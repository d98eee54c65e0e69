"""One warm Ray for all programs of a trust domain, in one cage with all of them.

Ray runs its clients' code in its own workers by design, and its drivers must share its network, so
here the programs are not apart from each other: they are apart from everything else.
"""

from collections.abc import Sequence

from arclight.runtime.settings import Settings
from arclight.sandbox.limits import MIB, Limits
from arclight.sandbox.runner.domain import Use
from arclight.sandbox.runner.hosted import Guest, Host
from arclight.sandbox.runner.member import Member
from arclight.sandbox.runner.pool import Pool
from arclight.sandbox.runner.process import House, command, python, start_caged
from arclight.sandbox.runner.shared import SharedPlaces
from arclight.sandbox.runner.shared_ground import SharedGround
from arclight.sandbox.scratch import Scratch
from services.executor_ray.engine import HOST, RayEngine

DRIVERS = 2
"""Connected drivers that wait: as many as two cores serve at a time, about 100 MiB each."""
RAY_ITSELF = 1024 * MIB
"""What an idle Ray and its drivers may take beside the programs' memory."""
CLEAN_PATIENCE = 10.0
"""Seconds for the host to clear what a program left. A Ray that takes longer is replaced."""


def shared_ray(house: House, limits: Limits, config: Settings) -> SharedPlaces:
    """The provider of places beside the shared Ray."""
    ground = SharedGround(house)
    return SharedPlaces(
        SharedRay(house, ground, limits, config), ground, limits, DRIVERS, lazy=config.lazy
    )


class SharedRay:
    """Ray, its host process, and the drivers that it starts."""

    name = "Ray"
    helpers: Sequence[Pool] = ()

    def __init__(
        self, house: House, ground: SharedGround, limits: Limits, config: Settings
    ) -> None:
        self.use = Use(memory=limits.memory + RAY_ITSELF)
        self._house = house
        self._ground = ground
        self._limits = limits
        self._engine = RayEngine(config)

    def start(self) -> Member:
        root = self._ground.engine_slot()
        wishes = self._engine.host(
            Scratch(root, -1),
            self._limits,
            private_tmp=self._house.spaces,
            slots=self._ground.slots,
        )
        uid, binds = self._ground.uid, self._ground.binds()
        caged = start_caged(
            self._house, root, uid, self._limits, wishes, python(HOST), binds, pid1=True
        )
        return Host(root, caged)

    def join(self, engine: Member) -> Member:
        assert isinstance(engine, Host)
        root = self._ground.slot()
        folder = Scratch(root, -1)
        wishes = self._engine.driver(folder, self._limits, engine.facts)
        env = {**self._house.environment(folder, self._limits), **wishes.env}
        return engine.spawn(root, command(wishes), env, folder.work)

    def clean(self, member: Member, *, alone: bool) -> bool:
        """The host does so whenever a driver ends; here it is waited for."""
        assert isinstance(member.held, Guest)
        return member.held.cleaned.wait(CLEAN_PATIENCE) and member.held.clear

    def why_lost(self, engine: Member) -> str:
        return engine.broken if isinstance(engine, Host) else ""

    def rest(self, engine: Member) -> None:
        """It ends idle workers by itself."""
