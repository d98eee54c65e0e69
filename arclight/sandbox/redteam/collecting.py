"""From a run that has ended to what the product would hand on of it, by the product's own code."""

import resource
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from arclight.contracts.failure import Failure, StepFailed
from arclight.runtime.artifacts import LocalArtifacts
from arclight.runtime.settings import Settings
from arclight.sandbox import failures
from arclight.sandbox.collect import collect
from arclight.sandbox.crash import read_crash
from arclight.sandbox.limits import Limits
from arclight.sandbox.redteam.observation import Ran
from arclight.sandbox.runner.protocol import Ended
from arclight.sandbox.scratch import Scratch
from arclight.sandbox.watch import Reason

_UNSTARTED = (126, 127)
"""Exit codes of a cage that could not be closed and of a program that could not be started."""


class Collector:
    """Reads answers and failures as the execution step does."""

    def __init__(self, base: Path, config: Settings) -> None:
        self._store = LocalArtifacts(base / "artifacts")
        (base / "artifacts").mkdir(mode=0o700, exist_ok=True)
        self._staging = base / "staging"
        self._staging.mkdir(mode=0o700, exist_ok=True)
        self._config = config

    def read(
        self, ended: Ended, folder: Scratch, limits: Limits, token: str, lines: Sequence[str]
    ) -> Ran:
        """The answer or the failure in `folder`. Never raises, whatever the program left."""
        try:
            return self._read(ended, folder, limits, token, lines)
        except Exception as error:  # noqa: BLE001 whatever a hostile answer does to the collector
            said = f"collecting the answer: {short(error)}"
            return Ran(ended.reason, ended.code, ended.signal, failure=said, broken=said)

    def _read(
        self, ended: Ended, folder: Scratch, limits: Limits, token: str, lines: Sequence[str]
    ) -> Ran:
        ran = Ran(reason=ended.reason, code=ended.code, signal=ended.signal)
        if ended.code in _UNSTARTED:
            return replace(ran, failure="It did not start.", unstarted=" ".join(lines)[:300])
        before = _largest()
        failure = _failure(ended, folder, limits)
        if failure is None:
            try:
                return self._answer(folder, limits, token, ran, before)
            except StepFailed as failed:
                failure = failed.failure
        return replace(ran, failure=text_of(failure), memory=_largest() - before)

    def _answer(self, folder: Scratch, limits: Limits, token: str, ran: Ran, before: int) -> Ran:
        result = collect(
            folder.root_fd,
            folder.output.relative_to(folder.root).parts,
            self._store,
            f"jobs/{token}",
            preview_rows=self._config.preview_rows,
            max_bytes=limits.output,
            staging=self._staging,
        )
        if result is None:
            raise StepFailed(failures.no_answer())
        files = (self._store.local(file.key) for file in result.files)
        held = b"\n".join(path.read_bytes() for path in files)
        shown = result.model_dump_json().encode()
        return replace(
            ran,
            rows=result.total_rows,
            columns=tuple(column.name for column in result.columns),
            answer=held + shown + str(result.preview).encode(),
            memory=_largest() - before,
        )


def text_of(failure: Failure) -> str:
    """All that people get to read of it."""
    failure = failures.harmless(failure)
    details = "\n".join(str(value) for value in failure.details.values())
    return "\n".join((failure.message, failure.hint, details, failure.traceback))


def short(error: Exception) -> str:
    return f"{type(error).__name__} {str(error)[:80]}"


def _failure(ended: Ended, folder: Scratch, limits: Limits) -> Failure | None:
    """As the execution step explains it, without what only one engine knows."""
    if broken := failures.limit_broken(ended, limits):
        return broken
    if ended.reason is Reason.ENDED and ended.code == 0:
        return None
    crash = read_crash(folder.root_fd, folder.failure.name)
    if crash is None or ended.code != 1:
        return failures.plain_exit(ended, limits)
    return failures.python_failure(crash, limits)


def _largest() -> int:
    """Bytes of memory that this process ever held at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
