"""Wait for a job and tell how it ended, or what it waits for; leaving early says how to come
back."""

from datetime import datetime

from arclight.cli.answer import tell
from arclight.cli.approval import tell_waiting
from arclight.cli.exits import Exit
from arclight.cli.follow import follow
from arclight.cli.term import Terminal
from arclight.client import Client, WaitTimeout
from arclight.client_views import JobView
from arclight.contracts.names import JobState


def wait_and_tell(
    client: Client,
    job: JobView,
    term: Terminal,
    *,
    timeout: float | None = None,
    as_json: bool = False,
    logs: bool = False,
    temporary: bool = False,
    since: datetime | None = None,
) -> Exit:
    """The exit status; 0 where a program waits for an approval.

    `temporary`: the stack ends with this command, so nothing goes on. `since`: as for `follow`.
    """
    try:
        ended = follow(client, job, term, timeout=timeout, logs=logs, since=since)
    except WaitTimeout as over:
        term.say(str(over))
        back = "it goes on at the next `arclight up`" if temporary else "it goes on"
        term.say(f"{job.id}: {back}. Come back with: arclight watch {job.id}")
        return Exit.TIMED_OUT
    except KeyboardInterrupt:
        if temporary:
            raise
        term.say(f"Detached; {job.id} goes on. Come back with: arclight watch {job.id}")
        term.say(f"To end it: arclight cancel {job.id}")
        return Exit.OK
    if ended.state is JobState.AWAITING_APPROVAL:
        when = "  (while `arclight up` runs)" if temporary else ""
        tell_waiting(client, ended, term, as_json=as_json, when=when)
        return Exit.OK
    return tell(ended, term, as_json=as_json, temporary=temporary)
