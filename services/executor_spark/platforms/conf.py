"""All Spark configuration, per way of running, each line with its reason.

`classic` is Spark inside the program's own process tree, `server` the shared Spark Connect server.
"""

import json
from collections.abc import Mapping
from pathlib import Path

MIB = 1024**2


def classic(folder: Path, cores: int) -> dict[str, str]:
    """Properties of one program's own Spark; `folder` is private to it."""
    return {
        **_common(cores),
        **_folders(folder),
    }


def server(folder: Path, cores: int) -> dict[str, str]:
    """Properties of the shared server. Its port and address come on its command line."""
    return {
        **_common(cores),
        **_folders(folder),
        # Programs with Python code are not sent here. One that comes all the same meets a
        # "Python" that refuses, instead of running as a child of the server.
        "spark.pyspark.python": REFUSER,
        "spark.pyspark.driver.python": REFUSER,
        # Without it "SELECT … FROM csv.`/path`" reads whatever the server's cage shows.
        "spark.sql.runSQLOnFiles": "false",
        # A small query of one job does not wait behind all tasks of a large one of another.
        "spark.scheduler.mode": "FAIR",
        # A session whose client died without a word; the janitor releases the others at once.
        "spark.connect.session.manager.defaultSessionTimeout": "15m",
        "spark.connect.execute.manager.detachedTimeout": "1m",
        # Errors carry condition, parameters and query context (that is `enrichError`), but no Java
        # stack: it helps no repair and shows the inside of the server.
        "spark.sql.connect.enrichError.enabled": "true",
        "spark.sql.connect.serverStacktrace.enabled": "false",
        "spark.connect.jvmStacktrace.maxSize": "0",
        # The answer to "how far is it": four times a second, as often as anybody is told.
        "spark.connect.progress.reportInterval": "250ms",
        # What a long-lived server would otherwise keep of finished work.
        "spark.ui.retainedJobs": "20",
        "spark.ui.retainedStages": "20",
        "spark.ui.retainedTasks": "200",
        "spark.sql.ui.retainedExecutions": "5",
        "spark.sql.connect.ui.retainedStatements": "5",
        "spark.sql.connect.ui.retainedSessions": "5",
        "spark.connect.session.manager.closedSessionsTombstonesSize": "100",
        "spark.connect.execute.manager.abandonedTombstonesSize": "100",
        # Shuffles of finished jobs go when the heap is collected; at least this often.
        "spark.cleaner.periodicGC.interval": "10min",
    }


REFUSER = "/bin/false"
"""What the server takes for Python: a program that ends at once, with an error."""


def _common(cores: int) -> dict[str, str]:
    return {
        "spark.master": f"local[{cores}]",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        # Two cores: the default of 200 tasks costs a small shuffle seconds.
        "spark.sql.shuffle.partitions": "4",
        # Nobody looks at it, and it is a port and 100 MiB.
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        # Refuses reflection and shell transforms in SQL, and cannot be changed by the program.
        "spark.sql.restrictedMode.enabled": "true",
        "spark.sql.reflect.allowList": "",
        # Artifacts of a session go into folders of the session instead of all into one.
        "spark.sql.artifact.isolation.enabled": "true",
    }


def _folders(folder: Path) -> dict[str, str]:
    # Spill and shuffle files go where SPARK_LOCAL_DIRS says.
    return {"spark.sql.warehouse.dir": str(folder / "warehouse")}


def lines(properties: Mapping[str, str]) -> str:
    """As a Java properties file, which takes `\\`, line ends and leading blanks literally only
    when they are escaped."""
    return "".join(f"{name}={json.dumps(value)[1:-1]}\n" for name, value in properties.items())


LOG4J = """\
rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %p %c{1}: %maxLen{%m}{1000}%n%ex{4}

# Said on every machine without Hadoop's native library, and of no use to anybody.
logger.native.name = org.apache.hadoop.util.NativeCodeLoader
logger.native.level = error

# Repeats each failing task with its stack; the program's own error says it once.
logger.tasks.name = org.apache.spark.scheduler.TaskSetManager
logger.tasks.level = off
logger.executor.name = org.apache.spark.executor.Executor
logger.executor.level = off
logger.utils.name = org.apache.spark.util.Utils
logger.utils.level = error
logger.writer.name = org.apache.spark.sql.execution.datasources
logger.writer.level = off

# Said to every program that finds its session ready.
logger.session.name = org.apache.spark.sql.classic.SparkSession
logger.session.level = error

# Each error of each client with its stack; the client's own error says it.
logger.connect.name = org.apache.spark.sql.connect
logger.connect.level = off
"""
