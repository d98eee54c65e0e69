"""After each program a shared engine is cleared; one that cannot be is not given to the next."""

from types import SimpleNamespace
from typing import Any

import pytest

from arclight.contracts.names import Isolation, Way
from arclight.sandbox.limits import Limits
from arclight.sandbox.runner.domain import Use
from arclight.sandbox.runner.protocol import Ask
from arclight.sandbox.runner.shared import SharedPlaces
from tests.sandbox.runner.fakes import Maker

ASK = Ask(run="job_x:1:1", isolation=Isolation.SHARED, reason="a test")


class FakeEngine:
    """A shared engine whose leftovers a test decides about."""

    name = "fake"
    use = Use()
    helpers = ()

    def __init__(self) -> None:
        self.engines = Maker()
        self.clients = Maker()
        self.cleanable = True
        self.joinable = True
        self.cleaned: list[tuple[Any, bool]] = []

    def start(self) -> Any:
        return self.engines.make()

    def join(self, engine: Any) -> Any:
        if not self.joinable:
            raise OSError("no room for another process")
        return self.clients.make()

    def clean(self, member: Any, *, alone: bool) -> bool:
        self.cleaned.append((member, alone))
        return self.cleanable

    def why_lost(self, engine: Any) -> str:
        return ""

    def rest(self, engine: Any) -> None: ...


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def places(engine: FakeEngine) -> SharedPlaces:
    ground: Any = SimpleNamespace(discard=lambda _: None)
    made = SharedPlaces(engine, ground, Limits(), 0, lazy=False)
    made.tick()
    engine.engines.made[0].ready.set()
    made.tick()
    return made


def test_each_program_is_cleared_away_and_whether_it_was_alone_is_told(
    engine: FakeEngine, places: SharedPlaces
) -> None:
    first, second = places.place(ASK), places.place(ASK)
    assert not isinstance(first, str)
    assert not isinstance(second, str)
    assert first.way is Way.SHARED

    first.close()
    first.close()
    second.close()

    assert engine.cleaned == [(engine.clients.made[0], False), (engine.clients.made[1], True)]
    assert all(client.ended for client in engine.clients.made)


def test_an_engine_that_cannot_be_cleared_takes_nobody_in(
    engine: FakeEngine, places: SharedPlaces
) -> None:
    place = places.place(ASK)
    assert not isinstance(place, str)
    engine.cleanable = False
    place.close()

    assert places.place(ASK) == "the shared engine was not ready"
    places.tick()
    assert engine.engines.made[0].ended


def test_other_limits_are_not_for_sharing(places: SharedPlaces) -> None:
    asked = ASK.model_copy(update={"limits": Limits(memory=1)})

    assert places.place(asked) == "it asked for 1 bytes"


def test_a_client_that_cannot_start_leaves_no_trace(
    engine: FakeEngine, places: SharedPlaces
) -> None:
    engine.joinable = False

    assert places.place(ASK) == "no client could be started: no room for another process"
    life = places.domain.ready
    assert life is not None
    assert life.running == 0
