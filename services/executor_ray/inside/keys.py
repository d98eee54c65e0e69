"""What programs put into Ray's own key store, which outlives them.

The store has name spaces and no list of them; a list without a name space shows the keys of all of
them, but each can be removed only by who knows its space. So keys in the spaces that programs get
without asking are removed, and one that a program hid in a space of its own is told of: only the
end of this Ray removes it.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any, Protocol

_FUNCTIONS = b"fun"
_OF_A_JOB = re.compile(rb"[A-Za-z]+:([0-9a-f]{8}):", re.ASCII)
"""A function or class that Ray stores for the workers of a job, whose id follows its kind."""
_COUNTERS = re.compile(rb"(extra_usage_tag|library_usage|hardware_usage)_.*|__autoscal\w+")
"""What Ray writes down about itself as it goes along."""


class Store(Protocol):
    """Ray's GCS client, as far as it is used here."""

    def internal_kv_keys(self, prefix: bytes, namespace: bytes | None) -> list[bytes]: ...

    def internal_kv_del(self, key: bytes, del_by_prefix: bool, namespace: bytes | None) -> Any: ...


def all_keys(store: Store) -> set[bytes]:
    """Of all name spaces."""
    return set(store.internal_kv_keys(b"", None))


def clear(store: Store, own: Collection[bytes], ended: "Ended") -> int:
    """Remove what ended programs left; how many keys could not be removed.

    `own` are the keys that were there before any program.
    """
    for key in _foreign(all_keys(store), own, ended):
        space = _FUNCTIONS if _OF_A_JOB.match(key) else None
        store.internal_kv_del(key, False, space)
    return len(_foreign(all_keys(store), own, ended))


class Ended(Protocol):
    """Says of a job's id, as hexadecimal digits, whether that job is over."""

    def __call__(self, job: str) -> bool: ...


def _foreign(keys: Iterable[bytes], own: Collection[bytes], ended: Ended) -> list[bytes]:
    return [key for key in keys if key not in own and not _rays(key, ended)]


def _rays(key: bytes, ended: Ended) -> bool:
    if (of_a_job := _OF_A_JOB.match(key)) is not None:
        return not ended(of_a_job[1].decode())
    return _COUNTERS.fullmatch(key) is not None
