"""The run that the class archive is recorded from: one JVM that does what classic programs and the
Spark Connect server do. Runs our own code only, outside any cage.

`python -P -s train.py` with the environment of a classic run, the port that the Spark Connect
plugin is to take in TRAIN_PORT, and the token; `train.py client` is its client.
"""

import ctypes
import importlib.util
import os
import signal
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

_PDEATHSIG = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def main() -> None:
    if sys.platform == "linux":
        # Whoever wanted the archive is gone: so is this, and the JVM with it.
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    from pyspark.sql import SparkSession

    client = sys.argv[1:] == ["client"]
    spark: Any = SparkSession.builder.appName("archive").getOrCreate()
    _warm().train(spark)
    if client:
        spark.stop()
        return
    _python_function(spark)
    environment = {**os.environ, "SPARK_REMOTE": f"sc://localhost:{os.environ['TRAIN_PORT']}"}
    subprocess.run([sys.executable, "-P", "-s", __file__, "client"], env=environment, check=True)
    java = spark.sparkContext._gateway.proc
    spark.stop()
    # The JVM writes the archive when it ends, which it does when its input ends.
    java.stdin.close()
    java.wait()


def _python_function(spark: Any) -> None:
    from pyspark.sql import functions as F

    spark.range(3).select(F.udf(lambda n: n + 1, "long")("id")).collect()


def _warm() -> types.ModuleType:
    path = Path(__file__).with_name("warm.py")
    spec = importlib.util.spec_from_file_location("_arclight_warm", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
