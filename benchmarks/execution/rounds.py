"""Sides that take turns, and what is read off their rounds."""

import os
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence

Side = Callable[[], float]
"""Runs one side once; the seconds that count."""
QUIET = 1.5
"""Load per core, over one minute, above which a machine is too busy for figures to publish."""


class Loads:
    """The machine's load per core before each round: what the figures are to be trusted by."""

    def __init__(self, read: Callable[[], float] | None = None) -> None:
        self._read = read or load_per_core
        self.seen: list[float] = []

    def note(self, what: str) -> None:
        """Take down the load now, and print it."""
        self.seen.append(self._read())
        print(f"{what}: load per core {self.seen[-1]:.2f}", flush=True)


def load_per_core() -> float:
    """Processes that want to run, over the last minute, per core."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def interleaved(
    sides: Mapping[str, Side], rounds: int, before: Callable[[int], None]
) -> dict[str, list[float]]:
    """Seconds of each side, a value per round. `before` is called with the number of each round.

    Each round begins with another side, so that none always follows the same one.
    """
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds):
        before(number)
        for name in _turned(list(sides), number):
            taken[name].append(sides[name]())
            print(f"  {name}: {taken[name][-1]:.2f} s", flush=True)
    return taken


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def ratio(own: Sequence[float], peer: Sequence[float]) -> float:
    """Median of the rounds' own ratios: what disturbs a whole round cancels out."""
    return median([a / b for a, b in zip(own, peer, strict=True)])


def _turned(names: list[str], by: int) -> Iterator[str]:
    yield from (names[(n + by) % len(names)] for n in range(len(names)))
