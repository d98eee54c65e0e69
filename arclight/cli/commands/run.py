"""`arclight run "…" --data FILE…`: a question, and its answer."""

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

Prompt = Annotated[str, typer.Argument(metavar="QUESTION", help="The question, in words.")]
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


def run(
    prompt: Prompt,
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

    files = data or []
    check(prompt, files)
    term = Terminal()
    found = find(url, api_key, home)
    if found is not None:
        with found as client:
            job = _submit(client, prompt, files, framework, mode, follow)
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
    _run_alone(prompt, files, framework, mode, term, timeout, as_json, home, logs)


def _run_alone(
    prompt: str,
    files: list[Path],
    framework: Framework,
    mode: Mode,
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
            job = _submit(client, prompt, files, framework, mode)
            _finish(client, job, term, timeout, as_json, logs=logs, temporary=True)
    except KeyboardInterrupt:
        if job is not None:
            term.say(f"{job.id} goes on at the next `arclight up`; then: arclight watch {job.id}")
        raise


def _submit(
    client: "Client",
    prompt: str,
    files: list[Path],
    framework: Framework,
    mode: Mode,
    follow: str | None = None,
) -> "JobView":
    sources = [_upload(client, path) for path in files]
    return client.submit(prompt, sources=sources, framework=framework, follows=follow, mode=mode)


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


def check(prompt: str, files: list[Path]) -> None:
    """Raises CliError for an empty question, or a file that is not there."""
    if not prompt.strip():
        raise CliError("The question is empty.", 'Say what you want to know: arclight run "…"')
    for path in files:
        if not path.is_file():
            what = "is a folder, not a file" if path.is_dir() else "does not exist"
            raise CliError(f"{path} {what}.", "Check the path given to --data.", Exit.USAGE)
