"""SPARK_HOME of the installation, and what one run needs beside it.

Spark's own launcher starts a second JVM to build a command line, asks for a module that the
packaged Java does not have, and lets the program choose the heap. The `spark-submit` written here
execs Java directly instead, with the class archive of the installation.

    <home>/spark/<fingerprint>/         made once, read-only for every run
        home/bin/spark-submit  home/jars → pyspark's  home/python → pyspark's
        java.options                    class path and flags
        classes.aot | classes.jsa       the archive, when it is there (see archive.py)
    <folder of a run>/conf  local  warehouse  tmp
"""

import hashlib
import os
import shlex
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from services.executor_spark.platforms import conf
from services.executor_spark.platforms.java import Java, find_java

MIB = 1024**2

OOM_MARKER = "java-out-of-memory"
"""File in the folder of a run that appears when the Java heap was too small."""

INSIDE = Path(__file__).resolve().parent.parent / "inside"
"""Our code that runs in cages."""

LAYOUT = 1
"""Raised when the files of an installation change, so that an older one is not taken for it."""


@dataclass(frozen=True)
class Installation:
    """One Java with one Spark, laid out for all runs."""

    folder: Path
    java: Java
    packaged: Path
    """pyspark's own folder."""

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def archive(self) -> Path:
        return self.folder / self.java.archive_name

    @property
    def options(self) -> Path:
        return self.folder / "java.options"


def install(home: Path, java: Java | None = None, prepared: Path | None = None) -> Installation:
    """The installation below `prepared`, if it is there and fits; else the one below `home`, made
    when it is missing. `home` and `prepared` are the settings of these names.

    Cheap when it is there. Raises JavaNotFound, ModuleNotFoundError without pyspark.
    """
    java = java or find_java()
    packaged = _packaged()
    name = fingerprint(java, packaged)
    if prepared is not None:
        made = Installation(prepared.absolute() / "spark" / name, java, packaged)
        if made.options.is_file():
            return made
    root = home.expanduser().absolute() / "spark"
    made = Installation(root / name, java, packaged)
    if made.options.is_file():
        os.utime(made.options)  # Still in use: see archive.py.
    else:
        _lay_out(made)
    return made


def runtime_trees(made: Installation) -> tuple[Path, ...]:
    """What a cage must show read-only, beside Python and its packages."""
    return (made.java.home.resolve(), made.folder, INSIDE)


@cache
def fingerprint(java: Java, packaged: Path) -> str:
    """Changes whenever a class archive of the old one would be refused."""
    digest = hashlib.sha256(f"{LAYOUT}\n{java.home}\n{java.options()}\n".encode())
    release = java.home / "release"
    digest.update(release.read_bytes() if release.is_file() else b"")
    for jar in _jars(packaged):
        found = jar.stat()
        # Whole seconds: the layers of an image keep no more.
        digest.update(f"{jar} {found.st_size} {int(found.st_mtime)}\n".encode())
    return digest.hexdigest()[:16]


def _packaged() -> Path:
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("pyspark is missing. Run: pip install 'arclight[spark]'")
    return Path(found.origin).resolve().parent


def _jars(packaged: Path) -> list[Path]:
    """In one order for ever: an archive is bound to the class path it was made with."""
    return sorted((packaged / "jars").glob("*.jar"))


def _lay_out(made: Installation) -> None:
    (made.home / "bin").mkdir(parents=True, exist_ok=True, mode=0o755)
    for name in ("jars", "python"):
        link = made.home / name
        if not link.is_symlink():
            link.symlink_to(made.packaged / name)
    script = (
        "#!/bin/sh\n"
        f"exec {shlex.quote(str(made.java.binary))} @{shlex.quote(str(made.options))} "
        f'@"$SPARK_CONF_DIR/{JAVA_OPTIONS}" org.apache.spark.deploy.SparkSubmit "$@"\n'
    )
    write(made.home / "bin" / "spark-submit", script, 0o755)
    class_path = os.pathsep.join(str(jar) for jar in _jars(made.packaged))
    flags = [*made.java.options(), "-cp", class_path]
    write(made.options, argument_file(flags), 0o644)


