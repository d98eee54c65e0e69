"""Which programs get a Ray of their own, by their text."""

import pytest

from services.executor_ray.platforms.needs import own_cage, own_ray

SHARED = (
    "import ray\nray.init()\n",
    "import ray\nray.init(num_cpus=4, ignore_reinit_error=True, namespace='a')\n",
    "import ray\nray.init(num_gpus=0, resources=None)\n",
    "import ray.data\n",
    "def broken(:",
)


@pytest.mark.parametrize("program", SHARED)
def test_an_ordinary_program_may_share(program: str) -> None:
    assert own_ray(program) is None
    assert own_cage(program) is None


@pytest.mark.parametrize(
    ("program", "word"),
    [
        ("import ray\nray.init(resources={'disk': 1})\n", "resources"),
        ("from ray import init\ninit(num_gpus=1)\n", "graphics"),
        ("import ray\nray.init(**options)\n", "when it runs"),
    ],
)
def test_what_shapes_the_ray_itself_needs_one(program: str, word: str) -> None:
    assert word in (own_ray(program) or "")
    assert word in (own_cage(program) or "")


def test_services_that_stay_do_not_share() -> None:
    assert own_ray("from ray import serve\n") is None
    assert "ray.serve" in (own_cage("from ray import serve\n") or "")
