"""`python -m services.executor_ray.runner`: the process that holds Ray's programs."""

from arclight.runtime.settings import settings
from arclight.sandbox.runner.main import serve
from services.executor_ray.engine import RayEngine
from services.executor_ray.shared import shared_ray

if __name__ == "__main__":
    config = settings()
    serve(
        RayEngine(config),
        lambda house, limits: shared_ray(house, limits, config),
        one_shots=0,
        config=config,
        uids=500,
    )
