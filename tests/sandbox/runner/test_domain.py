"""A shared engine is kept alive, and replaced when it is dead, old, large or dirty."""

from arclight.sandbox.runner.domain import LOOK_EVERY, START_LIMIT, Domain, Use
from tests.sandbox.runner.fakes import Clock, Maker

USE = Use(programs=3, age=500.0, memory=100)


def domain_of(maker: Maker, clock: Clock, *, lazy: bool = False) -> Domain:
    return Domain("it", maker.make, maker.discard, USE, lazy=lazy, clock=clock)


def ready_one(maker: Maker, clock: Clock) -> Domain:
    domain = domain_of(maker, clock)
    domain.tick()
    maker.made[-1].ready.set()
    domain.tick()
    return domain


def test_it_starts_and_serves() -> None:
    maker, clock = Maker(), Clock()
    domain = domain_of(maker, clock)
    domain.tick()
    assert (domain.enter(), domain.state) == (None, "starting")

    maker.made[0].ready.set()
    life = domain.enter()

    assert life is not None
    assert domain.state == "ready, 1 running, 1 served"


def test_a_lazy_one_starts_when_somebody_comes() -> None:
    maker, clock = Maker(), Clock()
    domain = domain_of(maker, clock, lazy=True)
    domain.tick()
    assert (maker.made, domain.state) == ([], "not started")

    assert domain.enter() is None
    domain.tick()

    assert len(maker.made) == 1


def test_its_death_is_told_to_all_that_run_in_it() -> None:
    maker, clock = Maker(), Clock()
    domain = ready_one(maker, clock)
    life = domain.enter()
    assert life is not None

    maker.made[0].die()
    domain.tick()

    assert life.over.is_set()
    assert life.why == "it ended by itself: its last words"
    assert domain.enter() is None
    domain.tick()
    assert len(maker.made) == 1, "not at once"
    clock.now += 1.1
    domain.tick()
    assert len(maker.made) == 2


def test_one_that_never_gets_ready_is_given_up() -> None:
    maker, clock = Maker(), Clock()
    domain = domain_of(maker, clock)
    domain.tick()
    clock.now += START_LIMIT + 1
    domain.tick()

    assert maker.discarded == maker.made


def test_it_is_replaced_between_programs_and_not_under_one() -> None:
    maker, clock = Maker(), Clock()
    domain = ready_one(maker, clock)
    lives = [domain.enter() for _ in range(3)]
    domain.tick()
    assert maker.discarded == []

    for life in lives:
        assert life is not None
        domain.leave(life)
    domain.tick()

    assert maker.discarded == [maker.made[0]]
    domain.tick()
    assert len(maker.made) == 2, "and the next one starts at once"


def test_age_counts_too() -> None:
    maker, clock = Maker(), Clock()
    domain = ready_one(maker, clock)
    clock.now += 501
    domain.tick()
    assert maker.discarded == [maker.made[0]]


def test_one_that_grew_too_large_ends_at_once() -> None:
    maker, clock = Maker(), Clock()
    domain = ready_one(maker, clock)
    life = domain.enter()
    assert life is not None
    maker.made[0].bytes = 101
    clock.now += LOOK_EVERY
    domain.tick()

    assert life.over.is_set()
    assert "MiB" in life.why


def test_a_dirty_one_takes_nobody_in_and_goes_when_it_is_empty() -> None:
    maker, clock = Maker(), Clock()
    domain = ready_one(maker, clock)
    first, second = domain.enter(), domain.enter()
    assert first is not None
    assert second is not None
    domain.leave(first, "something was left")

    assert domain.enter() is None
    domain.tick()
    assert maker.discarded == []
    domain.leave(second)
    domain.tick()
    assert maker.discarded == [maker.made[0]]
