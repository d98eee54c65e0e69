"""`arclight jobs`."""

import shutil
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from arclight.cli.connect import ApiKey, AsJson, HomePath, Url, connect
from arclight.contracts.names import JobState

if TYPE_CHECKING:
    from arclight.client import Client
    from arclight.client_views import JobView

_MOST_PER_PAGE = 200
_PROMPT = 60
"""Characters of a prompt in the list."""
_REST = 78
"""Columns that everything before the prompt takes, but for the state."""


def jobs(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 20,
    state: Annotated[JobState | None, typer.Option(help="Only jobs in this state.")] = None,
    as_json: AsJson = False,
    url: Url = None,
    api_key: ApiKey = None,
    home: HomePath = None,
) -> None:
    """List jobs, newest first."""
    from arclight.cli.answer import print_table
    from arclight.cli.term import Terminal

    with connect(url, api_key, home) as client:
        found = _newest(client, limit, state)
    if as_json:
        print("[" + ",\n".join(job.json_text() for job in found) + "]")
        return
    if not found:
        Terminal().say('No jobs yet. Ask something with: arclight run "…" --data FILE')
        return
    room = _room(max(len(job.state) for job in found))
    print_table(
        ["job", "state", "framework", "attempts", "created (UTC)", "prompt"],
        [_row(job, room) for job in found],
    )


def _newest(client: "Client", limit: int, state: JobState | None) -> "list[JobView]":
    found: list[JobView] = []
    token: str | None = None
    while len(found) < limit:
        size = min(limit - len(found), _MOST_PER_PAGE)
        page = client.jobs(page_size=size, page_token=token, state=state)
        found.extend(page.jobs)
        token = page.next_page_token
        if token is None:
            break
    return found


def _room(state: int) -> int:
    """Characters of a prompt that leave a line of this terminal unbroken; at least some words."""
    if not sys.stdout.isatty():
        return _PROMPT
    return max(20, min(_PROMPT, shutil.get_terminal_size().columns - _REST - state))


def _row(job: "JobView", room: int) -> list[object]:
    text = " ".join(job.prompt.split()) or "(a program was given)"
    prompt = text if len(text) <= room else text[: room - 1] + "…"
    created = job.created_at.strftime("%Y-%m-%d %H:%M:%S")
    return [job.id, job.state, job.framework, job.attempt, created, prompt]
