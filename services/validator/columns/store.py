"""Variables that remember what they were, so that several ways can be tried one after another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from services.validator.columns.join import joined
from services.validator.columns.values import UNKNOWN, Box, Env, Value

Where = dict[Any, Any]
_Place = tuple[int, object]
_Change = tuple[Where, object, Value | None, Value | None]
"""Where, which name, what was there, what is there now; None: nothing."""

_Changes = dict[_Place, _Change]

Way = Callable[[], bool]
"""Runs one way; False when it never comes to its end."""


class Store:
    """All changes of variables and boxes go through here."""

    def __init__(self) -> None:
        self._trail: list[tuple[Where, object, Value | None]] = []
        self._depth = 0
        self._scopes: list[tuple[str, int, list[_Changes]]] = []

    def put(self, where: Where, name: object, value: Value) -> None:
        if self._depth:
            self._trail.append((where, name, where.get(name)))
        where[name] = value

    def remove(self, where: Where, name: object) -> None:
        if name in where:
            if self._depth:
                self._trail.append((where, name, where[name]))
            del where[name]

    def fill(self, held: Box, value: Value) -> None:
        self.put(held.slot, "it", value)

    def bind(self, env: Env, name: str, value: Value) -> None:
        """Assign a variable; one that another function shares keeps what it was as well."""
        if name not in env.shared:
            self.put(env.names, name, value)
            return
        owner = env.outer
        while owner is not None and name not in owner.names and owner.outer is not None:
            owner = owner.outer
        if owner is not None:
            before = owner.names.get(name)
            self.put(owner.names, name, value if before is None else joined(before, value))

    def split(self, *ways: Way) -> bool:
        """Try every way from the same start; afterwards holds what holds on each that ends."""
        ends = [(changes, falls) for changes, falls in (self._try(w) for w in ways)]
        arrived = [changes for changes, falls in ends if falls]
        self._merge(arrived)
        return bool(arrived)

    def scope(self, kind: str, way: Way) -> bool:
        """Run one way with early ends: what holds at each `leave(kind)` holds afterwards too."""
        early: list[_Changes] = []
        self._scopes.append((kind, len(self._trail), early))
        try:
            changes, falls = self._try(way)
        finally:
            self._scopes.pop()
        arrived = [changes, *early] if falls else early
        self._merge(arrived)
        return bool(arrived)

    def leave(self, kind: str) -> None:
        """The way ends here, at the end of the innermost scope of this kind."""
        for found, mark, early in reversed(self._scopes):
            if found == kind:
                early.append(self._since(mark))
                return

    def _merge(self, arrived: list[_Changes]) -> None:
        touched = {place: change for changes in arrived for place, change in changes.items()}
        for place, (where, name, before, _) in touched.items():
            values = [c[place][3] if place in c else before for c in arrived]
            known = [v for v in values if v is not None]
            if not known:
                self.remove(where, name)
                continue
            found = known[0]
            for value in known[1:]:
                found = joined(found, value)
            self.put(where, name, found)

    def _try(self, way: Way) -> tuple[_Changes, bool]:
        with self.undone() as changes:
            falls = way()
        return changes, falls

    @contextmanager
    def undone(self) -> Iterator[_Changes]:
        """Takes back what happens inside, and tells afterwards what it was."""
        changes: _Changes = {}
        mark = len(self._trail)
        self._depth += 1
        try:
            yield changes
        finally:
            self._depth -= 1
            self._take_back(mark, changes)

    def _since(self, mark: int) -> _Changes:
        changes: _Changes = {}
        for where, name, before in reversed(self._trail[mark:]):
            place = (id(where), name)
            now = changes[place][3] if place in changes else where.get(name)
            changes[place] = (where, name, before, now)
        return changes

    def _take_back(self, mark: int, changes: _Changes) -> None:
        changes.update(self._since(mark))
        for where, name, before, _ in changes.values():
            if before is None:
                where.pop(name, None)
            else:
                where[name] = before
        del self._trail[mark:]

    def settle(self, once: _Changes, twice: _Changes) -> None:
        """Assume of a loop what its turns leave as it is after the first, and nothing else."""
        for place, (where, name, before, now) in twice.items():
            if before is None:
                continue
            stable = place in once and now is not None and once[place][3] == now
            self.put(where, name, now if stable and now is not None else UNKNOWN)