JAVA_OPTIONS = "java.options"
"""File in a run's `conf` with the flags that differ from run to run."""


def argument_file(options: list[str]) -> str:
    """As `java @file` reads it: each in quotes."""
    quoted = (o.replace("\\", "\\\\").replace('"', '\\"') for o in options)
    return "".join(f'"{o}"\n' for o in quoted)


def write(path: Path, text: str, mode: int) -> None:
    """Whole or not at all: runners may start at the same time."""
    handle, partial = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as f:
        f.write(text)
        os.fchmod(f.fileno(), mode)
    os.replace(partial, path)


def classic_environment(made: Installation, folder: Path, heap: int, cores: int) -> dict[str, str]:
    """Makes a run's folder; returns the variables with which `pyspark` starts its own Spark there.

    `heap` is the Java heap in bytes, `cores` the number of local task threads.
    """
    return _run(made, folder, heap, conf.classic(folder.absolute(), cores), python=sys.executable)


def server_environment(
    made: Installation, folder: Path, heap: int, cores: int, token: str
) -> dict[str, str]:
    """The same for the Spark Connect server; clients must show `token`."""
    properties = conf.server(folder.absolute(), cores)
    environment = _run(made, folder, heap, properties, python=conf.REFUSER)
    # By environment, not by property: properties can be read by every session.
    return {**environment, "SPARK_CONNECT_AUTHENTICATE_TOKEN": token}


def client_environment(made: Installation, socket: Path, token: str) -> dict[str, str]:
    """Variables of a client's cage: its server is behind the Unix socket, nowhere else."""
    return {
        # Must be the name `localhost`: for any other host a token switches TLS on.
        "SPARK_REMOTE": "sc://localhost:15002",
        "SPARK_CONNECT_AUTHENTICATE_TOKEN": token,
        "ARCLIGHT_SPARK_SOCKET": str(socket),
        "SPARK_HOME": str(made.home),
        # What pyspark names the user of a session; without it, nothing at all.
        "SPARK_USER": "job",
        # gRPC tells of broken connections on standard error, which is the program's.
        "GRPC_VERBOSITY": "NONE",
    }


def _run(
    made: Installation, folder: Path, heap: int, properties: dict[str, str], *, python: str
) -> dict[str, str]:
    folder = folder.absolute()
    for name in ("conf", "local", "warehouse", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings = folder / "conf"
    write(settings / "spark-defaults.conf", conf.lines(properties), 0o644)
    write(settings / "log4j2.properties", conf.LOG4J, 0o644)
    options = [*java_options(folder, heap), *made.java.use_archive(made.archive)]
    write(settings / JAVA_OPTIONS, argument_file(options), 0o644)
    return {
        "JAVA_HOME": str(made.java.home),
        "SPARK_HOME": str(made.home),
        "SPARK_CONF_DIR": str(settings),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_HOSTNAME": "localhost",
        "PYSPARK_PYTHON": python,
        "PYSPARK_DRIVER_PYTHON": python,
    }


def java_options(folder: Path, heap: int) -> list[str]:
    """Flags of one run; `heap` in bytes."""
    return [
        f"-Xmx{heap // MIB}m",
        # A JVM whose heap ran out limps on and reports something unrelated: end it, and say why.
        f"-XX:OnOutOfMemoryError=touch {shlex.quote(str(folder / OOM_MARKER))}",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:ErrorFile=/dev/null",
        f"-Djava.io.tmpdir={folder}/tmp",
        f"-Dderby.system.home={folder}/tmp",
        "-Dderby.stream.error.file=/dev/null",
        # Not by the class path: a class archive refuses one that holds folders.
        f"-Dlog4j2.configurationFile={(folder / 'conf' / 'log4j2.properties').as_uri()}",
    ]


def prepare(
    folder: Path, *, heap: int = 1024 * MIB, cores: int = 2, java: Java | None = None
) -> dict[str, str]:
    """A run with an installation of its own, below its folder. Raises JavaNotFound."""
    return classic_environment(install(folder, java), folder, heap, cores)
