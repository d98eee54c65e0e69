"""A pool is full when nothing is asked, and gives each of its processes out once."""

from hypothesis import given
from hypothesis import strategies as st

from arclight.sandbox.runner.pool import PAUSE, Pool
from tests.sandbox.runner.fakes import Clock, Maker


def pool_of(size: int, maker: Maker, clock: Clock) -> Pool:
    return Pool("test", size, maker.make, maker.discard, most_age=100.0, clock=clock)


def test_one_starts_after_another_until_it_is_full() -> None:
    maker, clock = Maker(), Clock()
    pool = pool_of(2, maker, clock)
    pool.tick()
    pool.tick()
    assert (len(maker.made), pool.state, pool.full) == (1, "0 ready, 1 starting", False)

    maker.made[0].ready.set()
    pool.tick()
    maker.made[1].ready.set()
    pool.tick()

    assert (len(maker.made), pool.state, pool.full) == (2, "2 ready, 0 starting", True)


def test_the_ready_one_goes_first_and_one_on_its_way_is_better_than_none() -> None:
    maker, clock = Maker(), Clock()
    pool = pool_of(2, maker, clock)
    pool.tick()
    first = maker.made[0]
    first.ready.set()
    pool.tick()

    assert pool.take() is first
    assert pool.take() is maker.made[1]
    assert not maker.made[1].ready.is_set()
    assert pool.take() is None


def test_one_that_dies_is_replaced_after_a_pause_that_grows() -> None:
    maker, clock = Maker(), Clock()
    pool = pool_of(1, maker, clock)
    for pause in PAUSE[:3]:
        pool.tick()
        made = len(maker.made)
        maker.made[-1].die()
        pool.tick()
        clock.now += pause - 0.1
        pool.tick()
        assert len(maker.made) == made, "it waits"
        clock.now += 0.2
    assert maker.discarded == maker.made
    assert pool.last_words == "its last words"


def test_the_old_are_replaced() -> None:
    maker, clock = Maker(), Clock()
    pool = pool_of(1, maker, clock)
    pool.tick()
    maker.made[0].ready.set()
    clock.now += 101
    pool.tick()

    assert maker.discarded == [maker.made[0]]
    assert len(maker.made) == 2


def test_nothing_starts_while_a_program_needs_the_cores() -> None:
    maker, clock = Maker(), Clock()
    pool = pool_of(1, maker, clock)
    pool.tick(make=False)
    assert maker.made == []


@given(st.lists(st.sampled_from(["tick", "ready", "die", "take", "later", "empty"]), max_size=60))
def test_whatever_happens_nobody_is_given_out_twice_or_forgotten(steps: list[str]) -> None:
    maker, clock = Maker(), Clock()
    pool = pool_of(2, maker, clock)
    taken = []
    for step in steps:
        waiting = [m for m in maker.made if m not in taken and m not in maker.discarded]
        match step:
            case "tick":
                pool.tick()
            case "ready" if waiting:
                waiting[0].ready.set()
            case "die" if waiting:
                waiting[-1].die()
            case "take":
                if (member := pool.take()) is not None:
                    assert member not in taken
                    assert member not in maker.discarded
                    taken.append(member)
            case "later":
                clock.now += 40
            case "empty":
                pool.empty()
    pool.empty()
    assert len(taken) + len(maker.discarded) == len(maker.made)
