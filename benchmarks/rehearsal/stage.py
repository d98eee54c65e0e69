"""Inputs in an artifact store, and runners with warm engines, each a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.json
import pyarrow.parquet as pq

from arclight.catalog.profile import TableProfile
from arclight.catalog.upload import UploadCatalog
from arclight.contracts.source import UploadSource
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.sandbox.runner.client import health
from arclight.sandbox.runner.paths import socket_of

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "examples" / "data"
CSV = ("birdstrikes.csv", "airports.csv", "flights-airport.csv", "seattle-weather.csv")
ADDRESS = "/data/"
"""Below this the programs name their files."""
WARM = 300.0
"""Seconds until everything is warm, on a busy machine."""


@dataclass(frozen=True)
class Stage:
    """Where programs run."""

    settings: Settings

    @classmethod
    def at(cls, folder: Path) -> "Stage":
        """A new installation; the path is short, since sockets lie below it."""
        limit = timedelta(minutes=3)
        return cls(Settings(home=folder, scratch=folder / "s", run_timeout=limit))

    @cached_property
    def artifacts(self) -> LocalArtifacts:
        return LocalArtifacts(self.settings.home_dir / "artifacts")

    @cached_property
    def sources(self) -> dict[str, UploadSource]:
        """The inputs by file name, uploaded once."""
        catalog = UploadCatalog(self.artifacts)
        found = {}
        for number, path in enumerate(self._files(), 1):
            stored = catalog.add(path, path.name, f"src_{number:028x}")
            found[path.name] = UploadSource(id=stored.id, uri=self.artifacts.uri(stored.key))
        return found

    @property
    def tables(self) -> dict[str, TableProfile]:
        """What a planner knows of the files of the examples, by their names."""
        catalog = UploadCatalog(self.artifacts)
        return {name: catalog.profile(self.sources[name].id) for name in CSV}

    def placed(self, text: str) -> tuple[str, tuple[UploadSource, ...]]:
        """The program with the addresses of the inputs, and the inputs that it names."""
        used = []
        for name, source in self.sources.items():
            if name in text:
                text = text.replace(f"file://{ADDRESS}{name}", source.uri)
                text = text.replace(f"{ADDRESS}{name}", source.uri.removeprefix("file://"))
                used.append(source)
        return text, tuple(used) or tuple(self.sources.values())

    def _files(self) -> Iterator[Path]:
        folder = self.settings.home_dir / "made"
        folder.mkdir()
        for name in CSV:
            copy = folder / name
            copy.write_bytes((DATA / name).read_bytes())
            yield copy
        yield _strikes(folder / "strikes.parquet")
        yield _days(folder / "days.jsonl")


def _strikes(path: Path) -> Path:
    """The bird strikes as Parquet, with types and plain names."""
    table = csv.read_csv(DATA / "birdstrikes.csv")
    columns = {
        "wildlife_size": table["Wildlife Size"],
        "species": table["Wildlife Species"],
        "flight_date": table["Flight Date"],
        "at_night": pa.array([v == "Night" for v in table["Time of day"].to_pylist()]),
        "cost_total": table["Cost Total $"],
        "speed": table["Speed IAS in knots"],
    }
    pq.write_table(pa.table(columns), path)
    return path


def _days(path: Path) -> Path:
    """The weather as JSON lines, with an object in each line."""
    with path.open("w") as file:
        for row in csv.read_csv(DATA / "seattle-weather.csv").to_pylist():
            temp = f'{{"min": {row["temp_min"]}, "max": {row["temp_max"]}}}'
            file.write(
                f'{{"date": "{row["date"]}", "weather": "{row["weather"]}", '
                f'"wind": {row["wind"]}, "temp": {temp}}}\n'
            )
    return path


@contextmanager
def runners(stage: Stage, frameworks: list[str]) -> Iterator[None]:
    """Warm engines of these frameworks, until the block ends."""
    with ExitStack() as stack:
        for framework in frameworks:
            stack.enter_context(_runner(stage, framework))
        for framework in frameworks:
            wait_until_warm(stage, framework)
        yield


def wait_until_warm(stage: Stage, framework: str) -> None:
    """Raises TimeoutError."""
    give_up = time.monotonic() + WARM
    while not ((found := health(socket_of(stage.settings, framework))) and found.warm):
        if time.monotonic() > give_up:
            raise TimeoutError(f"The runner of {framework} is not warm after {WARM:.0f} s.")
        time.sleep(0.1)


@contextmanager
def _runner(stage: Stage, framework: str) -> Iterator[None]:
    settings = stage.settings
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("ARCLIGHT_")},
        "ARCLIGHT_HOME": str(settings.home_dir),
        "ARCLIGHT_SCRATCH": str(settings.scratch_dir),
    }
    command = [sys.executable, "-m", f"services.executor_{framework}.runner"]
    with (settings.home_dir / f"{framework}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
