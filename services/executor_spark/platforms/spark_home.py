"""A private SPARK_HOME for one run: pip's jars, a chosen Java, and our configuration.

Spark's own launcher starts a second JVM to build a command line, asks for a module that the
packaged Java does not have, and lets the program choose the heap. The `spark-submit` written here
execs Java directly instead.
"""

import os
import shlex
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from services.executor_spark.platforms.java import Java, find_java

MIB = 1024**2

OOM_MARKER = "java-out-of-memory"
"""File in the folder that appears when the Java heap was too small."""


def prepare(
    folder: Path, *, heap: int = 1024 * MIB, cores: int = 2, java: Java | None = None
) -> dict[str, str]:
    """Make the folder; returns the environment with which `pyspark` uses it.

    `heap` is the Java heap in bytes, `cores` the number of local task threads. Raises JavaNotFound.
    """
    java = java or find_java()
    folder = folder.absolute()
    made = {name: folder / name for name in ("bin", "conf", "local", "warehouse", "tmp")}
    for path in made.values():
        path.mkdir(parents=True, exist_ok=True)
    packaged = _packaged()
    for name in ("jars", "python"):
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(packaged / name)
    script = made["bin"] / "spark-submit"
    script.write_text(_launcher(java, folder, heap))
    script.chmod(0o755)
    (made["conf"] / "spark-defaults.conf").write_text(_lines(_defaults(folder, cores)))
    (made["conf"] / "log4j2.properties").write_text(_LOG4J)
    return {
        "JAVA_HOME": str(java.home),
        "SPARK_HOME": str(folder),
        "SPARK_CONF_DIR": str(made["conf"]),
        "SPARK_LOCAL_DIRS": str(made["local"]),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "localhost",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
    }


def _packaged() -> Path:
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pyspark is missing. Run: pip install 'arclight[spark]'")
    return Path(found.origin).parent


def _launcher(java: Java, folder: Path, heap: int) -> str:
    """A shell script that becomes the JVM; the program's arguments follow as they are."""
    megabytes = heap // MIB
    command = [
        str(java.binary),
        "-cp",
        os.pathsep.join((f"{folder}/conf/", f"{folder}/jars/*")),
        f"-Xmx{megabytes}m",
        *java.options(),
        # A JVM whose heap ran out limps on and reports something unrelated: end it, and say why.
        f"-XX:OnOutOfMemoryError=touch {folder / OOM_MARKER}",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:ErrorFile=/dev/null",
        f"-Djava.io.tmpdir={folder}/tmp",
        f"-Dderby.system.home={folder}/tmp",
        "-Dderby.stream.error.file=/dev/null",
        "org.apache.spark.deploy.SparkSubmit",
    ]
    return f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n'


def _defaults(folder: Path, cores: int) -> Mapping[str, str]:
    return {
        "spark.master": f"local[{cores}]",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        # Two cores: the default of 200 tasks costs a small shuffle seconds.
        "spark.sql.shuffle.partitions": "4",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        # Refuses reflection and shell transforms in SQL, and cannot be changed by the program.
        "spark.sql.restrictedMode.enabled": "true",
        "spark.sql.reflect.allowList": "",
    }


def _lines(properties: Mapping[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in properties.items())


_LOG4J = """\
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
"""
