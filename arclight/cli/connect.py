"""Options that commands share, and the way from them to a gateway."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arclight.cli.exits import CliError, Exit

if TYPE_CHECKING:
    from arclight.cli.stack.home import Home
    from arclight.client import Client

Url = Annotated[
    str | None,
    typer.Option(
        "--url", metavar="URL", envvar="ARCLIGHT_URL", help="Gateway; else the one on this machine."
    ),
]
ApiKey = Annotated[
    str | None,
    typer.Option(
        "--api-key",
        metavar="KEY",
        envvar="ARCLIGHT_API_KEY",
        help="API key; else the one `arclight up` kept.",
    ),
]
HomePath = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="FOLDER",
        envvar="ARCLIGHT_HOME",
        help="Folder of the data and the key. [~/.arclight]",
    ),
]
JobId = Annotated[str, typer.Argument(metavar="JOB", help="Job id, such as job_0199….")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON as the API gives it.")]


def home_of(path: Path | None) -> "Home":
    """The home folder that the option names, or the default one."""
    from arclight.cli.stack.home import Home

    return Home((path or Path("~/.arclight")).expanduser().absolute())


def find(url: str | None, api_key: str | None, home: Path | None) -> "Client | None":
    """A client for the named gateway, else for the stack that runs on the home; None if neither.

    The key of the home is sent to the home's own gateway only.
    """
    from arclight.client import Client

    if url:
        if not url.startswith(("http://", "https://")):
            raise CliError(
                f"{url} is not the address of a gateway.",
                "Write it as http://HOST:PORT, such as http://127.0.0.1:8484.",
            )
        return Client(url, api_key or _key_for(url, home))
    folder = home_of(home)
    endpoint = folder.running()
    if endpoint is None:
        return None
    return Client(endpoint.url, api_key or folder.api_key() or "")


def connect(url: str | None, api_key: str | None, home: Path | None) -> "Client":
    """Like `find`; raises CliError when there is nothing to talk to."""
    client = find(url, api_key, home)
    if client is None:
        raise CliError(
            f"No Arclight runs on {home_of(home).path}.",
            "Start it with `arclight up`, or name a gateway with --url or ARCLIGHT_URL.",
            Exit.UNAVAILABLE,
        )
    return client


def _key_for(url: str, home: Path | None) -> str:
    folder = home_of(home)
    endpoint = folder.running()
    same = endpoint is not None and endpoint.url.rstrip("/") == url.rstrip("/")
    return (folder.api_key() or "") if same else ""
