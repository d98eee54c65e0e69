"""The real engines of the executors' tests."""

from tests.executors.conftest import (
    artifacts,
    engines_config,
    engines_home,
    ray_runner,
    spark_runner,
)

__all__ = ["artifacts", "engines_config", "engines_home", "ray_runner", "spark_runner"]
