"""`arclight approve JOB` and `arclight decline JOB`: a word on a program in mode `review`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arclight.cli.connect import ApiKey, AsJson, HomePath, JobId, Url, connect
from arclight.cli.exits import CliError

if TYPE_CHECKING:
    from arclight.client import Client
    from arclight.client_views import JobView

AttemptSeen = Annotated[
    int | None,
    typer.Option(
        "--attempt",
        min=1,
        help="The attempt whose program you have read; needed once there was more than one.",
    ),
]
Detach = Annotated[bool, typer.Option("--detach", help="Print the job id and leave.")]


def approve(
    job: JobId,
    program: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Your own program instead; it is checked first."),
    ] = None,
    comment: Annotated[str, typer.Option(help="Kept on the record.")] = "",
    attempt: AttemptSeen = None,
    detach: Detach = False,
    as_json: AsJson = False,
    url: Url = None,
    api_key: ApiKey = None,
    home: HomePath = None,
) -> None:
    """Let the program of a job that waits run, then follow the job to its answer."""
    from arclight.cli.approval import attempt_meant

    text = _text(program) if program is not None else None
    with connect(url, api_key, home) as client:
        number = attempt_meant(client, job, attempt)
        _go_on(client, client.approve(job, number, program=text, comment=comment), detach, as_json)


def decline(
    job: JobId,
    comment: Annotated[str, typer.Option(help="What must be different, in words.")],
    attempt: AttemptSeen = None,
    detach: Detach = False,
    as_json: AsJson = False,
    url: Url = None,
    api_key: ApiKey = None,
    home: HomePath = None,
) -> None:
    """Have another program made, with your comment in mind, then follow the job to it."""
    from arclight.cli.approval import attempt_meant

    if not comment.strip():
        raise CliError("The comment is empty.", "Say what the program must do instead.")
    with connect(url, api_key, home) as client:
        number = attempt_meant(client, job, attempt)
        _go_on(client, client.decline(job, number, comment), detach, as_json)


def _go_on(client: "Client", job: "JobView", detach: bool, as_json: bool) -> None:
    from arclight.cli.term import Terminal
    from arclight.cli.waiting import wait_and_tell

    if detach:
        print(job.json_text() if as_json else job.id)
        return
    told = wait_and_tell(client, job, Terminal(), as_json=as_json, since=job.updated_at)
    raise typer.Exit(told)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CliError(
            f"{path} is not UTF-8 text: byte {error.start} cannot be read.", "Save it as UTF-8."
        ) from error
    except OSError as error:
        raise CliError(
            f"{path} cannot be read: {error.strerror}.", "Check the path given to --program."
        ) from error
