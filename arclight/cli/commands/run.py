"""`arclight run "…" --data FILE…`: a question, and its answer.

`arclight run --program FILE` brings a program instead of a question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arclight.cli.connect import ApiKey, AsJson, HomePath, Url, find, home_of
from arclight.cli.exits import CliError, Exit
from arclight.contracts.names import Framework, Mode

if TYPE_CHECKING:
    from arclight.cli.term import Terminal
    from arclight.client import Client
    from arclight.client_views import JobView

Prompt = Annotated[
    str,
    typer.Argument(metavar="QUESTION", help="The question, in words.", show_default=False),
]
Data = Annotated[
    list[Path] | None,
    typer.Option(
        "--data",
        "-d",
        metavar="FILE",
        help="A CSV, TSV, JSON lines or Parquet file; may be repeated.",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(
        min=0.1, metavar="SECONDS", help="Seconds to wait; after that the job goes on without us."
    ),
]


@dataclass(frozen=True)
class Asked:
    """What the job is to do."""

    prompt: str
    files: tuple[Path, ...]
    framework: Framework
    program: Path | None = None
    follow: str | None = None
    mode: Mode = Mode.RUN
    repair: bool = False
    rehearse: bool = False


def run(
    prompt: Prompt = "",
    data: Data = None,
    framework: Annotated[
        Framework, typer.Option("--framework", "-f", help="Engine; `auto` chooses.")
    ] = Framework.AUTO,
    follow: Annotated[
        str | None,
        typer.Option(
            "--follow",
            metavar="JOB",
            help="Continue this job's question, as in `now by region`; its data is used again.",
        ),
    ] = None,
    program: Annotated[
        Path | None,
        typer.Option(
            "--program",
            metavar="FILE",
            help="Run this Python program instead of having one written.",
        ),
    ] = None,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Change the program of --program when it fails."),
    ] = False,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Run each program on empty tables first.")
    ] = False,
    mode: Annotated[
        Mode,
        typer.Option(help="`generate` stops at the program; `review` asks you before it runs."),
    ] = Mode.RUN,
    timeout: Timeout = None,
    logs: Annotated[
        bool, typer.Option("--logs", help="Show what the program and its engine write, too.")
    ] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Print the job id and leave.")] = False,
    as_json: AsJson = False,
    url: Url = None,
    api_key: ApiKey = None,
    home: HomePath = None,
) -> None:
    """Ask a question of data files and print the answer."""
    from arclight.cli.term import Terminal

    files = tuple(data or ())
    asked = Asked(prompt, files, framework, program, follow, mode, repair, rehearse)
    check(prompt, files, program)
    _check_repair(asked)
    term = Terminal()
    found = find(url, api_key, home)
    if found is not None:
        with found as client:
            job = _submit(client, asked)
            if detach:
                print(job.json_text() if as_json else job.id)
                return
            _finish(client, job, term, timeout, as_json, logs=logs)
    if follow:
        raise CliError(
            f"--follow needs the Arclight that keeps {follow}; none runs.",
            "Start it with: arclight up",
            Exit.UNAVAILABLE,
        )
    if detach:
        raise CliError(
            "--detach needs an Arclight that stays; none runs.", "Start one with: arclight up"
        )
    _run_alone(asked, term, timeout, as_json, home, logs)


def _run_alone(
    asked: Asked,
    term: "Terminal",
    timeout: float | None,
    as_json: bool,
    home: Path | None,
    logs: bool,
) -> None:
    from arclight.cli.commands.up import settings_with
    from arclight.cli.stack.temporary import temporary_stack

    folder = home_of(home).path
    term.say(f"No Arclight runs on {folder}; starting one for this question.")
    job: JobView | None = None
    try:
        with temporary_stack(settings_with(home, None, None), term) as client:
            job = _submit(client, asked)
            _finish(client, job, term, timeout, as_json, logs=logs, temporary=True)
    except KeyboardInterrupt:
        if job is not None:
            term.say(f"{job.id} goes on at the next `arclight up`; then: arclight watch {job.id}")
        raise


def _submit(client: "Client", asked: Asked) -> "JobView":
    program = _read(asked.program) if asked.program is not None else None
    return client.submit(
        asked.prompt,
        sources=[_upload(client, path) for path in asked.files],
        framework=asked.framework,
        program=program,
        follows=asked.follow,
        mode=asked.mode,
        repair=asked.repair,
        rehearse=asked.rehearse,
    )


def _read(program: Path) -> str:
    try:
        return program.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CliError(
            f"{program} cannot be read as text: {error}.", "Save the program as UTF-8.", Exit.USAGE
        ) from error


def _upload(client: "Client", path: Path) -> str:
    from arclight.client_errors import ApiError

    try:
        return client.upload(path).id
    except ApiError as error:
        if error.status in (401, 403) or error.unavailable:
            raise
        raise CliError(f"{path}: {error.detail}", error.hint) from error


def _finish(
    client: "Client",
    job: "JobView",
    term: "Terminal",
    timeout: float | None,
    as_json: bool,
    *,
    logs: bool = False,
    temporary: bool = False,
) -> None:
    from arclight.cli.waiting import wait_and_tell

    term.say(term.style(job.id, "dim"))
    raise typer.Exit(
        wait_and_tell(
            client,
            job,
            term,
            timeout=timeout,
            as_json=as_json,
            logs=logs,
            temporary=temporary,
        )
    )


def check(prompt: str, files: Sequence[Path], program: Path | None = None) -> None:
    """Raises CliError for an empty question without a program, or a file that is not there."""
    if not prompt.strip() and program is None:
        raise CliError(
            "The question is empty.",
            'Ask a question, arclight run "QUESTION", or bring a program: --program FILE',
        )
    named = [("--data", path) for path in files]
    named += [("--program", program)] if program is not None else []
    for option, path in named:
        if not path.is_file():
            what = "is a folder, not a file" if path.is_dir() else "does not exist"
            raise CliError(f"{path} {what}.", f"Check the path given to {option}.", Exit.USAGE)


def _check_repair(asked: Asked) -> None:
    if asked.repair and asked.program is None:
        raise CliError(
            "--repair is for a program of your own; a generated one is always repaired.",
            "Leave --repair out, or name the program with --program FILE.",
            Exit.USAGE,
        )
