"""The clock that stores and consumers take."""

from collections.abc import Callable

Clock = Callable[[], float]
"""Unix time in seconds."""
