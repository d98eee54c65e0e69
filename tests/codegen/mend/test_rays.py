"""Ray's own slips."""

import pytest

from arclight.contracts.failure import Failure, FailureKind
from arclight.contracts.names import Framework
from tests.codegen.mend.mending import RAY, Mended, cured, mended, program, refused, said

REMOTE = """
import ray

ray.init()

@ray.remote
def square(n):
    return n * n

"""


def judged(text: str) -> str:
    """The program after the validator's word, which then has none left."""
    found, after = refused(text, framework=Framework.RAY)
    assert found is not None
    assert not [f for f in after if f.severity == "error"], after
    return found.program


@pytest.mark.parametrize(
    ("line", "new"),
    [
        ("print(square(3))", "print(ray.get(square.remote(3)))"),
        ("print(ray.get([square(n) for n in x]))", "print(ray.get([square.remote(n) for n in x]))"),
    ],
)
def test_a_remote_function_is_called_as_one(line: str, new: str) -> None:
    text = program(f"x = [1]\n{line}\n", REMOTE)

    assert judged(text) == program(f"x = [1]\n{new}\n", REMOTE)


def test_ray_says_the_same_at_the_run() -> None:
    text = program("x = list(map(str, [square(2)]))\n", REMOTE)
    message = (
        "TypeError: Remote functions cannot be called directly. Instead of running "
        "'__main__.square()', try '__main__.square.remote()'."
    )

    lines = cured(text, said("TYPE_ERROR", message, 10), framework=Framework.RAY)

    assert lines == "x = list(map(str, [ray.get(square.remote(2))]))"


def test_an_actor_is_made_remotely_and_not_fetched() -> None:
    text = program(
        """
        @ray.remote
        class Counter:
            def add(self):
                return 1

        counter = Counter()
        print(ray.get(counter.add.remote()))
        """,
        RAY,
    )

    assert "counter = Counter.remote()\n" in judged(text)


def test_a_plain_function_becomes_remote() -> None:
    text = program(
        """
        # squares
        def square(n):
            return n * n

        print(ray.get(square.remote(3)))
        """,
        RAY,
    )

    assert judged(text) == text.replace("def square", "@ray.remote\ndef square")
    message = "AttributeError: 'function' object has no attribute 'remote'"
    assert cured(text, said("ATTRIBUTE_ERROR", message, 8), framework=Framework.RAY) == (
        "@ray.remote"
    )


def test_ray_is_imported() -> None:
    text = "def f():\n    return 1\n\nray.init()\nprint(f())\n"

    assert judged(text).startswith("import ray\n")


def test_ray_starts_once() -> None:
    text = program("ray.init()\nprint(ray.get(ray.put(1)))\n", RAY)

    assert judged(text) == program("print(ray.get(ray.put(1)))\n", RAY)


@pytest.mark.parametrize(
    ("call", "new"),
    [
        ('ray.init("ray://10.0.0.1:10001")', "ray.init()"),
        ('ray.init(address="10.0.0.1:6379", num_cpus=2)', "ray.init(num_cpus=2)"),
        ('ray.init(num_cpus=2, address="10.0.0.1:6379")', "ray.init(num_cpus=2)"),
    ],
)
def test_the_cluster_is_left_to_the_platform(call: str, new: str) -> None:
    text = f"import ray\n\n{call}\nprint(1)\n"
    failure = said("CONNECTION_ERROR", "ConnectionError: Could not find any running Ray", 3)

    assert cured(text, failure, framework=Framework.RAY) == new


@pytest.mark.parametrize(
    ("lines", "message", "new"),
    [
        (
            "x = square.remote(2)\ny = x + 1\n",
            "TypeError: unsupported operand type(s) for +: 'ray._raylet.ObjectRef' and 'int'",
            "x = ray.get(square.remote(2))",
        ),
        (
            "x = [square.remote(n) for n in range(3)]\ny = sum(x)\n",
            "TypeError: unsupported operand type(s) for +: 'int' and 'ray._raylet.ObjectRef'",
            "x = ray.get([square.remote(n) for n in range(3)])",
        ),
        (
            "x = 1\ny = 1 + square.remote(2)\n",
            "TypeError: unsupported operand type(s) for +: 'int' and 'ray._raylet.ObjectRef'",
            "y = 1 + ray.get(square.remote(2))",
        ),
    ],
)
def test_a_value_is_fetched_before_it_is_used(lines: str, message: str, new: str) -> None:
    text = program(lines, REMOTE)

    assert cured(text, said("TYPE_ERROR", message, 10), framework=Framework.RAY) == new


def died(text: str) -> Mended | None:
    failure = Failure(kind=FailureKind.RESOURCE, code="WORKER_DIED", message="died", hint="h")
    return mended(text, failure, framework=Framework.RAY)


@pytest.mark.parametrize(
    ("call", "new"),
    [
        ("d.map_batches(f, batch_size=1000)", "d.map_batches(f, batch_size=250)"),
        ("d.map_batches(f, batch_size=None)", "d.map_batches(f, batch_size=256)"),
        ("d.map_batches(f)", "d.map_batches(f, batch_size=256)"),
    ],
)
def test_batches_are_smaller_where_the_memory_was_not_enough(call: str, new: str) -> None:
    found = died(program(f"{call}\n", RAY))

    assert found is not None
    assert found.program == program(f"{new}\n", RAY)
    assert died(program("print(1)\n", RAY)) is None
