"""What is cleared of Ray's key store after a program, and what is told of."""

from hypothesis import given
from hypothesis import strategies as st

from services.executor_ray.inside.keys import clear

OWN = frozenset({b"session_name", b"gcs_pid"})
LIVE, ENDED = "0a000000", "03000000"


class Store:
    """Ray's, as it behaves: a list without a name space shows the names of all of them."""

    def __init__(self, *keys: tuple[bytes, bytes | None]) -> None:
        self.keys = {*keys, *((key, None) for key in OWN)}

    def internal_kv_keys(self, prefix: bytes, namespace: bytes | None) -> list[bytes]:
        return [k for k, space in self.keys if k.startswith(prefix) and namespace in (None, space)]

    def internal_kv_del(self, key: bytes, del_by_prefix: bool, namespace: bytes | None) -> int:
        assert not del_by_prefix
        self.keys.discard((key, namespace))
        return 1


def ended(job: str) -> bool:
    return job == ENDED


def test_a_program_s_keys_go() -> None:
    store = Store((b"mine", None))

    assert clear(store, OWN, ended) == 0
    assert store.keys == {(key, None) for key in OWN}


def test_functions_go_with_their_job_and_stay_with_a_live_one() -> None:
    over = (f"RemoteFunction:{ENDED}:\0\n".encode(), b"fun")
    live = (f"ActorClass:{LIVE}:x".encode(), b"fun")
    store = Store(over, live)

    assert clear(store, OWN, ended) == 0
    assert live in store.keys
    assert over not in store.keys


def test_what_ray_counts_stays() -> None:
    counted = (b"library_usage_dataset", b"usage_stats")
    store = Store(counted)

    assert clear(store, OWN, ended) == 0
    assert counted in store.keys


def test_a_key_in_a_space_of_its_own_is_told_of() -> None:
    store = Store((b"hidden", b"mine"), (f"RemoteFunction:{ENDED}:x".encode(), b"mine"))

    assert clear(store, OWN, ended) == 2


@given(st.sets(st.tuples(st.binary(max_size=40), st.sampled_from([None, b"fun", b"mine"]))))
def test_ray_s_own_keys_always_stay(keys: set[tuple[bytes, bytes | None]]) -> None:
    store = Store(*keys)

    left = clear(store, OWN, ended)

    assert {(key, None) for key in OWN} <= store.keys
    assert left <= len(keys)
