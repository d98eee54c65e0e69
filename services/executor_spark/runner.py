"""`python -m services.executor_spark.runner`: the process that holds Spark's programs."""

from arclight.runtime.settings import settings
from arclight.sandbox.runner.main import serve
from services.executor_spark.engine import SparkEngine
from services.executor_spark.shared import shared_spark

if __name__ == "__main__":
    config = settings()
    engine = SparkEngine(config)
    serve(
        engine,
        lambda house, limits: shared_spark(house, limits, config),
        one_shots=1,
        config=config,
        when_idle=engine.improve,
    )
