"""`arclight watch JOB`."""

from typing import Annotated

import typer

from arclight.cli.connect import ApiKey, AsJson, HomePath, JobId, Url, connect


def watch(
    job: JobId,
    timeout: Annotated[
        float | None, typer.Option(min=0.1, metavar="SECONDS", help="Seconds to wait at most.")
    ] = None,
    logs: Annotated[bool, typer.Option("--logs", help="Show the log lines, too.")] = False,
    as_json: AsJson = False,
    url: Url = None,
    api_key: ApiKey = None,
    home: HomePath = None,
) -> None:
    """Follow a job to its end and print the answer."""
    from arclight.cli.term import Terminal
    from arclight.cli.waiting import wait_and_tell

    term = Terminal()
    with connect(url, api_key, home) as client:
        known = client.get(job)
        raise typer.Exit(
            wait_and_tell(client, known, term, timeout=timeout, as_json=as_json, logs=logs)
        )
