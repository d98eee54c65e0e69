"""`arclight retry JOB`."""

from typing import Annotated

import typer

from arclight.cli.connect import ApiKey, AsJson, HomePath, JobId, Url, connect


def retry(
    job: JobId,
    detach: Annotated[bool, typer.Option("--detach", help="Print the job id and leave.")] = False,
    as_json: AsJson = False,
    url: Url = None,
    api_key: ApiKey = None,
    home: HomePath = None,
) -> None:
    """Run a job that has ended again, as a new job."""
    from arclight.cli.term import Terminal
    from arclight.cli.waiting import wait_and_tell

    term = Terminal()
    with connect(url, api_key, home) as client:
        again = client.retry(job)
        if detach:
            print(again.json_text() if as_json else again.id)
            return
        term.say(term.style(again.id, "dim"))
        raise typer.Exit(wait_and_tell(client, again, term, as_json=as_json))
