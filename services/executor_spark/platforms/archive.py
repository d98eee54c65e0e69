"""The class archive of an installation: most of what starting a JVM with Spark costs, done once.

A cold script took 9.8 s without it and 3.7 s with it. The JVM checks that its release, flags and
JARs are the recorded ones and passes over an archive that does not fit, so that a missing or old
one costs time and nothing else.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil

from services.executor_spark.platforms.spark_home import (
    INSIDE,
    JAVA_OPTIONS,
    MIB,
    Installation,
    argument_file,
    classic_environment,
    java_options,
    write,
)

TIME = 600.0
"""Seconds that recording may take; it takes 30 on two idle cores."""
UNUSED = 7 * 24 * 3600.0
"""Seconds without a start after which an installation of another version is removed."""
HEAP = 1024 * MIB


class ArchiveFailed(Exception):
    """The archive could not be made; programs run without it."""


def ready(made: Installation) -> bool:
    """True when the installation has its archive."""
    return made.archive.is_file()


def ensure(made: Installation) -> bool:
    """Record the archive unless it is there; True when it is there afterwards.

    Blocks. Of several processes one records and the others wait. Raises ArchiveFailed.
    """
    if ready(made):
        return True
    with _alone(made.folder / "archive.lock"):
        if not ready(made):
            _record(made)
        _remove_older(made)
    return ready(made)


def _record(made: Installation) -> None:
    for left in made.folder.glob("archive-*/"):
        # Of a recording that was killed: nobody else records now.
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="archive-", dir=made.folder) as name:
        folder = Path(name)
        partial = folder / made.archive.name
        environment = _environment(made, folder, partial)
        said = folder / "said"
        with said.open("wb") as output:
            code = _run([sys.executable, "-P", "-s", str(INSIDE / "train.py")], environment, output)
        if code != 0 or not partial.is_file() or partial.stat().st_size < MIB:
            last = said.read_text(encoding="utf-8", errors="replace")[-3000:]
            raise ArchiveFailed(f"recording the class archive ended with code {code}: {last}")
        partial.chmod(0o644)
        os.replace(partial, made.archive)


def _run(command: list[str], environment: dict[str, str], output: IO[bytes]) -> int:
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=environment["TMPDIR"],
        start_new_session=True,
    )
    try:
        with contextlib.suppress(psutil.Error):
            # It has time; programs that come meanwhile have not.
            psutil.Process(process.pid).nice(19)
        return process.wait(TIME)
    except subprocess.TimeoutExpired as error:
        raise ArchiveFailed(f"recording the class archive took longer than {TIME:.0f} s") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()


def _environment(made: Installation, folder: Path, archive: Path) -> dict[str, str]:
    environment = classic_environment(made, folder, HEAP, cores=2)
    settings = folder / "conf"
    options = [*java_options(folder, HEAP), *made.java.make_archive(archive)]
    write(settings / JAVA_OPTIONS, argument_file(options), 0o644)
    port = _free_port()
    with (settings / "spark-defaults.conf").open("a", encoding="utf-8") as f:
        f.write("spark.plugins=org.apache.spark.sql.connect.SparkConnectPlugin\n")
        f.write("spark.connect.grpc.binding.address=127.0.0.1\n")
        f.write(f"spark.connect.grpc.binding.port={port}\n")
    return {
        **environment,
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "LANG": "C.UTF-8",
        "SPARK_USER": "archive",
        "SPARK_CONNECT_AUTHENTICATE_TOKEN": secrets.token_hex(16),
        "TRAIN_PORT": str(port),
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _remove_older(made: Installation) -> None:
    """Installations of an older Spark or Java, 250 MB each, that nobody started from for long."""
    for folder in made.folder.parent.iterdir():
        options = folder / made.options.name
        if folder == made.folder or not options.is_file():
            continue
        if time.time() - options.stat().st_mtime > UNUSED:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("a") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield
